package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// Create adds a feature to a writable collection. An id that a feature has, or
// that one had which is gone, is a Conflict, since ids are never reused; rows
// of one id may follow one another where their validity does.
func (s *Store) Create(ctx context.Context, c spatial.Collection, d spatial.Draft) (spatial.Written, error) {
	var done spatial.Written
	err := s.edit(ctx, c, d.ID, func(tx pgx.Tx) error {
		w := newRowWrite(c, d, spatial.CallerOf(ctx).Sees())
		if err := checkFree(ctx, tx, w); err != nil {
			return err
		}
		if err := w.prepare(ctx, tx, true); err != nil {
			return err
		}
		var err error
		done, err = w.insert(ctx, tx)
		return err
	})
	return done, err
}

// Update makes a change to one feature. change is given the row as it is, its
// geometry in GeoJSON and crs, and gives what it shall be; nothing else writes
// the feature meanwhile. The row's version rises and what it was is in the audit
// log; in a collection that keeps history the old row stays as well, in force
// until today. A row that is not there, or that the caller may not see, is
// NotFound; one that the precondition does not hold for is Stale; one that a
// loader owns is a Conflict, since the next load would undo the change. An error of
// change ends the update and is returned as it is.
func (s *Store) Update(ctx context.Context, t spatial.Target, crs spatial.CRS, change func(spatial.ItemRow) (spatial.Draft, error)) (spatial.Written, error) {
	var done spatial.Written
	err := s.edit(ctx, t.Collection, t.ID, func(tx pgx.Tx) error {
		row, err := s.find(ctx, tx, t, crs)
		if err != nil {
			return err
		}
		d, err := change(row.item)
		if err != nil {
			return err
		}
		d.ID = t.ID
		w := newRowWrite(t.Collection, d, spatial.CallerOf(ctx).Sees())
		if err := w.prepare(ctx, tx, false); err != nil {
			return err
		}
		today := s.today()
		if t.Collection.KeepsHistory && !row.beganOn(today) {
			done, err = w.supersede(ctx, tx, row, today)
			return err
		}
		done, err = w.replace(ctx, tx, row)
		return err
	})
	return done, err
}

// Remove takes a feature away; the audit log keeps it, and a collection that
// keeps history keeps the row, in force until today. Errors are as those of
// Update.
func (s *Store) Remove(ctx context.Context, t spatial.Target) error {
	return s.edit(ctx, t.Collection, t.ID, func(tx pgx.Tx) error {
		row, err := s.find(ctx, tx, t, spatial.CRS84)
		if err != nil {
			return err
		}
		if today := s.today(); t.Collection.KeepsHistory && !row.beganOn(today) {
			return closeRow(ctx, tx, t.Collection, row, today)
		}
		_, err = tx.Exec(ctx, "DELETE FROM "+tableOf(t.Collection)+" WHERE id = $1 AND version = $2", t.ID, row.item.Position.Version)
		return err
	})
}

// edit runs f in a transaction signed with the caller's name, in which nobody
// else of this program writes the id, and makes DataVersion show the outcome.
func (s *Store) edit(ctx context.Context, c spatial.Collection, id string, f func(pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	if !c.Writable {
		return spatial.Errorf(spatial.Conflict, "Features of %s cannot be written.", c.ID)
	}
	if !spatial.IsID(id) {
		return spatial.Errorf(spatial.NotFound, "%s has no feature of that id.", c.ID)
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := signChanges(ctx, tx, false); err != nil {
			return err
		}
		// Before anything is read, so that what is read is not older than the lock.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", c.ID+"/"+id); err != nil {
			return err
		}
		return f(tx)
	})
	if err != nil {
		return mapError(ctx, err)
	}
	return mapError(ctx, s.changed(context.WithoutCancel(ctx)))
}

// foundRow is a row that a write is about.
type foundRow struct {
	item   spatial.ItemRow
	loader *string
}

// beganOn says whether the row came into force on that date.
func (r foundRow) beganOn(day time.Time) bool {
	return r.item.Validity.From != nil && r.item.Validity.From.Equal(day)
}

// find reads the row that a target names and locks it against other writers.
func (s *Store) find(ctx context.Context, tx pgx.Tx, t spatial.Target, crs spatial.CRS) (foundRow, error) {
	day := s.today()
	if t.AsOf != nil {
		day = civilDate(*t.AsOf)
	}
	st := &statement{}
	columns := itemColumns(t.Collection, t.Collection.All(), nil, geometrySQL(t.Collection, crs, spatial.GeoJSON))
	st.add("SELECT %s, 0, %s FROM %s t WHERE t.id = %s AND t.visibility = ANY(%s) AND %s FOR UPDATE", columns, validitySQL(true), tableOf(t.Collection),
		st.bind(t.ID, "text"), st.bind(spatial.CallerOf(ctx).Sees().Visibilities(), "text[]"), validOn(st.bind(day, "date")))
	rows, err := tx.Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return foundRow{}, err
	}
	item, err := pgx.CollectOneRow(rows, func(row pgx.CollectableRow) (spatial.ItemRow, error) { return scanItem(rows) })
	if errors.Is(err, pgx.ErrNoRows) {
		return foundRow{}, spatial.Errorf(spatial.NotFound, "%s has no feature of that id in force on the date asked for.", t.Collection.ID)
	}
	if err != nil {
		return foundRow{}, err
	}
	if !t.If.Holds(item.Position.Version) {
		return foundRow{}, spatial.Errorf(spatial.Stale, "The feature has another version than the request expects: somebody else changed it.")
	}
	if t.Collection.KeepsHistory && item.Validity.To != nil && !item.Validity.To.After(s.today()) {
		return foundRow{}, spatial.Errorf(spatial.Conflict, "What was held true before stays as it was; only the feature in force today can be corrected.")
	}
	found := foundRow{item: item}
	err = tx.QueryRow(ctx, "SELECT loaded_by FROM "+tableOf(t.Collection)+" WHERE id = $1 AND version = $2", t.ID, item.Position.Version).Scan(&found.loader)
	if err == nil && found.loader != nil {
		err = spatial.Errorf(spatial.Conflict, "The feature belongs to the import %q, whose next load would undo the change: import it anew, or add a feature of another id.", *found.loader)
	}
	return found, err
}

// closeRow ends the validity of a row on a date.
func closeRow(ctx context.Context, tx pgx.Tx, c spatial.Collection, row foundRow, day time.Time) error {
	_, err := tx.Exec(ctx, fmt.Sprintf("UPDATE %s SET valid_to = $3, version = nextval('row_version') WHERE id = $1 AND version = $2", tableOf(c)),
		row.item.Position.ID, row.item.Position.Version, day)
	return err
}
