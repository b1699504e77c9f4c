package filter

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Each fault names the JSON pointer where reading stopped and what would have
// been right there.
func TestParseJSONFaults(t *testing.T) {
	for body, want := range map[string]string{
		``:           "is not CQL2 JSON: at byte 0: EOF",
		`{"op":`:     "is not CQL2 JSON",
		`true false`: "more follows behind the end of the expression",
		`null`:       "at the top of the JSON: nothing compares with null",
		`5`:          "at the top of the JSON: the number 5 is no condition",
		`[true]`:     "at the top of the JSON: a list is no condition",
		`{}`:         "an object with op, property, date, timestamp, interval, bbox or type was expected, not one with no member",
		`{"eq":1}`:   "was expected, not one with eq",
		`{"op":"=","args":[{"property":"kind"}]}`:                                                                   "at the top of the JSON: = takes 2 arguments, not 1",
		`{"op":"and","args":[true]}`:                                                                                "AND takes 2 or more arguments, not 1",
		`{"op":"=","args":{"property":"kind"}}`:                                                                     "a list args was expected beside op",
		`{"op":"=","args":[],"not":1}`:                                                                              `the member "not" has no meaning here`,
		`{"op":5,"args":[]}`:                                                                                        "at /op: the name of an operator was expected",
		`{"op":"s_intersect","args":[]}`:                                                                            `at /op: "s_intersect" is no operator of CQL2, and this server has none of its own; s_intersects is`,
		`{"op":"S_INTERSECTS","args":[]}`:                                                                           "s_intersects is",
		`{"op":"=","args":[{"property":"knd"},"a"]}`:                                                                `at /args/0: "knd" is no property of shops; kind is`,
		`{"op":"=","args":[{"property":5},"a"]}`:                                                                    "at /args/0/property: text was expected",
		`{"op":"=","args":[{"property":"kind"},5]}`:                                                                 "at /args/1: kind is text, so text in single quotes was expected, not the number 5",
		`{"op":"=","args":[{"property":"kind"},"\u0000"]}`:                                                          "at /args/1: text must be without NUL",
		`{"op":"=","args":[{"property":"opened"},{"date":5}]}`:                                                      "at /args/1/date: text was expected",
		`{"op":"in","args":[{"property":"kind"},[]]}`:                                                               "at /args/1: a list of values was expected, with something in it",
		`{"op":"in","args":[{"property":"kind"},"a"]}`:                                                              "at /args/1: a list of values was expected",
		`{"op":"in","args":[{"property":"kind"},["a",5]]}`:                                                          "at /args/1/1: kind is text",
		`{"op":"like","args":[{"property":"kind"},"a\\"]}`:                                                          "at /args/1: the pattern ends in a backslash",
		`{"op":"not","args":[{"op":"not","args":[{"op":"=","args":[1,{"property":"a/b~c"}]}]}]}`:                    `at /args/0/args/0/args/1: "a/b~c" is no property`,
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Circle","coordinates":[1,2]}]}`:                  `at /args/1/coordinates: "Circle" is no type of geometry`,
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}`:                     "at /args/1/coordinates: a position has 2 or 3 numbers, not 1",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,"2"]}]}`:                 "at /args/1/coordinates/1: a number was expected",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1e400,2]}]}`:               "at /args/1/coordinates/0: the number is too large",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}]}`: "a ring has at least 4 points, the last of which is the first",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[]}]}`:                    "at /args/1/coordinates: a list was expected, with something in it",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[5]}]}`:         "at /args/1/geometries/0: a geometry was expected",
		`{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,2],"crs":"x"}]}`:         `the member "crs" has no meaning here`,
		`{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3]}]}`:                                       "at /args/1: BBOX takes 4 or 6 numbers, not 3",
		`{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3,"4"]}]}`:                                   "at /args/1/bbox/3: a finite number was expected",
		`{"op":"t_after","args":[{"property":"opened"},{"interval":["2020-01-01"]}]}`:                               "at /args/1/interval: a list of two ends was expected",
		`{"op":"t_after","args":[{"property":"opened"},{"interval":[5,".."]}]}`:                                     "at /args/1/interval/0: a date or time as text",
		`{"op":"t_after","args":[{"property":"opened"},{"interval":["2020-13-01",".."]}]}`:                          "at /args/1/interval/0: the literal is a date",
		strings.Repeat(`{"op":"not","args":[`, 60) + "true" + strings.Repeat("]}", 60):                              "operators and lists stand more than",
		strings.Repeat(`{"op":"not","args":[`, MaxDepth+1) + "true" + strings.Repeat("]}", MaxDepth+1):              "the filter has more than 40 levels",
		`{"op":"s_within","args":[{"property":"geometry"},` + strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 300) + strings.Repeat("]}", 300) + "]}": "geometries stand more than",
	} {
		_, err := ParseJSON(body, spatial.CRS84, shops)
		var e *spatial.Error
		if !errors.As(err, &e) || e.Kind != spatial.Invalid || len(e.Faults) != 1 || e.Faults[0].Parameter != "filter" {
			t.Errorf("%.80s: got %v, want one fault of the parameter filter", body, err)
		} else if !strings.Contains(e.Faults[0].Detail, want) {
			t.Errorf("%.80s: says %q, want %q", body, e.Faults[0].Detail, want)
		}
	}
}

