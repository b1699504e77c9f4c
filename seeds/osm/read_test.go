package osm

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func read(t testing.TB, w *writer, opts Options) (*Data, error) {
	t.Helper()
	return Read(context.Background(), bytes.NewReader(w.out.Bytes()), int64(w.out.Len()), opts, nil)
}

func mustRead(t testing.TB, w *writer, opts Options) *Data {
	t.Helper()
	d, err := read(t, w, opts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Every form in which the same small map can be written reads alike: the
// generated twin of the extracts, of the file with plain nodes among them.
func TestEveryFormOfTheSameMapReadsAlike(t *testing.T) {
	var first string
	for _, compression := range []string{"raw", "zlib", "zstd", "lz4"} {
		for _, dense := range []bool{true, false} {
			for _, grid := range [][3]int64{{0, 0, 0}, {1, 0, 0}, {1000, 2_000_000_000, -3_000_000_000}} {
				w := &writer{t: t, compression: compression, dense: dense, granularity: grid[0], lat: grid[1], lon: grid[2]}
				w.header("OsmSchema-V0.6", "DenseNodes")
				w.nodes(at(1, 104.066541, 30.572269), at(2, -179.999999, -16.5), at(9, 0, 0))
				w.nodes(at(12, 179.999999, -16.500001))
				w.ways(testWay{5, []int64{1, 2, 12}, [][2]string{{"highway", "primary"}, {"maxspeed", "60"}}},
					testWay{6, []int64{9, 1}, [][2]string{{"building", "yes"}}},
					testWay{7, []int64{12, 404}, [][2]string{{"highway", "trunk"}, {"oneway", "yes"}}})
				w.relations(noTurn(3, 5, 12, 7, [2]string{"restriction", "no_left_turn"}))
				d := mustRead(t, w, Options{})
				r := d.Report
				if r.Nodes != 4 || r.Ways != 3 || r.Relations != 1 || r.Roads != 2 || r.RoadNodes != 4 || r.Order != "sorted" {
					t.Errorf("%s dense=%v %v: counts %+v", compression, dense, grid, r)
				}
				if r.Header.Replication == nil || r.Header.Replication.Year() != 2021 || len(d.SHA256) != 64 {
					t.Errorf("header %+v, hash %q", r.Header, d.SHA256)
				}
				text := ""
				for _, id := range []int64{1, 2, 12, 9, 404} {
					p, ok := d.Coordinate(id)
					text += formatPoint(p, ok)
				}
				if first == "" {
					first = text
				}
				if text != first {
					t.Errorf("%s dense=%v %v: %s, want %s", compression, dense, grid, text, first)
				}
				if n := r.Dropped["node: passed by a road, but not in the file or not on the globe"]; n != 1 {
					t.Errorf("missing node counted %d times: %v", n, r.Dropped)
				}
			}
		}
	}
	if !strings.Contains(first, "104.066541,30.572269") || !strings.Contains(first, "-179.999999,-16.5") {
		t.Errorf("coordinates %s", first)
	}
}

func formatPoint(p orb.Point, ok bool) string {
	if !ok {
		return "none;"
	}
	return fmt.Sprintf("%v,%v;", p[0], p[1])
}

func TestUnsortedInputReadsTheSameAndIsReported(t *testing.T) {
	w := &writer{t: t, compression: "zlib", dense: true}
	w.header("OsmSchema-V0.6", "DenseNodes")
	road := testWay{5, []int64{1, 2}, [][2]string{{"highway", "primary"}}}
	w.ways(road)
	w.nodes(at(2, 1, 1), at(1, 0, 0), at(2, 3, 3))
	w.ways(road)
	d := mustRead(t, w, Options{})
	if d.Report.Order == "sorted" || d.Report.Roads != 1 || d.Report.Dropped["way: appears twice"] != 1 || d.Report.Dropped["node: appears twice"] != 1 {
		t.Errorf("report %+v", d.Report)
	}
	if p, ok := d.Coordinate(2); !ok || p != (orb.Point{1, 1}) {
		t.Errorf("node 2 at %v, want its first place", p)
	}
}

func TestDamagedInputIsAnErrorThatSaysWhere(t *testing.T) {
	good := &writer{t: t, compression: "zlib", dense: true}
	good.header("OsmSchema-V0.6", "DenseNodes")
	start := good.out.Len()
	good.nodes(at(1, 0, 0), at(2, 1, 1))
	file := good.out.Bytes()
	with := func(make func(w *writer)) []byte {
		w := &writer{t: t}
		make(w)
		return w.out.Bytes()
	}
	head := func(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":             {nil, "empty"},
		"no PBF":            {[]byte("This is a letter and not a map."), "no OSM PBF file"},
		"cut in the length": {file[:start+2], "truncated"},
		"cut in the header": {file[:start+9], "truncated"},
		"cut in the blob":   {file[:len(file)-3], "truncated"},
		"huge blob header":  {head(maxBlobHeader + 1), "65536"},
		"huge blob":         {append(head(8), putNumber(putBytes(nil, 1, []byte("A")), 3, maxBlob+1)...), "33554432"},
		"no header first":   {file[start:], "OSMHeader"},
		"unknown feature":   {with(func(w *writer) { w.header("HistoricalInformation") }), "HistoricalInformation"},
		"lzma":              {with(func(w *writer) { w.header(); w.blobOf(putBytes(nil, 4, []byte("x"))) }), "lzma"},
		"bzip2":             {with(func(w *writer) { w.header(); w.blobOf(putBytes(nil, 5, []byte("x"))) }), "bzip2"},
		"bad lz4":           {with(func(w *writer) { w.header(); w.blobOf(putBytes(putNumber(nil, 2, 9), 6, []byte("x"))) }), "lz4"},
		"lz4 without size":  {with(func(w *writer) { w.header(); w.blobOf(putBytes(nil, 6, []byte("x"))) }), "unpacked size"},
		"short lz4":         {with(func(w *writer) { w.header(); w.blobOf(putBytes(putNumber(nil, 2, 9), 6, []byte("\x10x"))) }), "where it says"},
		"huge lz4":          {with(func(w *writer) { w.header(); w.blobOf(putBytes(putNumber(nil, 2, maxBlob+1), 6, []byte("\x10x"))) }), "allows"},
		"empty blob":        {with(func(w *writer) { w.header(); w.blobOf(nil) }), "no data"},
		"wrong raw size":    {with(func(w *writer) { w.header(); w.blobOf(wrongSize(t)) }), "where it says"},
		"bomb":              {with(func(w *writer) { w.header(); w.compression = "zlib"; w.blob("OSMData", make([]byte, maxBlob+1)) }), "allows"},
		"bad zlib":          {with(func(w *writer) { w.header(); w.blobOf(putBytes(nil, 3, []byte("xxxx"))) }), "zlib"},
		"tag past the table": {with(func(w *writer) {
			w.header()
			w.block(&table{}, putBytes(nil, 3, putBytes(putBytes(nil, 2, []byte{9}), 3, []byte{9})))
		}), "string 9"},
		"uneven tags": {with(func(w *writer) {
			w.header()
			w.block(&table{strings: []string{"highway"}}, putBytes(nil, 3, putBytes(nil, 2, []byte{0})))
		}), "differ in length"},
		"uneven dense": {with(func(w *writer) {
			w.header()
			w.block(&table{}, putBytes(nil, 2, putBytes(nil, 1, []byte{2})))
			w.ways(testWay{1, []int64{1, 2}, [][2]string{{"highway", "road"}}})
		}), "differ in length"},
		"uneven members": {with(func(w *writer) {
			w.header()
			w.block(&table{strings: []string{"type", "restriction", "restriction", "no_u_turn"}},
				putBytes(nil, 4, putBytes(putBytes(putBytes(nil, 2, []byte{0, 2}), 3, []byte{1, 3}), 9, []byte{2})))
		}), "differ in length"},
		"member of no kind": {with(func(w *writer) {
			w.header()
			w.relations(testRelation{1, []member{{3, 1, "from"}}, [][2]string{{"type", "restriction"}, {"restriction", "no_u_turn"}}})
		}), "kind 3"},
		"node without place": {with(func(w *writer) { w.header(); w.block(&table{}, putBytes(nil, 1, putNumber(nil, 1, 2))) }), "missing"},
		"granularity 0":      {with(func(w *writer) { w.header(); w.granularity = -5; w.block(&table{}, nil) }), "granularity"},
	} {
		_, err := Read(context.Background(), bytes.NewReader(c.data), int64(len(c.data)), Options{}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "byte ") {
			t.Errorf("%s: %v, want %q and the byte", name, err, c.want)
		}
	}
}

func (w *writer) blobOf(blob []byte) {
	header := putNumber(putBytes(nil, 1, []byte("OSMData")), 3, uint64(len(blob)))
	w.out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(header))))
	w.out.Write(header)
	w.out.Write(blob)
}

