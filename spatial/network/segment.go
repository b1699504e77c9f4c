package network

import (
	"math"

	"github.com/paulmach/orb"
)

// segment is one straight piece of an edge's shape, from point piece to the
// next.
type segment struct {
	edge  Edge
	piece uint32
}

// ends are the segment's ends. One that crosses the antimeridian has its
// second end moved by a full turn, past 180 degrees, so that it is short.
func (s segment) ends(g *Graph) (a, b orb.Point) {
	shape := g.shape(s.edge)
	a, b = shape[s.piece].point(), shape[s.piece+1].point()
	if b[0]-a[0] > 180 {
		b[0] -= 360
	} else if b[0]-a[0] < -180 {
		b[0] += 360
	}
	return a, b
}

// indexSnaps builds the index that snapping looks in: vertices of a condensed
// network, pieces of road of any other.
func (r *Router) indexSnaps() {
	g := r.graph
	if r.network.Kind == KindCondensed {
		r.index = newBoxTree(g.NumVertices(), func(i int) (float64, float64, float64, float64) {
			p := g.Point(Vertex(i))
			return p[0], p[1], p[0], p[1]
		})
		return
	}
	for e := range Edge(g.NumEdges()) {
		if r.forward[e] == Never && r.backward[e] == Never {
			continue
		}
		for piece := range len(g.shape(e)) - 1 {
			r.segments = append(r.segments, segment{e, uint32(piece)})
		}
	}
	r.index = newBoxTree(len(r.segments), func(i int) (float64, float64, float64, float64) {
		a, b := r.segments[i].ends(g)
		return math.Min(a[0], b[0]), math.Min(a[1], b[1]), math.Max(a[0], b[0]), math.Max(a[1], b[1])
	})
}