// Faults of what relates places, times and lists.
func TestRelationFaults(t *testing.T) {
	for text, want := range map[string]string{
		`S_INTERSECTS(geometry, kind)`:                              "at character 24: S_INTERSECTS takes geometries (geometry, POINT(…), BBOX(…) and their like), not the property kind",
		`S_INTERSECTS(geometry)`:                                    "at character 1: S_INTERSECTS takes 2 arguments, not 1",
		`S_INTERSECTS(geometry, POINT(181 0))`:                      "at character 24: longitude 181, latitude 0 is not on the globe; the first number is the longitude in this filter-crs",
		`S_INTERSECTS(geometry, POINT(1))`:                          "at character 31: a number was expected",
		`S_INTERSECTS(geometry, POINT(1 2, 3 4))`:                   "POINT takes one point, not 2",
		`S_INTERSECTS(geometry, POINT EMPTY)`:                       "at character 30: a comma or ) was expected",
		`S_INTERSECTS(geometry, POINT(1 2 3 4))`:                    "at character 36: a comma or ) was expected",
		`S_INTERSECTS(geometry, LINESTRING(1 2))`:                   "a line has at least 2 points",
		`S_INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 1, 0 1)))`:     "a ring has at least 4 points, the last of which is the first",
		`S_INTERSECTS(geometry, GEOMETRYCOLLECTION(BBOX(1,2,3,4)))`: "at character 43: a geometry was expected",
		`S_INTERSECTS(geometry, BBOX(1, 3, 2, 2))`:                  "the lower latitude of the box exceeds the upper",
		`S_INTERSECTS(geometry, BBOX(1, 2, 9, 3, 4, 5))`:            "the lower height of the box exceeds the upper",
		`S_INTERSECTS(geometry, BBOX(1, 2))`:                        "BBOX takes 4 or 6 numbers, not 2",
		`T_AFTER(kind, DATE('2020-01-01'))`:                         "at character 9: T_AFTER takes dates, timestamps and INTERVAL(…); kind is text",
		`T_AFTER(opened, '2020-01-01')`:                             "at character 17: T_AFTER takes dates, timestamps and INTERVAL(…); the text '2020-01-01' is text",
		`T_AFTER(opened, TIMESTAMP('2020-01-01T00:00:00Z'))`:        "at character 17: T_AFTER compares dates with dates and timestamps with timestamps; one of its sides is a date, the other a timestamp",
		`T_DURING(opened, INTERVAL('2020-01-01', '..'))`:            "at character 10: T_DURING takes intervals only, and opened is an instant; write INTERVAL(start, end)",
		`T_AFTER(opened, INTERVAL('2020-02-01', '2020-01-01'))`:     "the interval begins after it ends",
		`T_AFTER(opened, INTERVAL('2020-01-01', seen))`:             "both ends must be dates, or both timestamps; one is a date, the other a timestamp",
		`T_AFTER(opened, INTERVAL(kind, '..'))`:                     "an interval has dates or timestamps as its ends; kind is text",
		`T_AFTER(opened, INTERVAL('2020-01-01'))`:                   "INTERVAL takes 2 ends, not 1",
		`T_AFTER(opened, INTERVAL(5, '..'))`:                        "at character 26: a date or time in single quotes, '..' or a property was expected",
		`T_AFTER(opened, INTERVAL("2020-01-01", '..'))`:             "text goes in single quotes",
		`A_CONTAINS(kind, ('a'))`:                                   "at character 12: A_CONTAINS takes lists; kind is text",
		`A_CONTAINS(tags, 'a')`:                                     "at character 18: a list was expected, such as ('a', 'b'), or a property that is one, not the text 'a'",
		`A_CONTAINS(tags, ('a', 5))`:                                "at character 24: the list is text, so text in single quotes was expected, not the number 5",
		`A_CONTAINS(tags, (staff))`:                                 "the items of a list are of one type: staff is an integer, not text",
		`A_CONTAINS((1, 2), ('a'))`:                                 "at character 21: the list is a number",
		`A_CONTAINS(tags, (POINT(1 2)))`:                            "which cannot be an item of a list",
		`T_NEARLY(opened, seen)`:                                    `at character 1: "T_NEARLY" is no function of CQL2`,
	} {
		_, err := Parse(text, shops)
		var e *spatial.Error
		if !errors.As(err, &e) || len(e.Faults) != 1 || e.Faults[0].Parameter != "filter" {
			t.Errorf("%s: got %v, want one fault of the parameter filter", text, err)
		} else if !strings.Contains(e.Faults[0].Detail, want) {
			t.Errorf("%s: says %q, want %q", text, e.Faults[0].Detail, want)
		}
	}
	if _, err := Parse("geometry IS NULL", spatial.Collection{ID: "targets"}); err == nil || !strings.Contains(err.Error(), "targets has no geometry") {
		t.Errorf("the geometry of a collection without one: %v", err)
	}
}

