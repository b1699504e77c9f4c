package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quanyu/spatial"
)

// storeShapes brings the shapes of a collection to those made, if its rows are
// still as they were read. Writers of the rows wait for the transaction's second
// half, and take away what it wrote of rows that they change; one with a
// snapshot from before fails and has to be run again, since it could not see it.
func storeShapes(ctx context.Context, conn *pgxpool.Conn, c spatial.Collection, at state, shapes []drawnShape) (changed bool, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		if err := stageShapes(ctx, tx, c, shapes); err != nil {
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
		touched, err := mergeShapes(ctx, tx, c)
		if err != nil {
			return err
		}
		if changed = len(touched.ids) > 0; changed {
			if err := touched.note(ctx, tx, c); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO tile_states (collection, version, epoch) VALUES ($1, $2, $3::uuid)
			ON CONFLICT (collection) DO UPDATE SET version = excluded.version, epoch = excluded.epoch`, c.ID, at.version, at.epoch)
		return err
	})
	return changed && err == nil, err
}

func stageShapes(ctx context.Context, tx pgx.Tx, c spatial.Collection, shapes []drawnShape) error {
	if _, err := tx.Exec(ctx, "CREATE TEMP TABLE stage_tile_shapes ON COMMIT DROP AS SELECT * FROM tile_shapes WITH NO DATA"); err != nil {
		return err
	}
	next := 0
	columns := []string{"collection", "id", "version", "srid", "zoom", "visibility", "shape"}
	err := copyRows(ctx, tx, pgx.Identifier{"stage_tile_shapes"}, columns, func() ([]any, error) {
		if next == len(shapes) {
			return nil, nil
		}
		s := shapes[next]
		next++
		return []any{c.ID, s.row.id, s.row.version, s.srid, s.zoom, s.row.visibility, s.shape}, nil
	})
	if err == nil {
		_, err = tx.Exec(ctx, "ANALYZE stage_tile_shapes")
	}
	return err
}

// shapeKeys name rows whose shapes came or went.
type shapeKeys struct {
	ids      []string
	versions []int64
}

// mergeShapes writes what differs.
func mergeShapes(ctx context.Context, tx pgx.Tx, c spatial.Collection) (touched shapeKeys, err error) {
	const key = "n.id = t.id AND n.version = t.version AND n.srid = t.srid AND n.zoom = t.zoom"
	written := 0
	for _, sql := range []string{
		`DELETE FROM tile_shapes t WHERE t.collection = $1 AND NOT EXISTS (SELECT FROM stage_tile_shapes n
			WHERE ` + key + ` AND n.visibility = t.visibility AND n.shape::bytea = t.shape::bytea) RETURNING id, version`,
		`INSERT INTO tile_shapes SELECT n.* FROM stage_tile_shapes n
			WHERE NOT EXISTS (SELECT FROM tile_shapes t WHERE t.collection = $1 AND ` + key + `) ORDER BY n.srid, n.zoom, n.id RETURNING id, version`,
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
		written = len(touched.ids)
	}
	if written >= analyzeFrom {
		_, err = tx.Exec(ctx, "ANALYZE tile_shapes")
	}
	return touched, err
}

// note raises the counter of the collection's shapes and that of the blocks
// that the rows touched lie in. Rows that are gone have noted theirs.
func (k shapeKeys) note(ctx context.Context, tx pgx.Tx, c spatial.Collection) error {
	if _, err := tx.Exec(ctx, "UPDATE collection_versions SET version = version + 1, changed_at = clock_timestamp() WHERE collection = $1", shapesOf(c.ID)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(`SELECT note_blocks($1, (SELECT array_agg(DISTINCT block_corners(t.geom))
		FROM (SELECT DISTINCT * FROM unnest($2::text[], $3::bigint[]) AS k(id, version)) k JOIN %s t ON t.id = k.id AND t.version = k.version)),
		pg_notify('quanyu_changed', $1)`, tableOf(c)), shapesOf(c.ID), k.ids, k.versions)
	return err
}
