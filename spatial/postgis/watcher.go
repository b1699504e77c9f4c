package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"quanyu/spatial"
)

// pollPeriod is how often versions are read although nothing was notified;
// after staleAfter without a successful read they are no longer vouched for.
const (
	pollPeriod = 500 * time.Millisecond
	staleAfter = 5 * pollPeriod
	retryPause = 250 * time.Millisecond
)

// watcher keeps the version counters of all collections in memory. It listens
// on a connection of its own; notifications make it quick, the poll makes it
// sure.
type watcher struct {
	config *pgx.ConnConfig
	cancel context.CancelFunc
	done   chan struct{}

	mu       sync.RWMutex
	versions map[string]changes // replaced as a whole, never written to
	read     time.Time          // when versions were last read; zero when the link is down
	unread   uint64             // makes each version that is not vouched for differ
}

func newWatcher(config *pgx.ConnConfig) *watcher {
	config = config.Copy()
	config.Tracer = nil // it asks twice a second
	config.RuntimeParams["application_name"] = "quanyu watcher"
	// A wait that times out must leave the connection usable, so the plain
	// handler, which sets deadlines and sends no cancel request.
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: conn.Conn()}
	}
	return &watcher{config: config, done: make(chan struct{}), versions: map[string]changes{}}
}

// start makes the first connection and read, so that versions are known from
// the beginning, and then watches until stop.
func (w *watcher) start(ctx context.Context) error {
	conn, err := w.connect(ctx)
	if err != nil {
		return err
	}
	ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go w.run(ctx, conn)
	return nil
}

func (w *watcher) stop() {
	w.cancel()
	<-w.done
}

func (w *watcher) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, w.config)
	if err != nil {
		return nil, err
	}
	if _, err = conn.Exec(ctx, "LISTEN quanyu_changed"); err == nil {
		err = w.refresh(ctx, conn)
	}
	if err != nil {
		conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

func (w *watcher) run(ctx context.Context, conn *pgx.Conn) {
	defer close(w.done)
	for ctx.Err() == nil {
		if conn == nil {
			var err error
			if conn, err = w.connect(ctx); err != nil {
				pause(ctx, retryPause)
				continue
			}
		}
		if err := w.turn(ctx, conn); err != nil {
			w.lose()
			closeQuietly(conn)
			conn = nil
		}
	}
	if conn != nil {
		closeQuietly(conn)
	}
}

// turn waits for a notification or the next poll and reads the versions.
func (w *watcher) turn(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, pollPeriod)
	_, err := conn.WaitForNotification(wait)
	cancel()
	if err != nil && (ctx.Err() != nil || !pgconn.Timeout(err)) {
		return err
	}
	read, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return w.refresh(read, conn)
}

func closeQuietly(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn.Close(ctx) // it is given up whatever this says
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// querier is what a pool, a connection and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// refresh reads all counters, and the blocks of those that have risen. A counter
// never goes back within its epoch, so two reads that overtake each other do no
// harm.
func (w *watcher) refresh(ctx context.Context, q querier) error {
	began := time.Now()
	w.mu.RLock()
	known := w.versions
	w.mu.RUnlock()
	rows, err := q.Query(ctx, "SELECT collection, version, everywhere, epoch::text FROM collection_versions")
	if err != nil {
		return err
	}
	fresh := map[string]changes{}
	var name string
	var c changes
	if _, err := pgx.ForEachRow(rows, []any{&name, &c.version, &c.everywhere, &c.epoch}, func() error {
		c.blocks = map[int32]int64{}
		fresh[name] = c
		return nil
	}); err != nil {
		return err
	}
	if err := readBlocks(ctx, q, fresh, known); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, read := range fresh {
		fresh[name] = merged(w.versions[name], known[name], read)
	}
	w.versions = fresh
	if began.After(w.read) {
		w.read = began
	}
	return nil
}

func (w *watcher) lose() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.read = time.Time{}
}

// stale says that the versions read last are no longer vouched for. w.mu is held.
func (w *watcher) stale() bool { return time.Since(w.read) > staleAfter }

// unknown is a version that was never given before. w.mu is held for writing.
func (w *watcher) unknown() string {
	w.unread++
	return fmt.Sprintf("unknown-%d-%d", time.Now().UnixNano(), w.unread)
}

// appendState writes the state of a collection as a line of its own; names have
// no line ends. Every request for a tile or a feature comes by here.
func (c changes) appendState(text []byte, name string, version int64) []byte {
	text = append(append(text, '\n'), name...)
	text = strconv.AppendInt(append(text, ' '), version, 10)
	return append(append(text, ' '), c.epoch...)
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// version digests the counters of the named collections, or of all there are
// when none is named.
func (w *watcher) version(names []string, today time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stale() {
		return w.unknown()
	}
	if len(names) == 0 {
		for name := range w.versions {
			if !strings.Contains(name, "~") { // generalised shapes are no data
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	text := today.AppendFormat(make([]byte, 0, 256), time.DateOnly)
	for _, name := range slices.Compact(names) {
		c, counted := w.versions[name]
		if !counted && !strings.HasPrefix(name, spatial.ResultPrefix) { // the result of a job never changes
			return w.unknown()
		}
		text = c.appendState(text, name, c.version)
	}
	return digest(text)
}

// DataVersion names the state of the collections, of all of them and the
// networks when none is given: it differs after every change and is answered
// from memory. It counts the civil date in as well, since rows come into and
// out of force at midnight. A change is seen at once by the store that made it
// and within a second by others; while the database cannot be asked, every
// call gives a new value, so that nothing old is taken for current. So it does
// for a collection without a counter, the audit log; that of a job's result stays.
func (s *Store) DataVersion(collections ...spatial.Collection) string {
	names := make([]string, len(collections))
	for i, c := range collections {
		names[i] = c.ID
	}
	return s.watch.version(names, s.today())
}

// Refresh reads the versions now, so that DataVersion counts in all that was
// committed before the call, by whomever.
func (s *Store) Refresh(ctx context.Context) error { return mapError(ctx, s.changed(ctx)) }

// changed makes DataVersion show what was just committed.
func (s *Store) changed(ctx context.Context) error {
	return s.watch.refresh(ctx, s.pool)
}
