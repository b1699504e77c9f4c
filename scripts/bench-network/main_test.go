package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestEveryStepHasItsRow runs the program on a small map; pgRouting is not
// among what tests may ask for.
func TestEveryStepHasItsRow(t *testing.T) {
	var out strings.Builder
	o := options{junctions: 1500, seed: 1, searches: 1, runs: 3, centers: 1}
	if err := o.run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"copying", "generate", "build", "router", "in memory", "exact search, one to all", "from junctions", "from large cities", "coverage"} {
		if !strings.Contains(out.String(), step) {
			t.Errorf("no row for %q in\n%s", step, &out)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n")[2:] {
		if strings.Count(line, "|") != 4 {
			t.Errorf("not a row of three cells: %s", line)
		}
	}
}

func TestFaultsAreErrors(t *testing.T) {
	for name, o := range map[string]options{
		"no search":     {junctions: 1500, runs: 1, centers: 1},
		"no such size":  {junctions: 1, searches: 1, runs: 1, centers: 1},
		"no such file":  {pbf: "nowhere.osm.pbf", searches: 1, runs: 1, centers: 1},
		"not a pbf map": {pbf: "main.go", searches: 1, runs: 1, centers: 1},
	} {
		if err := o.run(context.Background(), new(strings.Builder)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var list []time.Duration
	for i := range 100 {
		list = append(list, time.Duration(100-i)*time.Millisecond)
	}
	if got, want := timings(list), "p50 51.0 ms, p99 100.0 ms"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
