package hierarchy

import (
	"context"
	"math/rand/v2"
	"runtime"
	"testing"
)

// The benchmarks run on a road grid of 300 by 300 junctions, or of the side in
// HIERARCHY_BENCH_SIDE; the documented figures are of 1000:
//
//	HIERARCHY_BENCH_SIDE=1000 go test -run '^$' -bench . ./spatial/network/hierarchy

// fixture is what the benchmarks share, made once.
type fixture struct {
	g *roads
	m *Metric
}

var made = map[int]*fixture{}

func bench(b *testing.B) *fixture {
	b.Helper()
	size := benchSize(b)
	if made[size] == nil {
		g := roadGrid(size, 7)
		made[size] = &fixture{g, g.metric(b)}
	}
	b.ResetTimer()
	return made[size]
}

// report tells the time of one operation for each of n things.
func report(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), unit)
}

func (f *fixture) seeds(random *rand.Rand, n int) [][]Seed {
	list := make([][]Seed, n)
	for i := range list {
		e := 2 * random.IntN(len(f.g.tail)/2) // a point in the middle of a road
		half := f.g.weights[e] / 2
		list[i] = []Seed{{f.g.tail[e], half}, {f.g.head[e], half}}
	}
	return list
}

func BenchmarkOrder(b *testing.B) {
	f := bench(b)
	g := f.g
	for b.Loop() {
		if _, err := Order(context.Background(), g.n, g.tail, g.head, g.lon, g.lat, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(f.m.skeleton.NumArcs())/float64(g.n), "arcs/vertex")
	report(b, g.n, "ns/vertex")
}

func BenchmarkNew(b *testing.B) {
	f := bench(b)
	order := make([]uint32, f.g.n)
	for v, r := range f.m.skeleton.rank {
		order[r] = uint32(v)
	}
	for b.Loop() {
		if _, err := New(order, f.g.tail, f.g.head); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(f.m.skeleton.Bytes())/float64(f.g.n), "skeleton-bytes/vertex")
	b.ReportMetric(float64(f.m.Bytes())/float64(f.g.n), "metric-bytes/vertex")
	report(b, f.g.n, "ns/vertex")
}

func BenchmarkCustomize(b *testing.B) {
	f := bench(b)
	for _, c := range []struct {
		name    string
		workers int
	}{{"one", 1}, {"all", runtime.GOMAXPROCS(0)}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.m.skeleton.customizeWith(context.Background(), f.g.weights, c.workers); err != nil {
					b.Fatal(err)
				}
			}
			report(b, f.g.n, "ns/vertex")
		})
	}
}

// BenchmarkWith closes, or slows by half, or speeds up, 100 edges both ways,
// drawn anew each time: from all, from a stretch of one main road and its
// crossings, or from all main roads, which most ways take.
func BenchmarkWith(b *testing.B) {
	f := bench(b)
	edges := len(f.g.tail) / 2
	any := func(random *rand.Rand, _, _ int) int { return random.IntN(edges) }
	// The generator adds main roads first.
	stretch := func(_ *rand.Rand, round, k int) int { return (round*5000 + k) % (edges / 8) }
	major := func(random *rand.Rand, _, _ int) int { return random.IntN(edges / 8) }
	never := func(uint32) uint32 { return Never }
	for _, c := range []struct {
		name   string
		draw   func(random *rand.Rand, round, k int) int
		weight func(uint32) uint32
	}{
		{"close", any, never},
		{"slow", any, func(w uint32) uint32 { return w + w/2 }},
		{"fast", any, func(w uint32) uint32 { return w / 2 }},
		{"close-stretch", stretch, never},
		{"close-major", major, never},
	} {
		b.Run(c.name, func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 1))
			copied := 0
			for round := 0; b.Loop(); round++ {
				var changed []uint32
				to := map[uint32]uint32{}
				for k := range 100 {
					i := uint32(2 * c.draw(random, round, k))
					changed = append(changed, i, i+1)
					to[i], to[i+1] = c.weight(f.g.weights[i]), c.weight(f.g.weights[i+1])
				}
				m, err := f.m.With(changed, func(i uint32) uint32 {
					if w, found := to[i]; found {
						return w
					}
					return f.g.weights[i]
				})
				if err != nil {
					b.Fatal(err)
				}
				copied += m.copiedBytes(f.m)
			}
			b.ReportMetric(float64(copied)/float64(b.N), "copied-bytes")
		})
	}
}

