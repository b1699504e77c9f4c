package postgis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"quanyu/spatial"
)

// queueSchema is where migrations.Up puts River's tables.
const queueSchema = "river"

// maxWaiting is how many runs may be unfinished; more are refused until some
// are done.
const maxWaiting = 2000

// JobOptions are what an operator may set; zero values have the defaults named.
type JobOptions struct {
	Retention time.Duration // of results after they were last asked for by a job, 30 days
	MaxKept   int           // results kept, 10,000; the oldest go first
	MaxBytes  int64         // of all results kept, 8 GiB
	Log       *slog.Logger  // slog.Default()
}

// Jobs keeps jobs, their runs and their results in a store's database. River is
// the queue: a run is stored in the transaction that enqueues it, so neither is
// there without the other. It is safe for concurrent use.
type Jobs struct {
	store   *Store
	pool    *pgxpool.Pool
	queue   *river.Client[pgx.Tx] // inserts only; workers have clients of their own
	options JobOptions
}

// Jobs opens the jobs of the store's database.
func (s *Store) Jobs(o JobOptions) (*Jobs, error) {
	if o.Retention == 0 {
		o.Retention = 30 * 24 * time.Hour
	}
	if o.MaxKept == 0 {
		o.MaxKept = 10_000
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 8 << 30
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	queue, err := river.NewClient(riverpgxv5.New(s.pool), &river.Config{Schema: queueSchema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("opening the queue: %w", err)
	}
	return &Jobs{store: s, pool: s.pool, queue: queue, options: o}, nil
}

// runTask is what River holds of a run.
type runTask struct {
	Run string `json:"run"`
}

// Kind names the task to River.
func (runTask) Kind() string { return "run" }

// newID makes an id that cannot be guessed: 128 random bits as 26 letters and
// digits.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// Submit stores a job for the caller of the context. When a run with the same
// inputs, on the same data and under the same row rule is queued, running, or
// finished with its result kept, the job shares it. Else check, when given, is
// asked whether a new run may be begun, outside of any transaction. Too many
// unfinished runs are Unavailable.
func (j *Jobs) Submit(ctx context.Context, r spatial.JobRequest, check func(context.Context) error) (spatial.Job, error) {
	id, err := j.share(ctx, r)
	if err == nil && id == "" {
		if check != nil {
			if err := check(ctx); err != nil {
				return spatial.Job{}, err
			}
		}
		id, err = j.enqueue(ctx, r)
	}
	if err != nil {
		return spatial.Job{}, mapError(ctx, err)
	}
	return j.Job(ctx, id)
}

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
		var waiting int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT FROM runs WHERE status IN ('accepted', 'running') LIMIT $1) x", maxWaiting).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= maxWaiting {
			return spatial.Errorf(spatial.Unavailable, "%d jobs wait already, which is the most; try again later.", maxWaiting)
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
		} else if err := j.assign(ctx, tx, run); err != nil {
			return err
		}
		id, err = j.attach(ctx, tx, r, run)
		return err
	})
	return id, err
}

// assign gives a run a new task in the queue; workers with an older one can
// write no more.
func (j *Jobs) assign(ctx context.Context, tx pgx.Tx, run string) error {
	task, err := j.queue.InsertTx(ctx, tx, runTask{Run: run}, &river.InsertOpts{MaxAttempts: 100})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE runs SET task = $2, status = 'accepted', beat = NULL, updated = clock_timestamp() WHERE id = $1", run, task.Job.ID)
	return err
}

// alive finds and locks the run that a key may share.
func (j *Jobs) alive(ctx context.Context, tx pgx.Tx, key string) (run string, err error) {
	err = tx.QueryRow(ctx, "SELECT id FROM runs WHERE key = $1 AND status IN ('accepted', 'running', 'successful') AND NOT gone FOR UPDATE", key).Scan(&run)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
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

// key digests all that the answer to a request depends on. The state of the
// data is that of every collection: which ones a run will read shows only when
// it reads them, and too many keys cost a run, too few a wrong answer.
func (j *Jobs) key(ctx context.Context, q querier, r spatial.JobRequest) (string, error) {
	rows, err := q.Query(ctx, `SELECT coalesce(string_agg(collection || ' ' || version || ' ' || epoch, ',' ORDER BY collection), '') FROM collection_versions`)
	if err != nil {
		return "", err
	}
	data, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	for _, part := range []string{r.Process, r.Engine, string(r.Inputs), data, string(spatial.CallerOf(ctx).Sees()), j.store.today().Format(time.DateOnly)} {
		fmt.Fprintf(digest, "%d %s\n", len(part), part)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
