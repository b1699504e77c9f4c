package postgis_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// Every page of every hostile collection is JSON, and so is every feature
// alone, in every kind of CRS.
func TestHostileRowsAreShownAsJSON(t *testing.T) {
	s, url := open(t)
	hostile := postgistest.Hostile(t, url)
	for _, c := range hostile {
		for _, to := range []spatial.CRS{spatial.CRS84, crs(t, 4490), crs(t, 3857), crs(t, 4547)} {
			q := spatial.ItemsQuery{Collection: c, Limit: 100, CRS: to}
			projected := to.SRID != 4326 && to.SRID != 4490
			if c.ID == postgistest.HostileUnknown && to.SRID != 4326 || c.ID == postgistest.HostileLines && projected {
				err := s.Items(t.Context(), q, func(spatial.ItemRow) error { return nil })
				if kind := spatial.KindOf(err); kind != spatial.Unavailable && kind != spatial.Unprocessable {
					t.Errorf("%s in %s: %v", c.ID, to.URI, err)
				}
				continue
			}
			rows, _ := collect(t, s, q)
			if len(rows) < 24 {
				t.Errorf("%s in %s: %d rows", c.ID, to.URI, len(rows))
			}
			for _, r := range rows {
				checkJSON(t, c, r)
				if to != spatial.CRS84 {
					continue
				}
				one, err := s.Item(t.Context(), c, r.Position.ID, to, nil, spatial.GeoJSON)
				if err != nil || string(one.Geometry) != string(r.Geometry) || string(one.Properties) != string(r.Properties) {
					t.Errorf("%s/%s alone differs from the page: %v", c.ID, r.Position.ID, err)
				}
			}
		}
	}
}

func checkJSON(t *testing.T, c spatial.Collection, r spatial.ItemRow) {
	t.Helper()
	var properties map[string]any
	if err := json.Unmarshal(r.Properties, &properties); err != nil || len(properties) != len(c.All()) {
		t.Fatalf("%s/%s: %v in %.200s", c.ID, r.Position.ID, err, r.Properties)
	}
	for _, p := range c.All() {
		ok := properties[p.Name] == nil
		switch p.Type {
		case spatial.Number, spatial.Integer:
			_, isNumber := properties[p.Name].(float64)
			ok = ok || isNumber
		case spatial.Date, spatial.Timestamp:
			text, _ := properties[p.Name].(string)
			ok = ok || !strings.Contains(text, "inf")
		default:
			ok = true
		}
		if !ok {
			t.Errorf("%s/%s: %s is %v", c.ID, r.Position.ID, p.Name, properties[p.Name])
		}
	}
	if r.Geometry != nil && !json.Valid(r.Geometry) {
		t.Errorf("%s/%s: %.200s", c.ID, r.Position.ID, r.Geometry)
	}
}

func TestHostilePlaces(t *testing.T) {
	s, url := open(t)
	byID := map[string]spatial.Collection{}
	for _, c := range postgistest.Hostile(t, url) {
		byID[c.ID] = c
	}
	areas := byID[postgistest.HostileAreas]
	for name, one := range map[string]struct {
		box  [4]float64
		want []string
	}{
		"in the hole":             {[4]float64{104, 24, 106, 26}, []string{}},
		"over its edge":           {[4]float64{102, 24, 106, 26}, []string{"hole"}},
		"over the antimeridian":   {[4]float64{179.5, 0.2, -179.5, 0.8}, []string{"antimeridian"}},
		"between its two halves":  {[4]float64{-179.5, 0.2, 179.5, 0.8}, []string{"antimeridian"}},
		"to the pole":             {[4]float64{-10, 89, 10, 90}, []string{"pole"}},
		"in the middle of a star": {[4]float64{120, 40, 120.1, 40.1}, []string{"big"}},
	} {
		if got := inBox(t, s, areas, spatial.CRS84, one.box[0], one.box[1], one.box[2], one.box[3]); !slices.Equal(got, one.want) {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
	for id, geometry := range map[string]string{"empty": "", "empty-part": ""} {
		row, err := s.Item(t.Context(), areas, id, spatial.CRS84, nil, spatial.GeoJSON)
		if err != nil || string(row.Geometry) != geometry {
			t.Errorf("%s: %q, %v", id, row.Geometry, err)
		}
	}
	big, err := s.Item(t.Context(), areas, "big", spatial.CRS84, nil, spatial.GeoJSON)
	var shape struct{ Coordinates [][][][2]float64 }
	if err != nil || json.Unmarshal(big.Geometry, &shape) != nil || len(shape.Coordinates[0][0]) != postgistest.BigRing+1 {
		t.Errorf("the star has not all of its vertices: %v", err)
	}
	high, err := s.Item(t.Context(), byID[postgistest.HostileHeights], "z1", crs(t, 4490), nil, spatial.GeoJSON)
	if want := `{"type":"LineString","coordinates":[[30,91,100.5],[31,91,-7]]}`; err != nil || string(high.Geometry) != want {
		t.Errorf("three dimensions: %s, want %s, %v", high.Geometry, want, err)
	}
	for i, has := range []bool{false, false, true, false} { // NaN, infinity, 101, -infinity
		row, err := s.Item(t.Context(), byID[postgistest.HostileLines], []string{"l4", "l1", "l2", "l3"}[i], spatial.CRS84, nil, spatial.GeoJSON)
		if err != nil || (row.Geometry != nil) != has {
			t.Errorf("line %d: %s, %v", i, row.Geometry, err)
		}
	}
	unknown := byID[postgistest.HostileUnknown]
	err = s.Items(t.Context(), spatial.ItemsQuery{Collection: unknown, Limit: 1, BBox: &spatial.BBox{CRS: spatial.CRS84, Bound: areasBound()}}, func(spatial.ItemRow) error { return nil })
	if spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("a box over SRID 0: %v", err)
	}
	for _, c := range byID {
		if bound, any, err := s.Extent(t.Context(), c); err != nil || any && (math.IsNaN(bound.Min[0]) || bound.Min[0] > bound.Max[0]) {
			t.Errorf("the extent of %s: %v %v %v", c.ID, bound, any, err)
		}
	}
}

func areasBound() orb.Bound { return orb.Bound{Min: orb.Point{100, 20}, Max: orb.Point{110, 40}} }
