package postgis_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/filter"
	"quanyu/spatial/postgis"
)

// The words, texts and numbers that SQL of filters is made of, besides bound
// values and columns. Whatever else is in it came from a request.
var (
	sqlWord     = regexp.MustCompile(`\$[0-9]+|"[^"]*"|'[^']*'|[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?|[A-Za-z_][A-Za-z_0-9]*`)
	sqlKeywords = strings.Fields(`t a b o AND OR NOT IS NULL IN BETWEEN LIKE COLLATE ANY ARRAY SELECT FROM AS OFFSET CASE WHEN THEN ELSE END true false
		text bigint double precision boolean date timestamptz geometry float8 numeric NFD NFC geom
		abs ln trunc power mod div lower upper normalize translate regexp_replace
		ST_Intersects ST_Equals ST_Disjoint ST_Touches ST_Within ST_Overlaps ST_Crosses ST_Contains ST_Collect ST_MakeValid ST_Segmentize ST_Transform
		ST_SetSRID ST_MakePoint ST_MakeLine ST_MakeEnvelope ST_GeomFromText`)
	sqlTexts   = []string{"'-infinity'", "'infinity'", `'[\u0300-\u036F]+'`, "''", "'g'", "'øØđĐðÐħĦıłŁŧŦ'", "'oOdDdDhHilLtT'", "'method=structure'", "'POLYGON EMPTY'"}
	sqlNumbers = []string{"0", "1", "690", "1e300", "1e-300", "4326"}
)

// checkSQL fails for SQL that holds anything but what compiling puts there.
func checkSQL(t testing.TB, c spatial.Collection, sql string) {
	t.Helper()
	for _, word := range sqlWord.FindAllString(sql, -1) {
		known := false
		switch word[0] {
		case '$':
			known = true
		case '\'':
			known = slices.Contains(sqlTexts, word)
		case '"':
			known = word == `"C"` || word == `"und-x-icu"` || slices.ContainsFunc(c.All(), func(p spatial.Property) bool { return word == `"`+p.ColumnName()+`"` })
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			known = slices.Contains(sqlNumbers, word) || slices.ContainsFunc(spatial.OfferedCRS(), func(crs spatial.CRS) bool { return word == strconv.Itoa(crs.SRID) })
		default:
			known = slices.Contains(sqlKeywords, word)
		}
		if !known {
			t.Fatalf("%s is in the SQL and not of our making: %s", word, sql)
		}
	}
	signs := sqlWord.ReplaceAllString(sql, "")
	if i := strings.IndexFunc(signs, func(r rune) bool { return !strings.ContainsRune(" ()[],.:=<>+-*/&@", r) }); i >= 0 {
		t.Fatalf("%q is in the SQL and not of our making: %s", signs[i:], sql)
	}
}

// FuzzFilterSQL holds that no part of a request, in either language and any
// CRS, becomes a part of SQL.
func FuzzFilterSQL(f *testing.F) {
	for i, one := range placesFilters {
		f.Add(one.filter, i)
		if e, err := filter.Parse(one.filter, places); err == nil {
			if body, err := filter.FormatJSON(e); err == nil {
				f.Add(string(body), i)
			}
		}
	}
	f.Add(`kind = '''; DROP TABLE places; --' OR kind LIKE '$1%' OR "kind" = '"'`, 0)
	offered := spatial.OfferedCRS()
	f.Fuzz(func(t *testing.T, text string, i int) {
		crs := offered[((i%len(offered))+len(offered))%len(offered)]
		parse := filter.ParseText
		if strings.HasPrefix(text, "{") {
			parse = filter.ParseJSON
		}
		e, err := parse(text, crs, places)
		if err != nil {
			return
		}
		sql, args, err := postgis.FilterStatement(places, e)
		if err != nil {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Fatalf("%q: %v is not the client's fault", text, err)
			}
			return
		}
		checkSQL(t, places, sql)
		for n := range args {
			if !strings.Contains(sql, "$"+strconv.Itoa(n+1)+"::") {
				t.Fatalf("%q: value %d is bound and not used: %s", text, n+1, sql)
			}
		}
	})
}

