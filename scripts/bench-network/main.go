// Command bench-network measures the road engine on one map and prints a table
// for docs/benchmarks.md: on a synthetic map of a wanted size, or on a PBF file.
// With -pgrouting the same graph goes into a private PostGIS as well, and both
// answer the same questions in the same run.
//
//	go run ./scripts/bench-network -junctions 5000000 -pgrouting
//	go run ./scripts/bench-network -pbf heidelberg.osm.pbf
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
)

type options struct {
	junctions int
	seed      uint64
	pbf       string
	searches  int // one-to-all
	runs      int // within an hour
	pgrouting bool
	centers   int // compared with pgRouting
}

func main() {
	var o options
	flag.IntVar(&o.junctions, "junctions", 1_000_000, "junctions of the synthetic map")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the synthetic map, and of the places asked about")
	flag.StringVar(&o.pbf, "pbf", "", "measure on this OpenStreetMap file instead")
	flag.IntVar(&o.searches, "searches", 5, "searches over the whole network")
	flag.IntVar(&o.runs, "runs", 200, "searches within 60 minutes")
	flag.BoolVar(&o.pgrouting, "pgrouting", false, "compare with pgRouting")
	flag.IntVar(&o.centers, "centers", 10, "centres compared with pgRouting")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench-network:", err)
		os.Exit(1)
	}
}

// bench is a run: its table, and the router once there is one.
type bench struct {
	options
	*table
	random *rand.Rand
	router *network.Router
	cities []orb.Point // the centres of the largest towns, where the map tells them
}

// steps are what is measured on the finished router, in this order. A new
// method is a step of its own.
func (o options) steps() []func(*bench, context.Context) error {
	list := []func(*bench, context.Context) error{
		(*bench).oneToAll,
		(*bench).withinAnHour,
		(*bench).withinAnHourOfCities,
		(*bench).nationalCoverage,
		(*bench).customized,
		(*bench).sweeps,
		(*bench).matrices,
		(*bench).edited,
	}
	if o.pgrouting {
		list = append(list, (*bench).sideBySide)
	}
	return list
}

func (o options) run(ctx context.Context, out io.Writer) error {
	if o.searches < 1 || o.runs < 1 || o.centers < 1 {
		return fmt.Errorf("-searches, -runs and -centers must be at least 1")
	}
	b := &bench{options: o, table: &table{out: out}, random: rand.New(rand.NewPCG(o.seed, 1))}
	b.title(fmt.Sprintf("%s, %s, %d cores, %s", o.subject(), processor(), runtime.NumCPU(), runtime.Version()))
	b.note("copying 256 MiB in memory", fmt.Sprintf("%.1f GB/s (read and written: twice that)", copyRate()))
	if err := b.prepare(ctx); err != nil {
		return err
	}
	for _, step := range o.steps() {
		if err := step(b, ctx); err != nil {
			return err
		}
	}
	return nil
}

func (o options) subject() string {
	if o.pbf != "" {
		return o.pbf
	}
	return fmt.Sprintf("synthetic map of %d junctions (seed %d)", o.junctions, o.seed)
}
