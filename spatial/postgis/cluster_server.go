package postgis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	startLimit   = 5 * time.Minute       // crash recovery of max_wal_size takes a minute or two
	stopLimit    = 2 * time.Minute       // a fast shutdown writes all dirty buffers
	serverPoll   = 20 * time.Millisecond // between looks at a server that starts or stops
	orphanPeriod = 2 * time.Second       // how long orphans may take to notice that the postmaster died
	logLimit     = 16 * mib              // above it the log is set aside at the next start
	probeLimit   = 5 * time.Second       // one try to connect
)

// ensureRunning brings the server up, or finds it up. The caller holds the
// start lock. It returns the directory of the server's socket, and whether it
// started the server.
//
// The server lock decides, not postmaster.pid: the postmaster and all its
// children inherit the open file, so it is free exactly when no process of the
// server is left, whatever became of process numbers since.
func ensureRunning(ctx context.Context, s site, o ClusterOptions) (socketDir string, started bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("not ready after %v", startLimit))
	defer cancel()
	var child <-chan error // of the server started here
	began, noted := time.Now(), time.Now()
	for {
		lock, err := tryLock(s.lock(serverLock), syscall.LOCK_EX)
		switch {
		case err == nil && child != nil:
			lock.Close()
			return "", false, failedStart(s, <-child)
		case err == nil:
			if child, err = startServer(s, o, lock); err != nil {
				return "", false, err
			}
		case !errors.Is(err, errLocked):
			return "", false, err
		}
		socketDir := runningSocket(s)
		if err = probe(ctx, socketDir); err == nil {
			return socketDir, child != nil, nil
		}
		if !comingUp(err) {
			return "", false, fmt.Errorf("the database server runs, but refuses: %w", err)
		}
		if child == nil && time.Since(began) > orphanPeriod {
			killOrphans(s)
		}
		if time.Since(noted) > 5*time.Second {
			noted = time.Now()
			o.note(fmt.Sprintf("still waiting for the database server (%v); its log: %s", time.Since(began).Round(time.Second), s.log()))
		}
		select {
		case <-ctx.Done():
			return "", false, fmt.Errorf("starting the database server: %w (last answer: %w)%s", context.Cause(ctx), err, logTail(s))
		case <-time.After(serverPoll):
		}
	}
}

// startServer starts the postmaster, which inherits the server lock. It runs in
// a session of its own: Ctrl-C in a terminal goes to all of the foreground
// group, and the server has to outlive those who still talk to it. The channel
// gives the postmaster's end, if it ends before this process does.
func startServer(s site, o ClusterOptions, lock *os.File) (<-chan error, error) {
	defer lock.Close() // the child's copy keeps it
	bin, err := binariesFor(s, o.places())
	if err != nil {
		return nil, err
	}
	if err := clearStalePID(s, o.note); err != nil {
		return nil, err
	}
	if err := writeSettings(s, o.Settings); err != nil {
		return nil, err
	}
	socketDir, err := makeSocketDir(s)
	if err != nil {
		return nil, err
	}
	log, err := openLog(s)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := s.owner.command(bin.path("postgres"), "-D", s.data(), "-c", "listen_addresses=",
		"-c", "unix_socket_directories="+quoteIdent(socketDir), "-c", "port="+socketPort)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.home, log, log
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr.Setsid = true
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s as user %s: %w", cmd.Path, s.owner.name, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return ended, nil
}

func failedStart(s site, err error) error {
	return fmt.Errorf("the database server did not start (%v)%s", err, logTail(s))
}

// probe tells whether the server takes connections.
func probe(ctx context.Context, socketDir string) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, socketURL(socketDir, "postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// comingUp tells errors that pass with time (no socket yet, recovering, going
// down, or busy) from those that do not.
func comingUp(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code == "57P03" || refused.Code == "53300" // cannot_connect_now, too_many_connections
	}
	return true
}

// stopServer ends the server with a fast shutdown (open transactions are rolled
// back, everything is written) and waits until its last process is gone. The
// caller holds the start lock. A server that does not run is no error.
func stopServer(ctx context.Context, s site) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	for asked := 0; ; {
		busy, err := isLocked(s.lock(serverLock))
		if err != nil || !busy {
			return err
		}
		// The number is only trusted when it is this server's: another process
		// may have it by now, above all across containers.
		pid, err := postmasterPID(s)
		if err == nil && pid != asked && isServer(pid, s) {
			if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stopping the database server (process %d): %w", pid, err)
			}
			asked = pid
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the database server (process %d) has not stopped: %w%s", pid, context.Cause(ctx), logTail(s))
		case <-time.After(serverPoll):
		}
	}
}

// clearStalePID removes a postmaster.pid whose process is now another, which
// PostgreSQL would take for a live server. Called with the server lock held,
// when no server started by quanyu can be alive; one started by hand may be.
func clearStalePID(s site, note func(string)) error {
	pid, err := postmasterPID(s)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && isServer(pid, s) {
		return fmt.Errorf("a PostgreSQL server that quanyu did not start (process %d) uses %s; stop it first", pid, s.data())
	}
	note("the database server was not stopped in order; it recovers by itself")
	return os.Remove(filepath.Join(s.data(), "postmaster.pid"))
}

// postmasterPID is the process number in postmaster.pid, which may be stale.
func postmasterPID(s site) (int, error) {
	line, err := pidFileLine(s, 0)
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(line)
	if err != nil || pid <= 0 {
		return 0, fmt.Errorf("postmaster.pid is damaged: %q", line)
	}
	return pid, nil
}

// pidFileLine is a line of postmaster.pid, counted from 0: process number, data
// directory, start time, port, socket directory, ... (PostgreSQL's
// miscadmin.h).
func pidFileLine(s site, n int) (string, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return "", err
	}
	if lines := strings.Split(string(text), "\n"); n < len(lines) {
		return strings.TrimSpace(lines[n]), nil
	}
	return "", nil
}

// isServer tells whether a process is a server of this cluster: every process
// of a server works in its data directory. Without /proc (macOS) the command
// line tells.
func isServer(pid int, s site) bool {
	if pid <= 0 {
		return false
	}
	if _, err := os.Stat("/proc/self/cwd"); err == nil {
		cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
		return err == nil && cwd == s.data()
	}
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && bytes.Contains(out, []byte("postgres")) && bytes.Contains(out, []byte(s.data()))
}

// killOrphans ends the children of a postmaster that was killed. They end by
// themselves when they next wait for something; one in a long computation does
// not wait, and no new server can start beside it. SIGQUIT is the postmaster's
// own word for "leave at once". Without /proc nobody is ended, and the start
// waits.
func killOrphans(s site) {
	if pid, _ := postmasterPID(s); isServer(pid, s) {
		return // the postmaster lives, so they are none
	}
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // the only error is a bad pattern
	for _, link := range links {
		if cwd, err := os.Readlink(link); err != nil || cwd != s.data() {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			_ = syscall.Kill(pid, syscall.SIGQUIT) // already gone is as good
		}
	}
}

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
