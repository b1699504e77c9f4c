package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// watchRuns looks for runs whose worker was lost, until the context ends.
func (j *Jobs) watchRuns(ctx context.Context, o WorkOptions) {
	tick := time.NewTicker(o.Beat)
	defer tick.Stop()
	for {
		if _, err := j.takeUp(ctx, o); err != nil && ctx.Err() == nil {
			j.options.Log.Warn("lost runs cannot be looked for", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lostRuns finds runs whose worker has not beaten for $1 seconds: one that died
// at work, or between the queue and its first beat, or whose task the queue has
// ended while the run waits.
const lostRuns = `SELECT r.id, r.process, r.task, r.attempts, r.caller FROM runs r LEFT JOIN river.river_job t ON t.id = r.task
	WHERE (r.status = 'running' AND r.beat < clock_timestamp() - make_interval(secs => $1))
	OR (r.status = 'accepted' AND r.updated < clock_timestamp() - make_interval(secs => $1)
		AND (t.id IS NULL OR t.finalized_at IS NOT NULL OR t.state = 'running' AND t.attempted_at < clock_timestamp() - make_interval(secs => $1)))
	ORDER BY r.created LIMIT 100 FOR UPDATE OF r SKIP LOCKED`

// takeUp gives lost runs a new task, or ends those that were lost too often. It
// tells how many there were.
func (j *Jobs) takeUp(ctx context.Context, o WorkOptions) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	err = pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, lostRuns, o.silence().Seconds())
		if err != nil {
			return err
		}
		type lost struct {
			ID, Process string
			Task        *int64
			Attempts    int
			Caller      spatial.Caller
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lost])
		if err != nil {
			return err
		}
		n = len(found)
		for _, l := range found {
			if l.Task != nil {
				if err := j.cancelTask(ctx, tx, *l.Task); err != nil {
					return err
				}
			}
			if l.Attempts >= o.Attempts {
				problem := spatial.Errorf(spatial.Internal, "The worker of this run was lost %d times.", l.Attempts)
				if err := endRun(ctx, tx, l.ID, spatial.JobFailed, problem); err != nil {
					return err
				}
				continue
			}
			if err := j.assign(ctx, tx, l.ID, l.Caller.Role); err != nil {
				return err
			}
			if err := countRun(ctx, tx, l.Process, spatial.RunTakenUp, 0); err != nil {
				return err
			}
			j.options.Log.Warn("a run is taken up again", "process", l.Process, "run", l.ID, "attempts", l.Attempts)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("taking up lost runs: %w", mapError(ctx, err))
	}
	return n, nil
}
