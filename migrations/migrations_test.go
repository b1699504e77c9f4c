package migrations_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"quanyu/migrations"
	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// of the store, and of no collection
var storeColumns = map[string]string{
	"version": "bigint", "valid_from": "date", "valid_to": "date", "loaded_by": "text",
}

var columnTypes = map[spatial.PropertyType]string{
	spatial.String: "text", spatial.Integer: "bigint", spatial.Number: "double precision", spatial.Boolean: "boolean",
	spatial.Date: "date", spatial.Timestamp: "timestamp with time zone", spatial.StringList: "text[]", spatial.JSON: "jsonb",
}

func TestTablesAreThoseOfTheCatalog(t *testing.T) {
	conn := connect(t, postgistest.New(t))
	stored := columns(t, conn)
	for _, c := range spatial.Collections() {
		want := map[string]string{}
		for name, kind := range storeColumns {
			want[name] = kind
		}
		for _, p := range c.All() {
			want[p.ColumnName()] = columnTypes[p.Type]
		}
		if c.Geometry != spatial.NoGeometry {
			want["geom"] = "geometry(" + string(c.Geometry) + ",4326)"
			want["geom_3857"] = "geometry(" + string(c.Geometry) + ",3857)"
		}
		got := stored[c.Table()]
		for name, kind := range want {
			if got[name] != kind {
				t.Errorf("%s.%s is %q in the database, %q in the catalog", c.Table(), name, got[name], kind)
			}
		}
		for name := range got {
			if want[name] == "" {
				t.Errorf("%s.%s is not in the catalog", c.Table(), name)
			}
		}
		delete(stored, c.Table())
	}
	for _, ofAll := range []string{"tile_shapes", "tile_ranks"} { // made of rows of all collections
		delete(stored, ofAll)
	}
	for table, got := range stored {
		if got["visibility"] != "" {
			t.Errorf("table %s is of no collection", table)
		}
	}
}

// columns gives the type of every column by table and name.
func columns(t *testing.T, conn *pgx.Conn) map[string]map[string]string {
	rows, err := conn.Query(t.Context(), `
		SELECT i.table_name, i.column_name, format_type(a.atttypid, a.atttypmod)
		FROM information_schema.columns i JOIN pg_attribute a ON a.attrelid = i.table_name::regclass AND a.attname = i.column_name
		WHERE i.table_schema = 'public' AND i.table_name NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns')`)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]map[string]string{}
	var table, name, kind string
	if _, err := pgx.ForEachRow(rows, []any{&table, &name, &kind}, func() error {
		if stored[table] == nil {
			stored[table] = map[string]string{}
		}
		stored[table][name] = kind
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return stored
}

var quoted = regexp.MustCompile(`'([^']*)'::text`)

func TestChecksAreTheEnumsOfTheCatalog(t *testing.T) {
	conn := connect(t, postgistest.New(t))
	for _, c := range spatial.Collections() {
		for _, p := range c.All() {
			var check string
			err := conn.QueryRow(t.Context(), `SELECT coalesce(max(pg_get_constraintdef(oid)), '') FROM pg_constraint
				WHERE conrelid = $1::regclass AND conname = $2 AND contype = 'c'`, c.Table(), c.Table()+"_"+p.ColumnName()+"_check").Scan(&check)
			if err != nil {
				t.Fatal(err)
			}
			var allowed []string
			for _, m := range quoted.FindAllStringSubmatch(check, -1) {
				allowed = append(allowed, m[1])
			}
			if p.Name != "id" && !slices.Equal(allowed, p.Enum) {
				t.Errorf("%s.%s allows %v in the database, %v in the catalog", c.ID, p.Name, allowed, p.Enum)
			}
		}
	}
}

// Where the server's default collation decided, the same page would come in
// another order on another server.
func TestEveryTextColumnNamesItsCollation(t *testing.T) {
	conn := connect(t, postgistest.New(t))
	rows, err := conn.Query(t.Context(), `
		SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('spatial_ref_sys', 'goose_db_version')
		  AND a.attnum > 0 AND a.attcollation = '"default"'::regcollation`)
	if err != nil {
		t.Fatal(err)
	}
	unnamed, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(unnamed) > 0 {
		t.Errorf("%v, %v", unnamed, err)
	}
	for _, c := range spatial.Collections() {
		var zh, id string
		err := conn.QueryRow(t.Context(), `SELECT
			(SELECT collation_name FROM information_schema.columns WHERE table_name = $1 AND column_name = 'name_zh'),
			(SELECT collation_name FROM information_schema.columns WHERE table_name = $1 AND column_name = 'id')`, c.Table()).Scan(&zh, &id)
		if err != nil || zh != "zh-x-icu" || id != "C" {
			t.Errorf("%s sorts name_zh by %s and id by %s, %v", c.ID, zh, id, err)
		}
	}
}

func TestEveryCollectionHasACounterAndATrigger(t *testing.T) {
	conn := connect(t, postgistest.New(t))
	for _, c := range spatial.Collections() {
		var counters, triggers int
		err := conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM collection_versions WHERE collection = $1),
			(SELECT count(*) FROM pg_trigger WHERE tgrelid = $2::regclass AND NOT tgisinternal)`, c.ID, c.Table()).Scan(&counters, &triggers)
		want := 5 // one for each event writes the audit log
		if c.Geometry != spatial.NoGeometry {
			want = 9 // and one for each notes the blocks
		}
		if c.Geometry == spatial.MultiPolygon {
			want += 3 // and three take shapes away
		}
		if c.Geometry == spatial.Point {
			want += 5 // and five keep ranks
		}
		counted := 1
		if c.ID == spatial.AuditLogID {
			want, counted = 1, 0 // the one that keeps it
		}
		if err != nil || counters != counted || triggers != want {
			t.Errorf("%s has %d counters and %d triggers, %v", c.ID, counters, triggers, err)
		}
	}
}

func TestUpAtOnceAndAgain(t *testing.T) {
	url := postgistest.New(t)
	conn := connect(t, url)
	// An empty database: all that the template brought goes.
	if _, err := conn.Exec(t.Context(), "DROP SCHEMA public CASCADE; DROP SCHEMA river CASCADE; DROP SCHEMA results CASCADE; CREATE SCHEMA public"); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var lines []string
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			err := migrations.Up(t.Context(), url, func(line string) {
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, line)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	files, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(files) || !strings.HasPrefix(lines[0], "migrated to 0001") {
		t.Errorf("four at once said %q of %d files", lines, len(files))
	}
	if err := migrations.Up(t.Context(), url, nil); err != nil {
		t.Errorf("again: %v", err)
	}
	if _, err := conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), url, nil); err == nil || !strings.Contains(err.Error(), "newer quanyu") {
		t.Errorf("a newer database: %v", err)
	}
}

func TestUpWithoutServerSaysSo(t *testing.T) {
	err := migrations.Up(t.Context(), "postgres://nobody:secret@127.0.0.1:1/none?connect_timeout=2", nil)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// The queue is at the version that 0006_jobs.sql names, however new the library.
func TestTheQueueIsAtItsVersion(t *testing.T) {
	var version int
	if err := connect(t, postgistest.New(t)).QueryRow(t.Context(), "SELECT max(version) FROM river.river_migration WHERE line = 'main'").Scan(&version); err != nil || version != 8 {
		t.Errorf("version %d, %v", version, err)
	}
}
