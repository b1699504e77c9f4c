package main

import (
	"fmt"
	"io"
	"time"
)

// table is written line by line as figures come, as Markdown.
type table struct{ out io.Writer }

func (t *table) head() {
	fmt.Fprint(t.out, "\n| case | who | connections | answers/s | of plain SQL | p50 ms | p99 ms | bytes | server MiB, after and peak |\n|---|---|---|---|---|---|---|---|---|\n")
}

// row writes one measurement; base is the rate of plain SQL beside it, 0 when
// there is none.
func (t *table) row(name, who string, connections int, f figures, base float64) {
	share, memory, size := "", "", ""
	if base > 0 {
		share = fmt.Sprintf("%.2f", f.rate/base)
	}
	if f.peak > 0 {
		memory = fmt.Sprintf("%d, %d", f.now, f.peak)
	}
	if f.size > 0 {
		size = thousands(f.size)
	}
	rate := fmt.Sprintf("%.1f", f.rate)
	if f.rate >= 100 {
		rate = thousands(int(f.rate + 0.5))
	}
	fmt.Fprintf(t.out, "| %s | %s | %d | %s | %s | %s | %s | %s | %s |\n", name, who, connections, rate, share, milliseconds(f.p50), milliseconds(f.p99), size, memory)
}

func milliseconds(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	if ms >= 10 {
		return fmt.Sprintf("%.0f", ms)
	}
	return fmt.Sprintf("%.2f", ms)
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
