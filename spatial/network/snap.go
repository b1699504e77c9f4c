package network

import (
	"cmp"
	"context"
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// SnapState tells whether a point found its road.
type SnapState string

// The states of a snap.
const (
	Snapped    SnapState = "snapped"
	NotSnapped SnapState = "not-snapped" // no usable road within the profile's radius
)

// Snap is where a point meets the network: a vertex, or a place along an
// edge. Between the point and that place lies a straight access leg.
type Snap struct {
	State     SnapState
	Point     orb.Point      // the point on the road
	Distance  spatial.Meters // from the point asked for to Point
	Access    Weight         // over that distance at the profile's access speed
	AtVertex  bool
	Vertex    Vertex         // where AtVertex; never a copy
	Edge      Edge           // else; of edges drawn alike the first
	Along     spatial.Meters // from the edge's first vertex
	Component uint32         // vertices that are connected, both ways, with this place
	Passed    bool           // a nearer road was passed over, since it lies on a small island
}

// firstReach is how far snapping looks at first; it goes on in steps of four.
const firstReach spatial.Meters = 60

// sameVertex is how near a point is to a vertex to be taken as that vertex.
const sameVertex spatial.Meters = 1

// candidate is a place on a road near a point.
type candidate struct {
	distance spatial.Meters
	edge     Edge
	piece    int     // of the edge's shape
	share    float64 // along that piece
}

// Snap finds where a point meets the network:
//
//   - a vertex within a metre is the point, with all its roads;
//   - else the nearest place on a road that the profile may set out from (at
//     the end of an edge: its vertex) or, on a condensed network, the nearest
//     vertex;
//   - a small island gives way to a larger component within the radius.
//
// Distances are on the plane that touches the earth at the point; within the
// radius (20 km by car) that is right to a few metres.
func (r *Router) Snap(p orb.Point) Snap {
	if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
		return Snap{State: NotSnapped}
	}
	if r.network.Kind == KindCondensed {
		return r.snapToVertex(p)
	}
	if v, found := r.vertexAt(p); found {
		return r.atVertex(p, v)
	}
	for reach := firstReach; ; reach *= 4 {
		reach = min(reach, r.profile.MaxSnap)
		if s, found := r.nearest(p, reach); found || reach == r.profile.MaxSnap {
			return s
		}
	}
}

// SnapAll snaps many points on all processors. point gives the i-th, nil for
// one that has no position: its Snap is in state not-snapped.
func (r *Router) SnapAll(n int, point func(i int) *orb.Point) []Snap {
	snaps := make([]Snap, n)
	const share = 64 // points a piece of work
	// Nothing here can fail, and a few thousand points take milliseconds.
	_ = inParallel(context.Background(), (n+share-1)/share, func(_ context.Context, piece int) error {
		for i := piece * share; i < min((piece+1)*share, n); i++ {
			snaps[i].State = NotSnapped
			if p := point(i); p != nil {
				snaps[i] = r.Snap(*p)
			}
		}
		return nil
	})
	return snaps
}

// nearest looks for a road within reach. An island found on the way counts
// only when the whole radius holds nothing larger.
func (r *Router) nearest(p orb.Point, reach spatial.Meters) (Snap, bool) {
	var nearest, connected candidate // of all roads; of those not on an island
	var any, main bool
	r.eachSegment(p, reach, func(c candidate) {
		if any && main && connected.before(c) {
			return
		}
		if class := r.graph.MainClass(c.edge); class != Access && !r.profile.Speeds[class].Snap {
			return
		}
		if !any || c.before(nearest) {
			nearest, any = c, true
		}
		if (!main || c.before(connected)) && r.edgeComponent(c.edge) >= r.small {
			connected, main = c, true
		}
	})
	switch {
	case main:
		s := r.onRoad(p, connected)
		s.Passed = nearest != connected
		return s, true
	case any:
		return r.onRoad(p, nearest), reach == r.profile.MaxSnap
	}
	return Snap{State: NotSnapped}, false
}

// before orders candidates: the nearer first, of equally near ones the lower
// edge and piece.
func (c candidate) before(d candidate) bool {
	return cmp.Or(cmp.Compare(c.distance, d.distance), cmp.Compare(c.edge, d.edge), cmp.Compare(c.piece, d.piece)) < 0
}

// eachSegment gives the nearest place of every piece of road within reach.
func (r *Router) eachSegment(p orb.Point, reach spatial.Meters, visit func(candidate)) {
	plane := planeAt(p[1])
	for _, lon := range []float64{p[0], p[0] - 360, p[0] + 360} {
		r.graph.rows.within(lon, p[1], plane.stretch, float64(reach)/plane.perDegree, func(row uint32) {
			r.eachInRow(row, plane, orb.Point{lon, p[1]}, reach, visit)
		})
	}
}

