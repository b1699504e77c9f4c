package network

// crossings are the roads that lead out of one strongly connected component
// into another: from component c to heads[first[c]:first[c+1]].
type crossings struct{ first, heads []uint32 }

// newCrossings lists them along the arcs, or with reverse against them.
func newCrossings(r *Router, reverse bool) crossings {
	c := crossings{first: make([]uint32, len(r.sizes)+1)}
	each := func(visit func(from, to uint32)) {
		for v := range uint32(r.graph.NumVertices()) {
			for _, a := range r.at(v) {
				if from, to := r.component[v], r.component[a.head]; from != to && a.step(reverse) != Never {
					visit(from, to)
				}
			}
		}
	}
	each(func(from, _ uint32) { c.first[from+1]++ })
	for i := range len(r.sizes) {
		c.first[i+1] += c.first[i]
	}
	c.heads = make([]uint32, c.first[len(r.sizes)])
	next := append([]uint32(nil), c.first...)
	each(func(from, to uint32) {
		c.heads[next[from]] = to
		next[from]++
	})
	return c
}

// connected gives a test for whether any of the sources is connected with a
// target, whatever the time it takes. Its work is done on the first call, and
// is little: it walks over components, of which the largest has most of the
// network.
func (r *Router) connected(sources []Snap, byEdge map[Edge][]int, reverse bool) func(t Snap) bool {
	var seen map[uint32]bool
	return func(t Snap) bool {
		if seen == nil {
			seen = r.componentsFrom(sources, reverse)
		}
		for _, e := range r.exits(t, !reverse) {
			if seen[r.component[e.vertex]] {
				return true
			}
		}
		if !t.AtVertex {
			for _, i := range byEdge[t.Edge] {
				if w, _ := r.alongEdge(sources[i], t, reverse); w != Never {
					return true
				}
			}
		}
		return false
	}
}

func (r *Router) componentsFrom(sources []Snap, reverse bool) map[uint32]bool {
	seen := map[uint32]bool{}
	var queue []uint32
	add := func(c uint32) {
		if !seen[c] {
			seen[c] = true
			queue = append(queue, c)
		}
	}
	for _, s := range sources {
		for _, e := range r.exits(s, reverse) {
			add(r.component[e.vertex])
		}
	}
	cross := &r.out
	if reverse {
		cross = &r.in
	}
	for len(queue) > 0 {
		c := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, head := range cross.heads[cross.first[c]:cross.first[c+1]] {
			add(head)
		}
	}
	return seen
}
