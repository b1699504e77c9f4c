package network

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
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

// Edges lie in the order of their first vertex, which follows a Hilbert curve,
// so neighbours in the numbering are neighbours on the ground: rows of rowSize
// edges are the leaves of the index, and it need not store where any one edge
// is. That is 1.5 bytes a junction; a box for each straight piece of road took
// 110, and half as long again to build.
const rowSize = 16

// rowBoxes are the boxes around the rows. Those of the first edges, where they
// lie in an index already, are taken from there.
func (g *Graph) rowBoxes(known *boxTree, edges int) []box {
	boxes := make([]box, 0, (g.NumEdges()+rowSize-1)/rowSize+g.NumEdges()/(rowSize*(fan-1))+2)
	whole := edges / rowSize
	if known != nil {
		boxes = append(boxes, known.boxes[:whole]...)
	}
	for first := whole * rowSize; first < g.NumEdges(); first += rowSize {
		low, high := orb.Point{math.Inf(1), math.Inf(1)}, orb.Point{math.Inf(-1), math.Inf(-1)}
		for e := first; e < min(first+rowSize, g.NumEdges()); e++ {
			for piece := range len(g.shape(Edge(e))) - 1 {
				a, b := segment{Edge(e), uint32(piece)}.ends(g)
				for i := range 2 {
					low[i], high[i] = min(low[i], a[i], b[i]), max(high[i], a[i], b[i])
				}
			}
		}
		boxes = append(boxes, box{down(low[0]), down(low[1]), up(high[0]), up(high[1])})
	}
	return boxes
}

// eachInRow gives the nearest place of every piece of road of a row that the
// profile may use and that comes within reach.
func (r *Router) eachInRow(row uint32, plane plane, p orb.Point, reach spatial.Meters, visit func(candidate)) {
	g := r.graph
	for e := Edge(row * rowSize); e < Edge(min(int(row+1)*rowSize, g.NumEdges())); e++ {
		if g.origin(e) != e {
			continue // drawn like another, which stands for both
		}
		if forward, backward := r.RoadWeights(e); forward == Never && backward == Never {
			continue
		}
		g.eachPiece(e, plane, p, reach, visit)
	}
}

// eachPiece gives the nearest place of every piece of an edge that comes within
// reach of p.
func (g *Graph) eachPiece(e Edge, plane plane, p orb.Point, reach spatial.Meters, visit func(candidate)) {
	for piece := range len(g.shape(e)) - 1 {
		a, b := segment{e, uint32(piece)}.ends(g)
		if share, distance := plane.nearestOn(p, a, b); distance <= reach {
			visit(candidate{distance, e, piece, share})
		}
	}
}

// vertexBoxes is the index of the vertices of a condensed network.
func (g *Graph) vertexBoxes() *boxTree {
	return newBoxTree(g.NumVertices(), func(i int) (float64, float64, float64, float64) {
		p := g.Point(Vertex(i))
		return p[0], p[1], p[0], p[1]
	})
}
