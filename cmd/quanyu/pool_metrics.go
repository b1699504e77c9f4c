package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"quanyu/spatial/postgis"
)

// poolMetrics are the figures of the store's connections for /metrics.
type poolMetrics struct {
	store                                        *postgis.Store
	connections, most, waits, wait, opened, gone *prometheus.Desc
}

func newPoolMetrics(store *postgis.Store) poolMetrics {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("quanyu_db_pool_"+name, help, append([]string{"pool"}, labels...), nil)
	}
	return poolMetrics{
		store:       store,
		connections: desc("connections", "Connections to the database that are in use or idle.", "state"),
		most:        desc("max_connections", "Connections that the pool may have."),
		waits:       desc("waits_total", "Times that a query waited for a connection."),
		wait:        desc("wait_seconds_total", "Time that queries waited for a connection."),
		opened:      desc("opened_total", "Connections made."),
		gone:        desc("canceled_waits_total", "Waits for a connection that were given up."),
	}
}

// Describe implements prometheus.Collector.
func (m poolMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.connections, m.most, m.waits, m.wait, m.opened, m.gone} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (m poolMetrics) Collect(to chan<- prometheus.Metric) {
	for _, p := range m.store.PoolStats() {
		gauge := func(d *prometheus.Desc, value float64, labels ...string) {
			to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, append([]string{p.Name}, labels...)...)
		}
		counter := func(d *prometheus.Desc, value float64) {
			to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, value, p.Name)
		}
		gauge(m.connections, float64(p.InUse), "in_use")
		gauge(m.connections, float64(p.Idle), "idle")
		gauge(m.most, float64(p.Most))
		counter(m.waits, float64(p.Waits))
		counter(m.wait, p.WaitTime.Seconds())
		counter(m.opened, float64(p.Opened))
		counter(m.gone, float64(p.GivenUp))
	}
}
