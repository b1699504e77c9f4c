package hierarchy

import "context"

// flow finds the fewest vertices that part two sets of terminals of a cell:
// the maximum number of paths between them that share no vertex (Menger).
// Paths grow by augmentation (Ford and Fulkerson 1956) over the split graph,
// in which every vertex v has a state "in" (2v) and a state "out" (2v+1) with
// one unit of capacity between them; it is not built, its residual arcs follow
// from the path through each vertex. Terminals have that capacity too, so they
// may be cut, and any two sets can be parted.
//
// Sets may grow while the flow stands: the paths stay paths.
type flow struct {
	g          adjacency
	end        []byte   // which set a vertex is in, if any
	prev, next []uint32 // neighbours on the path through a vertex, or none
	level      []uint32 // of the states, in the last search
	met        []uint32 // states of the other terminals that it came to
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
	f.prev, f.next = resized(f.prev, n), resized(f.next, n)
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

// grow adds paths until there are as many as possible, or more than limit, or
// ctx is done: then it returns false.
//
// Each round finds how far all states are from the sinks, then goes from one
// source after the other along the nearest states, entering each once. Dinic's
// rule (Soviet Math. Doklady 11, 1970), only to step to states nearer by one,
// took a round for every 1.4 paths and five times as long in all: ways on a
// road map are rarely of equal length.
func (f *flow) grow(ctx context.Context, limit int) bool {
	for f.value <= limit && ctx.Err() == nil {
		f.search(true)
		before := f.value
		for _, start := range f.met {
			if f.level[start^1] != none && f.advance(start) {
				f.augment()
				f.value++
			}
		}
		if f.value == before {
			return true
		}
	}
	return false
}

// search finds how many steps each state is from the sources or, backward, to
// the sinks, over residual arcs. A search backward is one forward with all
// arcs and paths reversed, so what it finds for "in" stands at the place of
// "out" and the other way round. It goes up to the other terminals, not
// through them, and lists them in met.
func (f *flow) search(backward bool) {
	prev, next, from, to := f.prev, f.next, source, sink
	if backward {
		prev, next, from, to = f.next, f.prev, sink, source
	}
	for i := range f.level {
		f.level[i] = none
	}
	f.met = f.met[:0]
	queue := f.queue[:0]
	for v, end := range f.end {
		if end == from {
			f.level[2*v] = 0
			queue = append(queue, uint32(2*v))
		}
	}
	for i := 0; i < len(queue); i++ {
		state := queue[i]
		level, v := f.level[state]+1, state/2
		onPath := prev[v] != none || next[v] != none
		if state&1 == 0 {
			to := 2*v + 1
			if onPath {
				if prev[v] == none {
					continue
				}
				to = 2*prev[v] + 1
			}
			if f.level[to] == none {
				f.level[to] = level
				queue = append(queue, to)
			}
			continue
		}
		if f.end[v] == to {
			f.met = append(f.met, state^1)
			continue
		}
		for _, w := range f.g.at(v) {
			if s := 2 * w; f.level[s] == none {
				f.level[s] = level
				queue = append(queue, s)
			}
		}
		if onPath && f.level[2*v] == none {
			f.level[2*v] = level
			queue = append(queue, 2*v)
		}
	}
	f.queue = queue
}

// advance walks from a source's state to a sink and leaves the way on the
// stack. Every state carries one unit at most, and one from which the walk has
// come back leads nowhere: its level is wiped on entry.
func (f *flow) advance(start uint32) bool {
	f.stack = append(f.stack[:0], start)
	f.level[start^1] = none
	for len(f.stack) > 0 {
		state := f.stack[len(f.stack)-1]
		if state&1 == 1 && f.end[state/2] == sink {
			return true
		}
		if s := f.step(state); s != none {
			f.level[s^1] = none
			f.stack = append(f.stack, s)
			continue
		}
		f.stack = f.stack[:len(f.stack)-1]
	}
	return false
}

// step gives the state nearest to the sinks that a residual arc leads to.
func (f *flow) step(state uint32) uint32 {
	v := state / 2
	onPath := f.prev[v] != none || f.next[v] != none
	if state&1 == 0 {
		to := 2*v + 1
		if onPath {
			if f.prev[v] == none {
				return none
			}
			to = 2*f.prev[v] + 1
		}
		if f.level[to^1] == none {
			return none
		}
		return to
	}
	best, nearest := uint32(none), uint32(none)
	for _, w := range f.g.at(v) {
		if level := f.level[2*w+1]; level < nearest {
			best, nearest = 2*w, level
		}
	}
	if onPath && f.level[2*v+1] < nearest {
		best = 2 * v
	}
	return best
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
	f.search(backward)
	for v := range separator {
		in, out := f.level[2*v] != none, f.level[2*v+1] != none
		separator[v] = in && !out
		if out {
			side++
		}
	}
	return side
}
