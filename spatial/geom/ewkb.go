package geom

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// EWKB as PostGIS writes it (its doc/ZMSgeoms.txt): WKB type numbers with
// flags for Z, M and an SRID after the type. Written here and not taken from
// go-geom, whose encoding packages bring database/sql along and trust the
// counts that they read; the tests hold the two against each other.
const (
	flagZ, flagM, flagSRID = 0x80000000, 0x40000000, 0x20000000

	typePoint, typeLine, typePolygon, typeMultiPoint, typeMultiLine, typeMultiPolygon, typeCollection = 1, 2, 3, 4, 5, 6, 7

	// maxDepth bounds collections within collections.
	maxDepth = 16
)

// EncodeEWKB writes an orb geometry as little-endian EWKB with the SRID. nil
// gives nil, which stores NULL; a ring becomes a polygon and a bound its
// rectangle.
func EncodeEWKB(g orb.Geometry, srid int) ([]byte, error) {
	if g == nil {
		return nil, nil
	}
	w := writer{srid: uint32(srid)}
	w.geometry(g, srid != 0)
	return w.buf, w.err
}

type writer struct {
	buf  []byte
	srid uint32
	err  error
}

func (w *writer) count(n int) { w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(n)) }

func (w *writer) point(p orb.Point) {
	w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(p[0]))
	w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(p[1]))
}

func (w *writer) points(points []orb.Point) {
	w.count(len(points))
	for _, p := range points {
		w.point(p)
	}
}

// header writes byte order and type, and the SRID of the outermost geometry.
func (w *writer) header(kind uint32, withSRID bool) {
	w.buf = append(w.buf, 1)
	if !withSRID {
		w.buf = binary.LittleEndian.AppendUint32(w.buf, kind)
		return
	}
	w.buf = binary.LittleEndian.AppendUint32(w.buf, kind|flagSRID)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, w.srid)
}

func (w *writer) geometry(g orb.Geometry, withSRID bool) {
	switch g := g.(type) {
	case orb.Point:
		w.header(typePoint, withSRID)
		w.point(g)
	case orb.LineString:
		w.header(typeLine, withSRID)
		w.points(g)
	case orb.Ring:
		w.geometry(orb.Polygon{g}, withSRID)
	case orb.Bound:
		w.geometry(g.ToPolygon(), withSRID)
	case orb.Polygon:
		w.header(typePolygon, withSRID)
		w.count(len(g))
		for _, ring := range g {
			w.points(ring)
		}
	case orb.MultiPoint:
		members(w, typeMultiPoint, g, withSRID)
	case orb.MultiLineString:
		members(w, typeMultiLine, g, withSRID)
	case orb.MultiPolygon:
		members(w, typeMultiPolygon, g, withSRID)
	case orb.Collection:
		members(w, typeCollection, g, withSRID)
	default:
		w.err = fmt.Errorf("%T has no EWKB form", g)
	}
}

func members[T orb.Geometry](w *writer, kind uint32, all []T, withSRID bool) {
	w.header(kind, withSRID)
	w.count(len(all))
	for _, m := range all {
		w.geometry(m, false)
	}
}

// DecodeEWKB reads EWKB of either byte order. Z and M are dropped. nil bytes
// and an empty point give nil. Truncated input, trailing bytes and counts
// larger than the input could hold are errors; nothing is allocated for them.
func DecodeEWKB(b []byte) (g orb.Geometry, srid int, err error) {
	if b == nil {
		return nil, 0, nil
	}
	r := reader{rest: b}
	g, err = r.geometry(0)
	if err == nil && len(r.rest) > 0 {
		err = fmt.Errorf("EWKB has %d bytes too many", len(r.rest))
	}
	if err != nil {
		return nil, 0, err
	}
	return g, int(r.srid), nil
}

var errShort = errors.New("EWKB ends too early")

type reader struct {
	rest  []byte
	order binary.ByteOrder
	srid  uint32
	extra int // coordinates beyond x and y
}

