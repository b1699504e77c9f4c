package geom_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial/geom"
)

// Coordinates read back as those that went in, to the decimals asked for; the
// texts themselves are held against PostGIS where there is one.
func TestAppendGeoJSONReadsBack(t *testing.T) {
	ring := orb.Ring{}
	for i := range 500 {
		at := 2 * math.Pi * float64(i) / 500
		ring = append(ring, orb.Point{100 + math.Cos(at)/3, -math.Sin(at) / 7})
	}
	g := orb.MultiPolygon{{append(ring, ring[0])}}
	ewkb, err := geom.EncodeEWKB(g, 4326)
	if err != nil {
		t.Fatal(err)
	}
	text, somewhere, err := geom.AppendGeoJSON(nil, ewkb, 7)
	if err != nil || !somewhere {
		t.Fatal(somewhere, err)
	}
	var back struct {
		Type        string
		Coordinates orb.MultiPolygon
	}
	if err := json.Unmarshal(text, &back); err != nil || back.Type != "MultiPolygon" {
		t.Fatalf("%v: %.200s", err, text)
	}
	for i, p := range back.Coordinates[0][0] {
		if want := g[0][0][i]; math.Abs(p[0]-want[0]) > 5.0001e-8 || math.Abs(p[1]-want[1]) > 5.0001e-8 {
			t.Fatalf("point %d is %v, was %v", i, p, want)
		}
	}
}

// Whatever the bytes, it ends without a panic, and what it takes for a geometry
// with a place is JSON.
func FuzzAppendGeoJSON(f *testing.F) {
	for _, g := range []orb.Geometry{orb.Point{1, 2}, orb.LineString{{0, 0}, {1e-9, 1e15}}, orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}, orb.Collection{orb.Point{1, 2}}} {
		ewkb, err := geom.EncodeEWKB(g, 4326)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(ewkb)
	}
	f.Fuzz(func(t *testing.T, ewkb []byte) {
		text, somewhere, err := geom.AppendGeoJSON(nil, ewkb, 7)
		if err == nil && somewhere && !json.Valid(text) {
			t.Errorf("%x gives %s", ewkb, text)
		}
	})
}

func BenchmarkAppendGeoJSON(b *testing.B) {
	line := orb.LineString{}
	for i := range 500 {
		line = append(line, orb.Point{100 + math.Round(math.Sin(float64(i))*1e7)/1e7, 30 + math.Round(math.Cos(float64(i))*1e7)/1e7})
	}
	ewkb, err := geom.EncodeEWKB(line, 4326)
	if err != nil {
		b.Fatal(err)
	}
	var out []byte
	for b.Loop() {
		if out, _, err = geom.AppendGeoJSON(out[:0], ewkb, 7); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(out)), "bytes")
}
