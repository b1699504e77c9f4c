package postgis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// loadLock is the advisory lock that loads and imports take, so that they come
// one after another and readers wait for none.
const loadLock = 7_242_190_332

// progressStep is how many rows lie between two calls of a progress function.
const progressStep = 2000

// Load stores everything that one loader owns in one transaction: afterwards
// the rows of l.Name are exactly l.Tables, with a row of datasets for each of
// l.Datasets, or nothing has changed. Rows that are the same keep their
// version. The same hash under the same name changes nothing and gives false.
// A bad row is an Invalid error that names collection, id and property; an id
// that another loader has at the same time is a Conflict. progress, when set,
// is told of rows sent. Polygons are generalised for tiles afterwards; an error
// of that comes with changed true, and the rows are stored.
func (s *Store) Load(ctx context.Context, l spatial.Load, progress func(done, total int)) (changed bool, err error) {
	if done, err := s.loaded(ctx, s.pool, l); err != nil || done {
		return false, err
	}
	tables, err := stageTables(l)
	if err != nil {
		return false, err
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		if done, err := s.loaded(ctx, tx, l); err != nil || done {
			return err // another process was quicker
		}
		changed = true
		return storeLoad(ctx, tx, l, tables, progress)
	})
	if err != nil {
		return false, err
	}
	return changed, s.generaliseLoaded(ctx, tables)
}

// generaliseLoaded makes the shapes of what was just stored, so that the first
// tiles are as quick as later ones. If others write meanwhile, the keeper does it.
func (s *Store) generaliseLoaded(ctx context.Context, tables []stagedTable) error {
	for _, t := range tables {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := s.Generalise(ctx, t.collection); err != nil && spatial.KindOf(err) != spatial.Conflict {
			return err
		}
	}
	return nil
}

func (s *Store) loaded(ctx context.Context, q querier, l spatial.Load) (bool, error) {
	rows, err := q.Query(ctx, "SELECT EXISTS (SELECT FROM loads WHERE name = $1 AND hash = $2)", l.Name, l.Hash)
	if err != nil {
		return false, mapError(ctx, err)
	}
	done, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
	return done, mapError(ctx, err)
}

// write runs f in a transaction under the load lock, without the readers' time
// limit, and makes DataVersion show the outcome.
func (s *Store) write(ctx context.Context, f func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", loadLock); err != nil {
			return err
		}
		if err := signChanges(ctx, tx, true); err != nil {
			return err
		}
		return f(tx)
	})
	if err != nil {
		return mapError(ctx, err)
	}
	return mapError(ctx, s.changed(context.WithoutCancel(ctx)))
}

// storeLoad writes the staged tables and removes what the loader had in others.
func storeLoad(ctx context.Context, tx pgx.Tx, l spatial.Load, tables []stagedTable, progress func(done, total int)) error {
	if err := checkSources(ctx, tx, tables); err != nil {
		return err
	}
	report := &progressReport{tell: progress}
	counts := map[string]int{}
	for _, t := range tables {
		report.total += len(t.rows)
		counts[t.collection.ID] = len(t.rows)
	}
	for _, c := range spatial.Collections() {
		if c.ID == spatial.AuditLogID {
			continue
		}
		i := slices.IndexFunc(tables, func(t stagedTable) bool { return t.collection.ID == c.ID })
		t := stagedTable{collection: c}
		if i >= 0 {
			t = tables[i]
		}
		if err := mergeTable(ctx, tx, l.Name, t, report); err != nil {
			return fmt.Errorf("%s: %w", c.ID, err)
		}
	}
	if err := deriveExtents(ctx, tx); err != nil {
		return err
	}
	if err := applyBorderDistances(ctx, tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO loads (name, hash, counts) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, counts = excluded.counts, loaded_at = now()`, l.Name, l.Hash, counts)
	return err
}

// checkSources refuses rows of a dataset that is neither in the load nor stored.
func checkSources(ctx context.Context, tx pgx.Tx, tables []stagedTable) error {
	own, wanted := tables[0].sources, []string{}
	for _, t := range tables[1:] {
		for source := range t.sources {
			if _, ok := own[source]; !ok {
				wanted = append(wanted, source)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT w FROM unnest($1::text[]) AS w WHERE NOT EXISTS (SELECT FROM datasets d WHERE d.id = w COLLATE "C") ORDER BY w`, wanted)
	if err != nil {
		return err
	}
	missing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(missing) > 0 {
		err = spatial.Errorf(spatial.Invalid, "Rows name datasets that nobody has loaded: %s; nothing was stored.", strings.Join(missing, ", "))
	}
	return err
}