// copiedBytes is the size of the blocks that m does not share.
func (m *Metric) copiedBytes(of *Metric) int {
	sum := 0
	for b := range m.up {
		for _, pair := range [][2][]uint32{{m.up[b], of.up[b]}, {m.down[b], of.down[b]}} {
			if len(pair[0]) > 0 && &pair[0][0] != &pair[1][0] {
				sum += 4 * len(pair[0])
			}
		}
	}
	return sum
}

func BenchmarkSweep(b *testing.B) {
	f := bench(b)
	random := rand.New(rand.NewPCG(1, 1))
	seeds := f.seeds(random, 64)
	dist := make([]uint32, f.g.n)
	run := func(name string, sweep func([]Seed, bool, []uint32) error) {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if err := sweep(seeds[i%64], i%2 == 1, dist); err != nil {
					b.Fatal(err)
				}
			}
			report(b, f.g.n, "ns/vertex")
		})
	}
	run("ranks", f.m.SweepRanks)
	run("vertices", f.m.Sweep)
}

func BenchmarkSweepBatch(b *testing.B) {
	f := bench(b)
	random := rand.New(rand.NewPCG(1, 1))
	dist := make([]Batch, f.g.n)
	for b.Loop() {
		if err := f.m.SweepBatch(f.seeds(random, Lanes), false, dist); err != nil {
			b.Fatal(err)
		}
	}
	report(b, f.g.n*Lanes, "ns/vertex/tree")
}

func BenchmarkUpward(b *testing.B) {
	f := bench(b)
	s := f.m.skeleton
	seeds := f.seeds(rand.New(rand.NewPCG(1, 1)), 256)
	var p path
	dist := make([]uint32, f.g.n)
	passed := 0
	for i := 0; b.Loop(); i++ {
		s.upward(f.m.up, seeds[i%256], &p, dist)
		passed += len(p.ranks)
	}
	b.ReportMetric(float64(passed)/float64(b.N), "vertices")
}

// BenchmarkSelection sweeps over the part that leads to 1,000 targets.
func BenchmarkSelection(b *testing.B) {
	f := bench(b)
	random := rand.New(rand.NewPCG(1, 1))
	targets := make([]uint32, 1000)
	for i := range targets {
		targets[i] = uint32(random.IntN(f.g.n))
	}
	b.Run("select", func(b *testing.B) {
		for b.Loop() {
			if _, err := f.m.Select(targets, false); err != nil {
				b.Fatal(err)
			}
		}
	})
	l, err := f.m.Select(targets, false)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("sweep", func(b *testing.B) {
		dist := make([]uint32, len(targets))
		for b.Loop() {
			if err := l.Sweep(f.seeds(random, 1)[0], dist); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(l.NumVertices()), "vertices")
		b.ReportMetric(float64(l.NumArcs()), "arcs")
		report(b, l.NumVertices(), "ns/vertex")
	})
	b.Run("batch", func(b *testing.B) {
		dist := make([]Batch, len(targets))
		for b.Loop() {
			if err := l.SweepBatch(f.seeds(random, Lanes), dist); err != nil {
				b.Fatal(err)
			}
		}
		report(b, l.NumVertices()*Lanes, "ns/vertex/tree")
	})
}

func BenchmarkTable(b *testing.B) {
	f := bench(b)
	for _, c := range []struct {
		name  string
		count int
	}{{"100x100", 100}, {"1000x1000", 1000}} {
		b.Run(c.name, func(b *testing.B) {
			random := rand.New(rand.NewPCG(1, 1))
			sources, targets := f.seeds(random, c.count), f.seeds(random, c.count)
			for b.Loop() {
				if _, err := f.m.Table(context.Background(), sources, targets); err != nil {
					b.Fatal(err)
				}
			}
			report(b, c.count*c.count, "ns/pair")
		})
	}
}

// BenchmarkMemory copies 256 MB: the bandwidth to read the sweeps against.
// Bytes are counted once, though each is read and written.
func BenchmarkMemory(b *testing.B) {
	from, to := make([]byte, 256<<20), make([]byte, 256<<20)
	b.SetBytes(int64(len(from)))
	for b.Loop() {
		copy(to, from)
	}
}
