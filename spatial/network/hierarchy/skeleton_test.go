package hierarchy

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSkeletonIsTheCompletion compares it with elimination by hand, for any
// order: contract vertices by rank, join their upper neighbours.
func TestSkeletonIsTheCompletion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 4))
		order := make([]uint32, g.n)
		for i, v := range random.Perm(g.n) {
			order[i] = uint32(v)
		}
		s, err := New(order, g.tail, g.head)
		must(t, err)
		checkCompletion(t, g, s)
		checkPostorder(t, s)
		checkPlaces(t, g, s)
		checkSameArcs(t, g, s, order)
	})
}

func checkCompletion(t errorer, g *roads, s *Skeleton) {
	joined := make([]map[uint32]bool, g.n) // by rank: the upper neighbours
	for v := range joined {
		joined[v] = map[uint32]bool{}
	}
	for i := range g.tail {
		if a, b := s.rank[g.tail[i]], s.rank[g.head[i]]; a != b {
			joined[min(a, b)][max(a, b)] = true
		}
	}
	for v := range joined {
		for x := range joined[v] {
			for y := range joined[v] {
				if x < y {
					joined[x][y] = true
				}
			}
		}
		var want []uint32
		for y := range joined[v] {
			want = append(want, y)
		}
		slices.Sort(want)
		if !slices.Equal(s.up(uint32(v)), want) {
			t.Fatalf("rank %d has arcs to %v, want %v", v, s.up(uint32(v)), want)
		}
	}
}

func checkPostorder(t errorer, s *Skeleton) {
	below := make([]uint32, len(s.rank))
	for v := range below {
		below[v]++
		if below[v] != s.size[v] {
			t.Fatalf("subtree of %d: %d, want %d", v, s.size[v], below[v])
		}
		if p := s.parent(uint32(v)); p != none {
			below[p] += below[v]
			if lowest := p + 1 - s.size[p]; uint32(v)+1-s.size[v] < lowest {
				t.Fatalf("subtree of %d begins below that of its parent", v)
			}
		}
	}
}

func checkPlaces(t errorer, g *roads, s *Skeleton) {
	for i, place := range s.place {
		from, to := s.rank[g.tail[i]], s.rank[g.head[i]]
		want := uint32(none)
		if from < to {
			want = 2 * s.arc(from, to)
		} else if from > to {
			want = 2*s.arc(to, from) + 1
		}
		if place != want {
			t.Fatalf("arc %d from rank %d to %d has place %d, want %d", i, from, to, place, want)
		}
	}
	last := uint32(0)
	for _, i := range s.inputs {
		if s.place[i]/2 < last {
			t.Fatalf("inputs are not in order")
		}
		last = s.place[i] / 2
	}
}

// checkSameArcs: ranking anew has not changed which vertices are joined, and
// does not change the ranks that it made.
func checkSameArcs(t errorer, g *roads, s *Skeleton, order []uint32) {
	again := make([]uint32, g.n) // the order that s has
	for v, r := range s.rank {
		again[r] = uint32(v)
	}
	other, err := New(again, g.tail, g.head)
	must(t, err)
	if !slices.Equal(other.upper, s.upper) || !slices.Equal(other.rank, s.rank) {
		t.Fatalf("completion of order %v and of its post-order differ", order)
	}
}

// TestTooDenseIsRefused: a graph without small separators is an error before
// it fills the memory.
func TestTooDenseIsRefused(t *testing.T) {
	const n = 3000
	random := rand.New(rand.NewPCG(1, 1))
	g := &roads{n: n}
	for range 10 * n {
		g.add(uint32(random.IntN(n)), uint32(random.IntN(n)), 1)
	}
	order := make([]uint32, n)
	for v := range order {
		order[v] = uint32(v)
	}
	if s, err := New(order, g.tail, g.head); err == nil {
		t.Errorf("%d arcs for %d vertices", s.NumArcs(), n)
	}
}
