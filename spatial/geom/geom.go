// Package geom is the one place where geometries change their form: orb, which
// the house thinks in, go-geom, where SRID and Z/M matter, and EWKB, which
// PostGIS speaks.
//
// orb knows neither Z nor M nor SRID nor an empty point: Z and M are dropped on
// the way to orb, the SRID is handed over beside the geometry, and an empty
// point becomes nil.
package geom

import (
	"fmt"

	"github.com/paulmach/orb"
	geom "github.com/twpayne/go-geom"
)

// ToGeom gives the go-geom form, layout XY, of an orb geometry with the given
// SRID. A ring becomes a polygon and a bound its rectangle; nil is an error.
func ToGeom(g orb.Geometry, srid int) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, []float64{g[0], g[1]}).SetSRID(srid), nil
	case orb.MultiPoint:
		return geom.NewMultiPointFlat(geom.XY, flat(nil, g)).SetSRID(srid), nil
	case orb.LineString:
		return geom.NewLineStringFlat(geom.XY, flat(nil, g)).SetSRID(srid), nil
	case orb.MultiLineString:
		coords, ends := flatLists(nil, g)
		return geom.NewMultiLineStringFlat(geom.XY, coords, ends).SetSRID(srid), nil
	case orb.Ring:
		return ToGeom(orb.Polygon{g}, srid)
	case orb.Bound:
		return ToGeom(g.ToPolygon(), srid)
	case orb.Polygon:
		coords, ends := flatLists(nil, g)
		return geom.NewPolygonFlat(geom.XY, coords, ends).SetSRID(srid), nil
	case orb.MultiPolygon:
		var coords []float64
		endss := make([][]int, len(g))
		for i, p := range g {
			coords, endss[i] = flatLists(coords, p)
		}
		return geom.NewMultiPolygonFlat(geom.XY, coords, endss).SetSRID(srid), nil
	case orb.Collection:
		c := geom.NewGeometryCollection().SetSRID(srid)
		for _, member := range g {
			m, err := ToGeom(member, srid)
			if err != nil {
				return nil, err
			}
			if err := c.Push(m); err != nil {
				return nil, err
			}
		}
		return c, nil
	}
	return nil, fmt.Errorf("%T has no go-geom form", g)
}

// flat appends the coordinates of points.
func flat(coords []float64, points []orb.Point) []float64 {
	for _, p := range points {
		coords = append(coords, p[0], p[1])
	}
	return coords
}

// flatLists appends the coordinates of lines or rings, and gives the offsets at
// which each ends.
func flatLists[T ~[]orb.Point](coords []float64, lists []T) ([]float64, []int) {
	ends := make([]int, len(lists))
	for i, l := range lists {
		coords = flat(coords, l)
		ends[i] = len(coords)
	}
	return coords, ends
}

// FromGeom gives the orb form of a go-geom geometry; Z and M are dropped. An
// empty point, which orb cannot hold, is nil.
func FromGeom(g geom.T) (orb.Geometry, error) {
	switch g := g.(type) {
	case *geom.Point:
		if g.Empty() {
			return nil, nil
		}
		return orb.Point{g.X(), g.Y()}, nil
	case *geom.MultiPoint:
		return multiPoint(g), nil
	case *geom.LineString:
		return orb.LineString(points(g.FlatCoords(), g.Stride())), nil
	case *geom.LinearRing:
		return orb.Ring(points(g.FlatCoords(), g.Stride())), nil
	case *geom.MultiLineString:
		return orb.MultiLineString(lists[orb.LineString](g.FlatCoords(), 0, g.Ends(), g.Stride())), nil
	case *geom.Polygon:
		return orb.Polygon(lists[orb.Ring](g.FlatCoords(), 0, g.Ends(), g.Stride())), nil
	case *geom.MultiPolygon:
		polygons := make(orb.MultiPolygon, 0, g.NumPolygons())
		start := 0
		for _, ends := range g.Endss() {
			polygons = append(polygons, lists[orb.Ring](g.FlatCoords(), start, ends, g.Stride()))
			if len(ends) > 0 {
				start = ends[len(ends)-1]
			}
		}
		return polygons, nil
	case *geom.GeometryCollection:
		return collection(g)
	}
	return nil, fmt.Errorf("%T has no orb form", g)
}

func multiPoint(g *geom.MultiPoint) orb.MultiPoint {
	all := make(orb.MultiPoint, 0, g.NumPoints())
	for i := range g.NumPoints() {
		if p := g.Point(i); !p.Empty() {
			all = append(all, orb.Point{p.X(), p.Y()})
		}
	}
	return all
}

func collection(g *geom.GeometryCollection) (orb.Geometry, error) {
	all := make(orb.Collection, 0, g.NumGeoms())
	for _, member := range g.Geoms() {
		m, err := FromGeom(member)
		if err != nil {
			return nil, err
		}
		if m != nil {
			all = append(all, m)
		}
	}
	return all, nil
}

func points(coords []float64, stride int) []orb.Point {
	all := make([]orb.Point, 0, len(coords)/stride)
	for i := 0; i+1 < len(coords); i += stride {
		all = append(all, orb.Point{coords[i], coords[i+1]})
	}
	return all
}

func lists[T ~[]orb.Point](coords []float64, start int, ends []int, stride int) []T {
	all := make([]T, len(ends))
	for i, end := range ends {
		all[i] = points(coords[start:end], stride)
		start = end
	}
	return all
}
