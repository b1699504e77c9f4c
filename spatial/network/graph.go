package network

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Graph is the topology of a road network: vertices at junctions and ends of
// roads, and edges that are whole chains of road between them. All ids are
// dense and of 32 bits; coordinates are whole units of 1e-7 degrees (about a
// centimetre), so what is drawn, stored and searched is the same to the last
// digit. Edge e has its shape at shapes[shapeStart[e]:shapeStart[e+1]], both
// ends included, and its runs likewise. A Graph is immutable once built.
type Graph struct {
	vertices   []coordinate
	from, to   []uint32 // edge -> vertex
	forward    []Modes  // modes that may travel from -> to
	backward   []Modes  // modes that may travel to -> from
	shapeStart []uint32
	shapes     []coordinate
	runStart   []uint32
	runs       []Run
	splits     []split  // ascending: see copies.go
	twins      []twin   // by origin, then edge
	ranks      []uint32 // of each vertex in the nested dissection order; none where that was not asked for

	rows *boxTree // of rows of edges: see segment.go

	// Derived from splits and twins.
	copied  bitset            // vertices that are copies
	grouped bitset            // edges with twins
	origins map[uint32]uint32 // of edges with twins

	above *skeletonOnce // of the hierarchy, where ranked
}

// coordinate is a point in units of 1e-7 degrees, longitude first.
type coordinate struct{ lon, lat int32 }

const coordinateScale = 1e7

func toCoordinate(p orb.Point) coordinate {
	return coordinate{int32(math.Round(p[0] * coordinateScale)), int32(math.Round(p[1] * coordinateScale))}
}

func (c coordinate) point() orb.Point {
	return orb.Point{float64(c.lon) / coordinateScale, float64(c.lat) / coordinateScale}
}

func (c coordinate) onEarth() bool {
	return max(c.lon, -c.lon) <= 180*coordinateScale && max(c.lat, -c.lat) <= 90*coordinateScale &&
		c.lon != math.MinInt32 && c.lat != math.MinInt32 // whose negative is itself
}

// Run is a stretch of an edge with one class, surface and posted limit, in the
// order of the edge. Centimeters is its length on the ground; Posted is 0
// where no limit is posted.
type Run struct {
	Centimeters uint32
	Posted      Speed
	Class       Class
	Surface     Surface
}

// Vertex and Edge are dense ids from 0.
type (
	Vertex uint32
	Edge   uint32
)

// NumVertices counts the vertices.
func (g *Graph) NumVertices() int { return len(g.vertices) }

// NumEdges counts the edges; an edge open both ways is one.
func (g *Graph) NumEdges() int { return len(g.from) }

// Point is where a vertex lies, in CRS84.
func (g *Graph) Point(v Vertex) orb.Point { return g.vertices[v].point() }

// Copies is how many copies of a vertex follow it in the numbering, since turns
// there are restricted: one sets out from the vertex itself and arrives at it
// or any of its copies. A copy has none.
func (g *Graph) Copies(v Vertex) int { return int(g.copies(uint32(v))) }

// Ends are the vertices that an edge joins; a loop has the same at both.
func (g *Graph) Ends(e Edge) (from, to Vertex) { return Vertex(g.from[e]), Vertex(g.to[e]) }

// Directions are the modes that may travel an edge along it and against it.
func (g *Graph) Directions(e Edge) (forward, backward Modes) { return g.forward[e], g.backward[e] }

// Runs are the stretches of an edge, first to last; not to be changed.
func (g *Graph) Runs(e Edge) []Run { return g.runs[g.runStart[e]:g.runStart[e+1]] }

// Length is the length of an edge on the ground.
func (g *Graph) Length(e Edge) spatial.Meters {
	return spatial.Meters(float64(g.centimeters(e)) / 100)
}

func (g *Graph) centimeters(e Edge) uint64 {
	var sum uint64
	for _, r := range g.Runs(e) {
		sum += uint64(r.Centimeters)
	}
	return sum
}

// MainClass is the class that most of an edge has; of equals, the more
// important.
func (g *Graph) MainClass(e Edge) Class {
	var by [classCount]uint64
	for _, r := range g.Runs(e) {
		by[r.Class] += uint64(r.Centimeters)
	}
	best := g.Runs(e)[0].Class
	for c, length := range by {
		if length > by[best] || length == by[best] && length > 0 && Class(c) < best {
			best = Class(c)
		}
	}
	return best
}

