package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"quanyu/spatial"
)

// statementLimit bounds any statement of a reader on the server, also when
// this process is gone. It is long since a page is streamed at the speed of
// its reader; tiles, counts and extents have queryLimit on top.
const (
	statementLimit = 60 * time.Second
	queryLimit     = 15 * time.Second
)

// defaultConnections is what poolSize shares out where the URL has no
// pool_max_conns.
const defaultConnections = 16

// sessionSettings are put on every connection whose URL does not set them.
// Just-in-time compilation is off because tiles finish sooner than it. Plans are
// kept: planning took half the time of a tile and two thirds of that of a single
// feature (2,300 tiles of zoom 12 a second for 3,200, 4,100 features for 6,300);
// see statement.planned for the queries that are planned for their values.
// A page is done sooner without parallel workers: with them 1,000 points in a box
// of 1,500 took 73 ms instead of 37, and a server's queries are many at once anyway.
var sessionSettings = map[string]string{
	"application_name":                "quanyu",
	"statement_timeout":               fmt.Sprint(statementLimit.Milliseconds()),
	"timezone":                        "UTC",
	"datestyle":                       "ISO, YMD",
	"extra_float_digits":              "1",
	"jit":                             "off",
	"plan_cache_mode":                 "auto",
	"max_parallel_workers_per_gather": "0",
	"client_min_messages":             "warning",
	"work_mem":                        "32MB", // a page or tile of long geometries is sorted in memory
}

// Store reads and writes the collections and networks of one database. It is
// safe for concurrent use. Every error it returns that a client may cause or
// should know of is a *spatial.Error without SQL text in its Detail.
type Store struct {
	pool     *pgxpool.Pool // of the tables' owner, who loads and writes; whoever reads for a caller takes reader(ctx)
	readers  readers
	watch    *watcher
	networks networkCache
	keys     keyMemory
	graphs   string // folder of graph files; "" keeps graphs in memory

	extents memo[string, extent]
	counts  memo[string, int64]

	itemBatches batches[batchKind, string, foundItem]
	itemTexts   memo[itemQuery, string]
	tileBatches batches[tileKind, tileBoxes, readTile]
	tiles       memo[tileQuery, *tileText]
	now         func() time.Time
	tracer      *queryTracer
}

// Open connects to a database that migrations.Up has migrated, and starts to
// watch it for changes. graphs is the folder where road graphs are kept as files to
// be mapped; several processes may share it, and what it holds can be fetched
// from the database again. With "" graphs are held in memory. Close the store when done.
func Open(ctx context.Context, url, graphs string) (*Store, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, err
	}
	s := &Store{graphs: graphs, now: time.Now, watch: newWatcher(config.ConnConfig)}
	s.tracer, _ = config.ConnConfig.Tracer.(*queryTracer)
	if s.readers, err = openReaders(ctx, config); err != nil {
		return nil, mapError(ctx, err)
	}
	config.MaxConns = max(2, config.MaxConns/2)
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		s.readers.close()
		return nil, mapError(ctx, err)
	}
	if err = s.pool.Ping(ctx); err == nil {
		err = s.watch.start(ctx)
	}
	if err != nil {
		s.closePools()
		return nil, mapError(ctx, err)
	}
	return s, nil
}

// Close ends the watch and waits for connections that are in use.
func (s *Store) Close() {
	s.watch.stop()
	s.closePools()
}

func (s *Store) closePools() {
	s.readers.close()
	s.pool.Close()
}

func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil { // pgx leaves the password out of this error
		return nil, &spatial.Error{Kind: spatial.Unavailable, Detail: "The database URL cannot be understood.", Err: err}
	}
	for name, value := range sessionSettings {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	if !hasPoolSize(url) {
		config.MaxConns = defaultConnections
	}
	// A request that is given up cancels its SQL and keeps its connection.
	config.ConnConfig.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: 2 * time.Second}
	}
	config.AfterConnect = registerGeometry
	config.ConnConfig.Tracer = &queryTracer{}
	return config, nil
}

// registerGeometry lets geometries be written in their binary form, EWKB.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid *uint32
	if err := conn.QueryRow(ctx, "SELECT to_regtype('geometry')::oid").Scan(&oid); err != nil {
		return err
	}
	if oid != nil { // absent before the first migration
		conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: *oid, Codec: pgtype.ByteaCodec{}})
	}
	return nil
}

// Ready says whether the store can answer: migrated, facts loaded, a network
// loaded. The error is Unavailable and names what is missing.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	var loads, networks bool
	err := s.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM loads), EXISTS (SELECT FROM networks)").Scan(&loads, &networks)
	switch {
	case err != nil:
		return mapError(ctx, err)
	case !loads:
		return spatial.Errorf(spatial.Unavailable, "No facts are loaded yet: run quanyu seed.")
	case !networks:
		return spatial.Errorf(spatial.Unavailable, "No road network is loaded yet: run quanyu seed or quanyu import osm.")
	}
	return nil
}

// today is the civil date in China, which open validity and tiles go by.
func (s *Store) today() time.Time { return civilDate(s.now()) }

// chinaTime is UTC+8, which all civil dates are in; China has no summer time.
var chinaTime = time.FixedZone("UTC+8", 8*60*60)

// civilDate is the date in UTC+8 of an instant, as midnight UTC of that date.
func civilDate(t time.Time) time.Time {
	y, m, d := t.In(chinaTime).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
