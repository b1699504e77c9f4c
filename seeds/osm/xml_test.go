package osm

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func readBytes(data []byte) (*Data, error) {
	return Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{}, nil)
}

func mustReadBytes(t testing.TB, data []byte) *Data {
	t.Helper()
	d, err := readBytes(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameData compares what two files say of roads, and what was left out of
// both; how they say it differs with the form.
func sameData(a, b *Data) error {
	for _, c := range []struct {
		what string
		x, y any
	}{
		{"ways", a.Ways, b.Ways},
		{"restrictions", a.Restrictions, b.Restrictions},
		{"barriers", a.Barriers, b.Barriers},
		{"nodes", a.nodes, b.nodes},
		{"dropped", a.Report.Dropped, b.Report.Dropped},
		{"notes", a.Report.Notes, b.Report.Notes},
		{"totals", [...]any{a.Report.Nodes, a.Report.Ways, a.Report.Relations, a.Report.Restrictions, a.Report.Surfaces, a.Report.Ferries},
			[...]any{b.Report.Nodes, b.Report.Ways, b.Report.Relations, b.Report.Restrictions, b.Report.Surfaces, b.Report.Ferries}},
	} {
		if !reflect.DeepEqual(c.x, c.y) {
			return fmt.Errorf("%s differ: %v and %v", c.what, c.x, c.y)
		}
	}
	return nil
}

// drawMap makes maps of roads, barriers, ferries and restrictions, right and
// wrong ones.
func drawMap(t *rapid.T) testMap {
	vocabulary := map[string][]string{
		"highway": {"primary", "motorway", "footway", "track", "construction", "residential"},
		"oneway":  {"yes", "-1", "no", "reversible"},
		"access":  {"private", "yes", "customers;delivery", "x & <y>\n\"z\""},
		"surface": {"asphalt", "gravel", "mud", "cheese"}, "tracktype": {"grade1", "grade4"},
		"maxspeed": {"50", "30 mph", "CN:urban", "fast"}, "maxspeed:forward": {"30"},
		"route": {"ferry"}, "duration": {"PT1H", "00:20", "soon"},
		"barrier": {"gate", "bollard", "wall", "odd"}, "bicycle": {"yes", "no"}, "building": {"yes"},
		"type": {"restriction", "route"}, "restriction": {"no_u_turn", "only_straight_on", "no_entry"}, "except": {"bicycle", "psv"},
	}
	keys := rapid.SampledFrom([]string{"highway", "highway", "oneway", "access", "surface", "tracktype", "maxspeed", "maxspeed:forward",
		"route", "duration", "barrier", "barrier", "bicycle", "building", "type", "type", "restriction", "restriction", "except"})
	tags := func(n int) [][2]string {
		var list [][2]string
		seen := map[string]bool{}
		for _, k := range rapid.SliceOfN(keys, 0, n).Draw(t, "keys") {
			if !seen[k] {
				list = append(list, [2]string{k, rapid.SampledFrom(vocabulary[k]).Draw(t, k)})
			}
			seen[k] = true
		}
		return list
	}
	var m testMap
	for id := range rapid.Int64Range(1, 12).Draw(t, "nodes") {
		lon := rapid.Int64Range(-1_800_000_100, 1_800_000_100).Draw(t, "lon")
		lat := rapid.Int64Range(-900_000_100, 900_000_100).Draw(t, "lat")
		m.nodes = append(m.nodes, testNode{id + 1, float64(lon) / 1e7, float64(lat) / 1e7, tags(2)})
	}
	ref := rapid.Int64Range(1, 13)
	for id := range rapid.Int64Range(0, 12).Draw(t, "ways") {
		m.ways = append(m.ways, testWay{id + 1, rapid.SliceOfN(ref, 0, 6).Draw(t, "refs"), tags(6)})
	}
	for id := range rapid.Int64Range(0, 6).Draw(t, "relations") {
		r := testRelation{id: id + 1, tags: tags(5)}
		for _, role := range rapid.SliceOfN(rapid.SampledFrom([]string{"from", "via", "to", "a&b"}), 0, 5).Draw(t, "roles") {
			r.members = append(r.members, member{rapid.IntRange(0, 2).Draw(t, "kind"), ref.Draw(t, "ref"), role})
		}
		m.relations = append(m.relations, r)
	}
	return m
}

// The generated twin of the pair of extracts: any map reads alike from every
// form.
func TestXMLReadsAsPBF(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := drawMap(rt)
		text := m.xml()
		want, err := readBytes([]byte(text))
		if err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		forms := map[string][]byte{"gz": zipped(t, text)}
		for _, compression := range []string{"raw", "zlib", "zstd", "lz4"} {
			for _, dense := range []bool{true, false} {
				w := m.pbf(&writer{t: t, compression: compression, dense: dense})
				forms[fmt.Sprint(compression, dense)] = w.out.Bytes()
			}
		}
		for name, data := range forms {
			got, err := readBytes(data)
			if err != nil {
				rt.Fatalf("%s: %v", name, err)
			}
			if err := sameData(want, got); err != nil {
				rt.Fatalf("%s: %v\n%s", name, err, text)
			}
		}
	})
}

