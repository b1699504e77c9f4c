package synthetic

import (
	"cmp"
	"slices"

	"quanyu/spatial/network"
)

// Motorways run beside the roads that they were ranked from, as two one-way
// carriageways with nodes of their own. Where two of them meet at a point they
// run through, over it; where one ends it comes down to it; where more meet
// they share a hub.
const (
	apartMotorwayKM = 0.02 // from the middle to each carriageway
	rampKM          = 0.25 // from the middle to where ramps meet the crossroad
	interchangeOne  = 5    // crossroads in so many that have one; every gate has
)

// end is where a motorway comes to a point: its edge, the first node of the
// carriageway that leaves and the last one of that which arrives, and next to
// them the nodes where ramps join.
type end struct {
	point, edge int32
	out, in     int64
	merge, part int64
}

// motorways draws the carriageways, the hubs and the interchanges.
func (g *generator) motorways() {
	ends := g.motorwayEnds()
	byEdge := map[[2]int32]*end{}
	for from := 0; from < len(ends); {
		to := from
		for to < len(ends) && ends[to].point == ends[from].point {
			byEdge[[2]int32{ends[to].point, ends[to].edge}] = &ends[to]
			to++
		}
		g.meet(ends[from:to])
		from = to
	}
	for i, e := range g.edges {
		if e.motorway {
			a, b := byEdge[[2]int32{e.a, int32(i)}], byEdge[[2]int32{e.b, int32(i)}]
			g.carriageway(a, b)
			g.carriageway(b, a)
		}
	}
	for i := range ends {
		if i+1 < len(ends) && ends[i].point == ends[i+1].point && ends[i].out == ends[i+1].in && ends[i].in != ends[i].out {
			g.interchange(&ends[i], &ends[i+1])
		}
	}
}

func (g *generator) motorwayEnds() []end {
	var ends []end
	for i, e := range g.edges {
		if e.motorway {
			ends = append(ends, end{point: e.a, edge: int32(i)}, end{point: e.b, edge: int32(i)})
		}
	}
	slices.SortFunc(ends, func(x, y end) int { return cmp.Or(cmp.Compare(x.point, y.point), cmp.Compare(x.edge, y.edge)) })
	return ends
}

// meet gives the ends at one point their nodes.
func (g *generator) meet(ends []end) {
	p := g.points[ends[0].point]
	switch len(ends) {
	case 1:
		ends[0].in, ends[0].out = p.node, p.node
	case 2:
		side := g.towards(ends[0]).minus(g.towards(ends[1])).unit().left().times(apartMotorwayKM)
		// Who leaves over the first edge has the point on the left: traffic keeps right.
		first, second := g.node(p.at.minus(side)), g.node(p.at.plus(side))
		ends[0].out, ends[1].in = first, first
		ends[1].out, ends[0].in = second, second
	default:
		hub := g.node(p.at.plus(vec{rampKM, rampKM}))
		for i := range ends {
			ends[i].in, ends[i].out = hub, hub
		}
		g.carsOnly(g.way(network.MotorwayLink, g.link(hub, p.node)...))
	}
}

// towards is the direction in which an end's edge leaves its point.
func (g *generator) towards(e end) vec {
	other := g.edges[e.edge].a ^ g.edges[e.edge].b ^ e.point
	return g.points[other].at.minus(g.points[e.point].at).unit()
}

// carriageway draws the one that leaves a and arrives at b.
func (g *generator) carriageway(a, b *end) {
	from, to := g.at(a.out), g.at(b.in)
	refs := g.bend([]int64{a.out}, from, to, max(shapes(from.to(to)), 2), 0.01)
	a.merge, b.part = refs[1], refs[len(refs)-1]
	w := g.carsOnly(g.way(network.Motorway, append(refs, b.in)...))
	w.Backward = 0
}

// interchange joins the two ends that run through a point to its roads: a
// short road crosses under the motorway, with the ramps of each carriageway
// at one of its ends.
func (g *generator) interchange(x, y *end) {
	p := g.points[x.point]
	if p.town < 0 && g.random.IntN(interchangeOne) > 0 {
		return
	}
	side := g.towards(*x).minus(g.towards(*y)).unit().left().times(rampKM)
	right, left := g.node(p.at.minus(side)), g.node(p.at.plus(side))
	g.way(network.Secondary, right, p.node, left)
	g.ramp(right, x.merge)
	g.ramp(y.part, right)
	g.ramp(left, y.merge)
	g.ramp(x.part, left)
}

func (g *generator) ramp(from, to int64) {
	g.carsOnly(g.way(network.MotorwayLink, g.link(from, to)...)).Backward = 0
}

// link lists the nodes of a ramp.
func (g *generator) link(from, to int64) []int64 {
	return append(g.bend([]int64{from}, g.at(from), g.at(to), 2, 0.1), to)
}

func (g *generator) carsOnly(w *network.Way) *network.Way {
	w.Forward, w.Backward = w.Forward&network.Car, w.Backward&network.Car
	return w
}
