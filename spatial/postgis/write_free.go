package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// checkFree refuses the id of a new feature that is or was another's.
func checkFree(ctx context.Context, tx pgx.Tx, w *rowWrite) error {
	var rows, gone bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM `+tableOf(w.collection)+` WHERE id = $1),
		EXISTS (SELECT FROM audit_log WHERE collection = $2 AND feature_id = $1)`, w.draft.ID, w.collection.ID).Scan(&rows, &gone)
	switch {
	case err != nil:
		return err
	case rows && showsValidity(w.collection):
		return checkSpan(ctx, tx, w, nil)
	case rows, gone: // the same of a row that is hidden from the caller as of one that is gone
		return taken("is or was the id of another feature; ids are never reused")
	}
	return nil
}

func taken(detail string) error {
	return &spatial.Error{Kind: spatial.Conflict, Detail: "There is or was a feature of that id.", Faults: []spatial.Fault{{Pointer: "/id", Detail: detail}}}
}

// checkSpan refuses a row whose validity meets that of another row of its id;
// own is the version of the row itself, where it is stored.
func checkSpan(ctx context.Context, tx pgx.Tx, w *rowWrite, own *int64) error {
	from, to := w.span()
	if own != nil && !showsValidity(w.collection) {
		return nil // it stays as long in force as it was
	}
	var meets bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM `+tableOf(w.collection)+` t WHERE t.id = $1 AND ($4::bigint IS NULL OR t.version <> $4)
		AND daterange(t.valid_from, t.valid_to) && daterange($2::date, $3::date))`, w.draft.ID, from, to, own).Scan(&meets)
	if err == nil && meets {
		err = taken("is the id of a feature that is in force at the same time")
	}
	return err
}

// showsValidity says whether writers set the validity of rows themselves.
func showsValidity(c spatial.Collection) bool {
	_, ok := c.Property("valid_from")
	return ok
}

// span is how long the draft's row is in force.
func (w *rowWrite) span() (from, to *time.Time) {
	if t, ok := w.draft.Properties["valid_from"].(time.Time); ok {
		from = &t
	}
	if t, ok := w.draft.Properties["valid_to"].(time.Time); ok {
		to = &t
	}
	return from, to
}
