package postgis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
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

// key digests all that the answer to a request depends on. The state of the
// data is that of every collection: which ones a run will read shows only when
// it reads them, and too many keys cost a run, too few a wrong answer.
func (j *Jobs) key(ctx context.Context, q querier, r spatial.JobRequest) (string, error) {
	rows, err := q.Query(ctx, `SELECT coalesce(string_agg(collection || ' ' || version || ' ' || epoch, ',' ORDER BY collection), '') FROM collection_versions
		WHERE strpos(collection, '~') = 0`) // generalised shapes are no data
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
