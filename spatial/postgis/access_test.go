package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"quanyu/migrations"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// as is the test's context with a caller of a role in it.
func as(t testing.TB, role spatial.Role) context.Context {
	return spatial.WithCaller(t.Context(), spatial.Caller{ID: "key:test", Role: role})
}

// manyAirports fills the collection so that only an index is quick.
func manyAirports(t testing.TB, url string) {
	t.Helper()
	exec(t, url, `INSERT INTO airports (id, name_zh, geom, visibility)
		SELECT 'a' || i, 'n' || i, ST_Point(73 + (i * 7919::bigint % 60000) / 1000.0, 18 + (i * 104729::bigint % 35000) / 1000.0, 4326),
			(ARRAY['public', 'public', 'internal', 'restricted'])[i % 4 + 1]
		FROM generate_series(1, 20000) i`)
	exec(t, url, "ANALYZE airports")
}

// Under row-level security an index serves only conditions whose functions are
// marked LEAKPROOF; every door of a reader that looks for a place, an id or a
// page has to find its rows through one.
func TestReadersFindRowsThroughIndexes(t *testing.T) {
	s, url := open(t)
	manyAirports(t, url)
	airports := collection(t, "airports")
	query := func(q spatial.ItemsQuery) (string, []any) {
		q.Collection, q.Limit = airports, 10
		sql, args, err := postgis.ItemsStatement(q)
		if err != nil {
			t.Fatal(err)
		}
		return sql, args
	}
	expect := func(what, index, sql string, args []any) {
		t.Helper()
		if plan := explain(t, url, sql, args); !strings.Contains(plan, index) || strings.Contains(plan, "Seq Scan on airports") {
			t.Errorf("%s reads without %s:\n%s", what, index, plan)
		}
	}
	box := &spatial.BBox{Bound: orb.Bound{Min: orb.Point{104, 30}, Max: orb.Point{104.5, 30.5}}, CRS: spatial.CRS84}
	sql, args := query(spatial.ItemsQuery{BBox: box})
	expect("a box", "airports_geom", sql, args)
	box = &spatial.BBox{Bound: orb.Bound{Min: orb.Point{11577227, 3503549}, Max: orb.Point{11632886, 3568001}}, CRS: crsOf(t, "EPSG/0/3857")}
	sql, args = query(spatial.ItemsQuery{BBox: box})
	expect("a projected box", "airports_geom", sql, args)
	sql, args = query(spatial.ItemsQuery{After: &spatial.Position{ID: "a500", Version: 3}})
	expect("the next page", "airports_pkey", sql, args)
	sql, args = query(spatial.ItemsQuery{Filter: spatial.Compare{Op: spatial.Equal, Property: property(t, airports, "iata"), Value: "CTU"}})
	expect("a code", "airports_iata", sql, args)
	for _, grid := range spatial.Grids() {
		x, y := grid.At(orb.Point{104, 30}, 9)
		plain, capped, args := postgis.TileStatements(grid, []spatial.Collection{airports}, 9, [2]int{x, y}, [2]int{x + 1, y})
		for _, sql := range []string{plain, capped} {
			expect("a tile of "+grid.ID, "airports_geom", sql, args)
			if plan := explainKept(t, url, sql, args); !strings.Contains(plan, "airports_geom") {
				t.Errorf("a tile of %s by a plan that is kept reads without the index:\n%s", grid.ID, plan)
			}
		}
	}
	if list, err := s.SlowFilters(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("after migrating, still to do: %v, %v", list, err)
	}
}

