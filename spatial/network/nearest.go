package network

import (
	"context"

	"quanyu/spatial"
)

// NoLimit lets a search go as far as the network does.
const NoLimit = Never

// ReachState tells what became of a target.
type ReachState string

// The states of a target.
const (
	Reached     ReachState = "reached"
	Beyond      ReachState = "beyond"      // a way leads there, but takes longer than the limit
	Unreachable ReachState = "unreachable" // no way leads there
	Unsnapped   ReachState = "not-snapped"
)

// Reach is the fastest way between a target and its nearest source.
type Reach struct {
	State    ReachState
	Weight   Weight         // access legs at both ends included
	Source   int            // index of the nearest source; of equally near ones the lowest
	Distance spatial.Meters // along that way, access legs included
}

// Nearest finds for every target the nearest of all sources in one search:
// travelling from source to target, or with reverse from target to source. A
// source or target that is not snapped is passed over, the latter with a
// state that says so. The answer is exact and the same on every run.
func (r *Router) Nearest(ctx context.Context, sources, targets []Snap, reverse bool, limit Weight) ([]Reach, error) {
	s := r.borrow()
	defer r.giveBack(s)
	for i, source := range sources {
		for _, e := range r.exits(source, reverse) {
			if w := source.Access.plus(e.weight); w <= limit && w != Never {
				s.offer(e.vertex, w, uint32(i), noEdge)
			}
		}
	}
	if err := r.searchFor(ctx, s, targets, reverse, true, limit); err != nil {
		return nil, err
	}
	byEdge := sourcesByEdge(sources)
	connected := r.connected(sources, byEdge, reverse)
	reaches := make([]Reach, len(targets))
	for i, t := range targets {
		reaches[i] = r.reach(s, sources, byEdge, t, reverse, limit)
		if reaches[i].State == Unreachable && connected(t) {
			reaches[i].State = Beyond
		}
	}
	return reaches, nil
}

// exit is a vertex that a snapped place leads to.
type exit struct {
	vertex uint32
	weight Weight
	meters spatial.Meters
}

// exits are the vertices that can be gone to from a snap or, arriving, from
// which it can be come to. Access legs are not in the weights.
func (r *Router) exits(s Snap, arriving bool) []exit {
	switch {
	case s.State != Snapped:
		return nil
	case s.AtVertex:
		list := []exit{{uint32(s.Vertex), 0, 0}}
		if arriving { // whichever way one came
			for i := range r.graph.copies(uint32(s.Vertex)) {
				list = append(list, exit{uint32(s.Vertex) + 1 + i, 0, 0})
			}
		}
		return list
	}
	var list []exit
	done := r.upTo(s)
	for _, t := range r.graph.group(s.Edge) {
		from, to := r.graph.from[t.edge], r.graph.to[t.edge]
		forward, backward := r.forward[t.edge], r.backward[t.edge]
		if arriving {
			forward, backward = backward, forward
		}
		// Who sets out in the middle of a road comes from nowhere: of twins,
		// the one from the vertex itself.
		if forward != Never && (arriving || !r.graph.copied.has(from)) { // towards the edge's end
			list = append(list, exit{to, forward - min(done, forward), r.graph.Length(s.Edge) - s.Along})
		}
		if backward != Never && (arriving || !r.graph.copied.has(to)) { // back to its beginning
			list = append(list, exit{from, min(done, backward), s.Along})
		}
	}
	return list
}

// RoadWeights are the weights of a road along and against its origin, however
// many edges it is.
func (r *Router) RoadWeights(origin Edge) (forward, backward Weight) {
	if !r.graph.grouped.has(uint32(origin)) {
		return r.forward[origin], r.backward[origin]
	}
	forward, backward = Never, Never
	for _, t := range r.graph.group(origin) {
		forward, backward = min(forward, r.forward[t.edge]), min(backward, r.backward[t.edge])
	}
	return forward, backward
}

