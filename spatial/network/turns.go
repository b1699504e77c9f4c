package network

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

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

// turnMachine tells, for one mode, how the ways on depend on the way one came.
// It is an automaton over arcs after Aho and Corasick (CACM 18, 1975): a state
// is the longest part of a banned row that the last arcs travelled are the
// beginning of; noState where they begin none.
type turnMachine struct {
	t      *turns
	mode   Modes
	states []turnState
	next   map[turnStep]int32
	banned map[turnStep]bool
	class  map[uint32][]int32 // of nodes where states end: representatives, the first noState
	of     []int32            // of each state, its class's index at its node
}

type turnState struct {
	last turnArc
	fail int32 // the longest shorter state that the same arcs end in
}

type turnStep struct {
	state int32
	arc   turnArc
}

const noState int32 = -1

// machine makes the automaton of a mode; nil where nothing binds it.
func (t *turns) machine(mode Modes) *turnMachine {
	m := &turnMachine{t: t, mode: mode, next: map[turnStep]int32{}, banned: map[turnStep]bool{}}
	var bans [][]turnArc
	for i, arcs := range t.bans {
		closed := func(a turnArc) bool { return !t.b.arcOpen(a, mode) }
		if t.who[i]&mode != 0 && !slices.ContainsFunc(arcs, closed) {
			bans = append(bans, arcs)
		}
	}
	if len(bans) == 0 {
		return nil
	}
	slices.SortFunc(bans, func(x, y []turnArc) int { return cmp.Or(cmp.Compare(len(x), len(y)), slices.Compare(x, y)) })
	for _, arcs := range bans { // shorter first, so a state's shorter ones are there before it
		m.add(arcs)
	}
	m.fallBack()
	m.minimise()
	return m
}

// add enters the beginnings of a banned row as states.
func (m *turnMachine) add(arcs []turnArc) {
	at := noState
	for _, a := range arcs[:len(arcs)-1] {
		step := turnStep{at, a}
		next, there := m.next[step]
		if !there {
			next = int32(len(m.states))
			m.states = append(m.states, turnState{last: a, fail: at}) // fail is the parent until fallBack
			m.next[step] = next
		}
		at = next
	}
	m.banned[turnStep{at, arcs[len(arcs)-1]}] = true
}

// fallBack finds every state's fail: breadth first, so those of shorter states
// are known. States were added with their parent in its place.
func (m *turnMachine) fallBack() {
	depth := make([]int, len(m.states))
	order := make([]int32, len(m.states))
	parent := make([]int32, len(m.states))
	for s := range m.states {
		order[s], parent[s] = int32(s), m.states[s].fail
		if parent[s] != noState {
			depth[s] = depth[parent[s]] + 1
		}
	}
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(depth[x], depth[y]) })
	for _, s := range order {
		m.states[s].fail = noState
		if parent[s] != noState {
			m.states[s].fail = m.follow(m.states[parent[s]].fail, m.states[s].last)
		}
	}
}

// follow is the state after going on over an arc, whether or not that is banned.
func (m *turnMachine) follow(state int32, a turnArc) int32 {
	for {
		if next, there := m.next[turnStep{state, a}]; there {
			return next
		}
		if state == noState {
			return noState
		}
		state = m.states[state].fail
	}
}

// step goes on from a state over an arc of the mode; false where that is banned.
func (m *turnMachine) step(state int32, a turnArc) (int32, bool) {
	for s := state; ; s = m.states[s].fail {
		if m.banned[turnStep{s, a}] {
			return noState, false
		}
		if s == noState {
			return m.follow(state, a), true
		}
	}
}

// minimise puts states at one node from which the same ways lead on into one
// class (Moore 1956: classes are split until they agree). The class of noState
// is the first at each node.
func (m *turnMachine) minimise() {
	at := map[uint32][]int32{}
	for s := range m.states {
		_, node := m.t.b.arcNodes(m.states[s].last)
		if at[node] == nil {
			at[node] = []int32{noState}
		}
		at[node] = append(at[node], int32(s))
	}
	nodes := slices.Sorted(maps.Keys(at))
	m.of = make([]int32, len(m.states))
	for total := -1; ; {
		classes := map[uint32][]int32{}
		of := make([]int32, len(m.states))
		count := 0
		for _, node := range nodes {
			seen := map[string]int32{}
			for _, s := range at[node] {
				signature := m.signature(s, node)
				c, known := seen[signature]
				if !known {
					c = int32(len(seen))
					seen[signature] = c
					classes[node] = append(classes[node], s)
				}
				if s != noState {
					of[s] = c
				}
			}
			count += len(seen)
		}
		m.class, m.of = classes, of
		if count == total {
			return
		}
		total = count
	}
}

// signature is what may be done at a node in a state: for each way on, banned
// or the class that it leads to.
func (m *turnMachine) signature(state int32, node uint32) string {
	var b []byte
	for _, a := range m.t.out[node] {
		if !m.t.b.arcOpen(a, m.mode) {
			continue
		}
		outcome := int32(-2)
		if next, allowed := m.step(state, a); allowed {
			outcome = m.classOf(next)
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(outcome))
	}
	return string(b)
}

func (m *turnMachine) classOf(state int32) int32 {
	if state == noState {
		return 0
	}
	return m.of[state]
}