// nearestOn is the place on the line from a to b that is nearest to p, as a
// share of the line, and its distance.
func (plane plane) nearestOn(p, a, b orb.Point) (share float64, distance spatial.Meters) {
	bx, by := (b[0]-a[0])*plane.stretch, b[1]-a[1]
	px, py := (p[0]-a[0])*plane.stretch, p[1]-a[1]
	if length := bx*bx + by*by; length > 0 {
		share = math.Min(1, math.Max(0, (px*bx+py*by)/length))
	}
	return share, spatial.Meters(math.Hypot(px-share*bx, py-share*by) * plane.perDegree)
}

// onRoad turns a candidate into a snap. The end of an edge is the vertex there,
// with all its roads: which of the edges that meet there came first must not
// matter.
func (r *Router) onRoad(p orb.Point, c candidate) Snap {
	from, to := r.graph.Ends(c.edge)
	switch {
	case c.share == 0 && c.piece == 0:
		return r.atVertex(p, from)
	case c.share == 1 && c.piece == len(r.graph.shape(c.edge))-2:
		return r.atVertex(p, to)
	}
	return r.onEdge(c)
}

// onEdge is a snap between the ends of an edge. Its place along the edge is measured
// on the shape and scaled to the edge's length, which was rounded to
// centimetres.
func (r *Router) onEdge(c candidate) Snap {
	return Snap{
		State: Snapped, Point: r.graph.pointOf(c), Distance: c.distance,
		Access: r.accessTime(c.distance), Edge: c.edge, Along: r.graph.along(c), Component: r.edgeComponent(c.edge),
	}
}

// along is how far along its edge a candidate lies.
func (g *Graph) along(c candidate) spatial.Meters {
	line := g.Shape(c.edge)
	before, total := 0.0, 0.0
	for i := 1; i < len(line); i++ {
		length := float64(Distance(line[i-1], line[i]))
		switch {
		case i-1 < c.piece:
			before += length
		case i-1 == c.piece:
			before += length * c.share
		}
		total += length
	}
	along := g.Length(c.edge)
	if total > 0 {
		along *= spatial.Meters(before / total)
	}
	return along
}

// pointOf is where a candidate lies.
func (g *Graph) pointOf(c candidate) orb.Point {
	a, b := segment{c.edge, uint32(c.piece)}.ends(g)
	return between(a, b, c.share)
}

// accessTime is the time over an access leg; none when there is no leg.
func (r *Router) accessTime(d spatial.Meters) Weight {
	if d == 0 {
		return 0
	}
	return travelTime(d, r.profile.AccessKMH)
}

func (r *Router) atVertex(p orb.Point, v Vertex) Snap {
	at := r.graph.Point(v)
	d := Distance(p, at)
	v = Vertex(r.graph.base(uint32(v)))
	s := Snap{State: Snapped, Point: at, AtVertex: true, Vertex: v, Component: r.vertexComponent(uint32(v))}
	if d > sameVertex {
		s.Distance, s.Access = d, r.accessTime(d)
	}
	return s
}

// vertexAt finds the vertex that a point is: the nearest within a metre that
// the profile has a road at. It may lie on any class of road.
func (r *Router) vertexAt(p orb.Point) (Vertex, bool) {
	best, found, least := Vertex(0), false, sameVertex
	r.eachSegment(p, 2*sameVertex, func(c candidate) {
		from, to := r.graph.Ends(c.edge)
		for _, v := range []Vertex{from, to} {
			d := Distance(p, r.graph.Point(v))
			if d < least || d == least && (!found || v < best) {
				best, found, least = v, true, d
			}
		}
	})
	return best, found
}

// snapToVertex is the whole of snapping on a condensed network, whose edges
// are straight lines that no road follows. Vertices that the profile has no
// road at are passed over.
func (r *Router) snapToVertex(p orb.Point) Snap {
	best, least, found := Vertex(0), r.profile.MaxSnap, false
	for reach := firstReach; ; reach *= 4 {
		reach = min(reach, r.profile.MaxSnap)
		r.eachVertex(p, reach, func(v Vertex) {
			d := Distance(p, r.graph.Point(v))
			if len(r.at(uint32(v))) > 0 && d <= reach && (d < least || d == least && (!found || v < best)) {
				best, least, found = v, d, true
			}
		})
		switch {
		case found:
			return r.atVertex(p, best)
		case reach == r.profile.MaxSnap:
			return Snap{State: NotSnapped}
		}
	}
}

// eachVertex gives every vertex of a condensed network within reach, and some
// beyond: the plane is not exact, so it looks a little further.
func (r *Router) eachVertex(p orb.Point, reach spatial.Meters, visit func(Vertex)) {
	plane := planeAt(p[1])
	for _, lon := range []float64{p[0], p[0] - 360, p[0] + 360} {
		r.index.within(lon, p[1], plane.stretch, 1.01*float64(reach)/plane.perDegree, func(item uint32) { visit(Vertex(item)) })
	}
}
