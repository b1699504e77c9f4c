package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/web"
)

// server is the HTTP server of the settings. It is no longer ready once stopping
// is set.
func (l listening) server(store *postgis.Store, jobs *postgis.Jobs, log *slog.Logger, tracer trace.Tracer, stopping *atomic.Bool, address net.Addr) (*http.Server, error) {
	page, _ := web.Page()
	authenticate, err := l.authenticate(store)
	if err != nil {
		return nil, err
	}
	fonts, err := l.fonts()
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
			Processes: processes(), Ready: ready, Page: page, Fonts: fonts,
			Log: log, NoAccessLog: !l.AccessLog, Tracer: tracer, Collectors: []prometheus.Collector{newPoolMetrics(store)},
			MapReview: l.MapReviewNumber, TileCacheBytes: cacheBytes(l.Cache * 3 / 4), ItemCacheBytes: cacheBytes(l.Cache / 4),
			Authenticate: authenticate, ClosedReads: !l.OpenReads, Loopback: l.ownMachineOnly(address),
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
