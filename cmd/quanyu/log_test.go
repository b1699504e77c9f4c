package main

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink counts writes; its text may be read while it is written.
type sink struct {
	mu     sync.Mutex
	text   strings.Builder
	writes int
}

func (s *sink) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	return s.text.Write(b)
}

func (s *sink) lines() (n, writes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.text.String(), "\n"), s.writes
}

// Lines go out together and in order; a warning takes all before it along.
func TestLogLinesGoOutTogetherAndNoneIsLost(t *testing.T) {
	to := &sink{}
	w := &gather{to: to}
	log := slog.New(prompt{slog.NewTextHandler(w, nil), w}).With("server", 1)
	for range 100 {
		log.Info("request")
	}
	log.Warn("trouble")
	if n, _ := to.lines(); n != 101 {
		t.Errorf("%d lines after a warning, want 101", n)
	}
	for range 100 {
		log.Info("request")
	}
	n, writes := to.lines()
	for ; n != 201; n, writes = to.lines() { // written by itself; a hang is go test's to end
		time.Sleep(10 * time.Millisecond)
	}
	if writes > 50 {
		t.Errorf("%d writes for 201 lines", writes)
	}
}
