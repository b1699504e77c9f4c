package hierarchy

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestQueriesEqualAPlainSearch holds every kind of query on any graph to
// Dijkstra's algorithm, there and back.
func TestQueriesEqualAPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		m := g.metric(t)
		checkArcsWeighWays(t, m, g)
		if g.n == 0 {
			return
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "queries"), 2))
		for _, reverse := range []bool{false, true} {
			checkQueries(t, g, m, random, reverse)
		}
		checkTable(t, g, m, random)
	})
}

// TestQueriesOnARoadGrid is the same on a graph large enough for cuts, blocks
// and several tasks.
func TestQueriesOnARoadGrid(t *testing.T) {
	g := roadGrid(70, 3)
	for i := range g.weights {
		if i%17 == 0 {
			g.weights[i] = Never // one-ways
		}
	}
	m := g.metric(t)
	random := rand.New(rand.NewPCG(5, 5))
	for range 5 {
		checkQueries(t, g, m, random, false)
		checkQueries(t, g, m, random, true)
	}
	checkTable(t, g, m, random)
}

type errorer interface {
	fataler
	Fatalf(string, ...any)
}

// checkArcsWeighWays: no arc is lighter than the shortest way between its
// ends, and those of the highest vertex's neighbours are not heavier.
func checkArcsWeighWays(t errorer, m *Metric, g *roads) {
	s := m.skeleton
	for v := range uint32(g.n) {
		vertex := uint32(slices.Index(s.rank, v))
		there, back := g.plain([]Seed{{vertex, 0}}, false), g.plain([]Seed{{vertex, 0}}, true)
		for i, y := range s.up(v) {
			other := slices.Index(s.rank, y)
			if up, down := s.of(m.up, v)[i], s.of(m.down, v)[i]; up < there[other] || down < back[other] {
				t.Fatalf("arc %d-%d weighs %d and %d, ways %d and %d", v, y, up, down, there[other], back[other])
			}
		}
	}
}

func checkQueries(t errorer, g *roads, m *Metric, random *rand.Rand, reverse bool) {
	batch := make([][]Seed, random.IntN(Lanes+1))
	want := make([][]uint32, len(batch))
	for lane := range batch {
		batch[lane] = drawSeeds(random, g.n, 4)
		want[lane] = g.plain(batch[lane], reverse)
	}
	targets := make([]uint32, random.IntN(10))
	for i := range targets {
		targets[i] = uint32(random.IntN(g.n))
	}
	selection, err := m.Select(targets, reverse)
	if err != nil {
		t.Fatal(err)
	}
	dist, at := make([]uint32, g.n), make([]uint32, len(targets))
	together, atTogether := make([]Batch, g.n), make([]Batch, len(targets))
	must(t, m.SweepBatch(batch, reverse, together))
	must(t, selection.SweepBatch(batch, atTogether))
	rank := m.skeleton.Rank()
	for lane, seeds := range batch {
		must(t, m.Sweep(seeds, reverse, dist))
		must(t, selection.Sweep(seeds, at))
		for v := range dist {
			if dist[v] != want[lane][v] || together[rank[v]][lane] != want[lane][v] {
				t.Fatalf("vertex %d from %v: %d alone, %d in a batch, want %d", v, seeds, dist[v], together[rank[v]][lane], want[lane][v])
			}
		}
		for i, v := range targets {
			if at[i] != want[lane][v] || atTogether[i][lane] != want[lane][v] {
				t.Fatalf("target %d from %v: %d alone, %d in a batch, want %d", v, seeds, at[i], atTogether[i][lane], want[lane][v])
			}
		}
	}
	for _, d := range together {
		for lane := len(batch); lane < Lanes; lane++ {
			if d[lane] != Never {
				t.Fatalf("lane %d of %d has %d", lane, len(batch), d[lane])
			}
		}
	}
}

func must(t fataler, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}

func checkTable(t errorer, g *roads, m *Metric, random *rand.Rand) {
	sources, targets := make([][]Seed, random.IntN(12)), make([][]Seed, random.IntN(12))
	for i := range sources {
		sources[i] = drawSeeds(random, g.n, 3)
	}
	for j := range targets {
		targets[j] = drawSeeds(random, g.n, 3)
	}
	table, err := m.Table(context.Background(), sources, targets)
	must(t, err)
	for _, workers := range []int{1, 3} {
		large, err := m.tableWith(context.Background(), sources, targets, true, workers)
		must(t, err)
		if !slices.Equal(large, table) {
			t.Fatalf("a table made as a large one by %d workers is %v, else %v", workers, large, table)
		}
	}
	for i := range sources {
		dist := g.plain(sources[i], false)
		for j := range targets {
			want := Never
			for _, seed := range targets[j] {
				want = min(want, plus(dist[seed.Vertex], seed.Weight))
			}
			if got := table[i*len(targets)+j]; got != want {
				t.Fatalf("from %v to %v: %d, want %d", sources[i], targets[j], got, want)
			}
		}
	}
}