// testdata/town.osm was written by hand; .bz2 is the same packed.
func TestXMLPackedWithBzip2(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "town.osm"))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(filepath.Join("testdata", "town.osm.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	plain, small := mustReadBytes(t, text), mustReadBytes(t, packed)
	if err := sameData(plain, small); err != nil {
		t.Error(err)
	}
	// Two streams in a row, as parallel packers write them.
	double := mustReadBytes(t, append(zipped(t, string(text[:300])), zipped(t, string(text[300:]))...))
	if err := sameData(plain, double); err != nil {
		t.Error(err)
	}
	r := plain.Report
	if r.Roads != 2 || r.RoadNodes != 4 || len(plain.Barriers) != 1 || r.Restrictions != (Restrictions{1, 1, 0}) || r.Dropped["object: marked as deleted by an editor"] != 1 {
		t.Errorf("report %+v, barriers %v", r, plain.Barriers)
	}
	h := r.Header
	if h.WritingProgram != "by hand" || h.Replication == nil || h.Replication.Year() != 2021 || h.BBox == nil || h.BBox.Max[0] != 104.2 {
		t.Errorf("header %+v", h)
	}
	if len(small.SHA256) != 64 || small.SHA256 == plain.SHA256 {
		t.Errorf("hashes %s and %s", plain.SHA256, small.SHA256)
	}
}

// bigMap is a map that takes several pieces of text, with comments in them
// that look like objects.
func bigMap() string {
	var b strings.Builder
	b.WriteString("<osm version='0.6'>")
	for id := range 30_000 {
		fmt.Fprintf(&b, "<node id='%d' lat='%.7f' lon='%.7f'><tag k='barrier' v='bollard'/></node>\n", id, float64(id)/1e6, float64(id)/1e5)
		if id%1000 == 0 {
			fmt.Fprintf(&b, "<!-- <node id='1' lat='1' lon='1'> %s -->", strings.Repeat("<way id='1'> ", 500))
		}
	}
	for id := range 29_999 {
		fmt.Fprintf(&b, "<way id='%d'><nd ref='%d'/><nd ref='%d'/><tag k='highway' v='primary'/></way>", id, id, id+1)
	}
	b.WriteString("</osm>")
	return b.String()
}

func TestXMLInManyPieces(t *testing.T) {
	text := bigMap()
	if len(text) < 3*chunkSize {
		t.Fatalf("%d bytes are not enough for the test", len(text))
	}
	for name, data := range map[string][]byte{"plain": []byte(text), "gz": zipped(t, text)} {
		d := mustReadBytes(t, data)
		r := d.Report
		if r.Nodes != 30_000 || r.Roads != 29_999 || r.RoadNodes != 30_000 || r.Barriers != 30_000 || r.Order != "sorted" {
			t.Errorf("%s: %+v", name, r)
		}
		if p, ok := d.Coordinate(29_999); !ok || p[0] != 0.29999 || p[1] != 0.029999 {
			t.Errorf("%s: node at %v", name, p)
		}
	}
}
