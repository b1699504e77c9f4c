package network

import (
	"cmp"
	"slices"
)

// newEdge is an edge of the graph to be: a piece between two vertices, copies
// among them, with the modes that travel it between just these.
type newEdge struct {
	from, to          uint32
	piece             uint32
	forward, backward Modes
}

// expansion numbers the copies that turn machines ask for, behind the vertex
// that each is a copy of.
type expansion struct {
	b        *builder
	machines []*turnMachine
	copies   map[nodeMode]uint32 // first copy of a mode at a node, counted from its vertex
	splits   []split
	before   []split // of each split vertex, in the old numbering: copies of lower ones
	edges    []newEdge
}

type nodeMode struct {
	node uint32
	mode Modes
}

// expand makes the edges: one a piece, and more where turns are restricted.
// vertices is the number of vertices before copies. Pieces must be in order.
func (b *builder) expand(source Source, vertices int) *expansion {
	x := &expansion{b: b, copies: map[nodeMode]uint32{}}
	t := b.readTurns(source)
	for _, mode := range []Modes{Car, Bike, Walk} {
		if m := t.machine(mode); m != nil {
			x.machines = append(x.machines, m)
		}
	}
	x.number(vertices)
	for i := range b.pieces {
		x.addPiece(uint32(i), t)
	}
	slices.SortStableFunc(x.edges, func(e, f newEdge) int { return cmp.Or(cmp.Compare(e.from, f.from), cmp.Compare(e.to, f.to)) })
	return x
}

// number gives the copies their places.
func (x *expansion) number(vertices int) {
	count := map[uint32]uint32{} // by vertex in the old numbering
	for _, m := range x.machines {
		for node, classes := range m.class {
			v := x.b.vertex[node]
			x.copies[nodeMode{node, m.mode}] = count[v]
			count[v] += uint32(len(classes) - 1)
		}
	}
	// Copies of a mode come after those of the modes before it; the order of
	// nodes does not matter, since each has its own.
	total := uint32(0)
	for v := range uint32(vertices) {
		if n := count[v]; n > 0 {
			x.splits = append(x.splits, split{v + total, n})
			x.before = append(x.before, split{v, total})
			total += n
		}
	}
	x.b.report.Copies = int(total)
}

// base is a vertex in the new numbering.
func (x *expansion) base(v uint32) uint32 {
	i, _ := slices.BinarySearchFunc(x.before, v, func(s split, v uint32) int { return cmp.Compare(s.vertex, v) })
	if i == 0 {
		return v
	}
	last := i - 1
	return v + x.before[last].copies + x.splits[last].copies
}

// at is the vertex of a class of a mode at a node.
func (x *expansion) at(node uint32, mode Modes, class int32) uint32 {
	v := x.base(x.b.vertex[node])
	if class == 0 {
		return v
	}
	return v + x.copies[nodeMode{node, mode}] + uint32(class)
}

// addPiece makes the edges of one piece.
func (x *expansion) addPiece(i uint32, t *turns) {
	p := &x.b.pieces[i]
	first := len(x.edges)
	rest := allModes
	if t.speaksOf(p.first()) || t.speaksOf(p.last()) {
		for _, m := range x.machines {
			rest &^= m.mode
			for dir := range turnArc(2) {
				x.addArc(turnArc(i)*2+dir, m, first)
			}
		}
	}
	x.join(first, newEdge{x.at(p.first(), rest, 0), x.at(p.last(), rest, 0), i, p.forward & rest, p.backward & rest})
}

// addArc enters the edges of an arc of a mode whose turns are restricted: from
// each class at its tail to the class that it leads to.
func (x *expansion) addArc(a turnArc, m *turnMachine, first int) {
	if !x.b.arcOpen(a, m.mode) {
		return
	}
	tail, head := x.b.arcNodes(a)
	classes := m.class[tail]
	if classes == nil {
		classes = []int32{noState}
	}
	for c, state := range classes {
		next, allowed := m.step(state, a)
		if !allowed {
			continue
		}
		from, to := x.at(tail, m.mode, int32(c)), x.at(head, m.mode, m.classOf(next))
		if a&1 == 0 {
			x.join(first, newEdge{from, to, uint32(a / 2), m.mode, 0})
		} else {
			x.join(first, newEdge{to, from, uint32(a / 2), 0, m.mode})
		}
	}
}

// join adds an edge to those of its piece, which begin at first, or its modes
// to the one between the same vertices.
func (x *expansion) join(first int, e newEdge) {
	if e.forward|e.backward == 0 {
		return
	}
	rest := joinEdge(x.edges[first:], e)
	x.edges = append(x.edges[:first], rest...)
}

// joinEdge adds an edge to those of one road, or its modes to the one between
// the same vertices.
func joinEdge(list []newEdge, e newEdge) []newEdge {
	for i := range list {
		if list[i].from == e.from && list[i].to == e.to {
			list[i].forward |= e.forward
			list[i].backward |= e.backward
			return list
		}
	}
	return append(list, e)
}

// twins lists the edges of pieces that have several.
func (x *expansion) twins() []twin {
	origin := map[uint32]uint32{} // of pieces with several edges
	of := make([]uint32, len(x.b.pieces))
	for i := range of {
		of[i] = noEdge
	}
	for e, edge := range x.edges {
		switch of[edge.piece] {
		case noEdge:
			of[edge.piece] = uint32(e)
		default:
			origin[edge.piece] = of[edge.piece]
		}
	}
	var list []twin
	for e, edge := range x.edges {
		if o, several := origin[edge.piece]; several {
			list = append(list, twin{o, uint32(e)})
		}
	}
	slices.SortFunc(list, func(s, t twin) int { return cmp.Or(cmp.Compare(s.origin, t.origin), cmp.Compare(s.edge, t.edge)) })
	return list
}
