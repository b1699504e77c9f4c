package api

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// jobMetrics reads the figures of jobs when they are asked for. They are those
// of the database, so every server shows the same, and workers need no address
// of their own to be asked at.
type jobMetrics struct {
	results                                 Results
	queued, running, finished, kept, stored *prometheus.Desc
}

// figuresTimeout bounds the reading; without an answer the figures are left out.
const figuresTimeout = 2 * time.Second

func newJobMetrics(results Results) jobMetrics {
	about := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("quanyu_"+name, help, labels, nil)
	}
	return jobMetrics{results: results,
		queued:   about("jobs_queued", "Runs that wait for a worker.", "process"),
		running:  about("jobs_running", "Runs that are worked.", "process"),
		finished: about("job_seconds", "Runs that ended, and the time they took, by what became of them; taken-up counts runs begun anew after their worker was lost.", "process", "outcome"),
		kept:     about("job_results", "Results kept."),
		stored:   about("job_result_bytes", "Bytes of the results kept, those of their tables included.")}
}

// Describe tells the names of the figures.
func (m jobMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.queued, m.running, m.finished, m.kept, m.stored} {
		out <- d
	}
}

// Collect reads the figures.
func (m jobMetrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), figuresTimeout)
	defer cancel()
	figures, err := m.results.Figures(ctx)
	if err != nil {
		return
	}
	for process, n := range figures.Queued {
		out <- prometheus.MustNewConstMetric(m.queued, prometheus.GaugeValue, float64(n), process)
	}
	for process, n := range figures.Running {
		out <- prometheus.MustNewConstMetric(m.running, prometheus.GaugeValue, float64(n), process)
	}
	for _, t := range figures.Totals {
		out <- prometheus.MustNewConstSummary(m.finished, uint64(t.Runs), t.Seconds, nil, t.Process, t.Outcome)
	}
	out <- prometheus.MustNewConstMetric(m.kept, prometheus.GaugeValue, float64(figures.Kept))
	out <- prometheus.MustNewConstMetric(m.stored, prometheus.GaugeValue, float64(figures.KeptBytes))
}
