package postgis_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
	"quanyu/spatial/geom"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// sameRows holds what Items and Item give against PlainItems, for every row of
// a collection that both can show.
func sameRows(t *testing.T, s *postgis.Store, q spatial.ItemsQuery) (rows int) {
	t.Helper()
	plain, plainErr := postgis.PlainItems(t.Context(), s, q)
	q.Limit, q.Validity = 10000, true
	var fast []spatial.ItemRow
	err := s.Items(t.Context(), q, func(r spatial.ItemRow) error { fast = append(fast, kept(r)); return nil })
	if (err == nil) != (plainErr == nil) {
		t.Errorf("%s in %s: %v, plain %v", q.Collection.ID, q.CRS.URI, err, plainErr)
	}
	if err != nil || plainErr != nil {
		return 0
	}
	if len(fast) != len(plain) {
		t.Fatalf("%s: %d rows, plain %d", q.Collection.ID, len(fast), len(plain))
	}
	for i, got := range fast {
		single, err := s.Item(t.Context(), q.Collection, got.Position.ID, q.CRS, nil, q.Format)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []spatial.ItemRow{got, single} {
			if want := describe(plain[i]); describe(got) != want {
				t.Fatalf("%s in %s, row %d:\n%.2000s\nplain:\n%.2000s", q.Collection.ID, q.CRS.URI, i, describe(got), want)
			}
		}
	}
	return len(fast)
}

// ownConnection opens a connection of its own to a new database.
func ownConnection(t *testing.T) *pgx.Conn {
	t.Helper()
	db, err := pgx.Connect(t.Context(), postgistest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	return db
}

// The JSON made here is that of the database, byte for byte, whatever is in a
// table and in every kind of CRS; pages and single features agree.
func TestRowsAreWrittenAsTheDatabaseWritesThem(t *testing.T) {
	s, url := open(t)
	for _, c := range postgistest.Hostile(t, url) {
		total := 0
		for _, format := range []spatial.GeometryFormat{spatial.GeoJSON, spatial.WKT} {
			for _, to := range []spatial.CRS{spatial.CRS84, crs(t, 4490), crs(t, 3857), crs(t, 4547)} {
				total += sameRows(t, s, spatial.ItemsQuery{Collection: c, CRS: to, Format: format})
			}
		}
		if total < 24 {
			t.Errorf("%s: only %d rows were compared", c.ID, total)
		}
	}
}

// describe writes all of a row; its sort keys are left out, as single features
// have none.
func describe(r spatial.ItemRow) string {
	date := func(t any) string { return fmt.Sprint(t) }
	from, to := "open", "open"
	if r.Validity.From != nil {
		from = date(*r.Validity.From)
	}
	if r.Validity.To != nil {
		to = date(*r.Validity.To)
	}
	return fmt.Sprintf("%s %d %s %s\n%v %s\n%s", r.Position.ID, r.Position.Version, from, to, r.Geometry == nil, r.Geometry, r.Properties)
}

// numbersForJSON are those where texts of numbers go wrong: halves at the last
// decimal, carries, exponents, and numbers near what a decimal can tell.
func numbersForJSON() []float64 {
	list := []float64{0, 9.99999999e-10, -9.99999996e15, math.Copysign(0, -1), 1e-9, -1.23456789e-9, 1e-8, 1.00000001e-8, -0.00000004, 0.00000005, 0.00000015, 0.00000025, 1.00000045, -1.00000055,
		99.99999995, -99.99999995, 9.99999999, 0.9999999, 123456789012345.678, 1e15, -1e15, 1.5e15, 1e300, -2.5e-300, 5e-324, math.MaxFloat64, 104.12345665, 0.0005, 0.0015, 0.0025, -0.0004}
	r := rand.New(rand.NewPCG(1, 1))
	for range 4000 {
		list = append(list, r.Float64()*360-180, math.Round(r.Float64()*1e9)/1e7, (math.Round(r.Float64()*1e8)+0.5)/1e7, math.Float64frombits(r.Uint64()&^(0x7ff<<52)|uint64(950+r.IntN(140))<<52))
	}
	return list
}

// The texts of coordinates are those of PostGIS, bit for bit.
func TestNumbersAreWrittenAsPostGISWritesThem(t *testing.T) {
	db := ownConnection(t)
	numbers := numbersForJSON()
	for _, decimals := range []int{7, 3} {
		rows, err := db.Query(t.Context(), "SELECT ST_AsEWKB(p), ST_AsGeoJSON(p, $2::int, 0) FROM (SELECT ST_MakePoint(x, -x, x) AS p FROM unnest($1::float8[]) x) s", numbers, decimals)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for ; rows.Next(); seen++ {
			var ewkb []byte
			var want string
			if err := rows.Scan(&ewkb, &want); err != nil {
				t.Fatal(err)
			}
			if got, _, err := geom.AppendGeoJSON(nil, ewkb, decimals); err != nil || string(got) != want {
				t.Errorf("%d decimals of %v: %s, %v; PostGIS writes %s", decimals, numbers[seen], got, err, want)
			}
		}
		if err := rows.Err(); err != nil || seen != len(numbers) {
			t.Fatalf("%d of %d numbers, %v", seen, len(numbers), err)
		}
	}
}

func TestGeometriesAreWrittenAsPostGISWritesThem(t *testing.T) {
	db := ownConnection(t)
	for _, wkt := range []string{
		"POINT(1 2)", "POINT EMPTY", "POINT Z (1 2 3)", "POINT M (1 2 3)", "POINT ZM (1 2 3 4)", "LINESTRING(0 0, 1.5 2)", "LINESTRING EMPTY",
		"POLYGON((0 0, 1 0, 1 1, 0 0))", "POLYGON((0 0, 9 0, 9 9, 0 0), (2 1, 3 1, 3 2, 2 1))", "POLYGON EMPTY", "MULTIPOINT(1 2, 3 4)", "MULTILINESTRING((0 0, 1 1), (2 2, 3 3))",
		"MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", "MULTIPOLYGON EMPTY", "MULTIPOLYGON Z (((0 0 1, 1 0 2, 1 1 3, 0 0 1)))",
		"GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))", "GEOMETRYCOLLECTION EMPTY",
	} {
		for _, order := range []string{"NDR", "XDR"} {
			var ewkb []byte
			var want string
			if err := db.QueryRow(t.Context(), "SELECT ST_AsEWKB(g, $2::text), ST_AsGeoJSON(g, 7, 0) FROM (SELECT ST_GeomFromText($1::text, 4326) AS g) s", wkt, order).Scan(&ewkb, &want); err != nil {
				t.Fatal(err)
			}
			got, somewhere, err := geom.AppendGeoJSON([]byte("before"), ewkb, 7)
			if err != nil || string(got) != "before"+want || somewhere == strings.Contains(wkt, "EMPTY") {
				t.Errorf("%s %s: %s, %v, %v; PostGIS writes %s", wkt, order, got, somewhere, err, want)
			}
			for n := range ewkb {
				if _, _, err := geom.AppendGeoJSON(nil, ewkb[:n], 7); err == nil {
					t.Errorf("%s: no error after %d of %d bytes", wkt, n, len(ewkb))
				}
			}
		}
	}
}
