package network

import "context"

// Field is the time between one or more sources and every vertex within a
// limit: what one search found. It holds scratch of its router, so it must be
// closed, and it is not safe for several goroutines at once.
type Field struct {
	router  *Router
	scratch *scratch
	sources []Snap
	reverse bool
	limit   Weight
}

// Reach searches from all sources as far as the limit: from a source to each
// place or, with reverse, from each place to a source. Sources that are not
// snapped are passed over.
func (r *Router) Reach(ctx context.Context, sources []Snap, reverse bool, limit Weight) (*Field, error) {
	f := &Field{router: r, scratch: r.borrow(), sources: sources, reverse: reverse, limit: limit}
	f.start()
	if err := r.search(ctx, f.scratch, reverse, false, limit); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// start offers the vertices that the sources lead to.
func (f *Field) start() {
	for _, source := range f.sources {
		for _, e := range f.router.exits(source, f.reverse) {
			if w := source.Access.plus(e.weight); w <= f.limit && w != Never {
				f.scratch.offer(e.vertex, w, 0, noEdge)
			}
		}
	}
}

// Close gives the field's memory back; the field must not be used any more.
func (f *Field) Close() {
	if f.scratch != nil {
		f.router.giveBack(f.scratch)
		f.scratch = nil
	}
}

// Size is how many vertices have been reached.
func (f *Field) Size() int { return len(f.scratch.touched) }

// Each gives the time between every one of a list of places and its nearest
// source, access legs included. Beside Reached, states are Beyond (the place is
// connected, but not within the limit), Unreachable and Unsnapped; Weight is
// then Never.
func (f *Field) Each(places []Snap, visit func(i int, w Weight, state ReachState)) {
	byEdge := sourcesByEdge(f.sources)
	connected := f.router.connected(f.sources, byEdge, f.reverse)
	for i, t := range places {
		w, state := f.at(t, byEdge, connected)
		visit(i, w, state)
	}
}

func (f *Field) at(t Snap, byEdge map[Edge][]int, connected func(Snap) bool) (Weight, ReachState) {
	if t.State != Snapped {
		return Never, Unsnapped
	}
	best := Never
	for _, e := range f.router.exits(t, !f.reverse) {
		if w, found := f.scratch.weight(e.vertex); found {
			best = min(best, w.plus(e.weight).plus(t.Access))
		}
	}
	if !t.AtVertex {
		for _, i := range byEdge[t.Edge] {
			w, _ := f.router.alongEdge(f.sources[i], t, f.reverse)
			best = min(best, w.plus(f.sources[i].Access).plus(t.Access))
		}
	}
	switch {
	case best != Never && best <= f.limit:
		return best, Reached
	case connected(t):
		return Never, Beyond
	}
	return Never, Unreachable
}
