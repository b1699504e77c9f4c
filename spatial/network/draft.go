package network

import (
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// draft is a router's graph while edits are made to it, for the router's mode
// alone. Arrays of the base are copied when the first of them is to change.
// Edges and vertices of the base keep their numbers: those that are cut are
// closed, what is new comes after them.
type draft struct {
	base    *Router
	mode    Modes
	graph   *Graph
	own     bool // the graph's arrays are copies
	pace    paces
	changed map[Edge]bool    // edges whose weights are to be found anew
	cuts    map[Edge][2]Edge // roads that were cut, and what they became
}

func (r *Router) draft() *draft {
	g := *r.graph
	d := &draft{base: r, mode: r.profile.Modes(), graph: &g, pace: maps.Clone(r.pace), changed: map[Edge]bool{}, cuts: maps.Clone(r.cuts)}
	if d.pace == nil {
		d.pace, d.cuts = paces{}, map[Edge][2]Edge{}
	}
	return d
}

// copyArrays makes the graph the draft's own.
func (d *draft) copyArrays() {
	if d.own {
		return
	}
	d.own = true
	g := d.graph
	g.vertices, g.from, g.to = slices.Clone(g.vertices), slices.Clone(g.from), slices.Clone(g.to)
	g.forward, g.backward = slices.Clone(g.forward), slices.Clone(g.backward)
	g.shapeStart, g.shapes = slices.Clone(g.shapeStart), slices.Clone(g.shapes)
	g.runStart, g.runs = slices.Clone(g.runStart), slices.Clone(g.runs)
	g.splits, g.twins = slices.Clone(g.splits), slices.Clone(g.twins)
}

// open tells whether the mode may travel a road in any direction and the
// profile knows its class.
func (d *draft) open(road Edge) bool {
	for _, r := range d.graph.Runs(road) {
		if d.base.profile.SpeedKMH(r) <= 0 {
			return false
		}
	}
	for _, t := range d.graph.group(road) {
		if (d.graph.forward[t.edge]|d.graph.backward[t.edge])&d.mode != 0 {
			return true
		}
	}
	return false
}

// close takes the mode off a road.
func (d *draft) close(road Edge) {
	d.copyArrays()
	for _, t := range d.graph.group(road) {
		d.graph.forward[t.edge] &^= d.mode
		d.graph.backward[t.edge] &^= d.mode
		d.changed[Edge(t.edge)] = true
	}
}

// addVertices appends vertices at one point: one and its copies.
func (d *draft) addVertices(at coordinate, copies int) uint32 {
	d.copyArrays()
	g := d.graph
	v := uint32(len(g.vertices))
	for range 1 + copies {
		g.vertices = append(g.vertices, at)
	}
	if copies > 0 {
		g.splits = append(g.splits, split{v, uint32(copies)})
	}
	return v
}

// addEdges appends edges that are drawn alike.
func (d *draft) addEdges(ends []newEdge, shape []coordinate, runs []Run, pace float64) {
	g := d.graph
	origin := uint32(len(g.from))
	for _, e := range ends {
		id := uint32(len(g.from))
		g.from, g.to = append(g.from, e.from), append(g.to, e.to)
		g.forward, g.backward = append(g.forward, e.forward), append(g.backward, e.backward)
		g.shapes = append(g.shapes, shape...)
		g.runs = append(g.runs, runs...)
		g.shapeStart, g.runStart = append(g.shapeStart, uint32(len(g.shapes))), append(g.runStart, uint32(len(g.runs)))
		d.changed[Edge(id)] = true
		if pace != 1 {
			d.pace[Edge(id)] = pace
		}
		if len(ends) > 1 {
			g.twins = append(g.twins, twin{origin, id})
		}
	}
	g.markCopies()
}

// router makes the router of the edited graph.
func (d *draft) router() (*Router, error) {
	base, g := d.base, d.graph
	edited := *base.network
	edited.Graph = g
	r := &Router{network: &edited, graph: g, profile: base.profile, pace: d.pace, cuts: d.cuts, root: base.stored()}
	if d.own {
		g.rows = packBoxes(g.rowBoxes(base.graph.rows, base.graph.NumEdges()))
	}
	r.forward, r.backward = make([]Weight, g.NumEdges()), make([]Weight, g.NumEdges())
	copy(r.forward, base.forward)
	copy(r.backward, base.backward)
	for e := range d.changed {
		r.forward[e], r.backward[e] = r.weighEdge(e)
	}
	if err := r.lay(); err != nil {
		return nil, err
	}
	if g.NumEdges() == base.graph.NumEdges() {
		r.base = base
		for e := range d.changed {
			r.edited = append(r.edited, 2*uint32(e), 2*uint32(e)+1)
		}
	} else {
		g.ranks = nil // an order of the old vertices alone
	}
	if d.own {
		r.connect()
		r.out, r.in = newCrossings(r, false), newCrossings(r, true)
	} else { // speeds connect and part nothing
		r.component, r.sizes, r.small, r.out, r.in = base.component, base.sizes, base.small, base.out, base.in
	}
	if edited.Kind == KindCondensed {
		r.index = g.vertexBoxes()
	}
	r.prepareScratch()
	return r, nil
}

// addRoad lays a new road between the roads that its ends join.
func (d *draft) addRoad(e Edit, pointer string) error {
	switch {
	case len(e.Line) < 2:
		return spatial.BadField(pointer+"/geometry", "must be a line of at least two points", nil)
	case e.RoadClass >= classCount || e.RoadClass == Access:
		return spatial.BadField(pointer+"/class", "is not a class of road", nil)
	case !(e.SpeedKMH >= 1 && e.SpeedKMH <= 400):
		return spatial.BadField(pointer+"/speed_kmh", "must be a number from 1 to 400", nil)
	}
	run := Run{Class: e.RoadClass}
	usual := d.base.profile.SpeedKMH(run)
	if usual <= 0 {
		return spatial.BadField(pointer+"/class", "is closed to profile "+d.base.profile.Name, nil)
	}
	for i, p := range e.Line {
		if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			return spatial.BadField(pointer+"/geometry", "has a point outside the world", i)
		}
	}
	first, joinedFirst := d.join(e.Line[0])
	last, joinedLast := d.join(e.Line[len(e.Line)-1])
	if !joinedFirst && !joinedLast {
		return spatial.BadField(pointer+"/geometry", "neither end comes near enough to a road of network "+d.base.network.Name+" to join it", nil)
	}
	if !joinedFirst {
		first = d.addVertices(toCoordinate(e.Line[0]), 0)
	}
	if !joinedLast {
		last = d.addVertices(toCoordinate(e.Line[len(e.Line)-1]), 0)
	}
	shape := d.shapeBetween(first, e.Line, last)
	run.Centimeters = centimeters(len(shape), func(i int) coordinate { return shape[i] })
	if run.Centimeters == 0 || uint64(run.Centimeters) > maxEdgeCentimeters {
		return spatial.BadField(pointer+"/geometry", "has no length, or more than half way round the earth", nil)
	}
	d.copyArrays()
	d.addEdges(d.roadEnds(first, last, e.OneWay), shape, []Run{run}, usual/e.SpeedKMH)
	return nil
}

// shapeBetween is the line as it is built: from vertex to vertex, without
// points that repeat.
func (d *draft) shapeBetween(first uint32, line orb.LineString, last uint32) []coordinate {
	shape := []coordinate{d.graph.vertices[first]}
	for _, p := range line {
		if c := toCoordinate(p); c != shape[len(shape)-1] {
			shape = append(shape, c)
		}
	}
	if end := d.graph.vertices[last]; end != shape[len(shape)-1] || len(shape) == 1 {
		shape = append(shape, end)
	}
	return shape
}

// roadEnds are the edges of a new road: between its vertices and, for those
// who come to a copy of one, from there. Signs that bind other turns do not
// forbid the new one.
func (d *draft) roadEnds(first, last uint32, oneWay bool) []newEdge {
	back := d.mode
	if oneWay {
		back = 0
	}
	ends := []newEdge{{from: first, to: last, forward: d.mode, backward: back}}
	for i := range d.graph.copies(first) {
		ends = append(ends, newEdge{from: first + 1 + i, to: last, forward: d.mode})
	}
	if !oneWay {
		for i := range d.graph.copies(last) {
			ends = append(ends, newEdge{from: first, to: last + 1 + i, backward: d.mode})
		}
	}
	return ends
}
