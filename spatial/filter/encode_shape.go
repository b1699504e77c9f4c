package filter

import "github.com/paulmach/orb"

// encodeShape is a GeoJSON geometry.
func encodeShape(g orb.Geometry, latLon bool) any {
	if c, ok := g.(orb.Collection); ok {
		members := make([]any, len(c))
		for i, member := range c {
			members[i] = encodeShape(member, latLon)
		}
		return map[string]any{"type": "GeometryCollection", "geometries": members}
	}
	if latLon {
		g = exchanged(g)
	}
	return map[string]any{"type": g.GeoJSONType(), "coordinates": g}
}

// exchanged gives a geometry with its axes in the other order.
func exchanged(g orb.Geometry) orb.Geometry {
	g = orb.Clone(g)
	switch g := g.(type) {
	case orb.Point:
		return turned(g, true)
	case orb.MultiPoint:
		turnAll(g)
	case orb.LineString:
		turnAll(g)
	case orb.MultiLineString:
		for _, l := range g {
			turnAll(l)
		}
	case orb.Polygon:
		for _, r := range g {
			turnAll(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				turnAll(r)
			}
		}
	}
	return g
}

func turnAll[P ~[]orb.Point](points P) {
	for i, p := range points {
		points[i] = turned(p, true)
	}
}

func turned(p orb.Point, latLon bool) orb.Point {
	if latLon {
		return orb.Point{p[1], p[0]}
	}
	return p
}
