package postgis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/filter"
	"quanyu/spatial/postgis"
)

// places is a collection with a property of every type, whose rows are chosen
// for what filters can get wrong about them.
var places = spatial.Collection{ID: "places", Geometry: spatial.MultiPolygon, Properties: []spatial.Property{
	{Name: "kind", Type: spatial.String},
	{Name: "staff", Type: spatial.Integer},
	{Name: "area", Type: spatial.Number},
	{Name: "rate", Type: spatial.Number},
	{Name: "open", Type: spatial.Boolean},
	{Name: "opened", Type: spatial.Date},
	{Name: "closed", Type: spatial.Date},
	{Name: "seen", Type: spatial.Timestamp},
	{Name: "gone", Type: spatial.Timestamp},
	{Name: "tags", Type: spatial.StringList},
}}

const placesTable = `
CREATE TABLE places (
	id text COLLATE "C" PRIMARY KEY, version bigint NOT NULL DEFAULT 1, valid_from date, valid_to date,
	dataset text COLLATE "C", visibility text COLLATE "C" NOT NULL DEFAULT 'public',
	name_zh text COLLATE "zh-x-icu", name_en text COLLATE "en-x-icu", kind text COLLATE "C",
	staff bigint, area double precision, rate double precision, open boolean, opened date, closed date,
	seen timestamptz, gone timestamptz, tags text[] COLLATE "C", geom geometry(Geometry, 4326));
CREATE INDEX places_geom ON places USING gist (geom);
INSERT INTO places (id, name_zh, name_en, kind, staff, area, rate, open, opened, closed, seen, gone, tags, geom) VALUES
('a', '成都', 'Chengdu', 'city', 10, 2.5, 0.3, true, '2000-01-01', '2010-01-01', '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z', '{a,b}', 'SRID=4326;POINT(104 30.6)'),
('b', '重庆', 'CHENGDU', 'City', 20, 4, 0, false, '2000-01-01', NULL, '2020-01-01T00:00:00Z', NULL, '{a}', 'SRID=4326;POINT(106.5 29.5)'),
('c', NULL, 'Kobenhavn', 'town', -7, -2, -0.5, NULL, '2005-06-15', '2005-06-15', '2020-01-01T00:00:00.5Z', '2020-01-01T00:00:00.5Z', '{}', 'SRID=4326;POINT(12.5 55.6)'),
('d', '哥本哈根', 'København', 'town', 0, 0, 1e200, true, '2010-01-01', '2012-12-31', '2019-12-31T16:00:00Z', '2021-01-01T00:00:00Z', '{b,a,b}', 'SRID=4326;POINT(12.6 55.7)'),
('e', '直街', 'Straße 5%', 'road', 5, 1e300, 1e300, false, NULL, '2001-01-01', NULL, '2020-01-01T00:00:00Z', NULL, 'SRID=4326;LINESTRING(100 20, 110 40)'),
('f', 'が', 'STRASSE_5%', 'road', NULL, NULL, 2, true, '1999-12-31', '2020-02-29', '1999-12-31T23:59:59Z', '2020-01-01T00:00:00Z', '{c}', 'SRID=4326;LINESTRING(100 40, 110 20)'),
('g', 'か', 'débárquér', 'area', 100, 1e-300, 1e-300, true, '2011-03-04', '2011-03-05', '2011-03-04T05:06:07Z', '2011-03-05T05:06:07Z', '{成都,"it''s"}', 'SRID=4326;POLYGON((100 25,108 25,108 33,100 33,100 25),(103 28,105 28,105 31,103 31,103 28))'),
('h', 'a', 'debarquer', 'area', 3, 0.1, 0.3, false, '2000-01-01', '2000-01-02', '2000-01-01T00:00:00Z', '2000-01-02T00:00:00Z', '{a,b,c}', 'SRID=4326;POLYGON((108 25,112 25,112 33,108 33,108 25))'),
('i', 'b', 'Οδος', 'area', 9007199254740993, 'NaN', 'Infinity', NULL, '0001-01-01', '9999-12-31', '0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z', '{"",a}', 'SRID=4326;MULTIPOLYGON(((178 -20,180 -20,180 -10,178 -10,178 -20)),((-180 -20,-178 -20,-178 -10,-180 -10,-180 -20)))'),
('j', 'b', 'ΟΔΟΣ', 'area', -9007199254740993, '-Infinity', 5e-324, true, '2010-01-01', '2010-01-01', '2010-01-01T00:00:00Z', '2010-01-01T00:00:00Z', NULL, 'SRID=4326;POLYGON((0 0,10 0,10 10,0 10,0 0))'),
('k', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
('l', '成都', '成都', 'city', 2, 2, 3, true, '2004-02-29', '2004-02-29', '2004-02-29T12:00:00Z', '2004-02-29T12:00:00Z', '{a,b}', 'SRID=4326;POLYGON((0 0,10 0,10 10,0 10,0 0))');
`

