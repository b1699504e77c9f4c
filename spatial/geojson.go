package spatial

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// coordinateDecimals is 7: about a centimetre of longitude at the equator,
// which is what the contract promises for road vertices.
const coordinateDecimals = 7

// MarshalGeometry writes a GeoJSON geometry in CRS84 with at most 7 decimals,
// or null for nil. orb's own geojson package is left aside since it brings a
// database driver's BSON with it. Coordinates that are not finite are an
// error: JSON cannot hold them.
func MarshalGeometry(g orb.Geometry) (json.RawMessage, error) {
	if g == nil {
		return json.RawMessage("null"), nil
	}
	w := geometryWriter{buf: make([]byte, 0, 64)}
	w.geometry(g)
	if w.err != nil {
		return nil, w.err
	}
	return w.buf, nil
}

type geometryWriter struct {
	buf []byte
	err error
}

func (w *geometryWriter) geometry(g orb.Geometry) {
	w.buf = append(w.buf, `{"type":"`...)
	w.buf = append(w.buf, g.GeoJSONType()...)
	w.buf = append(w.buf, `","coordinates":`...)
	switch g := g.(type) {
	case orb.Point:
		w.point(g)
	case orb.MultiPoint:
		w.points(g)
	case orb.LineString:
		w.points(g)
	case orb.Ring:
		w.rings(orb.Polygon{g})
	case orb.MultiLineString:
		list(w, g, func(l orb.LineString) { w.points(l) })
	case orb.Polygon:
		w.rings(g)
	case orb.MultiPolygon:
		list(w, g, w.rings)
	default:
		w.err = fmt.Errorf("a %s has no GeoJSON form here", g.GeoJSONType())
	}
	w.buf = append(w.buf, '}')
}

func (w *geometryWriter) rings(p orb.Polygon) {
	list(w, p, func(r orb.Ring) { w.points(r) })
}

func (w *geometryWriter) points(points []orb.Point) { list(w, points, w.point) }

func (w *geometryWriter) point(p orb.Point) {
	w.buf = append(w.buf, '[')
	w.number(p[0])
	w.buf = append(w.buf, ',')
	w.number(p[1])
	w.buf = append(w.buf, ']')
}

func (w *geometryWriter) number(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		w.err = fmt.Errorf("coordinate %v is not finite", v)
		return
	}
	scale := math.Pow10(coordinateDecimals)
	rounded := math.Round(v*scale)/scale + 0 // + 0 turns -0 into 0
	w.buf = strconv.AppendFloat(w.buf, rounded, 'f', -1, 64)
}

func list[T any](w *geometryWriter, items []T, one func(T)) {
	w.buf = append(w.buf, '[')
	for i, item := range items {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		one(item)
	}
	w.buf = append(w.buf, ']')
}
