package main

import (
	"fmt"
	"strings"
	"time"
)

// step is one named piece of long work, in one phase or several. On a terminal
// its line is redrawn with a bar as it advances; elsewhere only its end is
// written.
type step struct {
	term    *terminal
	name    string
	phase   string
	started time.Time
	drawn   time.Time
	width   int
	from    mark // of the phase
}

// mark is how far work had come when its first report of a phase came in: a
// rate counts from there, since a download may go on from its middle.
type mark struct {
	set  bool
	at   time.Time
	done int64
}

func (t *terminal) begin(name string) *step {
	s := &step{term: t, name: name, started: time.Now()}
	s.draw(s.line("…"))
	return s
}

// enter starts a phase of the step, whose rate and remaining time are its own.
func (s *step) enter(phase string) {
	s.phase, s.from, s.drawn = phase, mark{}, time.Time{}
	s.draw(s.line("…"))
}

// advance redraws the bar, at most ten times a second. With total 0 only the
// count is shown. Done and total are in the unit named.
func (s *step) advance(done, total int64, unit string) {
	now := time.Now()
	if !s.from.set {
		s.from = mark{true, now, done}
	}
	if now.Sub(s.drawn) < 100*time.Millisecond || done == 0 && total == 0 {
		return
	}
	s.drawn = now
	s.draw(s.line(progress(done, total, unit, done-s.from.done, now.Sub(s.from.at))))
}

// progress is the bar of work that is done to a part, with its rate and the
// time left, from what was gained in the time elapsed. Bytes are shown in
// millions.
func progress(done, total int64, unit string, gained int64, elapsed time.Duration) string {
	rate := float64(gained) / max(elapsed.Seconds(), 0.001)
	amount, speed := fmt.Sprintf("%s %s", grouped(done), unit), grouped(int64(rate))+"/s"
	if unit == "bytes" {
		amount, speed = fmt.Sprintf("%.1f MB", float64(done)/1e6), fmt.Sprintf("%.1f MB/s", rate/1e6)
	}
	if elapsed < 200*time.Millisecond || gained <= 0 {
		speed = "" // too early to tell
	}
	if total <= 0 {
		return strings.TrimSuffix(amount+", "+speed, ", ")
	}
	share := min(float64(done)/float64(total), 1)
	filled := int(share * 20)
	text := fmt.Sprintf("%s%s %3.0f %%", strings.Repeat("█", filled), strings.Repeat("░", 20-filled), share*100)
	if speed == "" {
		return text
	}
	left := time.Duration(float64(max(total-done, 0)) / rate * float64(time.Second))
	return fmt.Sprintf("%s  %s, %s left", text, speed, left.Round(time.Second))
}

// end writes the step's outcome and how long it took.
func (s *step) end(outcome string) {
	s.phase = ""
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

func (s *step) line(state string) string {
	return fmt.Sprintf("  %-18s %s", strings.TrimSpace(s.name+" "+s.phase), state)
}

func (s *step) draw(text string) {
	if !s.term.interactive {
		return
	}
	width := len([]rune(text))
	padding := strings.Repeat(" ", max(0, s.width-width))
	fmt.Fprintf(s.term.err, "\r%s%s", text, padding)
	s.width = width
}
