package postgistest

import (
	"fmt"
	"strings"
	"testing"

	"quanyu/spatial"
)

// The ids of the collections that Hostile makes.
const (
	HostileNames   = `Mixed-"Case"` // table and columns with capitals, quotes, blanks and keywords
	HostileValues  = "hostile-values"
	HostileAreas   = "hostile-areas"
	HostileHeights = "hostile-heights" // three dimensions
	HostileLines   = "hostile-lines"   // coordinates that are not finite
	HostileUnknown = "hostile-unknown" // SRID 0
)

// BigRing is how many vertices the area "big" of HostileAreas has.
const BigRing = 100_000

// LongText is how many characters the texts of HostileValues have.
const LongText = 50_000

// Hostile makes collections of what other programs leave in tables and no
// loader of ours would let in, each with two dozen rows or more, and lists
// them.
func Hostile(t testing.TB, url string) []spatial.Collection {
	t.Helper()
	var list []spatial.Collection
	for _, h := range hostile() {
		Table(t, url, h.collection, h.shape)
		for _, sql := range h.rows {
			Exec(t, url, sql)
		}
		list = append(list, h.collection)
	}
	return list
}

type hostileTable struct {
	collection spatial.Collection
	shape      string
	rows       []string
}

func hostile() []hostileTable {
	texts := []spatial.Property{
		{Name: "select", Type: spatial.String}, {Name: `say "hi"`, Type: spatial.Integer}, {Name: "Größe m²", Column: `COL"umn`, Type: spatial.Number},
		{Name: "it's", Type: spatial.Boolean}, {Name: "UPPER", Type: spatial.String},
	}
	values := []spatial.Property{
		{Name: "text", Type: spatial.String}, {Name: "number", Type: spatial.Number}, {Name: "count", Type: spatial.Integer}, {Name: "day", Type: spatial.Date},
		{Name: "moment", Type: spatial.Timestamp}, {Name: "flag", Type: spatial.Boolean}, {Name: "list", Type: spatial.StringList}, {Name: "more", Type: spatial.JSON},
	}
	of := func(id string, g spatial.GeometryType, own ...spatial.Property) spatial.Collection {
		return spatial.Collection{ID: id, Title: "Hostile " + id, Description: "For tests.", Geometry: g, Properties: own}
	}
	return []hostileTable{
		{of(HostileNames, spatial.Point, texts...), "geometry(Point, 4326)", []string{`INSERT INTO "Mixed_""Case""" (id, name_zh, "select", "say ""hi""", "COL""umn", "it's", "UPPER", geom)
			SELECT 'n' || i, CASE WHEN i % 3 > 0 THEN '城' || i END, (ARRAY['a''b', 'C"d', '; DROP TABLE seats', '%', NULL])[i % 5 + 1], i % 4, i / 7.0, i % 2 = 0, 'U' || i % 3, ST_Point(100 + i, 30, 4326) FROM generate_series(1, 24) i`}},
		{of(HostileValues, spatial.NoGeometry, values...), "", []string{hostileValues()}},
		{of(HostileAreas, spatial.MultiPolygon), "geometry(MultiPolygon, 4326)", hostileAreas()},
		{of(HostileHeights, spatial.LineString), "geometry(LineStringZ, 4326)", []string{`INSERT INTO hostile_heights (id, geom)
			SELECT 'z' || i, CASE WHEN i % 8 = 0 THEN 'SRID=4326;LINESTRING Z EMPTY' ELSE format('SRID=4326;LINESTRING Z (%s 30 100.5, %s 31 -7)', 90 + i, 90 + i) END::geometry FROM generate_series(1, 24) i`}},
		{of(HostileLines, spatial.LineString), "geometry(LineString, 4326)", []string{`INSERT INTO hostile_lines (id, geom)
			SELECT 'l' || i, ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(100, 30), ST_MakePoint((ARRAY['NaN', 'Infinity', '101', '-Infinity'])[i % 4 + 1]::float8, 31), ST_MakePoint(102, 32)]), 4326) FROM generate_series(1, 24) i`}},
		{of(HostileUnknown, spatial.Point), "geometry(Point)", []string{`INSERT INTO hostile_unknown (id, geom) SELECT 'u' || i, ST_MakePoint(100 + i, 30) FROM generate_series(1, 24) i`}},
	}
}

// hostileValues are numbers and times that are not finite, texts that differ
// at their far end only, and nulls.
func hostileValues() string {
	return fmt.Sprintf(`INSERT INTO hostile_values (id, name_zh, text, number, count, day, moment, flag, list, more)
		SELECT 'v' || i, repeat('长', %[1]d), (ARRAY[NULL, repeat('长', %[1]d - 1) || i %% 3, 'short' || i %% 2, '', E'\x01<&\\"'])[i %% 5 + 1],
			(ARRAY['NaN', 'Infinity', '-Infinity', '-0', '1e308', NULL, '5e-324'])[i %% 7 + 1]::float8, (ARRAY['9223372036854775807', '-9223372036854775808', NULL])[i %% 3 + 1]::bigint,
			(ARRAY['infinity', '-infinity', '0044-03-15 BC', '12345-06-07', NULL, '2020-02-29'])[i %% 6 + 1]::date,
			(ARRAY['infinity', '-infinity', '2020-02-29 12:34:56.123456+00', NULL])[i %% 4 + 1]::timestamptz, (ARRAY[true, false, NULL])[i %% 3 + 1],
			CASE i %% 3 WHEN 0 THEN ARRAY['a', 'b"c'] WHEN 1 THEN '{}'::text[] END, jsonb_build_object('i', i)
		FROM generate_series(1, 24) i`, LongText)
}

func hostileAreas() []string {
	insert := func(id, shape string) string {
		return fmt.Sprintf("INSERT INTO hostile_areas (id, geom) VALUES ('%s', ST_Multi(ST_SetSRID(%s, 4326)))", id, shape)
	}
	list := []string{
		insert("empty", "'MULTIPOLYGON EMPTY'::geometry"),
		insert("empty-part", "'MULTIPOLYGON(EMPTY)'::geometry"),
		insert("hole", "'POLYGON((100 20, 110 20, 110 30, 100 30, 100 20), (103 23, 103 27, 107 27, 107 23, 103 23))'::geometry"),
		insert("antimeridian", "'MULTIPOLYGON(((179 0, 180 0, 180 1, 179 1, 179 0)), ((-180 0, -179 0, -179 1, -180 1, -180 0)))'::geometry"),
		insert("pole", "'POLYGON((-180 85, 180 85, 180 90, -180 90, -180 85))'::geometry"),
		// A star, so that no vertex can be left out.
		insert("big", fmt.Sprintf(`(SELECT ST_MakePolygon(ST_MakeLine(array_agg(ST_MakePoint(120 + (2 + i %% 2) * cos(2 * pi() * (i %% %[1]d) / %[1]d), 40 + (2 + i %% 2) * sin(2 * pi() * (i %% %[1]d) / %[1]d)) ORDER BY i)))
			FROM generate_series(0, %[1]d) i)`, BigRing)),
	}
	squares := "INSERT INTO hostile_areas (id, geom) SELECT 's' || i, ST_Multi(ST_MakeEnvelope(80 + i, 40, 80.5 + i, 41, 4326)) FROM generate_series(1, 24) i"
	return append(list, strings.TrimSpace(squares))
}
