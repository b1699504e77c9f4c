package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"time"
)

// table is written line by line as figures come, as Markdown.
type table struct{ out io.Writer }

func (t *table) title(text string) {
	fmt.Fprintf(t.out, "\n%s\n\n| step | figure | peak memory |\n|---|---|---|\n", text)
}

func (t *table) row(step, figure, peak string) {
	fmt.Fprintf(t.out, "| %s | %s | %s |\n", step, figure, peak)
}

// note is a row for what is no step.
func (t *table) note(what, figure string) { t.row(what, figure, "") }

// measure runs a step and writes its row: what it says of itself, and the most
// memory that the process held meanwhile, rubbish of earlier steps excluded.
func (t *table) measure(step string, do func() (figure string, err error)) error {
	debug.FreeOSMemory()
	resetPeak()
	figure, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	t.row(step, figure, peakMemory())
	return nil
}

// quantile gives the share q of sorted durations, by nearest rank.
func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// timings sorts and words durations.
func timings(list []time.Duration) string {
	slices.Sort(list)
	return fmt.Sprintf("p50 %s, p99 %s", short(quantile(list, 0.5)), short(quantile(list, 0.99)))
}

// short keeps three digits.
func short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d.Nanoseconds())/1e6)
	}
	return fmt.Sprintf("%.3f ms", float64(d.Nanoseconds())/1e6)
}
