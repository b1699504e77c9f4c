package network

import "slices"

// turnArc is a piece of road in one direction: twice its index in the
// builder's pieces, plus one where it is travelled against.
type turnArc uint32

func (b *builder) arcNodes(a turnArc) (tail, head uint32) {
	p := &b.pieces[a/2]
	if a&1 == 0 {
		return p.first(), p.last()
	}
	return p.last(), p.first()
}

// arcNode is the i-th node passed.
func (b *builder) arcNode(a turnArc, i int) uint32 {
	nodes := b.pieces[a/2].nodes
	if a&1 == 0 {
		return nodes[i]
	}
	return nodes[len(nodes)-1-i]
}

func (b *builder) arcOpen(a turnArc, mode Modes) bool {
	if a&1 == 0 {
		return b.pieces[a/2].forward&mode != 0
	}
	return b.pieces[a/2].backward&mode != 0
}

// turns are the restrictions and barriers of a source, put into arcs.
type turns struct {
	b    *builder
	out  map[uint32][]turnArc // arcs that leave the nodes that restrictions and barriers speak of
	bans [][]turnArc          // rows of arcs that may not be travelled whole
	who  []Modes              // of each ban, whom it binds
}

// readTurns resolves restrictions and barriers to arcs; those that do not fit
// the roads are counted.
func (b *builder) readTurns(source Source) *turns {
	t := &turns{b: b, out: map[uint32][]turnArc{}}
	for _, r := range source.Restrictions {
		for _, id := range r.Path {
			if n, known := b.lookup(id); known {
				t.out[n] = nil
			}
		}
	}
	for _, barrier := range source.Barriers {
		if n, known := b.lookup(barrier.Node); known {
			t.out[n] = nil
		}
	}
	if len(t.out) == 0 {
		return t
	}
	for i := range b.pieces {
		for dir := range turnArc(2) {
			a := turnArc(i)*2 + dir
			if tail, _ := b.arcNodes(a); t.speaksOf(tail) {
				t.out[tail] = append(t.out[tail], a)
			}
		}
	}
	for _, r := range source.Restrictions {
		t.restrict(r)
	}
	for _, barrier := range source.Barriers {
		t.block(barrier)
	}
	return t
}

func (t *turns) speaksOf(node uint32) bool {
	_, found := t.out[node]
	return found
}

// lookup is the dense index of a node that a road passes.
func (b *builder) lookup(id int64) (uint32, bool) {
	i, found := slices.BinarySearch(b.ids, id)
	return uint32(i), found && b.known[i]
}

// ban forbids a row of arcs; one that is closed anyway is passed over when
// machines are made.
func (t *turns) ban(arcs []turnArc, modes Modes) {
	t.bans = append(t.bans, slices.Clone(arcs))
	t.who = append(t.who, modes)
}

// restrict turns a restriction into bans: of its own path or, where only that
// is allowed, of every other way at each of its turns.
func (t *turns) restrict(r Restriction) {
	arcs, fault := t.resolve(r.Path, r.Modes)
	switch {
	case r.Modes&allModes == 0:
		fault = "restriction: binds no mode"
	case fault != "":
	case !r.Only:
		t.ban(arcs, r.Modes)
	default:
		for i := range len(arcs) - 1 {
			_, node := t.b.arcNodes(arcs[i])
			for _, other := range t.out[node] {
				if other != arcs[i+1] {
					t.ban(append(slices.Clone(arcs[:i+1]), other), r.Modes)
				}
			}
		}
	}
	if fault != "" {
		t.b.report.Dropped[fault]++
		return
	}
	t.b.report.Restrictions++
}

// resolve finds the arcs that a row of nodes passes. The first and the last
// arc may be longer than what the row tells of them. Roads that are closed to
// all whom the restriction binds are not meant.
func (t *turns) resolve(path []int64, modes Modes) (arcs []turnArc, fault string) {
	const tooShort, unknown, unclear = "restriction: too few nodes", "restriction: passes a node that no road has", "restriction: does not follow open roads from junction to junction"
	if len(path) < 3 {
		return nil, tooShort
	}
	nodes := make([]uint32, len(path))
	for i, id := range path {
		n, known := t.b.lookup(id)
		if !known {
			return nil, unknown
		}
		nodes[i] = n
	}
	back, one := t.leaving(nodes[1], nodes[0], func(a turnArc) bool { return t.b.arcOpen(a^1, modes) })
	if !one {
		return nil, unclear
	}
	arcs = append(arcs, back^1)
	for at := 1; at < len(nodes)-1; {
		a, one := t.leaving(nodes[at], nodes[at+1], func(a turnArc) bool { return t.b.arcOpen(a, modes) })
		if !one {
			return nil, unclear
		}
		length := len(t.b.pieces[a/2].nodes)
		for i := range min(length, len(nodes)-at) {
			if t.b.arcNode(a, i) != nodes[at+i] {
				return nil, unclear
			}
		}
		arcs = append(arcs, a)
		at += length - 1
	}
	return arcs, ""
}

// leaving finds the one arc that is open and goes from a node towards a
// neighbour.
func (t *turns) leaving(node, towards uint32, open func(turnArc) bool) (turnArc, bool) {
	var found []turnArc
	for _, a := range t.out[node] {
		if t.b.arcNode(a, 1) == towards && open(a) {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return 0, false
	}
	return found[0], true
}

// block bans every way past a barrier but the one back.
func (t *turns) block(barrier Barrier) {
	n, known := t.b.lookup(barrier.Node)
	if !known || barrier.Blocked&allModes == 0 {
		t.b.report.Dropped["barrier: on no road, or blocks no mode"]++
		return
	}
	t.b.report.Barriers++
	for _, leaving := range t.out[n] {
		for _, other := range t.out[n] {
			if other != leaving {
				t.ban([]turnArc{leaving ^ 1, other}, barrier.Blocked)
			}
		}
	}
}
