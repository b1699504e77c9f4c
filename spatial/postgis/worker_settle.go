package postgis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"quanyu/spatial"
)

// settle ends what did not succeed: it gives back what was stopped, fails what
// cannot be mended, and has the rest tried again.
func (w *worker) settle(ctx context.Context, r *run, err error) error {
	if err == nil || errors.Is(err, errNotOurs) {
		return nil
	}
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	w.jobs.options.Log.Warn("a run did not succeed", "process", r.process, "run", r.id, "attempt", r.attempts, "error", err)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return w.jobs.fail(write, r, spatial.Errorf(spatial.Unprocessable, "The run took longer than %s, which is the most that is allowed.", w.options.Limit))
	case ctx.Err() != nil: // dismissed, or told to stop
		if own, err := w.jobs.giveBack(write, r, false, "waits for another worker"); err != nil || !own {
			return err
		}
		return river.JobSnooze(0)
	}
	problem := problemOf(err)
	if !worthRetrying(problem.Kind) || r.attempts >= w.options.Attempts {
		return w.jobs.fail(write, r, problem)
	}
	own, failed := w.jobs.giveBack(write, r, true, fmt.Sprintf("attempt %d of %d failed", r.attempts, w.options.Attempts))
	if failed != nil || !own {
		return failed
	}
	return err
}

// worthRetrying: what the client has to mend stays wrong, all else may pass.
func worthRetrying(k spatial.Kind) bool {
	return k == spatial.Internal || k == spatial.Unavailable || k == spatial.Conflict
}

// problemOf is what a client may know of an error.
func problemOf(err error) *spatial.Error {
	var known *spatial.Error
	if errors.As(err, &known) && known.Kind != spatial.Internal {
		return known
	}
	return spatial.Errorf(spatial.Internal, "Something went wrong here; the log has it under the run.")
}

// complete stores outputs and completes run and task in one transaction.
func (j *Jobs) complete(ctx context.Context, task *river.Job[runTask], r *run, outputs []spatial.RunOutput) error {
	return pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		bytes, err := storeOutputs(ctx, tx, r, outputs)
		if err != nil {
			return err
		}
		// Locked last, so that the worker's beats need not wait for the tables.
		if own, err := lockRun(ctx, tx, r); err != nil || !own {
			return cmp.Or(err, errNotOurs)
		}
		if _, err := tx.Exec(ctx, "UPDATE runs SET bytes = $2, expires = clock_timestamp() + make_interval(secs => $3) WHERE id = $1",
			r.id, bytes, j.options.Retention.Seconds()); err != nil {
			return err
		}
		if err := endRun(ctx, tx, r.id, spatial.JobSuccessful, nil); err != nil {
			return err
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, task)
		return err
	})
}