// TestGridInClosedForm: on a grid whose rows weigh 3 a block and whose columns
// 5, distances are known without a search.
func TestGridInClosedForm(t *testing.T) {
	const size = 40
	g := &roads{n: size * size}
	for y := range int32(size) {
		for x := range int32(size) {
			g.lon, g.lat = append(g.lon, x*1000), append(g.lat, y*1000)
			if x > 0 {
				g.add(uint32(y*size+x-1), uint32(y*size+x), 3)
			}
			if y > 0 {
				g.add(uint32(y*size-size+x), uint32(y*size+x), 5)
			}
		}
	}
	m := g.metric(t)
	distance := func(a, b int) uint32 {
		dx, dy := a%size-b%size, a/size-b/size
		return uint32(3*max(dx, -dx) + 5*max(dy, -dy))
	}
	dist := make([]uint32, g.n)
	for _, from := range []int{0, 39, 820, 1599} {
		must(t, m.Sweep([]Seed{{uint32(from), 7}}, false, dist))
		for v := range dist {
			if want := 7 + distance(from, v); dist[v] != want {
				t.Fatalf("from %d to %d: %d, want %d", from, v, dist[v], want)
			}
		}
	}
}

// TestTableOfManyTargets takes more targets than are worked on together.
func TestTableOfManyTargets(t *testing.T) {
	g := roadGrid(20, 9)
	m := g.metric(t)
	targets := make([][]Seed, tableTargets+100)
	for j := range targets {
		targets[j] = []Seed{{uint32(j % g.n), uint32(j)}}
	}
	table, err := m.Table(context.Background(), [][]Seed{{{0, 0}}, {{399, 5}}}, targets)
	must(t, err)
	for i, seed := range []Seed{{0, 0}, {399, 5}} {
		dist := g.plain([]Seed{seed}, false)
		for j := range targets {
			if got, want := table[i*len(targets)+j], dist[j%g.n]+uint32(j); got != want {
				t.Fatalf("from %v to target %d: %d, want %d", seed, j, got, want)
			}
		}
	}
}

// TestQueriesRefuse what does not fit the graph.
func TestQueriesRefuse(t *testing.T) {
	g := roadGrid(4, 1)
	m := g.metric(t)
	ctx := context.Background()
	good, bad := []Seed{{3, 0}}, []Seed{{16, 0}}
	dist, batch := make([]uint32, 16), make([]Batch, 16)
	selection, err := m.Select([]uint32{1, 2}, false)
	must(t, err)
	_, badTargets := m.Select([]uint32{16}, false)
	_, badSource := m.Table(ctx, [][]Seed{bad}, [][]Seed{good})
	_, badTarget := m.Table(ctx, [][]Seed{good}, [][]Seed{good, bad})
	_, badWeights := m.skeleton.Customize(ctx, g.weights[1:])
	_, badChange := m.With([]uint32{uint32(len(g.tail))}, func(uint32) uint32 { return 1 })
	for what, err := range map[string]error{
		"seed":             m.Sweep(bad, false, dist),
		"seed by rank":     m.SweepRanks(bad, false, dist),
		"short distances":  m.Sweep(good, false, dist[1:]),
		"short ranks":      m.SweepRanks(good, false, dist[1:]),
		"seed of a batch":  m.SweepBatch([][]Seed{good, bad}, false, batch),
		"short batch":      m.SweepBatch([][]Seed{good}, false, batch[1:]),
		"nine lanes":       m.SweepBatch(make([][]Seed, 9), false, batch),
		"target":           badTargets,
		"selection's seed": selection.Sweep(bad, dist[:2]),
		"selection's room": selection.Sweep(good, dist),
		"batch's seed":     selection.SweepBatch([][]Seed{bad}, batch[:2]),
		"batch's room":     selection.SweepBatch([][]Seed{good}, batch),
		"source":           badSource,
		"target's seed":    badTarget,
		"weights":          badWeights,
		"change":           badChange,
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