// Literals have their axes in the order of filter-crs, in both languages, and
// are written so.
func TestAxesFollowTheCRS(t *testing.T) {
	wgs84, _ := spatial.ParseCRS("http://www.opengis.net/def/crs/EPSG/0/4326")
	mercator, _ := spatial.ParseCRS("http://www.opengis.net/def/crs/EPSG/0/3857")
	for _, one := range []struct {
		crs        spatial.CRS
		text, json string
		want       spatial.Operand
	}{
		{wgs84, "S_WITHIN(geometry, POINT(30 104))", `{"op":"s_within","args":[{"property":"geometry"},{"coordinates":[30,104],"type":"Point"}]}`,
			spatial.Shape{Geometry: orb.Point{104, 30}, CRS: wgs84}},
		{wgs84, "S_WITHIN(geometry, GEOMETRYCOLLECTION(MULTIPOINT((30 104)), LINESTRING(1 100, 2 101), MULTILINESTRING((1 100, 2 101)), POLYGON((0 100, 1 100, 1 101, 0 100)), MULTIPOLYGON(((0 100, 1 100, 1 101, 0 100)))))",
			`{"op":"s_within","args":[{"property":"geometry"},{"geometries":[{"coordinates":[[30,104]],"type":"MultiPoint"},{"coordinates":[[1,100],[2,101]],"type":"LineString"},{"coordinates":[[[1,100],[2,101]]],"type":"MultiLineString"},{"coordinates":[[[0,100],[1,100],[1,101],[0,100]]],"type":"Polygon"},{"coordinates":[[[[0,100],[1,100],[1,101],[0,100]]]],"type":"MultiPolygon"}],"type":"GeometryCollection"}]}`,
			spatial.Shape{CRS: wgs84, Geometry: orb.Collection{orb.MultiPoint{{104, 30}}, orb.LineString{{100, 1}, {101, 2}}, orb.MultiLineString{{{100, 1}, {101, 2}}},
				orb.Polygon{{{100, 0}, {100, 1}, {101, 1}, {100, 0}}}, orb.MultiPolygon{{{{100, 0}, {100, 1}, {101, 1}, {100, 0}}}}}}},
		{wgs84, "S_WITHIN(geometry, BBOX(-20, 178, -10, -178))", `{"op":"s_within","args":[{"property":"geometry"},{"bbox":[-20,178,-10,-178]}]}`,
			spatial.BBox{Bound: orb.Bound{Min: orb.Point{178, -20}, Max: orb.Point{-178, -10}}, CRS: wgs84}},
		{mercator, "S_WITHIN(geometry, POINT(1.1577227e+07 3.503549e+06))", `{"op":"s_within","args":[{"property":"geometry"},{"coordinates":[11577227,3503549],"type":"Point"}]}`,
			spatial.Shape{Geometry: orb.Point{11577227, 3503549}, CRS: mercator}},
	} {
		want := spatial.SpatialRelation{Op: spatial.SWithin, Left: spatial.FeatureGeometry{}, Right: one.want}
		e, err := ParseText(one.text, one.crs, shops)
		if err != nil || !reflect.DeepEqual(e, want) {
			t.Errorf("%s: got %#v, %v", one.text, e, err)
		}
		e, err = ParseJSON(one.json, one.crs, shops)
		if err != nil || !reflect.DeepEqual(e, want) {
			t.Errorf("%s: got %#v, %v", one.json, e, err)
		}
		body, err := FormatJSON(want)
		if got := Format(want); got != one.text || err != nil || string(body) != one.json {
			t.Errorf("written as %s and %s, %v", got, body, err)
		}
	}
}