// upTo is the weight from the beginning of the snap's edge to its place. It
// and the rest of the edge add up to the edge's own weight.
func (r *Router) upTo(s Snap) Weight {
	ms, _ := r.edgeTime(s.Edge, float64(s.Along))
	if ms < 0.5 {
		return 0
	}
	return rounded(ms)
}

// searchFor searches until all vertices that targets hang on are settled.
func (r *Router) searchFor(ctx context.Context, s *scratch, targets []Snap, reverse, traced bool, limit Weight) error {
	each := func(do func(v uint32)) {
		for _, t := range targets {
			for _, e := range r.exits(t, !reverse) {
				do(e.vertex)
			}
		}
	}
	each(s.want)
	defer each(func(v uint32) { s.wanted[v] = false })
	if s.waiting == 0 {
		return ctx.Err()
	}
	return r.search(ctx, s, reverse, traced, limit)
}

// sourcesByEdge lists the sources that lie along each edge.
func sourcesByEdge(sources []Snap) map[Edge][]int {
	by := map[Edge][]int{}
	for i, s := range sources {
		if s.State == Snapped && !s.AtVertex {
			by[s.Edge] = append(by[s.Edge], i)
		}
	}
	return by
}

// reach reads a target's answer off the labels at its exits, and off the
// sources on its own edge, which need no vertex between them.
func (r *Router) reach(s *scratch, sources []Snap, byEdge map[Edge][]int, t Snap, reverse bool, limit Weight) Reach {
	if t.State != Snapped {
		return Reach{State: Unsnapped, Source: -1}
	}
	best := Reach{State: Unreachable, Weight: Never, Source: -1}
	take := func(w Weight, source int, meters func() spatial.Meters) {
		if w == Never || w > limit || w > best.Weight || w == best.Weight && source >= best.Source {
			return
		}
		best = Reach{Reached, w, source, meters()}
	}
	for _, e := range r.exits(t, !reverse) {
		w, found := s.weight(e.vertex)
		if !found {
			continue
		}
		take(w.plus(e.weight).plus(t.Access), int(s.source(e.vertex)), func() spatial.Meters {
			return r.pathMeters(s, e.vertex, sources, reverse) + e.meters + t.Distance
		})
	}
	if !t.AtVertex {
		for _, i := range byEdge[t.Edge] {
			w, meters := r.alongEdge(sources[i], t, reverse)
			take(w.plus(sources[i].Access).plus(t.Access), i, func() spatial.Meters {
				return meters + sources[i].Distance + t.Distance
			})
		}
	}
	return best
}

// alongEdge is the way between two places on one edge without leaving it.
func (r *Router) alongEdge(a, b Snap, reverse bool) (Weight, spatial.Meters) {
	if reverse {
		a, b = b, a
	}
	meters, wa, wb := b.Along-a.Along, r.upTo(a), r.upTo(b)
	forward, backward := r.RoadWeights(a.Edge)
	switch {
	case meters >= 0 && forward != Never:
		return wb - wa, meters
	case meters <= 0 && backward != Never:
		return wa - wb, -meters
	}
	return Never, 0
}

// pathMeters follows the labels from a vertex back to its source and adds the
// lengths of the edges, the source's part of its own edge and its access leg.
func (r *Router) pathMeters(s *scratch, v uint32, sources []Snap, reverse bool) spatial.Meters {
	var cm uint64
	for {
		if parent := s.parent(v); parent != noEdge {
			cm += r.graph.centimeters(Edge(parent))
			v = r.graph.from[parent] ^ r.graph.to[parent] ^ v // its other end
			continue
		}
		source, reached := sources[s.source(v)], Weight(s.labels[v])
		meters := spatial.Meters(float64(cm)/100) + source.Distance
		for _, e := range r.exits(source, reverse) {
			if e.vertex == v && source.Access.plus(e.weight) == reached {
				return meters + e.meters
			}
		}
		return meters
	}
}
