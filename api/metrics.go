package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"quanyu/tiles"
)

// metrics are one server's own registry, so that two servers in one process
// do not share counters.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	tiles     *prometheus.CounterVec
	runs      *prometheus.HistogramVec
}

func newMetrics(cache *tiles.Cache) *metrics {
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		requests:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quanyu_http_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "quanyu_http_request_seconds", Help: "Time to answer a request.", Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10, 30}}, []string{"route"}),
		inFlight:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "quanyu_http_requests_in_flight", Help: "Requests being answered."}),
		tiles:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quanyu_tiles_total", Help: "Tiles served, by how the cache came by them."}, []string{"outcome"}),
		runs:      prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "quanyu_process_seconds", Help: "Time of process executions.", Buckets: []float64{.01, .03, .1, .3, 1, 3, 10, 30, 120}}, []string{"process", "outcome"}),
	}
	bytes := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "quanyu_tile_cache_bytes", Help: "Bytes held by the tile cache."}, func() float64 {
		held, _ := cache.Size()
		return float64(held)
	})
	m.registry.MustRegister(m.requests, m.durations, m.inFlight, m.tiles, m.runs, bytes,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
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
