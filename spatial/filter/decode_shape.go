package filter

import (
	"encoding/json"

	"github.com/paulmach/orb"
)

// shape reads a GeoJSON geometry (RFC 7946, clause 3.1), its axes in the order
// of filter-crs. Heights are left aside; a bbox member is let pass unread, as
// the schema of CQL2 JSON has it.
func (d *decoder) shape(o map[string]any, at place) (orb.Geometry, error) {
	kind, _ := o["type"].(string)
	if kind == "GeometryCollection" {
		if err := only(o, at, "type", "geometries", "bbox"); err != nil {
			return nil, err
		}
		members, err := listOf(o["geometries"], at.inside("geometries"), d.member)
		return orb.Collection(members), err
	}
	if err := only(o, at, "type", "coordinates", "bbox"); err != nil {
		return nil, err
	}
	value, at := o["coordinates"], at.inside("coordinates")
	switch kind {
	case "Point":
		return d.point(value, at)
	case "LineString":
		return d.line(value, at)
	case "Polygon":
		return d.polygon(value, at)
	case "MultiPoint":
		points, err := listOf(value, at, d.point)
		return orb.MultiPoint(points), err
	case "MultiLineString":
		lines, err := listOf(value, at, d.line)
		return orb.MultiLineString(lines), err
	case "MultiPolygon":
		polygons, err := listOf(value, at, d.polygon)
		return orb.MultiPolygon(polygons), err
	}
	types := []string{"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}
	return nil, at.faultWith(types, "%q is no type of geometry", clipped(kind))
}

// listOf reads a list of at least one item.
func listOf[T any](value any, at place, item func(any, place) (T, error)) ([]T, error) {
	values, ok := value.([]any)
	if !ok || len(values) == 0 {
		return nil, at.fault("a list was expected, with something in it")
	}
	all := make([]T, len(values))
	for i, v := range values {
		var err error
		if all[i], err = item(v, at.inside(i)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (d *decoder) member(value any, at place) (orb.Geometry, error) {
	o, ok := value.(map[string]any)
	if !ok {
		return nil, at.fault("a geometry was expected")
	}
	if d.depth++; d.depth > maxNesting {
		return nil, at.fault("geometries stand more than %d deep", maxNesting)
	}
	defer func() { d.depth-- }()
	return d.shape(o, at)
}

func (d *decoder) point(value any, at place) (orb.Point, error) {
	if d.vertices++; d.vertices > MaxVertices {
		return orb.Point{}, at.fault("geometries have more than %d points", MaxVertices)
	}
	numbers, err := listOf(value, at, func(v any, at place) (float64, error) {
		n, ok := v.(json.Number)
		if !ok {
			return 0, at.fault("a number was expected")
		}
		f, err := n.Float64()
		if err != nil {
			return 0, at.fault("the number is too large")
		}
		return f, nil
	})
	if err != nil {
		return orb.Point{}, err
	}
	if len(numbers) != 2 && len(numbers) != 3 {
		return orb.Point{}, at.fault("a position has 2 or 3 numbers, not %d", len(numbers))
	}
	return orb.Point{numbers[0], numbers[1]}, nil
}

func (d *decoder) line(value any, at place) (orb.LineString, error) {
	points, err := listOf(value, at, d.point)
	return orb.LineString(points), err
}

func (d *decoder) polygon(value any, at place) (orb.Polygon, error) {
	rings, err := listOf(value, at, func(v any, at place) (orb.Ring, error) {
		points, err := listOf(v, at, d.point)
		return orb.Ring(points), err
	})
	return orb.Polygon(rings), err
}
