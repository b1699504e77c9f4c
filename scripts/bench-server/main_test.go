package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// Neighbours have the points of their common side, and rings are closed.
func TestCountiesShareTheirBorders(t *testing.T) {
	tess := newTessellation(3000, 7)
	a, right, above := tess.county(5, 7)[0][0], tess.county(6, 7)[0][0], tess.county(5, 8)[0][0]
	if len(a) != 501 || a[0] != a[500] {
		t.Fatalf("a ring of %d points from %v to %v", len(a), a[0], a[500])
	}
	shared := func(other []([2]float64)) (n int) {
		for _, p := range a[:500] {
			for _, q := range other[:500] {
				if [2]float64(p) == q {
					n++
				}
			}
		}
		return n
	}
	for name, ring := range map[string][]([2]float64){"right": points(right), "above": points(above)} {
		if n := shared(ring); n != sideSegments+1 {
			t.Errorf("%d points are shared with the county %s, want %d", n, name, sideSegments+1)
		}
	}
}

func points[P ~[2]float64](ring []P) []([2]float64) {
	list := make([]([2]float64), len(ring))
	for i, p := range ring {
		list[i] = p
	}
	return list
}

func TestPointsLieInTheAreaAndRepeat(t *testing.T) {
	first, again := places(10_000, 7), places(10_000, 7)
	for i, p := range first {
		if !area.Contains(p) || p != again[i] {
			t.Fatalf("point %d at %v, then at %v", i, p, again[i])
		}
	}
}

func TestNextPageIsFoundInTheTailOfABody(t *testing.T) {
	tail := `{"links":[{"href":"decoy","rel":"next"}]}],"numberReturned":2,"links":[{"href":"http://h/self","rel":"self"},{"href":"http://h/next?a=1&b=2","rel":"next"}]}`
	if got := nextInBody([]byte(tail)); got != "http://h/next?a=1&b=2" {
		t.Errorf("next is %q", got)
	}
	if got := nextInBody([]byte(`"links":[{"href":"http://h/self","rel":"self"}]}`)); got != "" {
		t.Errorf("a last page has the next %q", got)
	}
}

func TestTableTellsTheShareOfPlainSQL(t *testing.T) {
	var out bytes.Buffer
	tab := &table{out: &out}
	tab.row("one point by id", "quanyu, cached", 8, figures{rate: 23456.7, p50: 310 * time.Microsecond, p99: 12 * time.Millisecond, size: 1606, now: 40, peak: 42, work: 51 * time.Microsecond}, 20000)
	want := "| one point by id | quanyu, cached | 8 | 23,457 | 1.17 | 0.31 | 12 | 1,606 | 51 | 40, 42 |\n"
	if got := out.String(); got != want {
		t.Errorf("%s, want %s", strings.TrimSpace(got), want)
	}
}
