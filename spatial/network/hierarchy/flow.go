package hierarchy

// flow finds the fewest vertices that part two sets of terminals of a cell:
// the maximum number of paths between them that share no vertex (Menger).
// Paths grow by Dinic's algorithm (Soviet Math. Doklady 11, 1970) over the
// split graph, in which every vertex v has a state "in" (2v) and a state
// "out" (2v+1) with one unit of capacity between them; it is not built, its
// residual arcs follow from the path through each vertex. Terminals have that
// capacity too, so they may be cut, and any two sets can be parted.
//
// Sets may grow while the flow stands: the paths stay paths.
type flow struct {
	g          adjacency
	end        []byte   // which set a vertex is in, if any
	prev, next []uint32 // neighbours on the path through a vertex, or none
	level      []uint32 // of the states, in the last search
	at         []uint32 // position in the neighbours of a vertex whose out is on the stack
	queue      []uint32
	stack      []uint32
	value      int // number of paths
}

// Values of end.
const (
	inner byte = iota
	source
	sink
)

func (f *flow) reset(g adjacency) {
	n := g.size()
	f.g, f.value = g, 0
	f.end = resized(f.end, n)
	f.prev, f.next, f.at = resized(f.prev, n), resized(f.next, n), resized(f.at, n)
	f.level = resized(f.level, 2*n)
	clear(f.end)
	for v := range n {
		f.prev[v], f.next[v] = none, none
	}
}

func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// grow adds paths until there are as many as possible, or more than limit:
// then it returns false.
func (f *flow) grow(limit int) bool {
	for f.value <= limit {
		last := f.search(false, true)
		if last == none {
			return true
		}
		f.block(last)
	}
	return false
}

// search finds how many steps each state is from the sources, or, backward,
// to the sinks, over residual arcs. With stop it returns the level at which it
// comes to the other terminals and goes no further; it returns none where it
// does not come there.
func (f *flow) search(backward, stop bool) uint32 {
	prev, next, from, to := f.prev, f.next, source, sink
	if backward {
		prev, next, from, to = f.next, f.prev, sink, source
	}
	for i := range f.level {
		f.level[i] = none
	}
	queue := f.queue[:0]
	for v, end := range f.end {
		if end == from {
			f.level[2*v] = 0
			queue = append(queue, uint32(2*v))
		}
	}
	last := uint32(none)
	for i := 0; i < len(queue); i++ {
		state := queue[i]
		level, v := f.level[state], state/2
		if level >= last {
			break
		}
		visit := func(s uint32) {
			if f.level[s] == none {
				f.level[s] = level + 1
				queue = append(queue, s)
			}
		}
		onPath := prev[v] != none || next[v] != none
		switch {
		case state&1 == 0 && !onPath:
			visit(2*v + 1)
		case state&1 == 0:
			if prev[v] != none {
				visit(2*prev[v] + 1)
			}
		default:
			if stop && f.end[v] == to {
				last = level
				continue
			}
			for _, w := range f.g.at(v) {
				visit(2 * w)
			}
			if onPath {
				visit(2 * v)
			}
		}
	}
	f.queue = queue
	return last
}

// block adds paths along states of rising level until every way from the
// sources to sinks at the last level is blocked. Every state carries one unit
// at most, so each is entered once: its level is wiped on entry.
func (f *flow) block(last uint32) {
	for _, state := range f.queue {
		if f.level[state] != 0 {
			break
		}
		if f.advance(state, last) {
			f.augment()
			f.value++
		}
	}
}

// advance walks from a source's state to a sink and leaves the way on the
// stack.
func (f *flow) advance(start, last uint32) bool {
	f.stack = f.stack[:0]
	f.enter(start)
	level := uint32(0)
	for len(f.stack) > 0 {
		state := f.stack[len(f.stack)-1]
		v := state / 2
		if state&1 == 1 && f.end[v] == sink && level == last {
			return true
		}
		if s := f.step(state, level+1, last); s != none {
			f.enter(s)
			level++
			continue
		}
		f.stack = f.stack[:len(f.stack)-1]
		level--
	}
	return false
}

func (f *flow) enter(state uint32) {
	f.level[state] = none
	f.stack = append(f.stack, state)
	if state&1 == 1 {
		f.at[state/2] = 0
	}
}

// step gives a state of the level that a residual arc leads to, or none. In
// "at" the place of a vertex counts its neighbours, then its own "in", once.
func (f *flow) step(state, level, last uint32) uint32 {
	v := state / 2
	onPath := f.prev[v] != none || f.next[v] != none
	if level > last {
		return none
	}
	if state&1 == 0 {
		to := 2*v + 1
		if onPath {
			if f.prev[v] == none {
				return none
			}
			to = 2*f.prev[v] + 1
		}
		if f.level[to] == level {
			return to
		}
		return none
	}
	neighbours := f.g.at(v)
	for i := f.at[v]; int(i) < len(neighbours); i++ {
		if s := 2 * neighbours[i]; f.level[s] == level {
			f.at[v] = i + 1
			return s
		}
	}
	f.at[v] = uint32(len(neighbours))
	if onPath && f.level[2*v] == level {
		return 2 * v
	}
	return none
}

// augment turns the way on the stack into a change of paths. Only the steps
// tell what to write, so vertices may be written in their order.
func (f *flow) augment() {
	f.prev[f.stack[0]/2] = none
	for i := 0; i+1 < len(f.stack); i++ {
		a, b := f.stack[i], f.stack[i+1]
		v, w := a/2, b/2
		switch {
		case a&1 == 1 && v != w: // a new step of a path
			f.next[v], f.prev[w] = w, v
		case a&1 == 1: // the path leaves v
			f.prev[v], f.next[v] = none, none
		}
	}
	f.next[f.stack[len(f.stack)-1]/2] = none
}

// cut marks the vertices that part the terminals, those nearest to the
// sources or, backward, to the sinks, and returns how many vertices lie on
// that side of them. The flow must be a maximum.
func (f *flow) cut(backward bool, separator []bool) (side int) {
	f.search(backward, false)
	for v := range separator {
		in, out := f.level[2*v] != none, f.level[2*v+1] != none
		separator[v] = in && !out
		if out {
			side++
		}
	}
	return side
}
