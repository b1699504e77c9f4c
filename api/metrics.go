package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"quanyu/tiles"
)

// metrics are one server's own registry, so that two servers in one process
// do not share counters. docs/operating.md lists them all.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	tiles     *prometheus.CounterVec
	items     *prometheus.CounterVec
	runs      *prometheus.HistogramVec

	itemHits, itemMisses prometheus.Counter // of items
	answers              sync.Map           // answerKind -> answerFigures
}

// answerKind is what the figures of a request are kept by.
type answerKind struct {
	route, method string
	status        int
}

// answerFigures are those of one kind, found once: to find them by their labels
// costs more than to count.
type answerFigures struct {
	count    prometheus.Counter
	duration prometheus.Observer
}

func newMetrics(cfg Config, cache *tiles.Cache, rows interface{ size() int64 }) *metrics {
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		requests:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quanyu_http_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "quanyu_http_request_duration_seconds", Help: "Time to answer a request.", Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10, 30}}, []string{"route"}),
		inFlight:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "quanyu_http_requests_in_flight", Help: "Requests being answered."}),
		tiles:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quanyu_tiles_total", Help: "Tiles served, by how the cache came by them."}, []string{"outcome"}),
		items:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quanyu_items_total", Help: "Single features looked for, by whether memory had them."}, []string{"outcome"}),
		runs:      prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "quanyu_process_duration_seconds", Help: "Time of process executions.", Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30, 120}}, []string{"process", "outcome"}),
	}
	m.itemHits, m.itemMisses = m.items.WithLabelValues(string(tiles.Hit)), m.items.WithLabelValues(string(tiles.Miss))
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "quanyu_build_info", Help: "1, with the version of the program.", ConstLabels: prometheus.Labels{"version": cfg.Version}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.inFlight, m.tiles, m.items, m.runs, build,
		figure("quanyu_tile_cache_bytes", "Bytes held by the tile cache.", func() float64 { return float64(cache.Stats().Bytes) }),
		figure("quanyu_tile_cache_tiles", "Tiles held by the tile cache.", func() float64 { return float64(cache.Stats().Tiles) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "quanyu_tile_cache_evictions_total", Help: "Tiles that the cache let go for want of room."}, func() float64 { return float64(cache.Stats().Evicted) }),
		figure("quanyu_item_cache_bytes", "Bytes of single features held in memory.", func() float64 { return float64(rows.size()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(cfg.Collectors...)
	return m
}

func figure(name, help string, read func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read)
}

// answered counts a request that is over.
func (m *metrics) answered(route, method string, status int, took time.Duration) {
	kind := answerKind{route, methodLabel(method), status}
	known, ok := m.answers.Load(kind)
	if !ok {
		known, _ = m.answers.LoadOrStore(kind, answerFigures{
			m.requests.WithLabelValues(kind.route, kind.method, strconv.Itoa(status)), m.durations.WithLabelValues(kind.route),
		})
	}
	figures := known.(answerFigures)
	figures.count.Inc()
	figures.duration.Observe(took.Seconds())
}

// methodLabel keeps made-up methods out of the metrics.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

func (s *server) getMetrics(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	handler := promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{DisableCompression: true})
	handler.ServeHTTP(c.Response(), c.Request())
	return nil
}

func (s *server) getLive(c echo.Context) error {
	return health(c, "live")
}

// getReady is 200 only when the store says that all is migrated, seeded and
// routable.
func (s *server) getReady(c echo.Context) error {
	if err := s.cfg.Ready(c.Request().Context()); err != nil {
		r := refuse(err)
		return &refusal{status: http.StatusServiceUnavailable, code: "unavailable", detail: "Not ready: " + r.detail, internal: err}
	}
	return health(c, "ready")
}

func health(c echo.Context, status string) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]string{"status": status})
}
