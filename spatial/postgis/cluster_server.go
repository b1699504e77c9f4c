package postgis

import (
	"context"
	"errors"
	"fmt"
	"os"
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
	if err := clearStaleFiles(s, o.note); err != nil {
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
	began := time.Now()
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
		if asked == 0 && time.Since(began) > orphanPeriod {
			killOrphans(s)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the database server (process %d) has not stopped: %w%s", pid, context.Cause(ctx), logTail(s))
		case <-time.After(serverPoll):
		}
	}
}
