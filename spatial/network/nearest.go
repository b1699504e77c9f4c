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
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	s.reset()
	for i, source := range sources {
		for _, e := range r.exits(source, reverse) {
			if w := source.Access.plus(e.weight); w <= limit && w != Never {
				s.offer(e.vertex, w, uint32(i), noEdge)
			}
		}
	}
	if err := r.search(ctx, s, reverse, limit, r.untilSettled(targets, !reverse)); err != nil {
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

// Table answers every pair: row i holds the ways between source i and each
// target.
func (r *Router) Table(ctx context.Context, sources, targets []Snap, limit Weight) ([][]Reach, error) {
	rows := make([][]Reach, len(sources))
	for i := range sources {
		row, err := r.Nearest(ctx, sources[i:i+1], targets, false, limit)
		if err != nil {
			return nil, err
		}
		for j := range row {
			row[j].Source = i
		}
		rows[i] = row
	}
	return rows, nil
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
		return []exit{{uint32(s.Vertex), 0, 0}}
	}
	e := s.Edge
	from, to := r.graph.Ends(e)
	forward, backward := r.forward[e], r.backward[e]
	if arriving {
		forward, backward = backward, forward
	}
	var list []exit
	if forward != Never { // towards the edge's end
		list = append(list, exit{uint32(to), forward - min(r.upTo(s), forward), r.graph.Length(e) - s.Along})
	}
	if backward != Never { // back to its beginning
		list = append(list, exit{uint32(from), min(r.upTo(s), backward), s.Along})
	}
	return list
}

// upTo is the weight from the beginning of the snap's edge to its place. It
// and the rest of the edge add up to the edge's own weight.
func (r *Router) upTo(s Snap) Weight {
	ms, _ := r.graph.edgeTime(s.Edge, r.profile, float64(s.Along))
	if ms < 0.5 {
		return 0
	}
	return rounded(ms)
}

// untilSettled says, vertex by vertex, when all vertices that targets hang on
// have been settled.
func (r *Router) untilSettled(targets []Snap, arriving bool) func(uint32) bool {
	wanted := map[uint32]bool{}
	for _, t := range targets {
		for _, e := range r.exits(t, arriving) {
			wanted[e.vertex] = true
		}
	}
	return func(v uint32) bool {
		delete(wanted, v)
		return len(wanted) == 0
	}
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
		l, found := s.reached(e.vertex)
		if !found {
			continue
		}
		take(l.weight.plus(e.weight).plus(t.Access), int(l.source), func() spatial.Meters {
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
	switch {
	case meters >= 0 && r.forward[a.Edge] != Never:
		return wb - wa, meters
	case meters <= 0 && r.backward[a.Edge] != Never:
		return wa - wb, -meters
	}
	return Never, 0
}

// pathMeters follows the labels from a vertex back to its source and adds the
// lengths of the edges, the source's part of its own edge and its access leg.
func (r *Router) pathMeters(s *scratch, v uint32, sources []Snap, reverse bool) spatial.Meters {
	var cm uint64
	for {
		l := s.labels[v]
		if l.parent != noEdge {
			cm += r.graph.centimeters(Edge(l.parent))
			v = r.graph.from[l.parent] ^ r.graph.to[l.parent] ^ v // its other end
			continue
		}
		source := sources[l.source]
		meters := spatial.Meters(float64(cm)/100) + source.Distance
		for _, e := range r.exits(source, reverse) {
			if e.vertex == v && source.Access.plus(e.weight) == l.weight {
				return meters + e.meters
			}
		}
		return meters
	}
}
