package postgis

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"quanyu/spatial"
)

// maxWaiting is how many runs may be unfinished, and maxWaitingOf how many of
// them one caller's who is no planner; more are refused until some are done.
const (
	maxWaiting   = 2000
	maxWaitingOf = 200
)

// share attaches a job to a run that is there; "" when there is none.
func (j *Jobs) share(ctx context.Context, r spatial.JobRequest) (id string, err error) {
	err = pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		key, err := j.key(ctx, tx, r)
		if err != nil {
			return err
		}
		run, err := j.alive(ctx, tx, key)
		if err != nil || run == "" {
			return err
		}
		id, err = j.attach(ctx, tx, r, run)
		return err
	})
	return id, err
}

// enqueue stores a run with its task, or attaches to one that another request
// stored meanwhile.
func (j *Jobs) enqueue(ctx context.Context, r spatial.JobRequest) (id string, err error) {
	err = pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		key, err := j.key(ctx, tx, r)
		if err != nil {
			return err
		}
		if err := mayWait(ctx, tx); err != nil {
			return err
		}
		caller, run := spatial.CallerOf(ctx), newID()
		made, err := tx.Exec(ctx, `INSERT INTO runs (id, key, process, inputs, caller, sight) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (key) WHERE status IN ('accepted', 'running', 'successful') AND NOT gone DO NOTHING`,
			run, key, r.Process, r.Inputs, caller, caller.Sees())
		if err != nil {
			return err
		}
		if made.RowsAffected() == 0 {
			if run, err = j.alive(ctx, tx, key); err != nil {
				return err
			}
			if run == "" { // it ended between the two statements
				return spatial.Errorf(spatial.Unavailable, "The same request was ended just now; try again.")
			}
		} else if err := j.assign(ctx, tx, run, caller.Role); err != nil {
			return err
		}
		id, err = j.attach(ctx, tx, r, run)
		return err
	})
	return id, err
}

// assign gives a run a new task in the queue; workers with an older one can
// write no more.
func (j *Jobs) assign(ctx context.Context, tx pgx.Tx, run string, role spatial.Role) error {
	task, err := j.queue.InsertTx(ctx, tx, runTask{Run: run}, &river.InsertOpts{MaxAttempts: 100, Priority: priority(role)})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE runs SET task = $2, status = 'accepted', beat = NULL, updated = clock_timestamp() WHERE id = $1", run, task.Job.ID)
	return err
}

// priority has planners served first, and callers without a role last.
func priority(role spatial.Role) int {
	switch {
	case role.AtLeast(spatial.Planner):
		return 1
	case role.AtLeast(spatial.Viewer):
		return 2
	}
	return 3
}

// mayWait refuses a run when too many are unfinished.
func mayWait(ctx context.Context, tx pgx.Tx) error {
	caller := spatial.CallerOf(ctx)
	var all, own int
	if err := tx.QueryRow(ctx, "SELECT count(*), count(*) FILTER (WHERE caller->>'ID' = $1) FROM runs WHERE status IN ('accepted', 'running')", caller.ID).Scan(&all, &own); err != nil {
		return err
	}
	if all >= maxWaiting {
		return spatial.Errorf(spatial.Unavailable, "%d jobs are unfinished, which is the most; try again later.", maxWaiting)
	}
	if own >= maxWaitingOf && !caller.Role.AtLeast(spatial.Planner) {
		return spatial.Errorf(spatial.Unavailable, "%d of your jobs are unfinished, which is the most; try again later.", maxWaitingOf)
	}
	return nil
}

// alive finds and locks the run that a key may share. One that is over its
// retention is removed here and now: what answered 410 does not come back.
func (j *Jobs) alive(ctx context.Context, tx pgx.Tx, key string) (run string, err error) {
	var over bool
	err = tx.QueryRow(ctx, `SELECT id, coalesce(expires < clock_timestamp(), false) FROM runs
		WHERE key = $1 AND status IN ('accepted', 'running', 'successful') AND NOT gone FOR UPDATE`, key).Scan(&run, &over)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil
	case err == nil && over:
		return "", removeResult(ctx, tx, run)
	}
	return run, err
}

// attach stores a job on a run; a result that is asked for again is kept for
// longer.
func (j *Jobs) attach(ctx context.Context, tx pgx.Tx, r spatial.JobRequest, run string) (string, error) {
	id, caller := newID(), spatial.CallerOf(ctx)
	if _, err := tx.Exec(ctx, "INSERT INTO jobs (id, process, outputs, raw, caller, sight, run) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		id, r.Process, r.Outputs, r.Raw, caller.ID, caller.Sees(), run); err != nil {
		return "", err
	}
	_, err := tx.Exec(ctx, "UPDATE runs SET expires = greatest(expires, clock_timestamp() + make_interval(secs => $2)) WHERE id = $1 AND status = 'successful'",
		run, j.options.Retention.Seconds())
	return id, err
}