func wrongSize(t *testing.T) []byte {
	w := &writer{t: t, compression: "zlib"}
	w.blob("x", []byte("hello"))
	raw := w.out.Bytes()
	blob := raw[4+binary.BigEndian.Uint32(raw):]
	return append(putNumber(nil, 2, 4), blob[2:]...) // the first two bytes were the size
}

func TestNodesOffTheGlobeAreNotUsed(t *testing.T) {
	w := &writer{t: t, dense: true}
	w.header()
	w.nodes(at(1, 0, 0), at(2, 181, 0), at(3, 0, -90.1))
	w.ways(testWay{1, []int64{1, 2, 3}, [][2]string{{"highway", "primary"}}})
	d := mustRead(t, w, Options{})
	if _, ok := d.Coordinate(2); ok || d.Report.Dropped["node: passed by a road, but not in the file or not on the globe"] != 2 {
		t.Errorf("%v", d.Report.Dropped)
	}
}

func TestReadStopsWhenCancelled(t *testing.T) {
	w := &writer{t: t, dense: true}
	w.header()
	for i := range int64(200) {
		w.nodes(at(i+1, 1, 1))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, bytes.NewReader(w.out.Bytes()), int64(w.out.Len()), Options{}, nil); err == nil {
		t.Error("a cancelled read gave a result")
	}
}

