package filter

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// shape checks a geometry literal and turns its axes to longitude first.
func (r *resolver) shape(t term) (spatial.Operand, error) {
	g, err := r.placed(t.shape, t.at)
	return spatial.Shape{Geometry: g, CRS: r.crs}, err
}

func (r *resolver) placed(g orb.Geometry, at place) (orb.Geometry, error) {
	switch g := g.(type) {
	case orb.Point:
		return r.point(g, at)
	case orb.MultiPoint:
		return each(g, at, r.point)
	case orb.LineString:
		return r.line(g, at)
	case orb.MultiLineString:
		return each(g, at, r.line)
	case orb.Polygon:
		return each(g, at, r.ring)
	case orb.MultiPolygon:
		return each(g, at, func(p orb.Polygon, at place) (orb.Polygon, error) { return each(p, at, r.ring) })
	case orb.Collection:
		done, err := r.level(at)
		if err != nil {
			return nil, err
		}
		defer done()
		return each(g, at, r.placed)
	}
	return nil, at.fault("%T is no geometry", g)
}

func each[S ~[]T, T any](all S, at place, check func(T, place) (T, error)) (S, error) {
	checked := make(S, len(all))
	for i, one := range all {
		var err error
		if checked[i], err = check(one, at); err != nil {
			return nil, err
		}
	}
	return checked, nil
}

// point checks that a position can be: in degrees, on the globe.
func (r *resolver) point(p orb.Point, at place) (orb.Point, error) {
	if r.crs.LatLon {
		p[0], p[1] = p[1], p[0]
	}
	if isGeographic(r.crs) && (math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90) {
		return p, at.fault("longitude %s, latitude %s is not on the globe; the first number is %s in this filter-crs", decimal(p[0]), decimal(p[1]), firstAxis(r.crs))
	}
	return p, nil
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func firstAxis(crs spatial.CRS) string {
	if crs.LatLon {
		return "the latitude"
	}
	return "the longitude"
}

// isGeographic says whether coordinates of the CRS are degrees: of those
// offered, CRS84, WGS 84 and CGCS2000 are.
func isGeographic(crs spatial.CRS) bool { return crs.SRID == 4326 || crs.SRID == 4490 }

func (r *resolver) line(l orb.LineString, at place) (orb.LineString, error) {
	if len(l) < 2 {
		return nil, at.fault("a line has at least 2 points")
	}
	return each(l, at, r.point)
}

func (r *resolver) ring(ring orb.Ring, at place) (orb.Ring, error) {
	if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
		return nil, at.fault("a ring has at least 4 points, the last of which is the first")
	}
	return each(ring, at, r.point)
}

// box resolves BBOX: four numbers, or six whose heights are left aside. In
// degrees the first longitude may exceed the second: the box then crosses the
// antimeridian.
func (r *resolver) box(t term) (spatial.Operand, error) {
	n := make([]float64, len(t.args))
	for i, arg := range t.args {
		v, ok := asNumber(arg)
		if !ok {
			return nil, arg.at.fault("a finite number was expected, not %s", arg)
		}
		n[i] = v.(float64)
	}
	if len(n) != 4 && len(n) != 6 {
		return nil, t.at.fault("BBOX takes 4 or 6 numbers, not %d", len(n))
	}
	low, err := r.point(orb.Point{n[0], n[1]}, t.at)
	if err != nil {
		return nil, err
	}
	high, err := r.point(orb.Point{n[len(n)/2], n[len(n)/2+1]}, t.at)
	if err != nil {
		return nil, err
	}
	if len(n) == 6 && n[2] > n[5] {
		return nil, t.at.fault("the lower height of the box exceeds the upper")
	}
	for axis := range low {
		if low[axis] > high[axis] && (axis == 1 || !isGeographic(r.crs)) {
			return nil, t.at.fault("the lower %s of the box exceeds the upper", axisName(r.crs, axis))
		}
	}
	return spatial.BBox{Bound: orb.Bound{Min: low, Max: high}, CRS: r.crs}, nil
}

func axisName(crs spatial.CRS, axis int) string {
	if isGeographic(crs) {
		return [...]string{"longitude", "latitude"}[axis]
	}
	return [...]string{"easting", "northing"}[axis]
}
