package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// forgotten is how long a job is known after its result went: it answers 410 in
// that time, and 404 from then on.
const forgotten = 365 * 24 * time.Hour

// Retain removes results whose retention is over, then the oldest ones that are
// too many or too large together, and forgets jobs of a year before. Results of
// callers without a key go first, so that nobody can push out others' by asking
// for many.
func (j *Jobs) Retain(ctx context.Context) error {
	for {
		n, err := j.expire(ctx)
		if err != nil {
			return fmt.Errorf("removing results: %w", mapError(ctx, err))
		}
		if n == 0 {
			break
		}
	}
	_, err := j.pool.Exec(ctx, `DELETE FROM runs r WHERE r.finished < clock_timestamp() - make_interval(secs => $1)
		AND (r.gone OR r.status <> 'successful') AND NOT EXISTS (SELECT FROM jobs j WHERE j.run = r.id AND j.created > clock_timestamp() - make_interval(secs => $1))`,
		(j.options.Retention + forgotten).Seconds())
	return mapError(ctx, err)
}

// expire removes some results, each batch in a transaction of its own, so that
// dropping tables holds few locks at a time.
func (j *Jobs) expire(ctx context.Context) (n int, err error) {
	err = pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id FROM runs WHERE status = 'successful' AND NOT gone AND (expires < clock_timestamp() OR id IN (
				SELECT id FROM (SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS total FROM runs
					WHERE status = 'successful' AND NOT gone WINDOW newest AS (ORDER BY caller->>'ID' <> '' DESC, expires DESC, id)) k
				WHERE place > $1 OR total > $2))
			ORDER BY expires LIMIT 20 FOR UPDATE SKIP LOCKED`, j.options.MaxKept, j.options.MaxBytes)
		if err != nil {
			return err
		}
		runs, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		n = len(runs)
		for _, run := range runs {
			if err := removeResult(ctx, tx, run); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// removeResult drops the tables of a run and its outputs.
func removeResult(ctx context.Context, tx pgx.Tx, run string) error {
	rows, err := tx.Query(ctx, "DELETE FROM run_outputs WHERE run = $1 RETURNING coalesce(relation, '')", run)
	if err != nil {
		return err
	}
	relations, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, relation := range relations {
		if relation == "" {
			continue
		}
		if _, err := tx.Exec(ctx, "DROP TABLE IF EXISTS "+relation); err != nil { // made by storeOutputs of our own ids
			return err
		}
	}
	_, err = tx.Exec(ctx, "UPDATE runs SET gone = true, bytes = 0, updated = clock_timestamp() WHERE id = $1", run)
	return err
}