// A box in an EXPLAIN tells that the index on the geometry finds the rows: of
// each spatial function but S_DISJOINT, which is of what is not near, and of
// literals in any CRS.
func TestSpatialFiltersUseTheIndex(t *testing.T) {
	s, url := openPlaces(t)
	exec(t, url, `INSERT INTO places (id, geom) SELECT 'n' || n, ST_SetSRID(ST_MakePoint(73 + n % 60, 18 + n / 600.0 % 35), 4326) FROM generate_series(1, 20000) n`)
	exec(t, url, "ANALYZE places")
	crs := func(code string) spatial.CRS {
		found, ok := spatial.ParseCRS("http://www.opengis.net/def/crs/" + code)
		if !ok {
			t.Fatal(code)
		}
		return found
	}
	for _, one := range []struct {
		crs  spatial.CRS
		text string
	}{
		{spatial.CRS84, "S_INTERSECTS(geometry, BBOX(104, 30, 104.5, 30.5))"},
		{spatial.CRS84, "S_INTERSECTS(geometry, BBOX(179.5, 20, -179.5, 21))"},
		{spatial.CRS84, "S_INTERSECTS(POLYGON((104 30, 104.5 30, 104.5 30.5, 104 30)), geometry)"},
		{spatial.CRS84, "NOT kind = 'x' AND S_WITHIN(geometry, POLYGON((104 30, 104.5 30, 104.5 30.5, 104 30)))"},
		{spatial.CRS84, "S_CONTAINS(geometry, POINT(104 30))"},
		{spatial.CRS84, "S_EQUALS(geometry, POINT(104 30))"},
		{spatial.CRS84, "S_TOUCHES(geometry, LINESTRING(104 30, 105 31))"},
		{spatial.CRS84, "S_CROSSES(geometry, LINESTRING(104 30, 105 31))"},
		{spatial.CRS84, "S_OVERLAPS(geometry, POLYGON((104 30, 104.5 30, 104.5 30.5, 104 30)))"},
		{crs("EPSG/0/4490"), "S_INTERSECTS(geometry, POLYGON((30 104, 30 104.5, 30.5 104.5, 30 104)))"},
		{crs("EPSG/0/3857"), "S_INTERSECTS(geometry, POLYGON((11577227 3503549, 11632886 3503549, 11632886 3568001, 11577227 3503549)))"},
		{crs("EPSG/0/4543"), "S_WITHIN(geometry, BBOX(3320000, 690000, 3330000, 700000))"},
	} {
		e, err := filter.ParseText(one.text, one.crs, places)
		if err != nil {
			t.Fatalf("%s: %v", one.text, err)
		}
		sql, args, err := postgis.ItemsStatement(spatial.ItemsQuery{Collection: places, Limit: 10000, Filter: e})
		if err != nil {
			t.Fatal(err)
		}
		if plan := explain(t, url, sql, args); !strings.Contains(plan, "places_geom") {
			t.Errorf("%s reads without the index:\n%s", one.text, plan)
		}
		if _, err := s.Count(t.Context(), spatial.ItemsQuery{Collection: places, Limit: 1, Filter: e}); err != nil {
			t.Errorf("%s: %v", one.text, err)
		}
	}
}

// explain gives the plan that an anonymous reader's session makes.
func explain(t *testing.T, url, sql string, args []any) string {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	var oid uint32
	if err := conn.QueryRow(t.Context(), "SELECT 'geometry'::regtype::oid").Scan(&oid); err != nil {
		t.Fatal(err)
	}
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: oid, Codec: pgtype.ByteaCodec{}})
	if _, err := conn.Exec(t.Context(), "SET ROLE quanyu_public; SET plan_cache_mode = force_custom_plan"); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), "EXPLAIN "+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// The same place is found whatever CRS its literal is in, with the axes in the
// order of that CRS. The figures are PROJ's, by way of PostGIS.
func TestFilterCRS(t *testing.T) {
	s, url := openPlaces(t)
	for _, code := range []int{4326, 4490, 3857, 4523, 4543} {
		crs, ok := spatial.ParseCRS("http://www.opengis.net/def/crs/EPSG/0/" + strconv.Itoa(code))
		if !ok {
			t.Fatal(code)
		}
		x := ask[float64](t, url, "SELECT ST_X(ST_Transform('SRID=4326;POINT(104 30.6)'::geometry, $1::int))", code)
		y := ask[float64](t, url, "SELECT ST_Y(ST_Transform('SRID=4326;POINT(104 30.6)'::geometry, $1::int))", code)
		if crs.LatLon {
			x, y = y, x
		}
		d := 1000.0
		if code == 4326 || code == 4490 {
			d = 0.01
		}
		for _, text := range []string{
			fmt.Sprintf("S_WITHIN(geometry, BBOX(%f, %f, %f, %f))", x-d, y-d, x+d, y+d),
			fmt.Sprintf("S_INTERSECTS(geometry, BBOX(%f, %f, -9, %f, %f, 9)) AND kind = 'city'", x-d, y-d, x+d, y+d),
			fmt.Sprintf("S_WITHIN(geometry, POLYGON((%f %f, %f %f, %f %f, %f %f, %f %f)))", x-d, y-d, x+d, y-d, x+d, y+d, x-d, y+d, x-d, y-d),
		} {
			e, err := filter.ParseText(text, crs, places)
			if err != nil {
				t.Fatalf("%d: %s: %v", code, text, err)
			}
			if got := matching(t, s, places, e); !slices.Equal(got, []string{"a"}) {
				t.Errorf("%d: %s finds %v", code, text, got)
			}
		}
	}
}

// What a literal cannot be in its CRS is refused before the database sees it.
func TestShapesOutsideOfTheirCRS(t *testing.T) {
	mercator, _ := spatial.ParseCRS("http://www.opengis.net/def/crs/EPSG/0/3857")
	zone, _ := spatial.ParseCRS("http://www.opengis.net/def/crs/EPSG/0/4543")
	for _, shape := range []spatial.Operand{
		spatial.Shape{Geometry: orb.Point{1e9, 0}, CRS: mercator},
		spatial.Shape{Geometry: orb.Collection{orb.MultiPoint{{0, 91}}}, CRS: spatial.CRS84},
		spatial.Shape{Geometry: orb.LineString{{0, 0}, {0, math.NaN()}}, CRS: mercator},
		spatial.Shape{Geometry: orb.Polygon{{{500000, 0}, {1e300, 0}, {0, 1}, {500000, 0}}}, CRS: zone},
		spatial.Property{Name: "kind", Type: spatial.String},
	} {
		e := spatial.SpatialRelation{Op: spatial.SIntersects, Left: spatial.FeatureGeometry{}, Right: shape}
		if _, _, err := postgis.FilterStatement(places, e); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%#v: %v", shape, err)
		}
	}
	bare := spatial.Collection{ID: "targets"}
	e := spatial.IsNull{Property: spatial.FeatureGeometry{}}
	if _, _, err := postgis.FilterStatement(bare, e); spatial.KindOf(err) != spatial.Invalid {
		t.Errorf("the geometry of a collection without one: %v", err)
	}
}
