package postgis

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quanyu/spatial"
)

// derived is a table that is made of the rows of collections, for their tiles.
type derived struct {
	table   string
	columns []string // the geometry last, along which rows are stored
	key     string   // pairs a stored row t with a new one n
	same    string   // holds when such a pair says the same
}

var shapesTable = derived{
	table: "tile_shapes", columns: []string{"collection", "id", "version", "srid", "zoom", "visibility", "shape"},
	key:  "n.id = t.id AND n.version = t.version AND n.srid = t.srid AND n.zoom = t.zoom",
	same: "n.visibility = t.visibility AND n.shape::bytea = t.shape::bytea",
}

// store brings what is derived of a collection to the rows that next gives, if
// those of the collection are still as they were read. Their writers wait for
// the transaction's second half, and take away what it wrote of rows that they
// change; one with a snapshot from before fails and has to be run again, since it
// could not see it.
func (d derived) store(ctx context.Context, conn *pgxpool.Conn, c spatial.Collection, at state, next func() ([]any, error)) (changed bool, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := d.stage(ctx, tx, next); err != nil {
			return err
		}
		var same bool
		err := tx.QueryRow(ctx, "UPDATE collection_versions SET changed_at = changed_at WHERE collection = $1 RETURNING version = $2 AND epoch = $3::uuid", c.ID, at.version, at.epoch).Scan(&same)
		if err != nil {
			return err
		}
		if !same {
			return spatial.Errorf(spatial.Conflict, "Rows of %s changed while they were being generalised.", c.ID)
		}
		touched, err := d.merge(ctx, tx, c)
		if err != nil {
			return err
		}
		if changed = len(touched.ids) > 0 || at.ranked != at.before; changed {
			if err := touched.note(ctx, tx, c, at.ranked != at.before); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO tile_states (collection, version, epoch, ranked) VALUES ($1, $2, $3::uuid, $4)
			ON CONFLICT (collection) DO UPDATE SET version = excluded.version, epoch = excluded.epoch, ranked = excluded.ranked`, c.ID, at.version, at.epoch, at.ranked)
		return err
	})
	return changed && err == nil, err
}

func (d derived) stage(ctx context.Context, tx pgx.Tx, next func() ([]any, error)) error {
	for _, sql := range []string{"SET LOCAL statement_timeout = 0", fmt.Sprintf("CREATE TEMP TABLE stage_%s ON COMMIT DROP AS SELECT %s FROM %[1]s WITH NO DATA", d.table, strings.Join(d.columns, ", "))} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := copyRows(ctx, tx, pgx.Identifier{"stage_" + d.table}, d.columns, next); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "ANALYZE stage_"+d.table)
	return err
}

// shapeKeys name rows whose shapes came or went.
type shapeKeys struct {
	ids      []string
	versions []int64
}

// merge writes what differs.
func (d derived) merge(ctx context.Context, tx pgx.Tx, c spatial.Collection) (touched shapeKeys, err error) {
	columns := strings.Join(d.columns, ", ")
	for _, sql := range []string{
		fmt.Sprintf("DELETE FROM %s t WHERE t.collection = $1 AND NOT EXISTS (SELECT FROM stage_%[1]s n WHERE %s AND %s) RETURNING id, version", d.table, d.key, d.same),
		fmt.Sprintf(`INSERT INTO %s (%s) SELECT %[2]s FROM stage_%[1]s n
			WHERE NOT EXISTS (SELECT FROM %[1]s t WHERE t.collection = $1 AND %[3]s) ORDER BY n.srid, n.zoom, n.%[4]s RETURNING id, version`, d.table, columns, d.key, d.columns[len(d.columns)-1]),
	} {
		rows, err := tx.Query(ctx, sql, c.ID)
		if err != nil {
			return touched, err
		}
		var id string
		var version int64
		if _, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
			touched.ids, touched.versions = append(touched.ids, id), append(touched.versions, version)
			return nil
		}); err != nil {
			return touched, err
		}
	}
	if len(touched.ids) >= analyzeFrom {
		_, err = tx.Exec(ctx, "ANALYZE "+d.table)
	}
	return touched, err
}

// note raises the counter of what is derived of the collection, and that of the
// blocks that the rows touched lie in; rows that are gone have noted theirs.
// Where other zooms are ranked than before, all tiles may be others now.
func (k shapeKeys) note(ctx context.Context, tx pgx.Tx, c spatial.Collection, all bool) error {
	_, err := tx.Exec(ctx, `UPDATE collection_versions SET version = version + 1, changed_at = clock_timestamp(),
		everywhere = CASE WHEN $2 THEN version + 1 ELSE everywhere END WHERE collection = $1`, shapesOf(c.ID), all)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`SELECT note_blocks($1, (SELECT array_agg(DISTINCT block_corners(t.geom))
		FROM (SELECT DISTINCT * FROM unnest($2::text[], $3::bigint[]) AS k(id, version)) k JOIN %s t ON t.id = k.id AND t.version = k.version)),
		pg_notify('quanyu_changed', $1)`, tableOf(c)), shapesOf(c.ID), k.ids, k.versions)
	return err
}
