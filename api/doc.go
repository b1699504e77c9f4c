// Package api serves Quanyu over HTTP: OGC API Features, Tiles and Processes,
// the OpenAPI document of all that, health, metrics and the map page.
//
// A route is one entry in the table of routes.go; the table feeds both the
// router and the OpenAPI document, so neither can know of a path that the
// other does not. Handlers return errors; problem.go is the only place that
// turns an error into a response. echo.Context goes no further than this
// package.
package api

import (
	"context"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/paulmach/orb"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/tiles"
)

// Items is what api needs of the store to serve features.
type Items interface {
	// Items emits up to q.Limit+1 rows; the last one only tells that there
	// is more. Geometry and properties of a row are lent until emit returns.
	Items(ctx context.Context, q spatial.ItemsQuery, emit func(spatial.ItemRow) error) error
	// Item gives one feature, NotFound when there is none at asOf (nil: now).
	Item(ctx context.Context, c spatial.Collection, id string, crs spatial.CRS, asOf *time.Time, f spatial.GeometryFormat) (spatial.ItemRow, error)
	// Count counts the rows that match, whatever page is asked for; -1 when
	// they are too many to count.
	Count(ctx context.Context, q spatial.ItemsQuery) (int64, error)
	// Extent bounds the geometries in degrees; false when there are none.
	Extent(ctx context.Context, c spatial.Collection) (orb.Bound, bool, error)
}

// Config is all that a server is made from. Items, Tiles, Inputs and Ready
// are required; zero values of the rest have the defaults named.
type Config struct {
	Version        string // of the program
	PublicURL      string // absolute address of "/", without a slash at its end; "" takes the request's Host
	TrustForwarded bool   // believe X-Forwarded-Proto, -Host and -Prefix when there is no PublicURL

	Collections []spatial.Collection // spatial.Collections()
	Items       Items
	Writer      Writer // nil: no feature can be written
	Tiles       tiles.Source
	Inputs      analysis.Inputs
	Processes   []analysis.Process
	Jobs        Jobs                        // nil: no jobs, every run is synchronous
	Results     Results                     // of jobs; set together with Jobs
	Ready       func(context.Context) error // nil error: migrated, seeded and a network is loaded

	Fonts       fs.FS  // letters for styles, a folder a font; nil leaves them to the reader's machine
	Page        fs.FS  // index.html and its assets; nil serves a plain landing page
	Attribution string // shown with tiles; DefaultAttribution
	MapReview   string // number under which the operator's map may be published (审图号)

	// Authenticate tells who sends a request; nil takes everyone for anonymous.
	// Credentials makes one.
	Authenticate func(*http.Request) (spatial.Caller, error)
	ClosedReads  bool // anonymous callers get 401 but for what tells what the server is
	Loopback     bool // the listener is reached from its own machine only

	RatePerSecond float64       // requests of one key, or of one address without a key; 0 sets no limit
	RateBurst     int           // requests at once before that counts; twice the rate
	MaxWaiting    int           // heavy requests waiting for each kind of slot, 64
	WaitTime      time.Duration // that they wait at most before 429, 10 s

	TileCacheBytes int64            // 64 MiB; negative keeps none
	ItemCacheBytes int64            // of single features, 16 MiB; negative keeps none
	Timeout        time.Duration    // of one read, the sending of its rows included, 60 s
	RunTimeout     time.Duration    // of one execution, 120 s
	MaxRuns        int              // executions at one time, 4; others wait
	MaxExports     int              // pages of more than the default limit at one time, 8; others wait
	Now            func() time.Time // time.Now
	Log            *slog.Logger     // slog.Default()
	NoAccessLog    bool             // no line for requests that went well

	Tracer     trace.Tracer           // makes a span of each request; nil makes none
	Collectors []prometheus.Collector // further figures for /metrics, such as those of the store
}

// DefaultAttribution names the sources that every shipped map rests on.
const DefaultAttribution = "© OpenStreetMap contributors (ODbL); other sources: collection datasets"

// notForPublication is said wherever a map is shown without a review number.
const notForPublication = "not for publication as a map (无审图号，不得作为地图公开)"

func (c Config) withDefaults() Config {
	if c.Collections == nil {
		c.Collections = spatial.Collections()
	}
	if c.Attribution == "" {
		c.Attribution = DefaultAttribution
	}
	if c.TileCacheBytes == 0 {
		c.TileCacheBytes = 64 << 20
	}
	if c.ItemCacheBytes == 0 {
		c.ItemCacheBytes = 16 << 20
	}
	if c.Timeout == 0 {
		c.Timeout = 60 * time.Second
	}
	if c.RunTimeout == 0 {
		c.RunTimeout = 120 * time.Second
	}
	if c.MaxRuns == 0 {
		c.MaxRuns = 4
	}
	if c.MaxExports == 0 {
		c.MaxExports = 8
	}
	if c.MaxWaiting == 0 {
		c.MaxWaiting = 64
	}
	if c.WaitTime == 0 {
		c.WaitTime = 10 * time.Second
	}
	if c.RateBurst == 0 {
		c.RateBurst = int(math.Ceil(2 * c.RatePerSecond))
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// MapAttribution is the text that the server shows with every map, for maps that
// leave it as files.
func (c Config) MapAttribution() string { return c.withDefaults().attribution() }

// attribution is the text shown with every map.
func (c Config) attribution() string {
	if c.MapReview != "" {
		return c.Attribution + "; 审图号 " + c.MapReview
	}
	return c.Attribution + "; " + notForPublication
}
