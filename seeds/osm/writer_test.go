package osm

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// writer makes small PBF files for tests.
type writer struct {
	t           testing.TB
	out         bytes.Buffer
	compression string // raw, zlib, zstd, lz4
	dense       bool
	granularity int64 // nanodegrees
	lat, lon    int64 // offsets in nanodegrees
}

type testNode struct {
	id       int64
	lon, lat float64
	tags     [][2]string
}

// at is a node without tags.
func at(id int64, lon, lat float64) testNode { return testNode{id: id, lon: lon, lat: lat} }

type testWay struct {
	id   int64
	refs []int64
	tags [][2]string
}

type testRelation struct {
	id      int64
	members []member
	tags    [][2]string
}

func putKey(b []byte, field, kind int) []byte {
	return binary.AppendUvarint(b, uint64(field)<<3|uint64(kind))
}

func putNumber(b []byte, field int, v uint64) []byte {
	return binary.AppendUvarint(putKey(b, field, wireVarint), v)
}

func putBytes(b []byte, field int, v []byte) []byte {
	b = binary.AppendUvarint(putKey(b, field, wireBytes), uint64(len(v)))
	return append(b, v...)
}

func putSigned(b []byte, v int64) []byte { return binary.AppendUvarint(b, uint64(v<<1^v>>63)) }

// blob appends one frame.
func (w *writer) blob(kind string, content []byte) {
	var blob []byte
	var packed bytes.Buffer
	switch w.compression {
	case "zlib":
		z := zlib.NewWriter(&packed)
		z.Write(content)
		z.Close()
		blob = putBytes(putNumber(nil, 2, uint64(len(content))), 3, packed.Bytes())
	case "zstd":
		z, err := zstd.NewWriter(nil)
		if err != nil {
			w.t.Fatal(err)
		}
		blob = putBytes(putNumber(nil, 2, uint64(len(content))), 7, z.EncodeAll(content, nil))
		z.Close()
	case "lz4":
		var z lz4.Compressor
		b := make([]byte, lz4.CompressBlockBound(len(content)))
		n, err := z.CompressBlock(content, b)
		if err != nil {
			w.t.Fatal(err)
		}
		blob = putBytes(putNumber(nil, 2, uint64(len(content))), 6, b[:n])
	default:
		blob = putBytes(nil, 1, content)
	}
	header := putNumber(putBytes(nil, 1, []byte(kind)), 3, uint64(len(blob)))
	w.out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(header))))
	w.out.Write(header)
	w.out.Write(blob)
}

func (w *writer) header(required ...string) {
	var b []byte
	for _, f := range required {
		b = putBytes(b, 4, []byte(f))
	}
	b = putBytes(b, 5, []byte("Sort.Type_then_ID"))
	b = putNumber(b, 32, 1_609_459_200) // 2021-01-01
	w.blob("OSMHeader", b)
}

// table is a string table under construction.
type table struct{ strings []string }

func (t *table) index(s string) uint64 {
	for i, have := range t.strings {
		if have == s {
			return uint64(i)
		}
	}
	t.strings = append(t.strings, s)
	return uint64(len(t.strings) - 1)
}

func (w *writer) block(t *table, group []byte) {
	var names []byte
	for _, s := range t.strings {
		names = putBytes(names, 1, []byte(s))
	}
	b := putBytes(putBytes(nil, 1, names), 2, group)
	if w.granularity != 0 {
		b = putNumber(b, 17, uint64(w.granularity))
	}
	b = putNumber(putNumber(b, 19, uint64(w.lat)), 20, uint64(w.lon))
	w.blob("OSMData", b)
}

func (w *writer) units(deg float64, offset int64) int64 {
	g := w.granularity
	if g == 0 {
		g = 100
	}
	nano := int64(deg*1e9+map[bool]float64{true: 0.5, false: -0.5}[deg >= 0]) - offset
	return nano / g
}

// pair appends the indexes of keys and values.
func (t *table) pair(keys, values []byte, tags [][2]string) ([]byte, []byte) {
	for _, tag := range tags {
		keys = binary.AppendUvarint(keys, t.index(tag[0]))
		values = binary.AppendUvarint(values, t.index(tag[1]))
	}
	return keys, values
}

func (w *writer) nodes(nodes ...testNode) {
	t := &table{strings: []string{""}}
	var group, ids, lats, lons, tags []byte
	var last [3]int64
	for _, n := range nodes {
		now := [3]int64{n.id, w.units(n.lat, w.lat), w.units(n.lon, w.lon)}
		if !w.dense {
			b := putSigned(putKey(nil, 1, wireVarint), now[0])
			keys, values := t.pair(nil, nil, n.tags)
			b = putBytes(putBytes(b, 2, keys), 3, values)
			b = putSigned(putKey(b, 8, wireVarint), now[1])
			b = putSigned(putKey(b, 9, wireVarint), now[2])
			group = putBytes(group, 1, b)
			continue
		}
		ids, lats, lons = putSigned(ids, now[0]-last[0]), putSigned(lats, now[1]-last[1]), putSigned(lons, now[2]-last[2])
		last = now
		for _, tag := range n.tags {
			tags = binary.AppendUvarint(binary.AppendUvarint(tags, t.index(tag[0])), t.index(tag[1]))
		}
		tags = append(tags, 0)
	}
	if w.dense {
		dense := putBytes(putBytes(putBytes(nil, 1, ids), 8, lats), 9, lons)
		if len(t.strings) > 1 {
			dense = putBytes(dense, 10, tags)
		}
		group = putBytes(group, 2, dense)
	}
	w.block(t, group)
}

func (w *writer) ways(ways ...testWay) {
	t := &table{strings: []string{""}}
	var group []byte
	for _, way := range ways {
		var refs []byte
		keys, values := t.pair(nil, nil, way.tags)
		last := int64(0)
		for _, r := range way.refs {
			refs = putSigned(refs, r-last)
			last = r
		}
		b := putNumber(nil, 1, uint64(way.id))
		group = putBytes(group, 3, putBytes(putBytes(putBytes(b, 2, keys), 3, values), 8, refs))
	}
	w.block(t, group)
}

func (w *writer) relations(relations ...testRelation) {
	t := &table{strings: []string{""}}
	var group []byte
	for _, r := range relations {
		var roles, refs, kinds []byte
		keys, values := t.pair(nil, nil, r.tags)
		last := int64(0)
		for _, m := range r.members {
			roles = binary.AppendUvarint(roles, t.index(m.role))
			refs = putSigned(refs, m.ref-last)
			kinds = binary.AppendUvarint(kinds, uint64(m.kind))
			last = m.ref
		}
		b := putBytes(putBytes(putNumber(nil, 1, uint64(r.id)), 2, keys), 3, values)
		group = putBytes(group, 4, putBytes(putBytes(putBytes(b, 8, roles), 9, refs), 10, kinds))
	}
	w.block(t, group)
}

// noTurn is a restriction over one via node.
func noTurn(id, from, via, to int64, tags ...[2]string) testRelation {
	return testRelation{id, []member{{kindWay, from, "from"}, {kindNode, via, "via"}, {kindWay, to, "to"}},
		append([][2]string{{"type", "restriction"}}, tags...)}
}
