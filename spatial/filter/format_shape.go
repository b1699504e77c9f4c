package filter

import (
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// shape writes WKT.
func (w *writer) shape(s spatial.Shape) { w.geometry(s.Geometry, s.CRS.LatLon) }

func (w *writer) geometry(g orb.Geometry, latLon bool) {
	point := func(p orb.Point) { w.add(position(p, latLon, " ")) }
	line := func(l orb.LineString) { list(w, l, point) }
	polygon := func(p orb.Polygon) { list(w, p, func(r orb.Ring) { list(w, r, point) }) }
	switch g := g.(type) {
	case orb.Point:
		w.add("POINT")
		list(w, []orb.Point{g}, point)
	case orb.LineString:
		w.add("LINESTRING")
		line(g)
	case orb.Polygon:
		w.add("POLYGON")
		polygon(g)
	case orb.MultiPoint:
		w.add("MULTIPOINT")
		list(w, g, func(p orb.Point) { list(w, []orb.Point{p}, point) })
	case orb.MultiLineString:
		w.add("MULTILINESTRING")
		list(w, g, line)
	case orb.MultiPolygon:
		w.add("MULTIPOLYGON")
		list(w, g, polygon)
	case orb.Collection:
		w.add("GEOMETRYCOLLECTION")
		list(w, g, func(member orb.Geometry) { w.geometry(member, latLon) })
	}
}

func list[T any](w *writer, items []T, write func(T)) {
	w.add("(")
	for i, item := range items {
		if i > 0 {
			w.add(", ")
		}
		write(item)
	}
	w.add(")")
}

// position writes a point in the axis order of its CRS.
func position(p orb.Point, latLon bool, between string) string {
	p = turned(p, latLon)
	return decimal(p[0]) + between + decimal(p[1])
}

func (w *writer) box(b spatial.BBox) {
	w.add("BBOX(", position(b.Bound.Min, b.CRS.LatLon, ", "), ", ", position(b.Bound.Max, b.CRS.LatLon, ", "), ")")
}
