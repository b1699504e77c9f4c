// Command bench-server measures the server side by side with plain SQL: our
// server over loopback, loaded by wrk, and the same questions put to the same
// database by pgbench over its socket, which is what the database itself can
// do. Both run in one go, on the same machine and the same made-up data, in a
// database that is thrown away. It prints a table for docs/benchmarks.md.
//
//	go run ./scripts/bench-server -quanyu bin/quanyu
//	go run ./scripts/bench-server -quanyu bin/quanyu -only items -seconds 2
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"
)

type options struct {
	quanyu   string // the program that is measured
	counties int
	points   int
	period   time.Duration // of one measurement
	only     string        // groups to measure, by comma; "" for all
	seed     uint64
}

func main() {
	o := options{}
	flag.StringVar(&o.quanyu, "quanyu", "bin/quanyu", "the program to measure")
	flag.IntVar(&o.counties, "counties", 3000, "polygons of about 500 vertices")
	flag.IntVar(&o.points, "points", 300_000, "points, two thirds of them in clusters")
	flag.DurationVar(&o.period, "time", 4*time.Second, "length of each measurement")
	flag.StringVar(&o.only, "only", "", "of "+strings.Join(groupNames(), ",")+": only these, by comma")
	flag.Uint64Var(&o.seed, "seed", 7, "seed of the data and of the places asked about")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench-server:", err)
		os.Exit(1)
	}
}

// group is a set of measurements that can be asked for by itself.
type group struct {
	name string
	run  func(*bench, context.Context) error
}

func groups() []group {
	return []group{
		{"tiles", (*bench).tiles},
		{"pages", (*bench).pages},
		{"items", (*bench).items},
		{"export", (*bench).exports},
	}
}

func groupNames() []string {
	var names []string
	for _, g := range groups() {
		names = append(names, g.name)
	}
	return names
}

func (o options) run(ctx context.Context, out io.Writer) (err error) {
	for _, tool := range []string{"wrk", "pgbench"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s is not installed; scripts/setup.sh bench does it", tool)
		}
	}
	if _, err := os.Stat(o.quanyu); err != nil {
		return err
	}
	b := &bench{options: o, table: &table{out: out}}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	b.head()
	for _, g := range groups() {
		if o.only != "" && !strings.Contains(","+o.only+",", ","+g.name+",") {
			continue
		}
		if err := g.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
	}
	return nil
}
