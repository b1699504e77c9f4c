package main

import (
	"errors"
	"fmt"
	"io"
	"os"

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

// grouped writes a count with thousands separated by commas.
func grouped(n int64) string {
	digits := fmt.Sprintf("%d", n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
