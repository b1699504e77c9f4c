package network

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Stretch is a part of a road that is reached: from one length along its edge
// to another.
type Stretch struct {
	Edge     Edge // of edges drawn alike, the first
	From, To spatial.Meters
}

// Stretches gives the reached parts of every road at a limit no higher than
// the search's: an edge may be reached from both ends, from sources along it,
// and in part. Each stretch comes once, in no order that means anything. For
// a higher limit the stretches cover those of a lower one.
func (f *Field) Stretches(limit Weight, visit func(Stretch)) {
	var spans []span // room to work in
	f.eachRoad(limit, func(e Edge, from, to Weight) {
		if f.router.graph.grouped.has(uint32(e)) || f.sourceOn(e) {
			return // below, once for the group
		}
		spans = f.spans(spans[:0], e, from, to)
		f.emit(e, spans, visit)
	})
	for _, e := range f.specialRoads() {
		f.emit(e, f.specialSpans(e, limit), visit)
	}
}

// span is a reached part of an edge, in metres along it.
type span struct{ from, to float64 }

// left is the time that is left at a vertex; Never where it is not reached
// within the limit.
func (f *Field) left(v uint32, limit Weight) Weight {
	if w, found := f.scratch.weight(v); found && w <= limit {
		return limit - w
	}
	return Never
}

// eachRoad gives each edge with at least one end within the limit once, with
// the time that is left at its ends; Never where an end is not reached.
func (f *Field) eachRoad(limit Weight, visit func(e Edge, atFrom, atTo Weight)) {
	r := f.router
	for _, v := range f.scratch.touched {
		here := f.left(v, limit)
		if here == Never {
			continue
		}
		for i, a := range r.at(v) {
			there := f.left(a.head, limit)
			// The other end gives it where that comes first; of a loop's two
			// arcs the first does.
			if there != Never && a.head < v || a.head == v && f.earlierArc(v, i, a.edge) {
				continue
			}
			if r.graph.from[a.edge] == v {
				visit(Edge(a.edge), here, there)
			} else {
				visit(Edge(a.edge), there, here)
			}
		}
	}
}

func (f *Field) earlierArc(v uint32, before int, edge uint32) bool {
	for _, a := range f.router.at(v)[:before] {
		if a.edge == edge {
			return true
		}
	}
	return false
}

// spans adds the parts of an edge reached from its ends with the time left
// there. Who travels from the sources goes along the edge from its first end;
// who travels to them goes against it.
func (f *Field) spans(list []span, e Edge, atFrom, atTo Weight) []span {
	r := f.router
	along, against := r.forward[e], r.backward[e]
	if f.reverse {
		along, against = against, along
	}
	length := float64(r.graph.Length(e))
	if atFrom != Never && along != Never {
		if atFrom >= along {
			return append(list, span{0, length})
		}
		list = append(list, span{0, r.placeAfter(e, float64(atFrom))})
	}
	if atTo != Never && against != Never {
		if atTo >= against {
			return append(list, span{0, length})
		}
		total, _ := r.edgeTime(e, math.Inf(1))
		list = append(list, span{r.placeAfter(e, total-float64(atTo)), length})
	}
	return list
}

func (f *Field) sourceOn(e Edge) bool {
	for _, s := range f.sources {
		if s.State == Snapped && !s.AtVertex && s.Edge == e {
			return true
		}
	}
	return false
}

// specialRoads lists the roads that are several edges and have a reached end,
// and those with a source along them.
func (f *Field) specialRoads() []Edge {
	seen := map[Edge]bool{}
	var list []Edge
	add := func(e Edge) {
		if !seen[e] {
			seen[e] = true
			list = append(list, e)
		}
	}
	g := f.router.graph
	for _, s := range f.sources {
		if s.State == Snapped && !s.AtVertex {
			add(s.Edge)
		}
	}
	if len(g.twins) == 0 {
		return list
	}
	for _, v := range f.scratch.touched {
		for _, a := range f.router.at(v) {
			if g.grouped.has(a.edge) {
				add(g.origin(Edge(a.edge)))
			}
		}
	}
	return list
}

// specialSpans are the reached parts of such a road: those of all its edges,
// and those around its sources.
func (f *Field) specialSpans(origin Edge, limit Weight) []span {
	r := f.router
	var list []span
	for _, t := range r.graph.group(origin) {
		list = f.spans(list, Edge(t.edge), f.left(r.graph.from[t.edge], limit), f.left(r.graph.to[t.edge], limit))
	}
	along, against := r.RoadWeights(origin)
	if f.reverse {
		along, against = against, along
	}
	for _, s := range f.sources {
		if s.State != Snapped || s.AtVertex || s.Edge != origin || s.Access > limit {
			continue
		}
		at := float64(s.Along)
		here, _ := r.edgeTime(origin, at)
		reached := span{at, at}
		if along != Never {
			reached.to = math.Max(at, r.placeAfter(origin, here+float64(limit-s.Access)))
		}
		if against != Never {
			reached.from = math.Min(at, r.placeAfter(origin, here-float64(limit-s.Access)))
		}
		list = append(list, reached)
	}
	return list
}

// emit joins overlapping spans and gives them as stretches.
func (f *Field) emit(e Edge, spans []span, visit func(Stretch)) {
	for i := 1; i < len(spans); i++ { // few: put them in order by insertion
		for k := i; k > 0 && spans[k].from < spans[k-1].from; k-- {
			spans[k], spans[k-1] = spans[k-1], spans[k]
		}
	}
	for i := 0; i < len(spans); {
		s := spans[i]
		for i++; i < len(spans) && spans[i].from <= s.to; i++ {
			s.to = math.Max(s.to, spans[i].to)
		}
		visit(Stretch{e, spatial.Meters(s.from), spatial.Meters(s.to)})
	}
}

// Line appends the line of a stretch to a buffer and gives it back.
func (r *Router) Line(s Stretch, line orb.LineString) orb.LineString { return r.graph.line(s, line) }
