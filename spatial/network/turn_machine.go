package network

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

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
