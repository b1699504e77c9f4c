package network

import (
	"cmp"
	"fmt"
	"slices"
)

// A turn restriction or a barrier splits a vertex: those who come along one
// road have other ways on than those who come along another, so they are given
// a copy of the vertex that has just these ways on. The vertex itself stays
// for all who set out there. Copies of a vertex follow it in the numbering, at
// the same coordinates; the roads that lead to and from copies are edges of
// their own, twins of one another: they are drawn alike, and only the ends and
// the modes differ. A mode passes a road in one direction from the vertex
// itself over exactly one of the twins.

// split is a vertex with copies: vertex+1 to vertex+copies.
type split struct{ vertex, copies uint32 }

// twin says that an edge is drawn like origin, the lowest of its group; the
// origin itself is among them.
type twin struct{ origin, edge uint32 }

// bitset is a set of dense ids.
type bitset []uint64

func newBitset(n int) bitset       { return make(bitset, (n+63)/64) }
func (b bitset) add(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i uint32) bool { return b[i/64]>>(i%64)&1 != 0 }
func (b bitset) remove(i uint32)   { b[i/64] &^= 1 << (i % 64) }

// markCopies fills what is derived from splits and twins.
func (g *Graph) markCopies() {
	g.copied, g.grouped = newBitset(len(g.vertices)), newBitset(len(g.from))
	for _, s := range g.splits {
		for v := s.vertex + 1; v <= s.vertex+s.copies; v++ {
			g.copied.add(v)
		}
	}
	g.origins = make(map[uint32]uint32, len(g.twins))
	for _, t := range g.twins {
		g.grouped.add(t.edge)
		g.origins[t.edge] = t.origin
	}
}

// base is the vertex that v is a copy of, v itself where it is none.
func (g *Graph) base(v uint32) uint32 {
	if !g.copied.has(v) {
		return v
	}
	i, found := slices.BinarySearchFunc(g.splits, v, func(s split, v uint32) int { return cmp.Compare(s.vertex, v) })
	if !found {
		i--
	}
	return g.splits[i].vertex
}

// copies is how many copies a vertex has; they follow it.
func (g *Graph) copies(v uint32) uint32 {
	i, found := slices.BinarySearchFunc(g.splits, v, func(s split, v uint32) int { return cmp.Compare(s.vertex, v) })
	if !found {
		return 0
	}
	return g.splits[i].copies
}

// origin is the first of the edges drawn like e: the one that stands for the
// road wherever a road counts once.
func (g *Graph) origin(e Edge) Edge {
	if !g.grouped.has(uint32(e)) {
		return e
	}
	return Edge(g.origins[uint32(e)])
}

// group gives the edges drawn like an origin, itself first.
func (g *Graph) group(origin Edge) []twin {
	if !g.grouped.has(uint32(origin)) {
		return []twin{{uint32(origin), uint32(origin)}}
	}
	byOrigin := func(t twin, e uint32) int { return cmp.Compare(t.origin, e) }
	from, _ := slices.BinarySearchFunc(g.twins, uint32(origin), byOrigin)
	to := from
	for to < len(g.twins) && g.twins[to].origin == uint32(origin) {
		to++
	}
	return g.twins[from:to]
}

// checkCopies says what is wrong with splits and twins that came from outside.
func (g *Graph) checkCopies() error {
	next := uint64(0) // first vertex that the next split may name
	for _, s := range g.splits {
		last := uint64(s.vertex) + uint64(s.copies)
		if uint64(s.vertex) < next || s.copies == 0 || last >= uint64(len(g.vertices)) {
			return fmt.Errorf("the copies of vertex %d overlap others or are not there", s.vertex)
		}
		for v := uint64(s.vertex) + 1; v <= last; v++ {
			if g.vertices[v] != g.vertices[s.vertex] {
				return fmt.Errorf("vertex %d lies elsewhere than the one it is a copy of", v)
			}
		}
		next = last + 1
	}
	for i, t := range g.twins {
		if uint64(t.edge) >= uint64(len(g.from)) || uint64(t.origin) >= uint64(len(g.from)) {
			return fmt.Errorf("twin %d is an edge that is not there", i)
		}
		first := i == 0 || g.twins[i-1].origin != t.origin
		if first && t.edge != t.origin || !first && g.twins[i-1].edge >= t.edge || i > 0 && g.twins[i-1].origin > t.origin {
			return fmt.Errorf("twin %d is out of order", i)
		}
		if !slices.Equal(g.shape(Edge(t.edge)), g.shape(Edge(t.origin))) || !slices.Equal(g.Runs(Edge(t.edge)), g.Runs(Edge(t.origin))) {
			return fmt.Errorf("edge %d is not drawn like edge %d, whose twin it is", t.edge, t.origin)
		}
	}
	return nil
}
