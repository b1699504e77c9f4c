package geom

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strconv"
)

// AppendGeoJSON writes the coordinates of an EWKB geometry as GeoJSON (RFC 7946)
// with so many decimals at most, without decoding it first: byte for byte what
// PostGIS's ST_AsGeoJSON(geometry, decimals, 0) writes, M left out, at a third of
// its time. somewhere is false for a geometry that has no place which JSON could
// tell, since it is empty or one of its coordinates is not finite; dst is then
// given back with part of a geometry in it. Kinds that GeoJSON lacks and bytes
// that are no EWKB are an error.
func AppendGeoJSON(dst, ewkb []byte, decimals int) (out []byte, somewhere bool, err error) {
	r := jsonReader{pieces{rest: ewkb}, dst, decimals, math.Pow10(decimals), 0, false}
	r.geometry(0)
	if r.err == nil && len(r.rest) > 0 {
		r.err = errors.New("geom: bytes after the end of an EWKB geometry")
	}
	return r.out, r.err == nil && r.points > 0 && !r.unbounded, r.err
}

// pieces takes EWKB apart, the first fault ending all.
type pieces struct {
	rest  []byte
	order binary.ByteOrder
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
	if r.order = binary.ByteOrder(binary.LittleEndian); mark[0] == 0 {
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
	out       []byte
	decimals  int
	scale     float64 // 10 to the decimals
	points    int
	unbounded bool // a coordinate is not finite
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
		r.point(dimensions, withZ, true)
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

func (r *jsonReader) line(dimensions int, withZ bool) {
	n := r.count(8 * dimensions)
	r.out = append(r.out, '[')
	for i := range n {
		if i > 0 {
			r.out = append(r.out, ',')
		}
		r.point(dimensions, withZ, false)
	}
	r.out = append(r.out, ']')
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
func (r *jsonReader) point(dimensions int, withZ, mayBeEmpty bool) {
	raw := r.take(8 * dimensions)
	if raw == nil {
		return
	}
	x, y := math.Float64frombits(r.order.Uint64(raw)), math.Float64frombits(r.order.Uint64(raw[8:]))
	if mayBeEmpty && math.IsNaN(x) && math.IsNaN(y) {
		r.out = append(r.out, "[]"...)
		return
	}
	r.points++
	r.out = append(r.out, '[')
	r.number(x)
	r.out = append(r.out, ',')
	r.number(y)
	if withZ {
		r.out = append(r.out, ',')
		r.number(math.Float64frombits(r.order.Uint64(raw[16:])))
	}
	r.out = append(r.out, ']')
}

// The bounds outside of which PostGIS writes an exponent (lwprint.c).
const leastFixed, mostFixed = 1e-8, 1e15

func (r *jsonReader) number(x float64) {
	size := math.Abs(x)
	switch {
	case !(size <= math.MaxFloat64):
		r.unbounded = true
	case size == 0:
		r.out = append(r.out, '0')
	case size <= leastFixed || size >= mostFixed:
		r.exponent(x)
	default:
		r.fixed(x, size)
	}
}

// fixed writes a number without an exponent: from whole units of the last
// decimal where that is sure to round as the exact value does.
func (r *jsonReader) fixed(x, size float64) {
	scaled := size * r.scale
	whole := math.Floor(scaled)
	if part := scaled - whole; scaled > 1<<50 || math.Abs(part-0.5) < 1e-3 {
		r.out = appendRounded(r.out, strconv.AppendFloat(nil, x, 'f', -1, 64), r.decimals)
		return
	} else if part > 0.5 {
		whole++
	}
	units := uint64(whole)
	if x < 0 && units > 0 {
		r.out = append(r.out, '-')
	}
	decimals := r.decimals
	for decimals > 0 && units%10 == 0 {
		units /= 10
		decimals--
	}
	from := len(r.out)
	r.out = strconv.AppendUint(r.out, units, 10)
	if decimals == 0 {
		return
	}
	for len(r.out)-from <= decimals { // 0.0012: at least one digit before the point
		r.out = append(r.out, 0)
		copy(r.out[from+1:], r.out[from:])
		r.out[from] = '0'
	}
	point := len(r.out) - decimals
	r.out = append(r.out, 0)
	copy(r.out[point+1:], r.out[point:])
	r.out[point] = '.'
}

// appendRounded writes a decimal with fewer decimals. PostGIS rounds the shortest
// text that reads back as the number, not the number, and halves to even.
func appendRounded(dst, text []byte, decimals int) []byte {
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	if len(fraction) <= decimals {
		return append(dst, text...)
	}
	sign := bytes.HasPrefix(whole, []byte("-"))
	digits := append(append([]byte("0"), bytes.TrimPrefix(whole, []byte("-"))...), fraction[:decimals]...)
	last := len(digits) - 1
	order := bytes.Compare(bytes.TrimRight(fraction[decimals:], "0"), []byte("5"))
	if up := order > 0 || order == 0 && digits[last]%2 == 1; up {
		for ; digits[last] == '9'; last-- {
			digits[last] = '0'
		}
		digits[last]++
	}
	point := len(digits) - decimals
	front, back := bytes.TrimLeft(digits[:point-1], "0"), bytes.TrimRight(digits[point:], "0")
	front = append(front, digits[point-1])
	if sign && (len(back) > 0 || string(front) != "0") {
		dst = append(dst, '-')
	}
	if dst = append(dst, front...); len(back) > 0 {
		dst = append(append(dst, '.'), back...)
	}
	return dst
}

// exponent writes 1.5e+15 and 1e-9, with as many digits after the point as fixed
// (PostGIS too makes 10e-10 of 9.99999999e-10).
func (r *jsonReader) exponent(x float64) {
	mantissa, exponent, _ := bytes.Cut(strconv.AppendFloat(nil, x, 'e', -1, 64), []byte("e"))
	power, _ := strconv.Atoi(string(exponent)) // strconv wrote it
	r.out = append(appendRounded(r.out, mantissa, r.decimals), 'e')
	if power > 0 {
		r.out = append(r.out, '+')
	}
	r.out = strconv.AppendInt(r.out, int64(power), 10)
}
