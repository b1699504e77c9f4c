package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/web"
)

// listening holds the flags of the commands that serve.
type listening struct {
	access
	keeping
	Workers         int           `default:"1" placeholder:"N" help:"Jobs worked at one time in this process; 0 leaves them to quanyu work."`
	Listen          string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on."`
	PublicURL       string        `placeholder:"URL" help:"Address under which clients reach the server, for links; from each request when empty."`
	Cache           int           `default:"64" placeholder:"MIB" help:"Memory for tiles and features that are kept ready, in MiB; 0 keeps none."`
	AccessLog       bool          `default:"true" negatable:"" help:"Log every request, not only those that fail."`
	SlowQuery       time.Duration `default:"1s" placeholder:"TIME" help:"Log queries that take longer, with their SQL; 0 logs none."`
	StopDelay       time.Duration `default:"0s" placeholder:"TIME" help:"Time between no longer being ready and taking no more connections, after a signal."`
	DrainTime       time.Duration `default:"15s" placeholder:"TIME" help:"Time that requests under way have to end, after a signal."`
	MapReviewNumber string        `placeholder:"NUMBER" help:"审图号 under which the base map shown may be published."`
}

type serveCommand struct{ listening }

func (c serveCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		listener, err := c.bind()
		if err != nil {
			return err
		}
		if err := warnSlowFilters(ctx, store, term); err != nil {
			return err
		}
		term.note("Serving on http://%s/ (Ctrl-C stops it)", listener.Addr())
		return c.serve(ctx, listener, store, s)
	})
}

// bind takes the address before any long work is done, so that a busy port is
// known at once.
func (l listening) bind() (net.Listener, error) {
	listener, err := net.Listen("tcp", l.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program; stop it, or choose another address with --listen 127.0.0.1:8081", l.Listen)
	}
	var address *net.AddrError
	if errors.As(err, &address) {
		return nil, usageError{fmt.Errorf("--listen %q is not an address HOST:PORT, such as 127.0.0.1:8080 (see --help)", l.Listen)}
	}
	return listener, err
}

// serve answers requests and works jobs until the context ends. Then it stops
// in order: it is no longer ready, so that a balancer sends no more; after
// StopDelay it takes no more connections; requests in flight have DrainTime to
// end, and so has the job under way. A second signal ends the program at once.
func (l listening) serve(ctx context.Context, listener net.Listener, store *postgis.Store, s *settings) error {
	jobs, err := l.jobs(store, s)
	if err != nil {
		return err
	}
	log := s.logger()
	if l.SlowQuery > 0 {
		store.LogSlow(log, l.SlowQuery)
	}
	tracer, endTracing, err := tracing(ctx)
	if err != nil {
		return err
	}
	defer l.lastTraces(ctx, log, endTracing)
	defer keepGeneralised(ctx, store, log)()
	return beside(ctx, l.Workers, jobs, store, func(ctx context.Context) error {
		return l.answer(ctx, listener, store, jobs, log, tracer)
	})
}

// answer answers requests until the context ends, and those under way after it.
func (l listening) answer(ctx context.Context, listener net.Listener, store *postgis.Store, jobs *postgis.Jobs, log *slog.Logger, tracer trace.Tracer) error {
	var stopping atomic.Bool
	server, err := l.server(store, jobs, log, tracer, &stopping, listener.Addr())
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stopping.Store(true)
	server.SetKeepAlivesEnabled(false)
	time.Sleep(l.StopDelay)
	return drain(context.WithoutCancel(ctx), server, l.DrainTime)
}

// keepGeneralised has changed polygons generalised for tiles until the function
// that it gives is called.
func keepGeneralised(ctx context.Context, store *postgis.Store, log *slog.Logger) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		store.KeepGeneralised(ctx, func(c spatial.Collection, err error) {
			log.Error("Polygons could not be generalised for tiles; they are drawn as they are.", "collection", c.ID, "error", err)
		})
	}()
	return func() { stop(); <-kept }
}

// lastTraces sends what is left of them.
func (l listening) lastTraces(ctx context.Context, log *slog.Logger, end func(context.Context) error) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if lost := end(last); lost != nil {
		log.Warn("the last traces were not sent", "error", lost)
	}
}

func (l listening) server(store *postgis.Store, jobs *postgis.Jobs, log *slog.Logger, tracer trace.Tracer, stopping *atomic.Bool, address net.Addr) (*http.Server, error) {
	page, _ := web.Page()
	authenticate, err := l.authenticate(store)
	if err != nil {
		return nil, err
	}
	ready := func(ctx context.Context) error {
		if stopping.Load() {
			return spatial.Errorf(spatial.Unavailable, "The server is stopping.")
		}
		return store.Ready(ctx)
	}
	return &http.Server{
		Handler: api.New(api.Config{
			Version: version, PublicURL: l.PublicURL,
			Items: store, Writer: store, Tiles: store, Inputs: store, Jobs: jobs, Results: jobs,
			Processes: processes(), Ready: ready, Page: page,
			Log: log, NoAccessLog: !l.AccessLog, Tracer: tracer, Collectors: []prometheus.Collector{newPoolMetrics(store)},
			MapReview: l.MapReviewNumber, TileCacheBytes: cacheBytes(l.Cache * 3 / 4), ItemCacheBytes: cacheBytes(l.Cache / 4),
			Authenticate: authenticate, ClosedReads: !l.OpenReads, Loopback: isLoopback(address),
			TrustForwarded: l.TrustForwarded, RatePerSecond: l.Rate, RateBurst: l.RateBurst,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    192 << 10, // the longest address, and what proxies add
	}, nil
}

// drain closes the listener and idle connections, and waits for the others.
func drain(ctx context.Context, server *http.Server, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.Join(fmt.Errorf("requests that were still under way %s after the signal were cut off (--drain-time)", limit), server.Close())
	}
	return err
}

// cacheBytes is the setting in the form that api takes: there, 0 is the default
// and a negative number keeps none.
func cacheBytes(mib int) int64 {
	if mib <= 0 {
		return -1
	}
	return int64(mib) << 20
}

// processes are those of this build, with the real clock.
func processes() []analysis.Process {
	return analysis.Processes("quanyu "+version, time.Now)
}
