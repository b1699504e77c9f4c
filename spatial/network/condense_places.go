package network

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// cut is a vertex in the middle of an edge, where a place meets it.
type cut struct {
	centimeters uint32 // from the edge's first vertex
	vertex      int32
}

// join snaps the places under the base profile, as a search would, and lays
// out vertices and pieces: the graph's edges, cut where places meet them, and
// an access leg for each place.
func (c *condenser) join(ctx context.Context, n *Network, places []Place) error {
	router, err := NewRouter(n, c.opts.Profiles[0])
	if err != nil {
		return err
	}
	sorted := slices.SortedFunc(slices.Values(places), func(p, q Place) int { return cmp.Compare(p.ID, q.ID) })
	c.points = slices.Clone(c.graph.vertices)
	c.places = map[int32][]string{}
	cuts := map[Edge][]cut{}
	at := map[coordinate]int32{} // vertex of the place at a point; -1 where it does not snap
	for i, p := range sorted {
		if i%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if p.ID == "" || strings.ContainsAny(p.ID, ",;\n\r\" ") || i > 0 && sorted[i-1].ID == p.ID {
			return fmt.Errorf("place %q: ids must be different, not empty and without commas, semicolons, quotes and spaces", p.ID)
		}
		point := toCoordinate(p.Point)
		v, known := at[point]
		if !known {
			v = c.attach(router.Snap(point.point()), point, cuts)
			at[point] = v
		}
		if v < 0 {
			c.lost = append(c.lost, p.ID)
		} else {
			c.places[v] = append(c.places[v], p.ID)
		}
	}
	mode := c.opts.Profiles[0].Modes()
	for e := range Edge(c.graph.NumEdges()) {
		if (c.graph.forward[e]|c.graph.backward[e])&mode == 0 {
			continue
		}
		if at := cuts[c.graph.origin(e)]; c.graph.grouped.has(uint32(e)) && len(at) > 0 {
			c.addTwin(e, at, mode)
		} else {
			c.addEdge(e, at, mode)
		}
	}
	return nil
}

// attach gives a place its vertex: that of the graph which it is, moved to the
// place's own coordinates, or a new one with an access leg to the road.
func (c *condenser) attach(s Snap, point coordinate, cuts map[Edge][]cut) int32 {
	if s.State != Snapped {
		return -1
	}
	road := int32(s.Vertex)
	if !s.AtVertex {
		road = c.cutAt(s, cuts)
	}
	copies := int32(0)
	if int(road) < len(c.graph.vertices) {
		copies = int32(c.graph.copies(uint32(road)))
	}
	leg := uint32(math.Round(float64(s.Distance) * 100))
	if leg == 0 && len(c.places[road]) == 0 && copies == 0 {
		c.points[road] = point
		return road
	}
	v := c.newVertex(point)
	runs := []Run{{Centimeters: leg, Class: Access}}
	c.pieces = append(c.pieces, linkPiece{from: v, to: road, forward: true, backward: true, runs: runs})
	for i := range copies { // one arrives at any of them
		c.pieces = append(c.pieces, linkPiece{from: v, to: road + 1 + i, backward: true, runs: runs})
	}
	return v
}

// cutAt gives the vertex of the road point of a snap, new or shared.
func (c *condenser) cutAt(s Snap, cuts map[Edge][]cut) int32 {
	length := c.graph.centimeters(s.Edge)
	along := uint64(math.Round(math.Max(0, float64(s.Along)) * 100))
	switch {
	case along == 0:
		return int32(c.graph.base(c.graph.from[s.Edge]))
	case along >= length:
		return int32(c.graph.base(c.graph.to[s.Edge]))
	}
	for _, other := range cuts[s.Edge] {
		if uint64(other.centimeters) == along {
			return other.vertex
		}
	}
	v := c.newVertex(toCoordinate(s.Point))
	cuts[s.Edge] = append(cuts[s.Edge], cut{uint32(along), v})
	return v
}

func (c *condenser) newVertex(p coordinate) int32 {
	c.points = append(c.points, p)
	return int32(len(c.points) - 1)
}

// addEdge enters an edge as one piece, or as one more than it has cuts.
func (c *condenser) addEdge(e Edge, cuts []cut, mode Modes) {
	forward, backward := c.graph.forward[e]&mode != 0, c.graph.backward[e]&mode != 0
	slices.SortFunc(cuts, func(x, y cut) int { return cmp.Compare(x.centimeters, y.centimeters) })
	from, done, runs := int32(c.graph.from[e]), uint32(0), c.graph.Runs(e)
	for _, at := range cuts {
		var first []Run
		first, runs = cutRuns(runs, at.centimeters-done)
		c.pieces = append(c.pieces, linkPiece{from, at.vertex, forward, backward, first})
		from, done = at.vertex, at.centimeters
	}
	c.pieces = append(c.pieces, linkPiece{from, int32(c.graph.to[e]), forward, backward, runs})
}

// addTwin enters one of several edges drawn alike that places meet. Who passes
// through keeps the whole edge, since where it leads depends on where one came
// from; places are arrived at from its beginning, and left for its end by those
// who set out, over the twin that begins at no copy.
func (c *condenser) addTwin(e Edge, cuts []cut, mode Modes) {
	g := c.graph
	cuts = slices.SortedFunc(slices.Values(cuts), func(x, y cut) int { return cmp.Compare(x.centimeters, y.centimeters) })
	c.addEdge(e, nil, mode)
	from, to := g.from[e], g.to[e]
	forward, backward := g.forward[e]&mode != 0, g.backward[e]&mode != 0
	for _, at := range cuts {
		before, after := cutRuns(g.Runs(e), at.centimeters)
		c.pieces = append(c.pieces,
			linkPiece{int32(from), at.vertex, forward, backward && !g.copied.has(to), before},
			linkPiece{at.vertex, int32(to), forward && !g.copied.has(from), backward, after})
	}
	for i := 1; i < len(cuts); i++ { // between places, once a road
		along, against := forward && !g.copied.has(from), backward && !g.copied.has(to)
		_, rest := cutRuns(g.Runs(e), cuts[i-1].centimeters)
		between, _ := cutRuns(rest, cuts[i].centimeters-cuts[i-1].centimeters)
		c.pieces = append(c.pieces, linkPiece{cuts[i-1].vertex, cuts[i].vertex, along, against, between})
	}
}

// cutRuns parts the runs of a road at a length from its beginning, which must
// lie inside it.
func cutRuns(runs []Run, centimeters uint32) (before, after []Run) {
	for i, r := range runs {
		if centimeters < r.Centimeters {
			after = slices.Clone(runs[i:])
			after[0].Centimeters -= centimeters
			if centimeters > 0 {
				r.Centimeters = centimeters
				before = append(before, r)
			}
			return before, after
		}
		before = append(before, r)
		centimeters -= r.Centimeters
	}
	return before, nil
}
