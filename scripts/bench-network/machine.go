package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// procField reads a field of a file under /proc; "" where there is none, as on
// systems other than Linux.
func procField(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func processor() string {
	if name := procField("/proc/cpuinfo", "model name"); name != "" {
		return name
	}
	return runtime.GOARCH
}

// peakMemory is the most memory that the process has held in RAM since the
// last resetPeak (VmHWM of proc(5)).
func peakMemory() string {
	var kib float64
	if _, err := fmt.Sscan(procField("/proc/self/status", "VmHWM"), &kib); err != nil {
		return "not known"
	}
	return fmt.Sprintf("%.0f MiB", kib/1024)
}

// resetPeak begins a new count; where the system does not let it, peaks are
// those since the start.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// copyRate is the memory's speed as the best of five copies of 256 MiB, in
// 1e9 bytes a second. A sweep over a graph can be no faster.
func copyRate() float64 {
	from, to := make([]byte, 256<<20), make([]byte, 256<<20)
	for i := range from {
		from[i] = byte(i)
	}
	copy(to, from) // touch all pages
	best := time.Duration(1<<63 - 1)
	for range 5 {
		start := time.Now()
		copy(to, from)
		best = min(best, time.Since(start))
	}
	return float64(len(from)) / best.Seconds() / 1e9
}
