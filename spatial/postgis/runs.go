package postgis

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quanyu/spatial"
)

// run is one execution as its worker sees it.
type run struct {
	id, process string
	inputs      map[string]json.RawMessage
	caller      spatial.Caller
	attempts    int
	task        int64
}

// begin makes a run the worker's who has its task; nil when it is another's, or
// over.
func (j *Jobs) begin(ctx context.Context, id string, task int64) (*run, error) {
	r := &run{id: id, task: task}
	var inputs []byte
	err := j.pool.QueryRow(ctx, `UPDATE runs SET status = 'running', attempts = attempts + 1, beat = clock_timestamp(),
			started = coalesce(started, clock_timestamp()), updated = clock_timestamp(), progress = 0, message = NULL
		WHERE id = $1 AND task = $2 AND status IN ('accepted', 'running') RETURNING process, inputs, caller, attempts`, id, task).
		Scan(&r.process, &inputs, &r.caller, &r.attempts)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(inputs, &r.inputs)
	}
	return r, err
}

// beat tells that the worker lives and how far it is; false when the run is no
// longer its own.
func (j *Jobs) beat(ctx context.Context, r *run, percent int, message string) (bool, error) {
	done, err := j.pool.Exec(ctx, `UPDATE runs SET beat = clock_timestamp(), progress = $3, message = nullif($4, ''),
			updated = CASE WHEN progress = $3 AND message IS NOT DISTINCT FROM nullif($4, '') THEN updated ELSE clock_timestamp() END
		WHERE id = $1 AND task = $2 AND status = 'running'`, r.id, r.task, percent, message)
	return done.RowsAffected() == 1, err
}

// giveBack lets another worker begin the run; what counts is whether the attempt
// was the run's own fault.
func (j *Jobs) giveBack(ctx context.Context, r *run, counts bool, message string) (bool, error) {
	spent := 0
	if !counts {
		spent = 1
	}
	done, err := j.pool.Exec(ctx, `UPDATE runs SET status = 'accepted', attempts = attempts - $3, beat = NULL, message = $4, updated = clock_timestamp()
		WHERE id = $1 AND task = $2 AND status = 'running'`, r.id, r.task, spent, message)
	return done.RowsAffected() == 1, err
}

// fail ends a run with the problem that its jobs show.
func (j *Jobs) fail(ctx context.Context, r *run, problem *spatial.Error) error {
	return pgx.BeginFunc(ctx, j.pool, func(tx pgx.Tx) error {
		if own, err := lockRun(ctx, tx, r); err != nil || !own {
			return err
		}
		return endRun(ctx, tx, r.id, spatial.JobFailed, problem)
	})
}

// lockRun locks a run; false when it is no longer the worker's.
func lockRun(ctx context.Context, tx pgx.Tx, r *run) (bool, error) {
	done, err := tx.Exec(ctx, "SELECT FROM runs WHERE id = $1 AND task = $2 AND status = 'running' FOR UPDATE", r.id, r.task)
	return done.RowsAffected() == 1, err
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// endRun gives a run its last status and counts it.
func endRun(ctx context.Context, tx pgx.Tx, id string, status spatial.JobStatus, problem *spatial.Error) error {
	var stored *storedProblem
	outcome := string(status)
	if problem != nil {
		stored = &storedProblem{problem.Kind, problem.Detail, problem.Faults}
		outcome = string(problem.Kind)
	}
	var process string
	var seconds float64
	err := tx.QueryRow(ctx, `UPDATE runs SET status = $2, problem = $3, finished = clock_timestamp(), updated = clock_timestamp(),
			progress = CASE WHEN $2 = 'successful' THEN 100 ELSE progress END, message = NULL, gone = ($2 = 'dismissed')
		WHERE id = $1 RETURNING process, coalesce(extract(epoch FROM clock_timestamp() - started), 0)::float8`, id, status, stored).Scan(&process, &seconds)
	if err != nil {
		return err
	}
	return countRun(ctx, tx, process, outcome, seconds)
}

func countRun(ctx context.Context, tx execer, process, outcome string, seconds float64) error {
	_, err := tx.Exec(ctx, `INSERT INTO run_totals AS t (process, outcome, runs, seconds) VALUES ($1, $2, 1, $3)
		ON CONFLICT (process, outcome) DO UPDATE SET runs = t.runs + 1, seconds = t.seconds + excluded.seconds`, process, outcome, seconds)
	return err
}

// Figures tells how many runs wait and run, and what became of all others.
func (j *Jobs) Figures(ctx context.Context) (spatial.JobFigures, error) {
	f := spatial.JobFigures{Queued: map[string]int64{}, Running: map[string]int64{}}
	rows, err := j.pool.Query(ctx, "SELECT process, status, count(*) FROM runs WHERE status IN ('accepted', 'running') GROUP BY 1, 2")
	if err != nil {
		return f, mapError(ctx, err)
	}
	var process string
	var status spatial.JobStatus
	var n int64
	if _, err := pgx.ForEachRow(rows, []any{&process, &status, &n}, func() error {
		f.Queued[process] += 0
		f.Running[process] += 0
		if status == spatial.JobAccepted {
			f.Queued[process] = n
		} else {
			f.Running[process] = n
		}
		return nil
	}); err != nil {
		return f, mapError(ctx, err)
	}
	if rows, err = j.pool.Query(ctx, "SELECT process, outcome, runs, seconds FROM run_totals ORDER BY 1, 2"); err != nil {
		return f, mapError(ctx, err)
	}
	if f.Totals, err = pgx.CollectRows(rows, pgx.RowToStructByPos[spatial.RunTotal]); err != nil {
		return f, mapError(ctx, err)
	}
	err = j.pool.QueryRow(ctx, "SELECT count(*), coalesce(sum(bytes), 0)::bigint FROM runs WHERE finished IS NOT NULL AND NOT gone AND status = 'successful'").Scan(&f.Kept, &f.KeptBytes)
	return f, mapError(ctx, err)
}
