package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"quanyu/spatial"
)

// terminal is where a command speaks. Results go to out, so that they can be
// piped; everything said on the way there goes to err.
type terminal struct {
	in          io.Reader
	out, err    io.Writer
	interactive bool // err is a terminal: progress may be redrawn in place
}

func newTerminal(in, out, err *os.File) *terminal {
	info, statErr := err.Stat()
	interactive := statErr == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	return &terminal{in: in, out: out, err: err, interactive: interactive}
}

func (t *terminal) note(format string, args ...any) {
	fmt.Fprintf(t.err, format+"\n", args...)
}

// fail prints an error as a person reads it: the sentence, then one line for
// each fault with what would have been allowed.
func (t *terminal) fail(err error) {
	var known *spatial.Error
	if !errors.As(err, &known) {
		t.note("quanyu: %v", err)
		return
	}
	t.note("quanyu: %s", known.Detail)
	for _, f := range known.Faults {
		where := f.Pointer
		if where == "" {
			where = f.Parameter
		}
		t.note("  %s %s", where, f.Detail)
		if f.Allowed != nil {
			t.note("    allowed: %v", f.Allowed)
		}
	}
	if known.Err != nil {
		t.note("  cause: %v", known.Err)
	}
}

// step is one named piece of long work. On a terminal its line is redrawn
// with a bar as it advances; elsewhere only its end is written.
type step struct {
	term    *terminal
	name    string
	started time.Time
	drawn   time.Time
	width   int
}

func (t *terminal) begin(name string) *step {
	s := &step{term: t, name: name, started: time.Now()}
	s.draw(s.line("…"))
	return s
}

// advance redraws the bar, at most ten times a second. With total 0 only the
// count is shown. Done and total are in the unit named.
func (s *step) advance(done, total int64, unit string) {
	if time.Since(s.drawn) < 100*time.Millisecond {
		return
	}
	s.drawn = time.Now()
	elapsed := time.Since(s.started)
	rate := float64(done) / max(elapsed.Seconds(), 0.001)
	if total <= 0 {
		s.draw(s.line(fmt.Sprintf("%s %s, %s/s", grouped(done), unit, grouped(int64(rate)))))
		return
	}
	share := min(float64(done)/float64(total), 1)
	filled := int(share * 20)
	bar := strings.Repeat("█", filled) + strings.Repeat("░", 20-filled)
	left := ""
	if rate > 0 && elapsed > time.Second {
		remaining := time.Duration(float64(total-done) / rate * float64(time.Second))
		left = fmt.Sprintf(", %s left", remaining.Round(time.Second))
	}
	s.draw(s.line(fmt.Sprintf("%s %3.0f %%  %s/s%s", bar, share*100, grouped(int64(rate)), left)))
}

// end writes the step's outcome and how long it took.
func (s *step) end(outcome string) {
	text := s.line(fmt.Sprintf("%s (%.1f s)", outcome, time.Since(s.started).Seconds()))
	if s.term.interactive {
		s.draw(text)
	} else {
		fmt.Fprint(s.term.err, text)
	}
	fmt.Fprintln(s.term.err)
}

// leave ends the step's line on failure without a word: the error follows.
func (s *step) leave() {
	if s.term.interactive {
		fmt.Fprintln(s.term.err)
	}
}

func (s *step) line(state string) string { return fmt.Sprintf("  %-18s %s", s.name, state) }

func (s *step) draw(text string) {
	if !s.term.interactive {
		return
	}
	width := len([]rune(text))
	padding := strings.Repeat(" ", max(0, s.width-width))
	fmt.Fprintf(s.term.err, "\r%s%s", text, padding)
	s.width = width
}

// grouped writes a count with thousands separated by commas.
func grouped(n int64) string {
	digits := fmt.Sprintf("%d", n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
