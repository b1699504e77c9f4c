package postgis

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// logLimit is the size above which the log is set aside at the next start.
const logLimit = 16 * mib

// openLog opens the server's log, which root may keep where the server's user
// could not. A long one is set aside first.
func openLog(s site) (*os.File, error) {
	if info, err := os.Stat(s.log()); err == nil && info.Size() > logLimit {
		if err := os.Rename(s.log(), s.log()+".1"); err != nil {
			return nil, err
		}
	}
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return log, ownLikeParent(s.log())
}

// logTail is the end of the server's log, to be put behind an error.
func logTail(s site) string {
	log, err := os.Open(s.log())
	if err != nil {
		return ""
	}
	defer log.Close()
	if info, err := log.Stat(); err == nil && info.Size() > 8192 {
		_, _ = log.Seek(-8192, io.SeekEnd)
	}
	text, _ := io.ReadAll(log)
	return fmt.Sprintf("\nthe end of %s:\n%s", s.log(), lastLines(text, 10))
}

// lastLines is the last n lines of text.
func lastLines(text []byte, n int) string {
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// runBounded runs a command to its end, or kills it when the context ends.
func runBounded(ctx context.Context, cmd *exec.Cmd) ([]byte, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	err := cmd.Wait()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return out.Bytes(), err
}
