package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"quanyu/api"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/web"
)

// drainTime is how long requests in flight may take to end after a signal.
const drainTime = 15 * time.Second

// listening holds the flags of the commands that serve.
type listening struct {
	Listen          string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on."`
	PublicURL       string `placeholder:"URL" help:"Address under which clients reach the server, for links; from each request when empty."`
	MapReviewNumber string `placeholder:"NUMBER" help:"审图号 under which the base map shown may be published."`
}

type serveCommand struct{ listening }

func (c serveCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		listener, err := c.bind()
		if err != nil {
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

// serve answers requests until the context ends, then lets those in flight
// finish.
func (l listening) serve(ctx context.Context, listener net.Listener, store *postgis.Store, s *settings) error {
	page, _ := web.Page()
	server := &http.Server{
		Handler: api.New(api.Config{
			Version: version, PublicURL: l.PublicURL,
			Items: store, Writer: store, Tiles: store, Inputs: store,
			Processes: processes(), Ready: store.Ready, Page: page, Log: s.logger(),
			MapReview: l.MapReviewNumber,
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

// processes are those of this build, with the real clock.
func processes() []analysis.Process {
	return analysis.Processes("quanyu "+version, time.Now)
}
