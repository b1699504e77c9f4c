package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/trace"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
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
	FontsDir        string        `placeholder:"DIR" help:"Folder of letters for map labels, a folder a font with files such as 0-255.pbf; browsers use their own fonts when empty."`
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

// processes are those of this build, with the real clock.
func processes() []analysis.Process {
	return analysis.Processes("quanyu "+version, time.Now)
}