// explainKept gives the plan that serves a reader's session for all values.
func explainKept(t testing.TB, url, sql string, args []any) string {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "SET ROLE quanyu_public; SET plan_cache_mode = force_generic_plan; PREPARE kept AS "+sql); err != nil {
		t.Fatal(err)
	}
	values := make([]string, len(args))
	for i, arg := range args {
		values[i] = fmt.Sprintf("'%v'", arg)
		if day, ok := arg.(time.Time); ok {
			values[i] = day.Format("'2006-01-02'")
		}
		if list, ok := arg.([]float64); ok {
			values[i] = "'{" + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ","), "[]") + "}'"
		}
	}
	rows, err := conn.Query(t.Context(), "EXPLAIN EXECUTE kept("+strings.Join(values, ", ")+")", pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// An update of PostGIS takes the marks away. The store tells what to do, and
// migrating does it.
func TestLostMarksAreToldAndRestored(t *testing.T) {
	s, url := open(t)
	exec(t, url, "ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
	list, err := s.SlowFilters(t.Context())
	if err != nil || len(list) != 1 || list[0] != "ALTER FUNCTION geometry_overlaps(geometry,geometry) LEAKPROOF" {
		t.Fatalf("to do: %q, %v", list, err)
	}
	if err := migrations.Up(t.Context(), url, nil); err != nil {
		t.Fatal(err)
	}
	if list, err := s.SlowFilters(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("after migrating: %q, %v", list, err)
	}
}

// A table with visibility that no rule guards would be an open door.
func TestEveryTableWithVisibilityIsGuarded(t *testing.T) {
	url := postgistest.New(t)
	unguarded := ask[[]string](t, url, `
		SELECT coalesce(array_agg(c.relname::text), '{}') FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
		  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'visibility')
		  AND NOT (c.relrowsecurity AND has_table_privilege('quanyu_public', c.oid, 'SELECT')
		           AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) = CASE c.relname WHEN 'audit_log' THEN 1 ELSE 3 END)`)
	if len(unguarded) > 0 {
		t.Errorf("without rules: %v; a migration that makes a table calls guard_rows", unguarded)
	}
	for _, c := range spatial.Collections() {
		if !ask[bool](t, url, "SELECT relrowsecurity FROM pg_class WHERE oid = $1::regclass", c.Table()) {
			t.Errorf("%s has no rules", c.ID)
		}
	}
}

// Readers may read collections and what leads to them. They may not write, and
// know nothing of keys.
func TestReadersMayOnlyRead(t *testing.T) {
	url := postgistest.New(t)
	for _, role := range []string{"quanyu_public", "quanyu_internal", "quanyu_all"} {
		conn := connect(t, url)
		defer conn.Close(context.Background())
		if _, err := conn.Exec(t.Context(), "SET ROLE "+role); err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{
			"SELECT * FROM api_keys", "INSERT INTO airports (id) VALUES ('x')", "UPDATE airports SET visibility = 'public'",
			"DELETE FROM airports", "TRUNCATE airports", "SELECT guard_rows('airports', 'all')", "UPDATE collection_versions SET version = 0",
		} {
			var refused *pgconn.PgError
			if _, err := conn.Exec(t.Context(), sql); !errors.As(err, &refused) || refused.Code != "42501" {
				t.Errorf("%s: %s: %v", role, sql, err)
			}
		}
		for _, table := range []string{"airports", "collection_versions", "block_versions", "networks", "network_artifacts", "loads"} {
			if _, err := conn.Exec(t.Context(), "SELECT FROM "+table); err != nil {
				t.Errorf("%s: %s: %v", role, table, err)
			}
		}
	}
}

// What is remembered for one sight is not shown to another, in whatever order
// they ask.
func TestMemosAreKeptBySight(t *testing.T) {
	s, url := open(t)
	exec(t, url, `INSERT INTO airports (id, geom, visibility) VALUES ('p', 'SRID=4326;POINT(100 30)', 'public'),
		('i', 'SRID=4326;POINT(101 31)', 'internal'), ('r', 'SRID=4326;POINT(102 32)', 'restricted')`)
	airports := collection(t, "airports")
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	roles := []spatial.Role{spatial.Anonymous, spatial.Viewer, spatial.Planner, spatial.Admin}
	want := []int64{1, 2, 2, 3}
	for _, round := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}} {
		for _, i := range round {
			n, err := s.Count(as(t, roles[i]), spatial.ItemsQuery{Collection: airports, Limit: 1})
			if err != nil || n != want[i] {
				t.Errorf("%q counts %d, not %d, %v", roles[i], n, want[i], err)
			}
			bound, _, err := s.Extent(as(t, roles[i]), airports)
			if err != nil || bound.Max[0] != 99+float64(want[i]) {
				t.Errorf("%q sees as far as %v, %v", roles[i], bound.Max, err)
			}
		}
	}
}

// Tests migrate many databases of one cluster at once, and so may operators.
func TestDatabasesOfOneClusterMigrateAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		url := postgistest.New(t)
		exec(t, url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
		all.Go(func() {
			if err := migrations.Up(t.Context(), url, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// A database user that may not make roles is told what an administrator has to
// run, and afterwards gets by without being a superuser; filters that only a
// superuser could mark are told of.
func TestMigratingWithoutSuperuser(t *testing.T) {
	url := postgistest.New(t)
	user := "quanyu_test_user_" + strings.ToLower(strings.ReplaceAll(ask[string](t, url, "SELECT gen_random_uuid()::text"), "-", ""))
	exec(t, url, "DROP SCHEMA IF EXISTS public, river, results CASCADE; CREATE SCHEMA public; CREATE EXTENSION postgis")
	exec(t, url, "CREATE ROLE "+user+" NOLOGIN; ALTER SCHEMA public OWNER TO "+user)
	exec(t, url, "GRANT CREATE ON DATABASE "+ask[string](t, url, "SELECT current_database()")+" TO "+user)
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "DROP OWNED BY "+user+" CASCADE; DROP ROLE "+user); err != nil {
			t.Error(err)
		}
	})
	theirs := url + "&options=-c%20role%3D" + user
	err := migrations.Up(t.Context(), theirs, nil)
	if err == nil || !strings.Contains(err.Error(), "GRANT quanyu_public, quanyu_internal, quanyu_all TO "+user) {
		t.Fatalf("got %v", err)
	}
	exec(t, url, "GRANT quanyu_public, quanyu_internal, quanyu_all TO "+user)
	if err := migrations.Up(t.Context(), theirs, nil); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, theirs)
	if list, err := s.SlowFilters(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("to do: %q, %v", list, err)
	}
	load(t, s, sampleLoad(3))
	rows, _ := collect(t, s, spatial.ItemsQuery{Collection: collection(t, "airports"), Limit: 10})
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.Position.ID)
	}
	if want := []string{"airports-000", "airports-001", "airports-002"}; !slices.Equal(ids, want) {
		t.Errorf("read %v", fmt.Sprint(ids))
	}
}

func crsOf(t testing.TB, code string) spatial.CRS {
	t.Helper()
	crs, ok := spatial.ParseCRS("http://www.opengis.net/def/crs/" + code)
	if !ok {
		t.Fatal(code)
	}
	return crs
}
