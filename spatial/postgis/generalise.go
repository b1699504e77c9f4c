package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/borders"
	"quanyu/spatial/geom"
)

// shapesOf names the counter of a collection's generalised shapes, which change
// its tiles and not its rows.
func shapesOf(collection string) string { return collection + "~shapes" }

// shapeTolerance is how far a border may be moved for a zoom, in steps of a
// tile: half a pixel where a tile is drawn on 512 pixels, as MapLibre does.
// Measured on 3,000 county-like polygons of 500 vertices at zoom 6: 4 steps keep
// a share of vertices that docs/tiles.md states, half a step keeps nearly all.
const shapeTolerance = 4

// worthwhile is the share of vertices above which a zoom is drawn from the
// geometries themselves.
const worthwhile = 0.75

// derives tells whether tiles of a collection rest on what is derived of it.
func derives(c spatial.Collection) bool {
	return c.Tiles != nil && (c.Geometry == spatial.MultiPolygon || c.Geometry == spatial.Point)
}

// Generalise makes the shapes in which tiles draw a collection of polygons at
// low zooms, and ranks one of points, unless both are of the rows' present state
// already; changed tells whether any shape or rank came or went. All of a collection is made anew, since a
// border is cut where its company changes and one edit may change that of its
// neighbours; what comes out the same is not written, and only tiles over the
// rest expire.
//
// Rows of each visibility are generalised with those that everyone who sees
// them sees too, so that no shape tells of a row that is hidden; a border
// between a public and an internal area may differ by less than the tolerance.
//
// It fails with Conflict when rows changed meanwhile: try again. When another
// process is at it, nothing is done.
func (s *Store) Generalise(ctx context.Context, c spatial.Collection) (changed bool, err error) {
	if !derives(c) {
		return false, nil
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, mapError(ctx, err)
	}
	defer conn.Release()
	var mine bool
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, hashtext($2))", shapeLock, c.ID).Scan(&mine); err != nil || !mine {
		return false, mapError(ctx, err)
	}
	defer func() {
		// A session that cannot unlock is given up, and its locks with it.
		if _, e := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1, hashtext($2))", shapeLock, c.ID); e != nil {
			err = errors.Join(err, mapError(ctx, conn.Conn().Close(context.WithoutCancel(ctx))))
		}
	}()
	if c.Geometry == spatial.Point {
		changed, err = rank(ctx, conn, c)
	} else {
		changed, err = generalise(ctx, conn, c)
	}
	if err != nil {
		return false, mapError(ctx, err)
	}
	if changed {
		err = mapError(ctx, s.changed(ctx))
	}
	return changed, err
}

// shapeLock is the first key of the advisory locks, one a collection, under
// which shapes are made.
const shapeLock = 724_219

func generalise(ctx context.Context, conn *pgxpool.Conn, c spatial.Collection) (bool, error) {
	rows, at, err := readAreas(ctx, conn, c)
	if err != nil || at.done {
		return false, err
	}
	var shapes []drawnShape
	for _, grid := range spatial.Grids() {
		for _, visibility := range []string{"public", "internal", "restricted"} {
			made, err := shapesFor(ctx, grid, c, rows, visibility)
			if err != nil {
				return false, err
			}
			shapes = append(shapes, made...)
		}
	}
	next := 0
	return shapesTable.store(ctx, conn, c, at, func() ([]any, error) {
		if next == len(shapes) {
			return nil, nil
		}
		s := shapes[next]
		next++
		return []any{c.ID, s.row.id, s.row.version, s.srid, s.zoom, s.row.visibility, s.shape}, nil
	})
}

// areaRow is a row of polygons, in the CRS of each grid.
type areaRow struct {
	id         string
	version    int64
	visibility string
	lonLat     orb.MultiPolygon
	mercator   orb.MultiPolygon
}

func (r areaRow) in(grid spatial.Grid) orb.MultiPolygon {
	if grid.CRS == spatial.CRS84 {
		return r.lonLat
	}
	return r.mercator
}

// state is that of a collection's rows when they were read.
type state struct {
	version int64
	epoch   string
	done    bool // what is derived is of this state, or the table has none
	before  int  // the last zoom at which points were taken by rank, -1 for none
	ranked  int  // the one from now on
}

// readState tells the state of a collection. One that is not watched counts as
// done, since what is derived of it could go stale.
func readState(ctx context.Context, tx pgx.Tx, c spatial.Collection) (at state, err error) {
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		return at, err
	}
	err = tx.QueryRow(ctx, `SELECT v.version, v.epoch::text, coalesce(v.version = t.version AND v.epoch = t.epoch, false), coalesce(t.ranked, -1)
		FROM collection_versions v LEFT JOIN tile_states t USING (collection)
		WHERE v.collection = $1 AND EXISTS (SELECT FROM collection_versions w WHERE w.collection = $2)`, c.ID, shapesOf(c.ID)).Scan(&at.version, &at.epoch, &at.done, &at.before)
	if errors.Is(err, pgx.ErrNoRows) {
		at.done, err = true, nil
	}
	at.ranked = -1
	return at, err
}

// readAreas reads all rows, in order, as they were at one state. Of more
// vertices than can be generalised together it reads none.
func readAreas(ctx context.Context, conn *pgxpool.Conn, c spatial.Collection) (rows []areaRow, at state, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error {
		var err error
		at, err = readState(ctx, tx, c)
		if err != nil || at.done {
			return err
		}
		var vertices int64
		if err := tx.QueryRow(ctx, fmt.Sprintf("SELECT coalesce(sum(ST_NPoints(geom)), 0)::bigint FROM %s", tableOf(c))).Scan(&vertices); err != nil || vertices > borders.MostVertices {
			return err
		}
		found, err := tx.Query(ctx, fmt.Sprintf("SELECT id, version, visibility, geom, geom_3857 FROM %s WHERE NOT ST_IsEmpty(geom) ORDER BY id, version", tableOf(c)))
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(found, areaOf)
		return err
	})
	return rows, at, err
}

func areaOf(row pgx.CollectableRow) (r areaRow, err error) {
	var lonLat, mercator []byte
	if err := row.Scan(&r.id, &r.version, &r.visibility, &lonLat, &mercator); err != nil {
		return r, err
	}
	for _, g := range []struct {
		from []byte
		to   *orb.MultiPolygon
	}{{lonLat, &r.lonLat}, {mercator, &r.mercator}} {
		shape, _, err := geom.DecodeEWKB(g.from)
		if err != nil {
			return r, err
		}
		*g.to, _ = shape.(orb.MultiPolygon) // the type of the column
	}
	return r, nil
}
