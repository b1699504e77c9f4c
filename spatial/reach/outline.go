package reach

import (
	"context"
	"iter"
	"runtime"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Part is a stretch of road that is reached, in CRS84; a place is a part too,
// as a line of one point or of equal ones. It may cross the antimeridian, the
// short way.
type Part = orb.LineString

// Area is what lies around reached parts of roads.
type Area struct {
	// Polygon is in CRS84, rounded to 1e-7 degrees. It is valid in the sense
	// of OGC Simple Features and follows RFC 7946: exteriors turn
	// counter-clockwise, holes clockwise, and it is cut at the antimeridian.
	// It is empty when nothing is reached.
	Polygon      orb.MultiPolygon
	SquareMeters float64 // the area of Polygon on the WGS 84 ellipsoid
	ClosedHoles  int     // holes smaller than the detail squared that were closed
}

// The least and the greatest detail.
const (
	MinDetail spatial.Meters = 10
	MaxDetail spatial.Meters = 5000
)

// The most that one outline may cost. See visits and strip for what is
// counted; together they bound memory to about 700 MB.
const (
	maxVisits   = 16_000_000
	maxVertices = 16_000_000
)

// Outline draws the area of places within detail of the parts; see the package
// for how, and how well. Detail is from MinDetail to MaxDetail. The parts are
// gone through once, and the yielded slices are not kept.
//
// The same parts give the same bytes, in whatever order and direction they
// come, and whatever the number of threads. The outline of some parts lies
// within the outline of more, with the same detail, also when two calls made
// them, if every part of the first is a part of the second or lies on one,
// to the last bits of its coordinates: parts must not be rounded after they
// are cut.
//
// It fails with Invalid for another detail, with Unprocessable for places
// beyond MaxLatitude and for outlines that cost more than they may, and with
// the context's error.
func Outline(ctx context.Context, parts iter.Seq[Part], detail spatial.Meters) (Area, error) {
	return outline(ctx, parts, detail, runtime.GOMAXPROCS(0), true)
}

// outline is Outline with a number of threads and, for tests, without leaving
// out work that changes nothing.
func outline(ctx context.Context, parts iter.Seq[Part], detail spatial.Meters, threads int, prune bool) (Area, error) {
	if !(detail >= MinDetail && detail <= MaxDetail) {
		return Area{}, spatial.Errorf(spatial.Invalid, "The detail must be from %v to %v metres.", MinDetail, MaxDetail)
	}
	g := newGrid(detail)
	c, err := cut(g, parts)
	if err != nil || len(c.stretches) == 0 {
		return Area{Polygon: orb.MultiPolygon{}}, err
	}
	g.widen()
	v, err := newVisits(c)
	if err != nil {
		return Area{}, err
	}
	strips, err := drawStrips(ctx, c, v, threads, prune)
	if err != nil {
		return Area{}, err
	}
	list, err := rings(g, strips)
	if err != nil {
		return Area{}, err
	}
	list, closed := closeHoles(g, list)
	area := Area{Polygon: polygons(list), ClosedHoles: closed}
	for _, r := range list {
		area.SquareMeters += r.area
	}
	return area, nil
}
