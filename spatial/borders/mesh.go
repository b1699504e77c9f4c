package borders

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// MostVertices is how many vertices one Mesh takes; at about 150 bytes each
// that is 3 GB.
const MostVertices = 20_000_000

// Mesh is a set of polygons whose common borders are known. It is not safe for
// concurrent use.
type Mesh struct {
	points []orb.Point // each vertex once
	worth  []float64   // of each vertex: the least tolerance at which it may go
	keep   []bool      // of each vertex inside an arc, at the level that was thinned last
	arcs   []arc
	areas  []area
}

// arc is a stretch of border whose company does not change, with both ends. One
// whose ends are the same vertex is closed.
type arc struct {
	walk    []int32
	free    bool    // a whole ring that meets no other
	size    float64 // of a free one: the longer side of its box
	gone    bool    // left out at this level: too small
	touched bool    // has vertices that conflicts called for, at this level or a coarser one
}

// use is an arc as part of a ring, backwards or not.
type use struct {
	arc  int32
	back bool
}

// area is one polygon: parts of rings of uses, the outer ring first; nil where
// it cannot be woven.
type area [][][]use

// NewMesh weaves polygons, whose coordinates are on a plane. A vertex within
// snap of a side of another ring, or on it, becomes a vertex of that ring; snap
// should be about the rounding of the coordinates. Polygons may overlap, lie
// apart or be the same; more vertices are kept around where they cross. One with
// coordinates that are not finite, or with a ring of fewer than three places, is
// left out: Polygon gives nil for it.
//
// It fails with Invalid for more than MostVertices.
func NewMesh(polygons []orb.MultiPolygon, snap float64) (*Mesh, error) {
	w := weaver{mesh: &Mesh{areas: make([]area, len(polygons))}, ids: map[orb.Point]int32{}}
	for _, polygon := range polygons {
		if err := w.take(polygon); err != nil {
			return nil, err
		}
	}
	w.node(snap)
	w.findJunctions()
	for i, rings := range w.rings {
		w.mesh.areas[i] = w.weave(rings)
	}
	m := w.mesh
	m.keep, m.worth = make([]bool, len(m.points)), make([]float64, len(m.points))
	for i := range m.arcs {
		m.weigh(&m.arcs[i])
	}
	return m, nil
}

// weaver holds what is needed only until arcs are cut.
type weaver struct {
	mesh     *Mesh
	ids      map[orb.Point]int32
	rings    [][][][]int32 // polygon, part, ring: vertices, the first not repeated
	junction []bool
	known    map[[2]int32]int32 // arcs by their first two vertices
}

func (w *weaver) take(polygon orb.MultiPolygon) error {
	var parts [][][]int32
	for _, part := range polygon {
		var rings [][]int32
		for _, ring := range part {
			walk, ok := w.walk(ring)
			if !ok {
				w.rings = append(w.rings, nil)
				return nil
			}
			rings = append(rings, walk)
		}
		if len(rings) > 0 {
			parts = append(parts, rings)
		}
	}
	if len(w.mesh.points) > MostVertices {
		return spatial.Errorf(spatial.Invalid, "The polygons have more than %d vertices, which is more than can be generalised together.", MostVertices)
	}
	w.rings = append(w.rings, parts)
	return nil
}

// walk gives the vertices of a ring without repetitions; ok is false where it
// is no ring.
func (w *weaver) walk(ring orb.Ring) (walk []int32, ok bool) {
	for _, p := range ring {
		if !finite(p[0]) || !finite(p[1]) {
			return nil, false
		}
		id, known := w.ids[p]
		if !known {
			id = int32(len(w.mesh.points))
			w.ids[p] = id
			w.mesh.points = append(w.mesh.points, p)
		}
		if len(walk) == 0 || walk[len(walk)-1] != id {
			walk = append(walk, id)
		}
	}
	for len(walk) > 1 && walk[0] == walk[len(walk)-1] {
		walk = walk[:len(walk)-1]
	}
	return walk, len(walk) >= 3
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
