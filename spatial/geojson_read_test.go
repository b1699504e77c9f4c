package spatial_test

import (
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

func TestReadGeometryFollowsTypeAndAxes(t *testing.T) {
	latLon, _ := spatial.ParseCRS("[EPSG:4490]")
	zone, _ := spatial.ParseCRS("[EPSG:4543]")
	mercator, _ := spatial.ParseCRS("[EPSG:3857]")
	for _, one := range []struct {
		text string
		want spatial.GeometryType
		crs  spatial.CRS
		got  orb.Geometry
	}{
		{`null`, spatial.Point, spatial.CRS84, nil},
		{``, spatial.NoGeometry, spatial.CRS84, nil},
		{`{"type":"Point","coordinates":[104,30]}`, spatial.Point, spatial.CRS84, orb.Point{104, 30}},
		{`{"type":"Point","coordinates":[30,104]}`, spatial.Point, latLon, orb.Point{104, 30}},
		{`{"type":"Point","coordinates":[3400000,500000]}`, spatial.Point, zone, orb.Point{500000, 3400000}},
		{`{"type":"Point","coordinates":[500000,3400000]}`, spatial.Point, mercator, orb.Point{500000, 3400000}},
		{`{"type":"LineString","coordinates":[[1,2],[3,4]]}`, spatial.LineString, spatial.CRS84, orb.LineString{{1, 2}, {3, 4}}},
		{`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`, spatial.MultiPolygon, spatial.CRS84, orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}},
		{`{"coordinates":[[[[0,0],[0,1],[1,1],[0,0]]]],"type":"MultiPolygon"}`, spatial.MultiPolygon, latLon, orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}},
	} {
		got, err := spatial.ReadGeometry([]byte(one.text), one.want, one.crs, "/geometry")
		if err != nil || !reflect.DeepEqual(got, one.got) {
			t.Errorf("%s as %s in %s is %v, %v", one.text, one.want, one.crs.URI, got, err)
		}
	}
	for text, want := range map[string]spatial.GeometryType{
		`{"type":"Point","coordinates":[1,2]}`:               spatial.NoGeometry,
		`{"type":"LineString","coordinates":[[1,2]]}`:        spatial.LineString,
		`{"type":"LineString","coordinates":[[1,2],[3]]}`:    spatial.LineString,
		`{"type":"LineString","coordinates":[[1,2],[3,91]]}`: spatial.LineString,
		`{"type":"LineString","coordinates":[1,2]}`:          spatial.LineString,
		`{"type":"Point","coordinates":[[1,2]]}`:             spatial.Point,
		`{"type":"GeometryCollection","geometries":[]}`:      spatial.Point,
		`{"type":"MultiPolygon","coordinates":[[]]}`:         spatial.MultiPolygon,
		`[1,2]`: spatial.Point,
	} {
		if got, err := spatial.ReadGeometry([]byte(text), want, spatial.CRS84, "/geometry"); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s as %s is %v, %v", text, want, got, err)
		}
	}
}

func TestPreconditions(t *testing.T) {
	for _, one := range []struct {
		p     spatial.Precondition
		holds bool
	}{
		{spatial.Precondition{}, true},
		{spatial.Precondition{Match: []int64{6, 7}}, true},
		{spatial.Precondition{Match: []int64{6}}, false},
		{spatial.Precondition{Match: []int64{}}, false}, // a tag that is none of ours
		{spatial.Precondition{NoneMatch: []int64{6}}, true},
		{spatial.Precondition{NoneMatch: []int64{7}}, false},
		{spatial.Precondition{Match: []int64{7}, NoneMatch: []int64{7}}, false},
		{spatial.Precondition{Absent: true}, false},
	} {
		if got := one.p.Holds(7); got != one.holds {
			t.Errorf("%+v holds for version 7: %v", one.p, got)
		}
	}
}
