package geom

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"strconv"
)

// AppendGeoJSON writes the coordinates of an EWKB geometry as GeoJSON (RFC 7946)
// with so many decimals at most, without decoding it first: byte for byte what
// PostGIS's ST_AsGeoJSON(geometry, decimals, 0) writes, M left out, at a quarter of
// its time. somewhere is false for a geometry that has no place which JSON could
// tell, since it is empty or one of its coordinates is not finite; dst is then
// given back with part of a geometry in it. Kinds that GeoJSON lacks and bytes
// that are no EWKB are an error.
func AppendGeoJSON(dst, ewkb []byte, decimals int) (out []byte, somewhere bool, err error) {
	r := jsonReader{pieces: pieces{rest: ewkb}, out: dst, form: decimalForm{decimals: decimals, scale: math.Pow10(decimals)}}
	r.geometry(0)
	if r.err == nil && len(r.rest) > 0 {
		r.err = errors.New("geom: bytes after the end of an EWKB geometry")
	}
	return r.out, r.err == nil && r.points > 0 && !r.form.unbounded, r.err
}

// pieces takes EWKB apart, the first fault ending all.
type pieces struct {
	rest  []byte
	order binary.ByteOrder
	big   bool // order is big-endian, as PostGIS on few machines has it
	err   error
}

func (r *pieces) take(n int) []byte {
	if r.err != nil || n > len(r.rest) {
		r.err = errors.New("geom: an EWKB geometry ends too soon")
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *pieces) uint32() uint32 {
	if b := r.take(4); b != nil {
		return r.order.Uint32(b)
	}
	return 0
}

// count reads how many parts follow, of so many bytes each at least.
func (r *pieces) count(least int) int {
	n := int(r.uint32())
	if n > len(r.rest)/least {
		r.take(len(r.rest) + 1)
		return 0
	}
	return n
}

// header reads the kind of a geometry and how many numbers a point of it has.
func (r *pieces) header() (kind uint32, dimensions int, withZ bool) {
	mark := r.take(1)
	if mark == nil {
		return 0, 2, false
	}
	r.order, r.big = binary.LittleEndian, mark[0] == 0
	if r.big {
		r.order = binary.BigEndian
	}
	kind = r.uint32()
	if kind&flagSRID != 0 {
		r.uint32()
	}
	dimensions = 2
	for _, flag := range []uint32{flagZ, flagM} {
		if kind&flag != 0 {
			dimensions++
		}
	}
	return kind &^ (flagZ | flagM | flagSRID), dimensions, kind&flagZ != 0
}

type jsonReader struct {
	pieces
	out    []byte
	form   decimalForm
	points int
}

// kindNames are the names of the kinds, and how deep their coordinates are nested.
var kindNames = map[uint32]string{
	typePoint: "Point", typeLine: "LineString", typePolygon: "Polygon",
	typeMultiPoint: "MultiPoint", typeMultiLine: "MultiLineString", typeMultiPolygon: "MultiPolygon",
}

func (r *jsonReader) geometry(depth int) {
	kind, dimensions, withZ := r.header()
	if kind == typeCollection && depth < maxDepth {
		r.out = append(r.out, `{"type":"GeometryCollection","geometries":`...)
		r.list(r.count(5), func() { r.geometry(depth + 1) })
		r.out = append(r.out, '}')
		return
	}
	name, known := kindNames[kind]
	if !known || r.err != nil {
		if r.err == nil {
			r.err = errors.New("geom: GeoJSON has no geometry of kind " + strconv.Itoa(int(kind)))
		}
		return
	}
	r.out = append(append(append(r.out, `{"type":"`...), name...), `","coordinates":`...)
	r.coordinates(kind, dimensions, withZ)
	r.out = append(r.out, '}')
}

func (r *jsonReader) coordinates(kind uint32, dimensions int, withZ bool) {
	switch kind {
	case typePoint:
		r.point(dimensions, withZ)
	case typeLine:
		r.line(dimensions, withZ)
	case typePolygon:
		r.list(r.count(4), func() { r.line(dimensions, withZ) })
	default:
		r.list(r.count(5), func() {
			part, dimensions, withZ := r.header()
			if part+typeMultiPoint-typePoint != kind {
				r.err = errors.New("geom: a part of another kind than its geometry's")
				return
			}
			r.coordinates(part, dimensions, withZ)
		})
	}
}

// line writes positions one after the other from the bytes they lie in: they are
// nearly all of a page of polygons.
func (r *jsonReader) line(dimensions int, withZ bool) {
	size := 8 * dimensions
	n := r.count(size)
	raw := r.take(n * size)
	out := append(r.out, '[')
	for i := 0; len(raw) >= size; i++ {
		if i > 0 {
			out = append(out, ',')
		}
		out = r.position(out, raw[:size], withZ)
		raw = raw[size:]
	}
	r.out = append(out, ']')
	r.points += n
}

func (r *jsonReader) list(n int, part func()) {
	r.out = append(r.out, '[')
	for i := 0; i < n && r.err == nil; i++ {
		if i > 0 {
			r.out = append(r.out, ',')
		}
		part()
	}
	r.out = append(r.out, ']')
}

// point writes one position. WKB has no empty point; PostGIS writes one as NaN.
func (r *jsonReader) point(dimensions int, withZ bool) {
	raw := r.take(8 * dimensions)
	if raw == nil {
		return
	}
	if math.IsNaN(r.float(raw)) && math.IsNaN(r.float(raw[8:])) {
		r.out = append(r.out, "[]"...)
		return
	}
	r.points++
	r.out = r.position(r.out, raw, withZ)
}

func (r *jsonReader) position(out, raw []byte, withZ bool) []byte {
	out = r.form.append(append(out, '['), r.float(raw))
	out = r.form.append(append(out, ','), r.float(raw[8:]))
	if withZ {
		out = r.form.append(append(out, ','), r.float(raw[16:]))
	}
	return append(out, ']')
}

// float reads a number of a point.
func (r *pieces) float(raw []byte) float64 {
	value := binary.LittleEndian.Uint64(raw)
	if r.big {
		value = bits.ReverseBytes64(value)
	}
	return math.Float64frombits(value)
}
