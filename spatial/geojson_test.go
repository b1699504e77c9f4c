package spatial_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

func TestMarshalGeometry(t *testing.T) {
	ring := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	cases := []struct {
		name     string
		geometry orb.Geometry
		want     string
	}{
		{"none", nil, `null`},
		{"point", orb.Point{104.0632, 30.66}, `{"type":"Point","coordinates":[104.0632,30.66]}`},
		{"seven decimals", orb.Point{1.123456789, -0.00000001}, `{"type":"Point","coordinates":[1.1234568,0]}`},
		{"line", orb.LineString{{1, 2}, {3, 4}}, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
		{"empty line", orb.LineString{}, `{"type":"LineString","coordinates":[]}`},
		{"polygon", orb.Polygon{ring}, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`},
		{"multipolygon", orb.MultiPolygon{{ring}}, `{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`},
		{"multipoint", orb.MultiPoint{{1, 2}}, `{"type":"MultiPoint","coordinates":[[1,2]]}`},
		{"multiline", orb.MultiLineString{{{1, 2}, {3, 4}}}, `{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := spatial.MarshalGeometry(c.geometry)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if !json.Valid(got) {
				t.Errorf("%s is not JSON", got)
			}
		})
	}
}

func TestMarshalGeometryRefusesWhatJSONCannotHold(t *testing.T) {
	for _, bad := range []orb.Geometry{orb.Point{math.NaN(), 0}, orb.LineString{{0, 0}, {math.Inf(1), 0}}, orb.Collection{orb.Point{}}} {
		if got, err := spatial.MarshalGeometry(bad); err == nil {
			t.Errorf("%v gave %s", bad, got)
		}
	}
}

func TestFeatureCollectionWithoutFeaturesIsAnEmptyList(t *testing.T) {
	got, err := json.Marshal(spatial.FeatureCollection{})
	if err != nil || string(got) != `{"type":"FeatureCollection","features":[]}` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestEqualFeaturesGiveEqualBytes(t *testing.T) {
	f := spatial.Feature{ID: "a", Geometry: orb.Point{1, 2}, Properties: map[string]any{"z": 1, "a": nil, "m": "南充"}}
	want := `{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"a":null,"m":"南充","z":1}}`
	for range 20 {
		if got, _ := json.Marshal(f); string(got) != want {
			t.Fatalf("got %s", got)
		}
	}
}
