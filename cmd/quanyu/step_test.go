package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressShowsShareRateAndTimeLeft(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		unit        string
		gained      int64
		elapsed     time.Duration
		want        string
	}{
		{50e6, 200e6, "bytes", 50e6, 10 * time.Second, "█████░░░░░░░░░░░░░░░  25 %  5.0 MB/s, 30s left"},
		{150e6, 200e6, "bytes", 50e6, 10 * time.Second, "███████████████░░░░░  75 %  5.0 MB/s, 10s left"}, // resumed
		{200e6, 200e6, "bytes", 200e6, time.Minute, "████████████████████ 100 %  3.3 MB/s, 0s left"},
		{3, 4, "rows", 3, 50 * time.Millisecond, "███████████████░░░░░  75 %"},
		{4, 4, "rows", 0, time.Second, "████████████████████ 100 %"},
		{9, 4, "rows", 9, time.Second, "████████████████████ 100 %  9/s, 0s left"},
		{1500, 3000, "roads", 1500, time.Second, "██████████░░░░░░░░░░  50 %  1,500/s, 1s left"},
		{12_345, 0, "links left", 12_345, time.Second, "12,345 links left, 12,345/s"},
		{2_500_000, 0, "bytes", 2_500_000, time.Second, "2.5 MB, 2.5 MB/s"},
		{2_500_000, 0, "bytes", 0, 0, "2.5 MB"},
	} {
		if got := progress(c.done, c.total, c.unit, c.gained, c.elapsed); got != c.want {
			t.Errorf("%d of %d %s: %q, want %q", c.done, c.total, c.unit, got, c.want)
		}
	}
}

// A terminal sees each phase; a file or pipe sees one line, without bars.
func TestStepIsPlainWhereThereIsNoTerminal(t *testing.T) {
	for _, interactive := range []bool{true, false} {
		var out bytes.Buffer
		s := (&terminal{err: &out, interactive: interactive}).begin("reading")
		for _, phase := range []string{"roads", "nodes", "graph"} {
			s.enter(phase)
			s.advance(1, 2, "bytes")
			s.advance(0, 0, "bytes")
		}
		s.end("3 junctions")
		text := out.String()
		if !strings.Contains(text, "  reading            3 junctions (0.0 s)") || !strings.HasSuffix(text, "\n") {
			t.Errorf("interactive=%v: no outcome in %q", interactive, text)
		}
		for _, mark := range []string{"\r", "reading roads", "reading nodes", "reading graph", "50 %"} {
			if strings.Contains(text, mark) != interactive {
				t.Errorf("interactive=%v: %q in %q", interactive, mark, text)
			}
		}
	}
}
