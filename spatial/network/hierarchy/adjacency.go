package hierarchy

import (
	"fmt"
	"math"
)

// none stands for no vertex, arc or state.
const none = math.MaxUint32

// maxVertices and maxInputArcs keep ids, and ids doubled, within 32 bits.
const (
	maxVertices  = 1<<31 - 2
	maxInputArcs = 1<<31 - 2
)

// adjacency is an undirected graph without loops and parallel edges: the
// neighbours of v are to[first[v]:first[v+1]].
type adjacency struct {
	first []uint32
	to    []uint32
}

func (g adjacency) size() int            { return max(len(g.first)-1, 0) }
func (g adjacency) at(v uint32) []uint32 { return g.to[g.first[v]:g.first[v+1]] }

// checkArcs says what keeps arcs from being those of a graph of n vertices.
func checkArcs(n int, tail, head []uint32) error {
	if n < 0 || n > maxVertices {
		return fmt.Errorf("hierarchy of %d vertices: 0 to %d are possible", n, maxVertices)
	}
	if len(tail) != len(head) || len(tail) > maxInputArcs {
		return fmt.Errorf("hierarchy over %d tails and %d heads: as many of both are needed, at most %d", len(tail), len(head), maxInputArcs)
	}
	for i := range tail {
		if int(tail[i]) >= n || int(head[i]) >= n {
			return fmt.Errorf("arc %d leads from vertex %d to %d, of %d vertices", i, tail[i], head[i], n)
		}
	}
	return nil
}

// undirected joins the ends of all arcs but loops, each pair once. Vertices
// are renamed by name, unless it is nil.
func undirected(n int, tail, head, name []uint32) adjacency {
	named := func(v uint32) uint32 {
		if name != nil {
			return name[v]
		}
		return v
	}
	g := adjacency{first: make([]uint32, n+1)}
	for i := range tail {
		if tail[i] != head[i] {
			g.first[named(tail[i])]++
			g.first[named(head[i])]++
		}
	}
	total := startsOf(g.first)
	g.to = make([]uint32, total)
	for i := range tail {
		if t, h := tail[i], head[i]; t != h {
			t, h = named(t), named(h)
			g.first[t]--
			g.to[g.first[t]] = h
			g.first[h]--
			g.to[g.first[h]] = t
		}
	}
	g.dedupe()
	return g
}

// startsOf turns counts into the ends of their ranges, which become starts
// once each range has been filled from its end; the last entry, which must
// come as 0, is the total.
func startsOf(counts []uint32) uint32 {
	var sum uint32
	for i := range counts {
		sum += counts[i]
		counts[i] = sum
	}
	return sum
}

// dedupe keeps the first of equal neighbours.
func (g *adjacency) dedupe() {
	n := g.size()
	seen := make([]uint32, n)
	var kept uint32
	for v := range uint32(n) {
		neighbours := g.at(v)
		g.first[v] = kept
		for _, w := range neighbours {
			if seen[w] != v+1 {
				seen[w] = v + 1
				g.to[kept] = w
				kept++
			}
		}
	}
	g.first[n] = kept
	g.to = g.to[:kept:kept]
}
