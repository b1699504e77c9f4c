package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"quanyu/spatial"
)

// errNotOurs ends the work of a worker whose run another one has taken up, or
// whose jobs were dismissed.
var errNotOurs = errors.New("the run is no longer this worker's")

// Runner runs a process under the caller of the context and tells how far it is,
// a fraction and what it does; tell may be called from any goroutine.
type Runner func(ctx context.Context, process string, inputs map[string]json.RawMessage, tell func(done float64, what string)) ([]spatial.RunOutput, error)

// WorkOptions say how runs are worked; zero values have the defaults named.
type WorkOptions struct {
	Workers  int           // runs at one time, 1
	Attempts int           // of one run, 3: when its worker dies, or the fault is not the client's
	Limit    time.Duration // of one attempt, 2 hours
	// Beat is how often a worker says that it lives, 5 s. A run without a beat
	// for four of them is begun anew by another worker. An advisory lock would
	// tell at once of a process that ended, but not of one that hangs or whose
	// machine lost its network, for which the server waits for hours.
	Beat  time.Duration
	Retry time.Duration // pause before the second attempt, 5 s; four times as long before each further
	Drain time.Duration // how long runs may take to end when work is to stop, 10 s; then they are given back
}

func (o WorkOptions) withDefaults() WorkOptions {
	o.Workers, o.Attempts = max(o.Workers, 1), max(o.Attempts, 1)
	for _, d := range []struct {
		value     *time.Duration
		otherwise time.Duration
	}{{&o.Limit, 2 * time.Hour}, {&o.Beat, 5 * time.Second}, {&o.Retry, 5 * time.Second}, {&o.Drain, 10 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.otherwise
		}
	}
	return o
}

// silence is after how long without a beat a run is taken up again.
func (o WorkOptions) silence() time.Duration { return 4 * o.Beat }

// worker is the part of River that runs are handed to.
type worker struct {
	river.WorkerDefaults[runTask]
	jobs    *Jobs
	run     Runner
	options WorkOptions
}

// retention is the task that removes results, once an hour on one worker of all.
type retention struct{}

// Kind names the task to River.
func (retention) Kind() string { return "retention" }

// Work works runs until the context ends, then lets those under way end, or
// gives them back to the queue for another worker.
func (j *Jobs) Work(ctx context.Context, run Runner, o WorkOptions) error {
	if o.Attempts == 0 {
		o.Attempts = 3
	}
	o = o.withDefaults()
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{jobs: j, run: run, options: o})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[retention]) error { return j.Retain(ctx) }))
	pool, err := j.queuePool(ctx)
	if err != nil {
		return fmt.Errorf("starting a worker: %w", mapError(ctx, err))
	}
	defer pool.Close()
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Schema: queueSchema, Logger: slog.New(slog.DiscardHandler), Workers: workers,
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}},
		JobTimeout: o.Limit, RescueStuckJobsAfter: 2 * o.Limit, RetryPolicy: retries{o.Retry}, SoftStopTimeout: o.Drain,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return retention{}, &river.InsertOpts{MaxAttempts: 1} }, &river.PeriodicJobOpts{RunOnStart: true})},
	})
	if err != nil {
		return fmt.Errorf("starting a worker: %w", err)
	}
	if err := client.Start(ctx); err != nil && ctx.Err() != nil {
		return nil // told to stop before it began
	} else if err != nil {
		return fmt.Errorf("starting a worker: %w", mapError(ctx, err))
	}
	j.watchRuns(ctx, o)
	<-client.Stopped()
	return nil
}

// queuePool is for River itself: it listens on a connection, and a wait there has
// to end at once, where those of the store ask the server to cancel a query and
// give it time.
func (j *Jobs) queuePool(ctx context.Context) (*pgxpool.Pool, error) {
	config := j.pool.Config()
	config.MaxConns, config.MinConns = 4, 0
	config.ConnConfig.RuntimeParams["application_name"] = "quanyu queue"
	config.ConnConfig.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: conn.Conn()}
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// retries pauses ever longer.
type retries struct{ first time.Duration }

// NextRetry is when a task is due again.
func (r retries) NextRetry(task *rivertype.JobRow) time.Time {
	pause := r.first
	for range min(len(task.Errors), 5) {
		pause *= 4
	}
	return time.Now().Add(pause)
}

// Work is called by River with one task.
func (w *worker) Work(ctx context.Context, task *river.Job[runTask]) error {
	r, err := w.jobs.begin(ctx, task.Args.Run, task.ID)
	if err != nil || r == nil {
		return err
	}
	work, stop := context.WithCancel(spatial.WithCaller(ctx, r.caller))
	defer stop()
	pulse := w.startPulse(work, r, stop)
	outputs, err := w.guarded(work, r, pulse.tell)
	if err == nil {
		pulse.tell(1, "storing the result")
		err = w.jobs.complete(work, task, r, outputs)
	}
	stop()
	<-pulse.done
	return w.settle(ctx, r, err)
}

// guarded runs a process and turns a panic into an error.
func (w *worker) guarded(ctx context.Context, r *run, tell func(float64, string)) (outputs []spatial.RunOutput, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			w.jobs.options.Log.Error("a process broke", "process", r.process, "run", r.id, "cause", cause, "stack", string(debug.Stack()))
			err = &spatial.Error{Kind: spatial.Internal, Detail: "The process broke; the log has it under the run.", Err: fmt.Errorf("panic: %v", cause)}
		}
	}()
	return w.run(ctx, r.process, r.inputs, tell)
}
