package hierarchy

import (
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestFlowAndCutMatch: paths that share no vertex, and as many vertices that
// part the terminals, prove each other to be the most and the fewest. The
// terminals grow in steps, as they do for a separator.
func TestFlowAndCutMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := drawGraph(t)
		g := undirected(drawn.n, drawn.tail, drawn.head, nil)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "terminals"), 5))
		order := random.Perm(drawn.n)
		var f flow
		f.reset(g)
		separator := make([]bool, drawn.n)
		for k := 0; k < drawn.n/2; {
			for range 1 + random.IntN(drawn.n/2) {
				if k < drawn.n/2 {
					f.end[order[k]], f.end[order[drawn.n-1-k]] = source, sink
					k++
				}
			}
			if !f.grow(context.Background(), drawn.n) {
				t.Fatal("gave up")
			}
			checkPaths(t, &f)
			for _, backward := range []bool{false, true} {
				checkCut(t, &f, backward, separator)
			}
		}
	})
}

// checkPaths follows each path from its source to its sink.
func checkPaths(t errorer, f *flow) {
	paths, seen := 0, make([]bool, f.g.size())
	for v := range seen {
		if f.end[v] != source || f.prev[v] != none || f.next[v] == none {
			continue
		}
		paths++
		at := uint32(v)
		for ; ; at = f.next[at] {
			if seen[at] {
				t.Fatalf("two paths share %d", at)
			}
			seen[at] = true
			if f.next[at] == none {
				break
			}
			if f.prev[f.next[at]] != at {
				t.Fatalf("the path breaks after %d", at)
			}
		}
		if f.end[at] != sink {
			t.Fatalf("a path ends at %d, which is no sink", at)
		}
	}
	if paths != f.value {
		t.Fatalf("%d paths, counted as %d", paths, f.value)
	}
}

// checkCut searches from all sources that are not cut.
func checkCut(t errorer, f *flow, backward bool, separator []bool) {
	side := f.cut(backward, separator)
	near := source
	if backward {
		near = sink
	}
	seen := make([]bool, f.g.size())
	var queue []uint32
	size := 0
	for v, cut := range separator {
		if cut {
			size++
		} else if f.end[v] == near {
			seen[v] = true
			queue = append(queue, uint32(v))
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, w := range f.g.at(queue[i]) {
			if !seen[w] && !separator[w] {
				seen[w] = true
				queue = append(queue, w)
			}
		}
	}
	for _, v := range queue {
		if f.end[v] == source+sink-near {
			t.Fatalf("terminals are not parted at %d", v)
		}
	}
	if size != f.value || side != len(queue) {
		t.Fatalf("cut of %d with %d on its side, want %d and %d", size, side, f.value, len(queue))
	}
}
