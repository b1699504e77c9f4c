package seeds_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
)

// A square country whose west side is the meridian 101 from 29 to 31, the own
// country around the place, and a line of a third.
const borderMap = `{"type":"FeatureCollection","name":"features","features":[
 {"type":"Feature","properties":{"code":"OWN"},"geometry":{"type":"Polygon","coordinates":[[[99.9,29],[101,29],[101,31],[99.9,31],[99.9,29]]]}},
 {"type":"Feature","properties":{"code":"AA"},"geometry":{"type":"MultiPolygon","coordinates":[[[[101,29],[103,29],[103,31],[101,31],[101,29]]]]}},
 {"type":"Feature","properties":{"code":"BB"},"geometry":{"type":"LineString","coordinates":[[99,32],[101,32]]}},
 {"type":"Feature","properties":{"code":"CC"},"geometry":null}]}`

func TestBorderDistances(t *testing.T) {
	places := map[string]orb.Point{"middle": {100, 30}, "north": {100, 31.9}, "on": {101, 30.5}}
	got, err := seeds.BorderDistances(strings.NewReader(borderMap), seeds.BorderLayer{Property: "code", Own: []string{"OWN"}}, places)
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	// A degree of longitude at 30 N is 96,486 m and one of latitude at 32 N
	// 110,874 m on the ellipsoid.
	for i, want := range []struct {
		id, nearest string
		meters      float64
	}{{"middle", "AA", 96486}, {"north", "BB", 11087}, {"on", "AA", 0}} {
		if d := got[i]; d.Place != want.id || d.Nearest != want.nearest || math.Abs(float64(d.Meters)-want.meters) > 15 {
			t.Errorf("%+v, want %+v", d, want)
		}
	}
	if at := got[0].At; math.Abs(at[0]-101) > 1e-9 || math.Abs(at[1]-30) > 1e-9 {
		t.Errorf("the nearest point of the middle is %v", at)
	}
}

// Without a property every line counts, the own outline too.
func TestBorderLayerOfLines(t *testing.T) {
	got, err := seeds.BorderDistances(strings.NewReader(borderMap), seeds.BorderLayer{}, map[string]orb.Point{"middle": {100, 30}})
	if err != nil || math.Abs(float64(got[0].Meters)-9648.6) > 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestBadBorderLayers(t *testing.T) {
	place := map[string]orb.Point{"a": {100, 30}}
	point := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"AA"},"geometry":{"type":"Point","coordinates":[100,30]}}]}`
	for name, c := range map[string]struct {
		text, says string
		layer      seeds.BorderLayer
	}{
		"empty":       {"", "no features", seeds.BorderLayer{}},
		"other":       {`{"type":"Topology","objects":{"features":[]}}`, "no features", seeds.BorderLayer{}},
		"points":      {point, "is a Point", seeds.BorderLayer{}},
		"cut off":     {borderMap[:len(borderMap)-20], "not a GeoJSON collection", seeds.BorderLayer{}},
		"no property": {borderMap, `no text in the property "iso"`, seeds.BorderLayer{Property: "iso"}},
		"only own":    {borderMap, "no border that counts", seeds.BorderLayer{Property: "code", Own: []string{"OWN", "AA", "BB", "CC"}}},
	} {
		_, err := seeds.BorderDistances(strings.NewReader(c.text), c.layer, place)
		if spatial.KindOf(err) != spatial.Invalid || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Any text is read or refused, and what is found is never farther than the
// nearest of the vertices.
func FuzzBorderDistances(f *testing.F) {
	f.Add(borderMap)
	f.Add(`{"features":[{"geometry":{"type":"LineString","coordinates":[[1,2]]}}]}`)
	f.Add(`{"features":[{"geometry":{"type":"GeometryCollection","geometries":[]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := seeds.BorderDistances(strings.NewReader(text), seeds.BorderLayer{}, map[string]orb.Point{"a": {100, 30}})
		if err != nil && spatial.KindOf(err) != spatial.Invalid || err == nil && (len(got) != 1 || math.IsNaN(float64(got[0].Meters)) || got[0].Meters < 0) {
			t.Errorf("%q gives %v, %v", text, got, err)
		}
	})
}
