package network

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// join finds the vertex at which the end of a new road meets the network: the
// vertex that it is, to within a metre, or the nearest place on a road within
// JoinRadius, which is cut there. On a condensed network, whose lines no road follows, it is
// the nearest vertex within the profile's radius. False where there is none.
func (d *draft) join(p orb.Point) (uint32, bool) {
	if d.base.network.Kind == KindCondensed {
		s := d.base.snapToVertex(p)
		return uint32(s.Vertex), s.State == Snapped
	}
	g := d.graph
	var best candidate
	var vertex uint32
	found, near := false, sameVertex // of the best vertex, where one is near enough
	met := false
	d.eachSegment(p, JoinRadius, func(c candidate) {
		if !found || c.before(best) {
			best, found = c, true
		}
		for _, v := range []uint32{g.base(g.from[c.edge]), g.base(g.to[c.edge])} {
			away := Distance(p, g.vertices[v].point())
			if away < near || away == near && (!met || v < vertex) {
				vertex, met, near = v, true, away
			}
		}
	})
	switch {
	case met:
		return vertex, true
	case !found:
		return 0, false
	}
	for _, v := range []uint32{g.from[best.edge], g.to[best.edge]} {
		if Distance(g.vertices[v].point(), g.pointOf(best)) <= sameVertex {
			return g.base(v), true
		}
	}
	return d.cut(best), true
}

// eachSegment gives the nearest place of every open piece of road within
// reach, new roads included.
func (d *draft) eachSegment(p orb.Point, reach spatial.Meters, visit func(candidate)) {
	plane, old := planeAt(p[1]), d.base.graph.NumEdges()
	try := func(e Edge, p orb.Point) {
		if d.graph.origin(e) != e || !d.open(e) {
			return
		}
		d.graph.eachPiece(e, plane, p, reach, visit)
	}
	for _, lon := range []float64{p[0], p[0] - 360, p[0] + 360} {
		p := orb.Point{lon, p[1]}
		d.base.graph.rows.within(lon, p[1], plane.stretch, float64(reach)/plane.perDegree, func(row uint32) {
			for e := Edge(row * rowSize); e < Edge(min(int(row+1)*rowSize, old)); e++ {
				try(e, p)
			}
		})
		for e := Edge(old); e < Edge(d.graph.NumEdges()); e++ {
			try(e, p)
		}
	}
}

// lanes are the ways through a cut in one direction of a road: by the vertex
// that the road leads to, the vertex at the cut that those bound for it pass.
// Who turns in from the new road, like all who set out, goes where the twin
// from no copy leads: that lane passes the cut's own vertex.
type lanes struct {
	heads []uint32 // the first is that of the twin from no copy
	at    []uint32
}

func (l lanes) through(head uint32) uint32 {
	for i, h := range l.heads {
		if h == head {
			return l.at[i]
		}
	}
	return l.at[0]
}

// oneDirection collects the ends of a road's open twins: where each comes from
// and leads to, along the road or against it.
func (d *draft) oneDirection(road Edge, against bool) (tails []uint32, to []uint32, l lanes) {
	g := d.graph
	for _, t := range g.group(road) {
		tail, head, open := g.from[t.edge], g.to[t.edge], g.forward[t.edge]
		if against {
			tail, head, open = head, tail, g.backward[t.edge]
		}
		if open&d.mode == 0 {
			continue
		}
		tails, to = append(tails, tail), append(to, head)
		known := false
		for _, h := range l.heads {
			known = known || h == head
		}
		if !known {
			l.heads = append(l.heads, head)
		}
		if !g.copied.has(tail) { // goes first
			for i, h := range l.heads {
				if h == head {
					l.heads[0], l.heads[i] = l.heads[i], l.heads[0]
				}
			}
		}
	}
	return tails, to, l
}

// cut makes a vertex in the middle of a road and gives its number. The road is
// closed and takes up again as two parts.
func (d *draft) cut(c candidate) uint32 {
	g, road := d.graph, c.edge
	at := toCoordinate(g.pointOf(c))
	done := uint32(math.Round(float64(g.along(c)) * 100))
	before, after := cutRuns(slices.Clone(g.Runs(road)), min(done, uint32(g.centimeters(road))))
	if len(before) == 0 {
		return g.base(g.from[road])
	}
	if len(after) == 0 {
		return g.base(g.to[road])
	}
	tails, heads, along := d.oneDirection(road, false)
	backTails, backHeads, against := d.oneDirection(road, true)
	v := d.addVertices(at, max(0, len(along.heads)-1)+max(0, len(against.heads)-1))
	g.markCopies()
	next := v
	for _, l := range []*lanes{&along, &against} {
		for i := range l.heads {
			if i == 0 {
				l.at = append(l.at, v)
				continue
			}
			next++
			l.at = append(l.at, next)
		}
	}
	first, second := d.parts(tails, heads, along, backTails, backHeads, against)
	shape := g.shape(road)
	start := append(slices.Clone(shape[:c.piece+1]), at)
	rest := append([]coordinate{at}, shape[c.piece+1:]...)
	measure(&before[len(before)-1], before, start)
	measure(&after[0], after, rest)
	pace := d.pace.of(road)
	d.close(road)
	parts := [2]Edge{Edge(g.NumEdges()), Edge(g.NumEdges() + len(first))}
	d.addEdges(first, start, before, pace)
	d.addEdges(second, rest, after, pace)
	d.cuts[road] = parts
	return v
}

// measure gives a part of a cut road the length of its own shape, at the run
// that was cut: with the cut at a whole coordinate and each part rounded for
// itself, as Build would.
func measure(cut *Run, runs []Run, shape []coordinate) {
	others := int64(0)
	for i := range runs {
		if &runs[i] != cut {
			others += int64(runs[i].Centimeters)
		}
	}
	cut.Centimeters = uint32(max(0, int64(centimeters(len(shape), func(i int) coordinate { return shape[i] }))-others))
}

// parts are the edges of both parts of a cut road.
func (d *draft) parts(tails, heads []uint32, along lanes, backTails, backHeads []uint32, against lanes) (first, second []newEdge) {
	enter := func(list *[]newEdge, e newEdge) { *list = joinEdge(*list, e) }
	for i, tail := range tails {
		enter(&first, newEdge{from: tail, to: along.through(heads[i]), forward: d.mode})
	}
	for i, head := range along.heads {
		enter(&second, newEdge{from: along.at[i], to: head, forward: d.mode})
	}
	for i, tail := range backTails {
		enter(&second, newEdge{from: against.through(backHeads[i]), to: tail, backward: d.mode})
	}
	for i, head := range against.heads {
		enter(&first, newEdge{from: head, to: against.at[i], backward: d.mode})
	}
	// Who comes to a copy at the cut may also turn back there, as at the vertex.
	if len(against.heads) > 0 {
		for _, copied := range along.at[min(1, len(along.at)):] {
			enter(&first, newEdge{from: against.heads[0], to: copied, backward: d.mode})
		}
	}
	if len(along.heads) > 0 {
		for _, copied := range against.at[min(1, len(against.at)):] {
			enter(&second, newEdge{from: copied, to: along.heads[0], forward: d.mode})
		}
	}
	return first, second
}
