package hierarchy

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// roads is a graph of the kind that the package is for.
type roads struct {
	n          int
	lon, lat   []int32
	tail, head []uint32
	weights    []uint32
}

// add joins two vertices both ways.
func (g *roads) add(a, b, weight uint32) {
	g.tail = append(g.tail, a, b)
	g.head = append(g.head, b, a)
	g.weights = append(g.weights, weight, weight)
}

// roadGrid generates a road-like network: size by size junctions about 120 m
// apart and not quite in line, with an arterial at every 50th line, a
// secondary road at every 10th and streets between, of which so many are taken
// out that 1.3 edges a junction are left; all is connected and two-way.
func roadGrid(size int, seed uint64) *roads {
	random := rand.New(rand.NewPCG(seed, seed))
	g := &roads{n: size * size}
	const block = 12_000 // 1e-7 degrees
	for y := range size {
		for x := range size {
			g.lon = append(g.lon, int32(1_040_000_000+x*block+random.IntN(block/2)))
			g.lat = append(g.lat, int32(300_000_000+y*block+random.IntN(block/2)))
		}
	}
	type edge struct{ a, b, line uint32 }
	var major, minor []edge
	add := func(a, b, line int) {
		e := edge{uint32(a), uint32(b), uint32(line)}
		if line%10 == 0 {
			major = append(major, e)
		} else {
			minor = append(minor, e)
		}
	}
	for y := range size {
		for x := range size {
			if x+1 < size {
				add(y*size+x, y*size+x+1, y)
			}
			if y+1 < size {
				add(y*size+x, (y+1)*size+x, x)
			}
		}
	}
	random.Shuffle(len(minor), func(i, j int) { minor[i], minor[j] = minor[j], minor[i] })
	joined := newForest(g.n)
	var spare []edge
	take := func(e edge) {
		kmh := 15 + random.IntN(25)
		switch {
		case e.line%50 == 0:
			kmh = 60 + random.IntN(30)
		case e.line%10 == 0:
			kmh = 40 + random.IntN(20)
		}
		g.add(e.a, e.b, uint32((100_000+random.IntN(80_000))*36/kmh/10))
	}
	for _, e := range major {
		joined.union(e.a, e.b)
		take(e)
	}
	for _, e := range minor {
		if joined.union(e.a, e.b) {
			take(e)
		} else {
			spare = append(spare, e)
		}
	}
	for _, e := range spare[:min(max(g.n*13/10-len(g.tail)/2, 0), len(spare))] {
		take(e)
	}
	return g
}

// forest is a set of trees that grow together.
type forest []uint32

func newForest(n int) forest {
	f := make(forest, n)
	for v := range f {
		f[v] = uint32(v)
	}
	return f
}

func (f forest) root(v uint32) uint32 {
	for f[v] != v {
		f[v] = f[f[v]]
		v = f[v]
	}
	return v
}

func (f forest) union(a, b uint32) bool {
	a, b = f.root(a), f.root(b)
	f[a] = b
	return a != b
}

// benchSize is the side of the grid that benchmarks use: 300, or what
// HIERARCHY_BENCH_SIDE says; 1000 gives the million vertices of the documented
// figures.
func benchSize(tb testing.TB) int {
	size := 300
	if s := os.Getenv("HIERARCHY_BENCH_SIDE"); s != "" {
		var err error
		if size, err = strconv.Atoi(s); err != nil || size < 2 {
			tb.Fatalf("HIERARCHY_BENCH_SIDE=%q is not the side of a grid", s)
		}
	}
	return size
}
