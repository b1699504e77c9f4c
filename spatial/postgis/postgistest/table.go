package postgistest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// Table makes the table of a collection that is not in the catalog, as a
// migration would: the columns of every table, the collection's own, an index
// on geometry and the counter of changes. shape is the type of the column
// geom, such as "geometry(PointZ, 4326)", and may be one that no migration
// would choose; "" makes none.
func Table(t testing.TB, url string, c spatial.Collection, shape string) {
	t.Helper()
	columns := []string{`id text COLLATE "C" NOT NULL`, "version bigint NOT NULL DEFAULT nextval('row_version')", "valid_from date", "valid_to date", "loaded_by text"}
	for _, p := range c.All() {
		if p.Name == "id" {
			continue
		}
		column := quoted(p.ColumnName()) + " " + columnTypes[p.Type]
		if p.Name == "visibility" {
			column += " NOT NULL DEFAULT 'public'"
		}
		columns = append(columns, column)
	}
	table := quoted(c.Table())
	if shape != "" {
		columns = append(columns, "geom "+shape)
	}
	Exec(t, url, fmt.Sprintf("CREATE TABLE %s (%s, PRIMARY KEY (id, version))", table, strings.Join(columns, ", ")))
	if shape != "" {
		Exec(t, url, fmt.Sprintf("CREATE INDEX ON %s USING gist (geom)", table))
	}
	Exec(t, url, fmt.Sprintf("CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s EXECUTE FUNCTION collection_changed(%s)",
		table, "'"+strings.ReplaceAll(c.ID, "'", "''")+"'"))
	Exec(t, url, "INSERT INTO collection_versions (collection) VALUES ($1)", c.ID)
	Exec(t, url, "SELECT guard_rows($1::regclass)", table)
}

// columnTypes are the SQL types that spatial.PropertyType promises.
var columnTypes = map[spatial.PropertyType]string{
	spatial.String: `text COLLATE "zh-x-icu"`, spatial.Integer: "bigint", spatial.Number: "double precision", spatial.Boolean: "boolean",
	spatial.Date: "date", spatial.Timestamp: "timestamptz", spatial.StringList: "text[]", spatial.JSON: "jsonb",
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// Exec runs SQL beside the store, as another program would.
func Exec(t testing.TB, url, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%.300s: %v", sql, err)
	}
}