func TestSeekFindsWhatASearchFromTheStartFinds(t *testing.T) {
	ids := []int64{-5, -1, 3, 4, 7, 8, 20, math.MaxInt64}
	for from := range len(ids) {
		for id := int64(-7); id < 25; id++ {
			want := 0
			for want < len(ids) && ids[want] < id {
				want++
			}
			if got := seek(ids, from, id); got != want {
				t.Errorf("seek from %d for %d: %d, want %d", from, id, got, want)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, compression := range []string{"raw", "zlib", "zstd", "lz4"} {
		for _, dense := range []bool{true, false} {
			w := &writer{t: f, compression: compression, dense: dense}
			w.header("OsmSchema-V0.6", "DenseNodes")
			w.nodes(at(1, 104, 30), at(2, 105, 31))
			w.ways(testWay{5, []int64{1, 2}, [][2]string{{"highway", "motorway"}, {"maxspeed", "50 mph"}}})
			w.relations(noTurn(3, 5, 12, 7, [2]string{"restriction", "no_left_turn"}))
			f.Add(w.out.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{}, nil)
		if err == nil && d.Report.Roads != len(d.Ways) {
			t.Errorf("%d roads reported, %d read", d.Report.Roads, len(d.Ways))
		}
	})
}

// FuzzBlock reaches deeper than FuzzRead, behind framing and compression.
func FuzzBlock(f *testing.F) {
	w := &writer{t: f, dense: true}
	w.nodes(at(1, 104, 30), at(2, 105, 31))
	w.ways(testWay{5, []int64{1, 2}, [][2]string{{"highway", "motorway"}, {"oneway", "-1"}}})
	w.relations(noTurn(3, 5, 12, 7, [2]string{"restriction", "no_left_turn"}))
	for blobs := newBlobReader(&w.out, 0, 4096); ; {
		b, err := blobs.next()
		if err != nil {
			break
		}
		var i inflater
		data, err := i.inflate(b.data)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var b block
		if parseBlock(data, &b) != nil {
			return
		}
		if out, err := takeRoads(&b, Options{}, &decoder{}); err == nil {
			for _, w := range out.ways {
				if len(w.Refs) < 2 || w.Forward|w.Backward == 0 {
					t.Errorf("way %+v is no road", w)
				}
			}
		}
	})
}
