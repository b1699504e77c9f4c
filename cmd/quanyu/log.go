package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// logPause is how long a line of the access log may wait before it is written.
const logPause = 200 * time.Millisecond

// logger writes the log lines of a server to standard error.
func (s *settings) logger() *slog.Logger {
	w := &gather{to: os.Stderr}
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	var lines slog.Handler = slog.NewTextHandler(w, options)
	if s.Log == "json" {
		lines = slog.NewJSONHandler(w, options)
	}
	return slog.New(prompt{lines, w})
}

// gather writes several lines at once: a write for each costs the machine a
// tenth of what a tile from memory does. Nothing waits longer than logPause.
type gather struct {
	mu      sync.Mutex
	to      io.Writer
	buffer  []byte
	waiting bool // a flush is due
}

// Write takes whole lines.
func (g *gather) Write(line []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.buffer = append(g.buffer, line...)
	if len(g.buffer) > 64<<10 {
		return len(line), g.write()
	}
	if !g.waiting {
		g.waiting = true
		time.AfterFunc(logPause, g.flush)
	}
	return len(line), nil
}

func (g *gather) flush() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = false
	_ = g.write() // there is nowhere to tell that the log cannot be written
}

// write empties the buffer. g.mu is held.
func (g *gather) write() error {
	_, err := g.to.Write(g.buffer)
	g.buffer = g.buffer[:0]
	return err
}

// prompt writes warnings and errors at once, and all lines before them: what
// ends a program must be in its log.
type prompt struct {
	slog.Handler
	to *gather
}

func (p prompt) Handle(ctx context.Context, r slog.Record) error {
	err := p.Handler.Handle(ctx, r)
	if r.Level > slog.LevelInfo {
		p.to.flush()
	}
	return err
}

func (p prompt) WithAttrs(attrs []slog.Attr) slog.Handler {
	return prompt{p.Handler.WithAttrs(attrs), p.to}
}

func (p prompt) WithGroup(name string) slog.Handler { return prompt{p.Handler.WithGroup(name), p.to} }