// Shape is the line of an edge from its first to its last vertex.
func (g *Graph) Shape(e Edge) orb.LineString {
	shape := g.shape(e)
	line := make(orb.LineString, len(shape))
	for i, c := range shape {
		line[i] = c.point()
	}
	return line
}

func (g *Graph) shape(e Edge) []coordinate { return g.shapes[g.shapeStart[e]:g.shapeStart[e+1]] }

// Extent is the smallest box around all vertices and shapes.
func (g *Graph) Extent() orb.Bound {
	if len(g.shapes) == 0 {
		return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	}
	bound := orb.Bound{Min: g.shapes[0].point(), Max: g.shapes[0].point()}
	for _, c := range g.shapes {
		bound = bound.Extend(c.point())
	}
	return bound
}

// maxEdgeCentimeters is 20,000 km: half way round the earth.
const maxEdgeCentimeters = 2_000_000_000

// finish checks a graph and derives what is not stored.
func (g *Graph) finish() error {
	if err := g.check(); err != nil {
		return err
	}
	if err := g.checkCopies(); err != nil {
		return err
	}
	g.markCopies()
	g.above = &skeletonOnce{}
	if g.rows == nil {
		g.rows = packBoxes(g.rowBoxes(nil, 0))
	}
	return nil
}

// check says what is wrong with a graph whose arrays came from outside.
func (g *Graph) check() error {
	edges := len(g.from)
	switch {
	case len(g.to) != edges || len(g.forward) != edges || len(g.backward) != edges:
		return fmt.Errorf("edge arrays differ in length")
	case len(g.shapeStart) != edges+1 || len(g.runStart) != edges+1:
		return fmt.Errorf("offset arrays have the wrong length")
	case g.shapeStart[0] != 0 || g.runStart[0] != 0:
		return fmt.Errorf("offset arrays do not begin at 0")
	case int(g.shapeStart[edges]) != len(g.shapes) || int(g.runStart[edges]) != len(g.runs):
		return fmt.Errorf("offset arrays do not end at the end")
	case !isOrder(g.ranks, len(g.vertices)):
		return fmt.Errorf("ranks are not those of its vertices, each once")
	}
	for _, places := range [2][]coordinate{g.vertices, g.shapes} {
		for i, c := range places {
			if !c.onEarth() {
				return fmt.Errorf("place %d is outside the world", i)
			}
		}
	}
	for e := range edges {
		shapeFrom, shapeTo := uint64(g.shapeStart[e]), uint64(g.shapeStart[e+1])
		runFrom, runTo := uint64(g.runStart[e]), uint64(g.runStart[e+1])
		if shapeFrom+2 > shapeTo || runFrom+1 > runTo || shapeTo > uint64(len(g.shapes)) || runTo > uint64(len(g.runs)) {
			return fmt.Errorf("edge %d has no shape or no class", e)
		}
		if err := g.checkEdge(Edge(e)); err != nil {
			return fmt.Errorf("edge %d %w", e, err)
		}
	}
	return nil
}

// isOrder tells whether ranks are the numbers below n, each once; none at all
// are fine too.
func isOrder(ranks []uint32, n int) bool {
	if len(ranks) == 0 {
		return true
	}
	if len(ranks) != n {
		return false
	}
	seen := newBitset(n)
	for _, r := range ranks {
		if int(r) >= n || seen.has(r) {
			return false
		}
		seen.add(r)
	}
	return true
}

func (g *Graph) checkEdge(e Edge) error {
	if int(g.from[e]) >= len(g.vertices) || int(g.to[e]) >= len(g.vertices) {
		return fmt.Errorf("ends at a vertex that is not there")
	}
	shape := g.shape(e)
	if shape[0] != g.vertices[g.from[e]] || shape[len(shape)-1] != g.vertices[g.to[e]] {
		return fmt.Errorf("is not drawn from vertex to vertex")
	}
	if g.forward[e]&^allModes != 0 || g.backward[e]&^allModes != 0 {
		return fmt.Errorf("is open to modes that are not known")
	}
	for _, r := range g.Runs(e) {
		if r.Class >= classCount || r.Surface >= surfaceCount {
			return fmt.Errorf("has a class or surface that is not known")
		}
	}
	if g.centimeters(e) > maxEdgeCentimeters {
		return fmt.Errorf("is longer than %d km", maxEdgeCentimeters/100_000)
	}
	return nil
}
