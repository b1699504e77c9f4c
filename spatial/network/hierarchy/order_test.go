package hierarchy

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// peculiar graphs, each of which has broken some nested dissection.
func peculiar() map[string]*roads {
	at := func(n int) *roads { return &roads{n: n, lon: make([]int32, n), lat: make([]int32, n)} }
	list := map[string]*roads{"empty": at(0), "single": at(1), "no arcs": at(1000)}
	star := at(100_001)
	for v := uint32(1); v <= 100_000; v++ {
		star.add(0, v, v)
	}
	list["star"] = star
	path := at(300_000)
	for v := range uint32(299_999) {
		path.add(v, v+1, 2)
		path.lon[v+1] = int32(v)
	}
	list["path"] = path
	ring := at(5000)
	for v := range uint32(5000) {
		ring.add(v, (v+1)%5000, 1)
	}
	list["ring"] = ring
	complete := at(150)
	for v := range uint32(150) {
		for w := range v {
			complete.add(v, w, v+w+1)
		}
	}
	list["complete"] = complete
	tree := at(1<<16 - 1)
	for v := uint32(1); v < 1<<16-1; v++ {
		tree.add(v, (v-1)/2, v)
	}
	list["tree"] = tree
	loops := at(3)
	for range 5 {
		loops.add(1, 1, 4)
		loops.add(0, 1, 4)
	}
	list["loops"] = loops
	same := roadGrid(40, 5) // all at one place
	clear(same.lon)
	clear(same.lat)
	list["same place"] = same
	wheel := at(20_000) // a hub that every cell has at its border
	for v := uint32(1); v < 20_000; v++ {
		wheel.add(0, v, 9)
		wheel.add(v, v%19_999+1, 1)
		wheel.lon[v] = int32(v)
	}
	list["wheel"] = wheel
	islands := at(0)
	for i := range 30 {
		island := roadGrid(8, uint64(i))
		for k := range island.tail {
			island.tail[k] += uint32(islands.n)
			island.head[k] += uint32(islands.n)
		}
		islands.tail = append(islands.tail, island.tail...)
		islands.head = append(islands.head, island.head...)
		islands.weights = append(islands.weights, island.weights...)
		islands.lon, islands.lat = append(islands.lon, island.lon...), append(islands.lat, island.lat...)
		islands.n += island.n
	}
	list["islands"] = islands
	return list
}

// TestPeculiarGraphs: the order holds every vertex once, the tree stays flat
// enough, and a sweep is right.
func TestPeculiarGraphs(t *testing.T) {
	height := map[string]int{"star": 2, "path": 40, "ring": 30, "tree": 40}
	for name, g := range peculiar() {
		t.Run(name, func(t *testing.T) {
			m := g.metric(t)
			if most := height[name]; most > 0 && m.skeleton.height() > most {
				t.Errorf("elimination tree is %d high, more than %d", m.skeleton.height(), most)
			}
			if g.n == 0 {
				return
			}
			dist := make([]uint32, g.n)
			for _, reverse := range []bool{false, true} {
				seeds := []Seed{{uint32(g.n / 2), 3}, {uint32(g.n - 1), 1}}
				must(t, m.Sweep(seeds, reverse, dist))
				if !slices.Equal(dist, g.plain(seeds, reverse)) {
					t.Errorf("a sweep, reverse %v, differs from a plain search", reverse)
				}
			}
		})
	}
}

// height is the number of vertices on the longest way up the elimination tree.
func (s *Skeleton) height() int {
	most := 0
	depth := make([]int, len(s.rank))
	for v := len(depth) - 1; v >= 0; v-- {
		depth[v] = 1
		if p := s.parent(uint32(v)); p != none {
			depth[v] = depth[p] + 1
		}
		most = max(most, depth[v])
	}
	return most
}

// TestOrderDoesNotDependOnWorkers: the bytes of 1, 2 and 7 are the same, and
// hold every vertex once.
func TestOrderDoesNotDependOnWorkers(t *testing.T) {
	check := func(t errorer, g *roads) {
		alone, err := orderWith(context.Background(), g.n, g.tail, g.head, g.lon, g.lat, nil, 1)
		must(t, err)
		if _, err := invert(alone); err != nil || len(alone) != g.n {
			t.Fatalf("%d of %d vertices in order: %v", len(alone), g.n, err)
		}
		for _, workers := range []int{2, 7} {
			many, err := orderWith(context.Background(), g.n, g.tail, g.head, g.lon, g.lat, nil, workers)
			must(t, err)
			if !slices.Equal(alone, many) {
				t.Fatalf("%d workers order otherwise than one", workers)
			}
		}
	}
	check(t, roadGrid(200, 2)) // large enough for directions side by side
	rapid.Check(t, func(t *rapid.T) { check(t, drawGraph(t)) })
}

// TestOrderTellsItsProgress: it never falls, and ends at all vertices.
func TestOrderTellsItsProgress(t *testing.T) {
	g := roadGrid(120, 2)
	last, calls := 0, 0
	_, err := Order(context.Background(), g.n, g.tail, g.head, g.lon, g.lat, func(done, total int) {
		if done < last || total != g.n {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
		calls++
	})
	if err != nil || last != g.n || calls < 2 {
		t.Errorf("%d of %d vertices after %d calls: %v", last, g.n, calls, err)
	}
}

// TestOrderMakesFewArcs holds the order of a road grid to what it was found to
// make: a worse order is a fault, though answers stay right.
func TestOrderMakesFewArcs(t *testing.T) {
	g := roadGrid(150, 7)
	if s := g.skeleton(t); s.NumArcs() > 81_000 {
		t.Errorf("%d arcs for %d vertices, 80,138 were found", s.NumArcs(), g.n)
	}
}

func TestOrderAndNewRefuse(t *testing.T) {
	ctx := context.Background()
	one := []int32{0, 0}
	_, badHead := Order(ctx, 2, []uint32{0}, []uint32{2}, one, one, nil)
	_, badLength := Order(ctx, 2, []uint32{0}, nil, one, one, nil)
	_, badPlaces := Order(ctx, 2, nil, nil, one, one[1:], nil)
	_, badCount := Order(ctx, -1, nil, nil, nil, nil, nil)
	_, twice := New([]uint32{0, 0}, nil, nil)
	_, beyond := New([]uint32{0, 2}, nil, nil)
	_, badTail := New([]uint32{0, 1}, []uint32{2}, []uint32{0})
	for what, err := range map[string]error{
		"head": badHead, "lengths": badLength, "places": badPlaces, "count": badCount,
		"vertex twice": twice, "vertex beyond": beyond, "tail": badTail,
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