func (r *reader) uint32() (uint32, error) {
	if len(r.rest) < 4 {
		return 0, errShort
	}
	v := r.order.Uint32(r.rest)
	r.rest = r.rest[4:]
	return v, nil
}

// count reads a number of things of which each takes at least size bytes.
func (r *reader) count(size int) (int, error) {
	n, err := r.uint32()
	if err != nil {
		return 0, err
	}
	if int64(n)*int64(size) > int64(len(r.rest)) {
		return 0, errShort
	}
	return int(n), nil
}

func (r *reader) point() (orb.Point, error) {
	size := 8 * (2 + r.extra)
	if len(r.rest) < size {
		return orb.Point{}, errShort
	}
	p := orb.Point{math.Float64frombits(r.order.Uint64(r.rest)), math.Float64frombits(r.order.Uint64(r.rest[8:]))}
	r.rest = r.rest[size:]
	return p, nil
}

func (r *reader) points() ([]orb.Point, error) {
	n, err := r.count(8 * (2 + r.extra))
	if err != nil {
		return nil, err
	}
	all := make([]orb.Point, n)
	for i := range all {
		if all[i], err = r.point(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// header reads byte order, type and SRID, and gives the bare type.
func (r *reader) header() (uint32, error) {
	if len(r.rest) < 1 {
		return 0, errShort
	}
	switch r.rest[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, fmt.Errorf("EWKB has byte order %d", r.rest[0])
	}
	r.rest = r.rest[1:]
	kind, err := r.uint32()
	if err != nil {
		return 0, err
	}
	r.extra = int(kind>>31) + int(kind>>30&1)
	if kind&flagSRID != 0 {
		if r.srid, err = r.uint32(); err != nil {
			return 0, err
		}
	}
	return kind &^ (flagZ | flagM | flagSRID), nil
}

func (r *reader) geometry(depth int) (orb.Geometry, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("EWKB nests more than %d levels", maxDepth)
	}
	kind, err := r.header()
	if err != nil {
		return nil, err
	}
	switch kind {
	case typePoint:
		p, err := r.point()
		if err != nil || (math.IsNaN(p[0]) && math.IsNaN(p[1])) {
			return nil, err
		}
		return p, nil
	case typeLine:
		all, err := r.points()
		return orb.LineString(all), err
	case typePolygon:
		return r.polygon()
	case typeMultiPoint:
		all, err := readMembers[orb.Point](r, depth)
		return orb.MultiPoint(all), err
	case typeMultiLine:
		all, err := readMembers[orb.LineString](r, depth)
		return orb.MultiLineString(all), err
	case typeMultiPolygon:
		all, err := readMembers[orb.Polygon](r, depth)
		return orb.MultiPolygon(all), err
	case typeCollection:
		all, err := readMembers[orb.Geometry](r, depth)
		return orb.Collection(all), err
	}
	return nil, fmt.Errorf("EWKB has geometry type %d", kind)
}

func (r *reader) polygon() (orb.Geometry, error) {
	n, err := r.count(4)
	if err != nil {
		return nil, err
	}
	rings := make(orb.Polygon, n)
	for i := range rings {
		points, err := r.points()
		if err != nil {
			return nil, err
		}
		rings[i] = points
	}
	return rings, nil
}

// readMembers reads the members of a multi-geometry or collection; empty
// points among them are left out, since orb has none.
func readMembers[T orb.Geometry](r *reader, depth int) ([]T, error) {
	n, err := r.count(9) // byte order, type and at least one count
	if err != nil {
		return nil, err
	}
	order := r.order
	all := make([]T, 0, n)
	for range n {
		g, err := r.geometry(depth + 1)
		if err != nil {
			return nil, err
		}
		r.order = order // members may have their own
		if g == nil {
			continue
		}
		member, ok := g.(T)
		if !ok {
			return nil, fmt.Errorf("EWKB has a %s where it cannot stand", g.GeoJSONType())
		}
		all = append(all, member)
	}
	return all, nil
}
