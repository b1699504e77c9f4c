package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// figures are what one measurement gives.
type figures struct {
	rate     float64 // answers a second
	p50, p99 time.Duration
	size     int // bytes of an answer, headers included; 0 when not known
	now      int // MiB that the server holds after, 0 for the database
	peak     int // MiB that it held at most
}

//go:embed wrk.lua
var wrkScript string

// wrk puts the requests to a server over so many connections.
func (b *bench) wrk(ctx context.Context, p *process, connections int, requests []string) (figures, error) {
	script, list := filepath.Join(b.dir, "wrk.lua"), filepath.Join(b.dir, "requests")
	if err := os.WriteFile(script, []byte(wrkScript), 0o644); err != nil {
		return figures{}, err
	}
	if err := os.WriteFile(list, []byte(strings.Join(requests, "\n")+"\n"), 0o644); err != nil {
		return figures{}, err
	}
	p.resetPeak()
	out, err := exec.CommandContext(ctx, "wrk", "-t2", "-c", strconv.Itoa(connections), "-d", fmt.Sprintf("%.0fs", b.period.Seconds()),
		"--timeout", "30s", "-s", script, p.base, "--", list).CombinedOutput()
	if err != nil {
		return figures{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	_, line, found := strings.Cut(string(out), "RESULT ")
	var count, took, size, p50, p99, faults int64
	if _, err := fmt.Sscan(line, &count, &took, &size, &p50, &p99, &faults); err != nil || !found || count == 0 {
		return figures{}, fmt.Errorf("wrk says %s", out)
	}
	if faults > 0 {
		return figures{}, fmt.Errorf("%d of %d requests such as %s failed", faults, count, requests[0])
	}
	f := figures{rate: float64(count) / float64(took) * 1e6, size: int(size / count)}
	f.p50, f.p99 = time.Duration(p50)*time.Microsecond, time.Duration(p99)*time.Microsecond
	f.now, f.peak = p.memory()
	return f, nil
}

// pgbench puts a script of SQL to the database, prepared, over its socket.
func (b *bench) pgbench(ctx context.Context, connections int, script string) (figures, error) {
	dir, err := os.MkdirTemp(b.dir, "pgbench-")
	if err != nil {
		return figures{}, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "script.sql")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		return figures{}, err
	}
	out, err := exec.CommandContext(ctx, "pgbench", "-n", "-M", "prepared", "-c", strconv.Itoa(connections), "-j", "2",
		"-T", fmt.Sprintf("%.0f", b.period.Seconds()), "-l", "--log-prefix", filepath.Join(dir, "log"), "-f", file, b.cluster.URL()).CombinedOutput()
	if err != nil {
		return figures{}, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	f := figures{}
	_, line, found := strings.Cut(string(out), "tps = ")
	if _, err := fmt.Sscan(line, &f.rate); err != nil || !found {
		return figures{}, fmt.Errorf("pgbench says %s", out)
	}
	f.p50, f.p99, err = latencies(dir)
	return f, err
}

// latencies reads pgbench's log of transactions: the third field is the time
// of one in microseconds.
func latencies(dir string) (p50, p99 time.Duration, err error) {
	logs, err := filepath.Glob(filepath.Join(dir, "log.*"))
	if err != nil {
		return 0, 0, err
	}
	var all []int
	for _, name := range logs {
		file, err := os.Open(name)
		if err != nil {
			return 0, 0, err
		}
		for lines := bufio.NewScanner(file); lines.Scan(); {
			words := strings.Fields(lines.Text())
			if len(words) > 2 {
				took, _ := strconv.Atoi(words[2])
				all = append(all, took)
			}
		}
		file.Close()
	}
	if len(all) == 0 {
		return 0, 0, fmt.Errorf("pgbench wrote no log")
	}
	slices.Sort(all)
	at := func(q float64) time.Duration {
		return time.Duration(all[min(int(q*float64(len(all))), len(all)-1)]) * time.Microsecond
	}
	return at(0.5), at(0.99), nil
}
