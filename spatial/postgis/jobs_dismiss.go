package postgis

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/rivertype"

	"quanyu/spatial"
)

// Dismiss ends a job of the caller. The run goes on, and its result stays, for
// as long as another job shares it; else the worker's context is cancelled, down
// to its SQL, or the result is removed. A job that was dismissed before is Gone.
func (j *Jobs) Dismiss(ctx context.Context, id string) (spatial.Job, error) {
	var job spatial.Job
	err := pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		// The run is locked first, as by those that attach to it.
		var err error
		if job, err = j.job(ctx, tx, id, "FOR UPDATE OF r, j"); err != nil {
			return err
		}
		if job.Status == spatial.JobDismissed {
			return spatial.Errorf(spatial.Gone, "The job was dismissed before.")
		}
		var run string
		if err := tx.QueryRow(ctx, "UPDATE jobs SET dismissed = clock_timestamp() WHERE id = $1 RETURNING run", id).Scan(&run); err != nil {
			return err
		}
		if err := j.abandon(ctx, tx, run); err != nil {
			return err
		}
		job, err = j.job(ctx, tx, id, "")
		return err
	})
	if err != nil {
		return spatial.Job{}, mapError(ctx, err)
	}
	return job, nil
}

// abandon ends a run that no job is left of.
func (j *Jobs) abandon(ctx context.Context, tx pgx.Tx, run string) error {
	var shared bool
	var status spatial.JobStatus
	var task *int64
	var process string
	err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM jobs WHERE run = $1 AND dismissed IS NULL), status, task, process FROM runs WHERE id = $1", run).Scan(&shared, &status, &task, &process)
	if err != nil || shared {
		return err
	}
	if status.Finished() {
		return removeResult(ctx, tx, run)
	}
	if err := endRun(ctx, tx, run, spatial.JobDismissed, nil); err != nil {
		return err
	}
	if task != nil {
		return j.cancelTask(ctx, tx, *task)
	}
	return nil
}

// cancelTask takes a task from the queue, or has its worker told to stop.
func (j *Jobs) cancelTask(ctx context.Context, tx pgx.Tx, task int64) error {
	_, err := j.queue.JobCancelTx(ctx, tx, task)
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil // River has cleaned it away
	}
	return err
}
