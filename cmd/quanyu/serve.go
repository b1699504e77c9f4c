package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/web"
)

// drainTime is how long requests in flight may take to end after a signal.
const drainTime = 15 * time.Second

// listening holds the flags of the commands that serve.
type listening struct {
	access
	keeping
	Workers         int    `default:"1" placeholder:"N" help:"Jobs worked at one time in this process; 0 leaves them to quanyu work."`
	Listen          string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on."`
	PublicURL       string `placeholder:"URL" help:"Address under which clients reach the server, for links; from each request when empty."`
	Cache           int    `default:"64" placeholder:"MIB" help:"Memory for tiles and features that are kept ready, in MiB; 0 keeps none."`
	FontsDir        string `placeholder:"DIR" help:"Folder of letters for map labels, a folder a font with files such as 0-255.pbf; browsers use their own fonts when empty."`
	MapReviewNumber string `placeholder:"NUMBER" help:"审图号 under which the base map shown may be published."`
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

// serve answers requests and works jobs until the context ends, then lets what
// is in flight finish.
func (l listening) serve(ctx context.Context, listener net.Listener, store *postgis.Store, s *settings) error {
	jobs, err := l.jobs(store, s)
	if err != nil {
		return err
	}
	return beside(ctx, l.Workers, jobs, store, func(ctx context.Context) error { return l.answer(ctx, listener, store, jobs, s) })
}

// answer answers requests until the context ends.
func (l listening) answer(ctx context.Context, listener net.Listener, store *postgis.Store, jobs *postgis.Jobs, s *settings) error {
	page, _ := web.Page()
	fonts, err := l.fonts()
	if err != nil {
		return err
	}
	authenticate, err := l.authenticate(store)
	if err != nil {
		return err
	}
	log := s.logger()
	ctx, stop := context.WithCancel(ctx)
	kept := make(chan struct{})
	defer func() { stop(); <-kept }()
	go func() {
		defer close(kept)
		store.KeepGeneralised(ctx, func(c spatial.Collection, err error) {
			log.Error("Polygons could not be generalised for tiles; they are drawn as they are.", "collection", c.ID, "error", err)
		})
	}()
	server := &http.Server{
		Handler: api.New(api.Config{
			Version: version, PublicURL: l.PublicURL,
			Items: store, Writer: store, Tiles: store, Inputs: store, Jobs: jobs, Results: jobs,
			Processes: processes(), Ready: store.Ready, Page: page, Fonts: fonts, Log: log,
			MapReview: l.MapReviewNumber, TileCacheBytes: cacheBytes(l.Cache * 3 / 4), ItemCacheBytes: cacheBytes(l.Cache / 4),
			Authenticate: authenticate, ClosedReads: !l.OpenReads, Loopback: isLoopback(listener.Addr()),
			TrustForwarded: l.TrustForwarded, RatePerSecond: l.Rate, RateBurst: l.RateBurst,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	return server.Shutdown(drain)
}

// fonts is the folder of letters; nil without one.
func (l listening) fonts() (fs.FS, error) {
	if l.FontsDir == "" {
		return nil, nil
	}
	root, err := os.OpenRoot(l.FontsDir)
	if err != nil {
		return nil, fmt.Errorf("--fonts-dir: %w", err)
	}
	return root.FS(), nil
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
