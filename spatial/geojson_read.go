package spatial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// MaxVertices bounds the positions of one geometry that is written.
const MaxVertices = 100_000

// ReadGeometry reads a GeoJSON geometry (RFC 7946, 3.1) for a collection whose
// geometries are of type want; null gives nil, and a Polygon or LineString is
// taken where its Multi form is wanted. Positions have exactly two numbers in
// the order of crs's axes: a height is refused, since nothing here could keep
// it. at is the geometry's JSON pointer. The orb geometry is in crs, longitude
// or easting first; rings are closed and of at least four positions, but may
// still cross themselves. More than MaxVertices positions are TooLarge, all
// other faults Invalid.
func ReadGeometry(raw json.RawMessage, want GeometryType, crs CRS, at string) (orb.Geometry, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if want == NoGeometry {
		return nil, BadField(at, "has to be null: features of this collection have no geometry", nil)
	}
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
		CRS         json.RawMessage `json:"crs"`
	}
	if raw[0] != '{' || json.Unmarshal(raw, &g) != nil {
		return nil, BadField(at, "has to be a GeoJSON geometry or null", nil)
	}
	if g.CRS != nil {
		return nil, BadField(at+"/crs", "is of GeoJSON before RFC 7946; the header Content-Crs names the coordinate reference system", nil)
	}
	if allowed := readableTypes(want); !slices.Contains(allowed, g.Type) {
		return nil, BadField(at+"/type", fmt.Sprintf("is %q", g.Type), allowed)
	}
	r := geometryReader{crs: crs, at: at + "/coordinates"}
	return r.read(g.Type, want, g.Coordinates)
}

// readableTypes are the types of GeoJSON that a collection's geometry is read from.
func readableTypes(want GeometryType) []string {
	if want == MultiPolygon {
		return []string{"MultiPolygon", "Polygon"}
	}
	return []string{string(want)}
}

type geometryReader struct {
	crs   CRS
	at    string
	count int
}

func (r *geometryReader) read(given string, want GeometryType, raw json.RawMessage) (orb.Geometry, error) {
	// encoding/json reads null as 0, which would put a place at the equator.
	if len(raw) == 0 || bytes.Contains(raw, []byte("null")) {
		return nil, BadField(r.at, "is missing, or has a null in it", nil)
	}
	switch want {
	case Point:
		var p []float64
		if json.Unmarshal(raw, &p) != nil {
			return nil, r.shape("one position")
		}
		return r.position(p, "", -1)
	case LineString:
		var line [][]float64
		if json.Unmarshal(raw, &line) != nil {
			return nil, r.shape("a list of positions")
		}
		points, err := r.positions(line, "")
		if err == nil && len(points) < 2 {
			err = BadField(r.at, "has fewer than two positions", nil)
		}
		return orb.LineString(points), err
	}
	var polygons [][][][]float64
	var err error
	if given == "Polygon" {
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(raw, &polygons[0])
	} else {
		err = json.Unmarshal(raw, &polygons)
	}
	if err != nil || len(polygons) == 0 {
		return nil, r.shape("polygons of rings of positions")
	}
	return r.polygons(polygons, given == "Polygon")
}

func (r *geometryReader) shape(what string) error {
	return BadField(r.at, "has to be "+what+", each position "+r.axes(), nil)
}

// axes names the two numbers of a position.
func (r *geometryReader) axes() string {
	switch {
	case r.geographic() && r.crs.LatLon:
		return "[latitude, longitude] in degrees"
	case r.geographic():
		return "[longitude, latitude] in degrees"
	case r.crs.LatLon:
		return "[northing, easting] in metres"
	}
	return "[easting, northing] in metres"
}

func (r *geometryReader) geographic() bool { return r.crs.SRID == 4326 || r.crs.SRID == 4490 }

func (r *geometryReader) polygons(raw [][][][]float64, alone bool) (orb.Geometry, error) {
	all := make(orb.MultiPolygon, len(raw))
	for i, rings := range raw {
		at := fmt.Sprintf("/%d", i)
		if alone {
			at = ""
		}
		if len(rings) == 0 {
			return nil, BadField(r.at+at, "has no rings", nil)
		}
		for k, ring := range rings {
			at := fmt.Sprintf("%s/%d", at, k)
			points, err := r.positions(ring, at)
			if err != nil {
				return nil, err
			}
			if len(points) < 4 || points[0] != points[len(points)-1] {
				return nil, BadField(r.at+at, "is no ring: it has at least four positions, of which the last is the first again", nil)
			}
			all[i] = append(all[i], orb.Ring(points))
		}
	}
	return all, nil
}

func (r *geometryReader) positions(raw [][]float64, at string) ([]orb.Point, error) {
	points := make([]orb.Point, len(raw))
	for i, p := range raw {
		point, err := r.position(p, at, i)
		if err != nil {
			return nil, err
		}
		points[i] = point
	}
	return points, nil
}

// farthest is more than any coordinate in metres of the systems offered.
const farthest = 1e8

// position reads the i-th position at a pointer, or the one that is there.
func (r *geometryReader) position(p []float64, at string, i int) (orb.Point, error) {
	if r.count++; r.count > MaxVertices {
		return orb.Point{}, &Error{Kind: TooLarge, Detail: fmt.Sprintf("The geometry has more than %d positions.", MaxVertices),
			Faults: []Fault{{Pointer: r.at, Detail: "has too many positions", Allowed: fmt.Sprintf("at most %d", MaxVertices)}}}
	}
	if len(p) != 2 {
		return orb.Point{}, BadField(r.where(at, i), fmt.Sprintf("has %d numbers; a position is %s, without a height", len(p), r.axes()), nil)
	}
	point := orb.Point{p[0], p[1]}
	if r.crs.LatLon {
		point = orb.Point{p[1], p[0]}
	}
	x, y := 180.0, 90.0
	if !r.geographic() {
		x, y = farthest, farthest
	}
	if math.Abs(point[0]) > x || math.Abs(point[1]) > y {
		return orb.Point{}, BadField(r.where(at, i), fmt.Sprintf("is %v, outside of the earth; a position is %s", p, r.axes()), nil)
	}
	return point, nil
}

func (r *geometryReader) where(at string, i int) string {
	if i < 0 {
		return r.at + at
	}
	return fmt.Sprintf("%s%s/%d", r.at, at, i)
}
