package network

import "slices"

// chain joins pieces wherever a node has exactly two ends of road at it and
// both roads are open to the same modes in the same direction, so that what
// remains between vertices is whole chains. A ring without any junction keeps
// its first node as a vertex.
func (b *builder) chain(source Source) {
	ends := b.endsByNode()
	through := newBitset(len(b.ids)) // nodes that vanish into a chain
	for node := range uint32(len(b.ids)) {
		if at := ends.at(node); len(at) == 2 && at[0].piece != at[1].piece && b.agree(at[0], at[1]) {
			through.add(node)
		}
	}
	b.keepTurns(source, through)
	used := make([]bool, len(b.pieces))
	var chains []piece
	walk := func(start end) {
		chains = append(chains, b.follow(start, ends, through, used))
	}
	for i := range b.pieces { // chains with a vertex at an end
		switch p := &b.pieces[i]; {
		case used[i]:
		case !through.has(p.first()):
			walk(end{i, false})
		case !through.has(p.last()):
			walk(end{i, true})
		}
	}
	for i := range b.pieces { // what is left are rings
		if !used[i] {
			through.remove(b.pieces[i].first())
			walk(end{i, false})
		}
	}
	b.pieces = chains
}

// keepTurns keeps the nodes that restrictions and barriers speak of as vertices:
// a turn begins and ends at one, a barrier stands on one.
func (b *builder) keepTurns(source Source, through bitset) {
	keep := func(id int64) {
		if n, known := b.lookup(id); known {
			through.remove(n)
		}
	}
	for _, r := range source.Restrictions {
		if len(r.Path) >= 3 {
			keep(r.Path[1])
			keep(r.Path[len(r.Path)-2])
		}
	}
	for _, barrier := range source.Barriers {
		keep(barrier.Node)
	}
}

// end is one end of a piece: its first node, or its last.
type end struct {
	piece int
	last  bool
}

// endLists are the ends of pieces at every node, one list after the other.
type endLists struct {
	first []uint32
	ends  []end
}

func (l endLists) at(node uint32) []end { return l.ends[l.first[node]:l.first[node+1]] }

func (b *builder) endsByNode() endLists {
	l := endLists{make([]uint32, len(b.ids)+2), make([]end, 2*len(b.pieces))}
	for i := range b.pieces {
		l.first[b.pieces[i].first()+2]++
		l.first[b.pieces[i].last()+2]++
	}
	for n := 2; n < len(l.first); n++ {
		l.first[n] += l.first[n-1]
	}
	add := func(node uint32, e end) { // first[node+1] is where the next one goes
		l.ends[l.first[node+1]] = e
		l.first[node+1]++
	}
	for i := range b.pieces {
		add(b.pieces[i].first(), end{i, false})
		add(b.pieces[i].last(), end{i, true})
	}
	return l
}

// leaving is the modes that may set out from this end into the piece, and
// arriving those that may come out at it.
func (b *builder) leaving(e end) (out, in Modes) {
	p := &b.pieces[e.piece]
	if e.last {
		return p.backward, p.forward
	}
	return p.forward, p.backward
}

// agree says whether two pieces that meet at a node are one road: who comes
// out of one may go on into the other, and none else. A motorway or ferry is
// not joined to another road, since points snap to one and not to the other:
// so every edge is all of one sort.
func (b *builder) agree(x, y end) bool {
	if b.pieces[x.piece].runs[0].Class.through() != b.pieces[y.piece].runs[0].Class.through() {
		return false
	}
	outX, inX := b.leaving(x)
	outY, inY := b.leaving(y)
	return inX == outY && inY == outX
}

// follow joins pieces from a first end on until a vertex is reached.
func (b *builder) follow(at end, ends endLists, through bitset, used []bool) piece {
	var chain piece
	for {
		used[at.piece] = true
		next := b.pieces[at.piece]
		if at.last {
			next = next.reversed()
		}
		chain = join(chain, next)
		node := chain.last()
		if !through.has(node) {
			return chain
		}
		meeting := ends.at(node)
		other := meeting[0]
		if other.piece == at.piece {
			other = meeting[1]
		}
		if used[other.piece] {
			return chain
		}
		at = other
	}
}

// join appends a piece that begins where the chain ends. Neighbouring runs of
// one class, surface and limit become one.
func join(chain, next piece) piece {
	if len(chain.nodes) == 0 {
		return piece{slices.Clone(next.nodes), slices.Clone(next.runs), next.forward, next.backward}
	}
	chain.nodes = append(chain.nodes, next.nodes[1:]...)
	for _, r := range next.runs {
		last := &chain.runs[len(chain.runs)-1]
		if last.Class == r.Class && last.Posted == r.Posted && last.Surface == r.Surface {
			last.Centimeters += r.Centimeters
		} else {
			chain.runs = append(chain.runs, r)
		}
	}
	return chain
}
