package osm

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDegreesAreReadToTheLastPlace(t *testing.T) {
	for _, c := range []struct {
		text string
		want int32
		bad  bool
	}{
		{"104.0665410", 1040665410, false}, {"-0.0000001", -1, false}, {"0", 0, false}, {"-0", 0, false}, {"7", 70000000, false},
		{"179.99999995", 1800000000, false}, {"179.999999949", 1799999999, false}, {"-179.99999995", -1800000000, false},
		{"180.0000001", outside, false}, {"-181", outside, false}, {"999999", outside, false}, {"NaN", outside, false}, {"Inf", outside, false},
		{"5.0E-4", 5000, false}, {"+1.5", 15000000, false}, {".5", 5000000, false}, {"1.", 10000000, false},
		{"", 0, true}, {"-", 0, true}, {"1,5", 0, true}, {"1.2.3", 0, true}, {"x", 0, true},
	} {
		got, err := parseDegrees(c.text, 180)
		if (err != nil) != c.bad || err == nil && got != c.want {
			t.Errorf("%q: %d, %v, want %d", c.text, got, err, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int32Range(-1_800_000_000, 1_800_000_000).Draw(t, "units")
		text := fmt.Sprintf("%.7f", float64(want)/1e7)
		if got, err := parseDegrees(text, 180); err != nil || got != want {
			t.Fatalf("%s: %d, %v", text, got, err)
		}
	})
}

func FuzzXML(f *testing.F) {
	m := mapOf(f, []string{"1 1,2", "2 2,3 oneway=yes"}, []string{"9 f1 n2 t2 restriction=no_left_turn"})
	m.nodes = m.nodes[:4]
	f.Add([]byte(m.xml()))
	f.Add(zipped(f, m.xml()))
	f.Add([]byte("<osm version='0.6'><!-- <node --><way id='1' action='delete'/><note>x</note></osm>"))
	for _, name := range []string{"town.osm", "town.osm.bz2"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := readBytes(data)
		if err != nil {
			return
		}
		if d.Report.Roads != len(d.Ways) {
			t.Errorf("%d roads reported, %d read", d.Report.Roads, len(d.Ways))
		}
		checkAllCounted(t, d.Report)
	})
}

// FuzzXMLObjects goes past framing and pieces: every object is whole or an
// error.
func FuzzXMLObjects(f *testing.F) {
	f.Add("<node id='1' lat='1.5' lon='-1e-3'><tag k='barrier' v='&#x67;ate'/></node>")
	f.Add("<way id='2'><nd ref='1'/><nd ref='3' lat='1'/><tag k=\"highway\" v=\"road\"/><x><y/></x></way>")
	f.Add("<relation id='3'><member type='way' ref='2' role='from'/><tag k='type' v='restriction'/></relation>")
	f.Fuzz(func(t *testing.T, text string) {
		out, err := takeRoads(xmlObjects(text), Options{}, &decoder{})
		if err != nil {
			return
		}
		for _, w := range out.ways {
			if len(w.Refs) < 2 || w.Forward|w.Backward == 0 {
				t.Errorf("way %+v is no road", w)
			}
		}
		if _, err := locate(xmlObjects(text), []int64{1}, &decoder{}); err == nil && strings.Count(text, "<") < int(out.seen[kindNode]) {
			t.Errorf("%d nodes in %q", out.seen[kindNode], text)
		}
	})
}