func openPlaces(t testing.TB) (*postgis.Store, string) {
	t.Helper()
	s, url := open(t)
	exec(t, url, placesTable)
	exec(t, url, "SELECT guard_rows('places')")
	return s, url
}

// Each filter finds what a condition finds that was written by hand for
// PostgreSQL and PostGIS, and it finds it again from its JSON form.
func TestFiltersFindWhatSQLFinds(t *testing.T) {
	s, url := openPlaces(t)
	for _, one := range placesFilters {
		e, err := filter.Parse(one.filter, places)
		if err != nil {
			t.Errorf("%s: %v", one.filter, err)
			continue
		}
		want := ask[[]string](t, url, "SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM places WHERE "+one.sql)
		if got := matching(t, s, places, e); !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", one.filter, got, want)
		}
		if got := strings.Join(want, ""); got != one.rows {
			t.Errorf("%s: the condition written by hand finds %s, not %s", one.filter, got, one.rows)
		}
		body, err := filter.FormatJSON(e)
		if err != nil {
			t.Fatal(err)
		}
		again, err := filter.ParseJSON(string(body), spatial.CRS84, places)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if got := matching(t, s, places, again); !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", body, got, want)
		}
	}
}

// Any four filters combine as the standard's truth table has it. Each by
// itself is true where it finds a row, false where its NOT does, and else
// unknown, as it must be of a row of nulls unless it asks for null.
func TestFiltersCombine(t *testing.T) {
	s, url := openPlaces(t)
	ids := ask[[]string](t, url, "SELECT array_agg(id ORDER BY id) FROM places")
	find := func(text string) []string {
		e, err := filter.Parse(text, places)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return matching(t, s, places, e)
	}
	n := len(placesFilters)
	all := make([]map[string]truth, n)
	for i, one := range placesFilters {
		all[i] = map[string]truth{}
		for _, id := range ids {
			all[i][id] = unknown
		}
		for _, id := range find("NOT (" + one.filter + ")") {
			all[i][id] = no
		}
		for _, id := range find(one.filter) {
			if all[i][id] != unknown {
				t.Fatalf("%s: row %s is in both the filter and its NOT", one.filter, id)
			}
			all[i][id] = yes
		}
		constant := len(one.rows) == 0 && !strings.Contains(one.filter, "name") || len(one.rows) == len(ids)
		if !constant && !strings.Contains(one.filter, "NULL") && all[i]["k"] != unknown {
			t.Errorf("%s: is %v of a row of nulls", one.filter, all[i]["k"])
		}
	}
	for i := range n {
		p := [4]int{i, (i*7 + 3) % n, (i*13 + 5) % n, (i*29 + 11) % n}
		f := func(k int) string { return "(" + placesFilters[p[k]].filter + ")" }
		text := fmt.Sprintf("((NOT %s AND %s) OR (%s and NOT %s) or not (%s AND %s))", f(0), f(1), f(2), f(3), f(0), f(3))
		var want []string
		for _, id := range ids {
			a, b, c, d := all[p[0]][id], all[p[1]][id], all[p[2]][id], all[p[3]][id]
			if max(min(yes-a, b), min(c, yes-d), yes-min(a, d)) == yes {
				want = append(want, id)
			}
		}
		if got := find(text); !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", text, got, want)
		}
	}
}
