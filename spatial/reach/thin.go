package reach

import (
	"context"
	"runtime"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Thin leaves out vertices of areas that Outline drew, by Douglas and Peucker's
// rule (The Canadian Cartographer 10/2, 1973): no vertex that goes is farther
// than tolerance from the line that takes its place. Areas that are to lie
// within one another, as those of growing limits do, must be thinned by one
// call; in which order they are given does not matter.
//
// Where borders of several areas coincide they stay one line. Areas stay valid
// and nested, no ring is lost, and no vertex is new or moved. Tolerance should
// be well below the detail that the areas were drawn with. With 0.5 % of it, one
// vertex in four to six is left around streets, since an arc of that radius
// needs one for every fifth of it, and one in 27 around national main roads.
// With 0.25 % it is one in five there: the raster of crossings begins to show.
//
// How it stays right: no line that was made long may meet another line, come
// nearer to a vertex than clearance, or have a vertex of a thinned border
// between itself and the border that it replaces (Saalfeld, Topologically
// Consistent Line Simplification, Cartography and GIS 26/1, 1999). One that
// does is cut at its farthest vertex, and what is new is looked at again. It
// ends, since with all vertices nothing is in the way. That is rare: of 386,000
// lines of three limits around Chengdu, 3 were cut.
//
// Considered and not done: one area after the other (where borders coincide,
// each limit would leave out other vertices, and areas would cross); Visvalingam
// and Whyatt's rule (it bounds areas, not how far the line moves).
//
// It fails with Invalid for a tolerance that is not from 0 to MaxDetail and for
// areas that Outline cannot have drawn, and with the context's error. Memory is
// about 50 bytes for each vertex, beside the areas.
func Thin(ctx context.Context, areas []Area, tolerance spatial.Meters) ([]Area, error) {
	return thin(ctx, areas, tolerance, runtime.GOMAXPROCS(0))
}

// thin is Thin with a number of threads.
func thin(ctx context.Context, areas []Area, tolerance spatial.Meters, threads int) ([]Area, error) {
	if !(tolerance >= 0 && tolerance <= MaxDetail) {
		return nil, spatial.Errorf(spatial.Invalid, "The tolerance must be from 0 to %v metres.", MaxDetail)
	}
	b, err := newMesh(areas)
	if err != nil {
		return nil, err
	}
	t := thinner{mesh: b, tolerance: float64(tolerance), threads: threads}
	if err := t.draw(ctx); err != nil {
		return nil, err
	}
	if err := t.settle(ctx); err != nil {
		return nil, err
	}
	return b.areas(areas), nil
}

// areas gives the areas again with the vertices that are kept.
func (b *mesh) areas(areas []Area) []Area {
	thin := make([]Area, len(areas))
	ring := 0
	for i, a := range areas {
		thin[i] = Area{Polygon: make(orb.MultiPolygon, len(a.Polygon)), ClosedHoles: a.ClosedHoles}
		for j, polygon := range a.Polygon {
			thin[i].Polygon[j] = make(orb.Polygon, len(polygon))
			for k := range polygon {
				thin[i].Polygon[j][k] = b.ring(ring)
				ring++
			}
		}
		thin[i].SquareMeters = EllipsoidArea(thin[i].Polygon)
	}
	return thin
}

func (b *mesh) ring(i int) orb.Ring {
	walk := b.walk[b.starts[i]:b.starts[i+1]]
	size := 0
	for _, v := range walk {
		if b.keep[v] {
			size++
		}
	}
	points := make(orb.Ring, 0, size)
	for _, v := range walk {
		if b.keep[v] {
			points = append(points, b.corners[v].point())
		}
	}
	return points
}
