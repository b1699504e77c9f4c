package postgis

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/geom"
)

// columnValue brings a Go value to what COPY takes for the property's column,
// or says what is wrong with it.
func columnValue(p spatial.Property, v any) (out any, problem string) {
	switch p.Type {
	case spatial.String:
		if text, ok := v.(string); ok {
			if !storable(text) {
				return nil, "has a character that cannot be stored (U+0000, or not UTF-8)"
			}
			return text, ""
		}
	case spatial.Integer:
		switch n := v.(type) {
		case int64:
			return n, ""
		case int:
			return int64(n), ""
		}
	case spatial.Number:
		return numberValue(v)
	case spatial.Boolean:
		if b, ok := v.(bool); ok {
			return b, ""
		}
	case spatial.Date, spatial.Timestamp:
		if t, ok := v.(time.Time); ok {
			if t = t.UTC(); t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
				return nil, "is not in the years 1 to 9999; an unknown date is nil"
			}
			return t, ""
		}
	case spatial.StringList:
		if list, ok := v.([]string); ok {
			if slices.ContainsFunc(list, func(s string) bool { return !storable(s) }) {
				return nil, "has a character that cannot be stored (U+0000, or not UTF-8)"
			}
			return list, ""
		}
	case spatial.JSON:
		b, err := json.Marshal(v)
		if err != nil {
			return nil, "cannot be written as JSON"
		}
		return json.RawMessage(b), ""
	}
	return nil, fmt.Sprintf("is of type %T; it has to be a %s", v, p.Type)
}

func numberValue(v any) (out any, problem string) {
	var n float64
	switch v := v.(type) {
	case float64:
		n = v
	case int64:
		n = float64(v)
	case int:
		n = float64(v)
	default:
		return nil, fmt.Sprintf("is of type %T; it has to be a number", v)
	}
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return nil, "is not a finite number"
	}
	return n, ""
}

// geometry checks type and coordinates, and gives EWKB or nil.
func (m *rowMaker) geometry(id string, g orb.Geometry) any {
	if g == nil {
		return nil
	}
	if p, ok := g.(orb.Polygon); ok && m.collection.Geometry == spatial.MultiPolygon {
		g = orb.MultiPolygon{p}
	}
	if g.GeoJSONType() != string(m.collection.Geometry) {
		m.fault(id, "geometry", "is a %s; %s has %ss", g.GeoJSONType(), m.collection.ID, m.collection.Geometry)
		return nil
	}
	if !onEarth(g) {
		m.fault(id, "geometry", "has coordinates outside of longitude -180 to 180 and latitude -90 to 90, or none, or not finite ones")
		return nil
	}
	ewkb, err := geom.EncodeEWKB(g, spatial.CRS84.SRID)
	if err != nil {
		m.fault(id, "geometry", "cannot be stored")
		return nil
	}
	return ewkb
}

// onEarth: a bound loses coordinates that are not numbers, so each is looked at.
func onEarth(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Point:
		return math.Abs(g[0]) <= 180 && math.Abs(g[1]) <= 90
	case orb.LineString:
		return len(g) >= 2 && !slices.ContainsFunc(g, func(p orb.Point) bool { return !onEarth(p) })
	case orb.MultiPolygon:
		for _, polygon := range g {
			for _, ring := range polygon {
				if len(ring) < 4 || !ring.Closed() || !onEarth(orb.LineString(ring)) {
					return false
				}
			}
		}
		return len(g) > 0
	}
	return false
}
