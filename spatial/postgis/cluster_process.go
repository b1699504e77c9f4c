package postgis

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// clearStaleFiles removes the lock files of a server that was killed: their
// process number may now be another's, which PostgreSQL would take for a live
// server. Called with the server lock held, when no server started by quanyu
// can be alive; one started by hand may be, and is left alone.
func clearStaleFiles(s site, note func(string)) error {
	socket := filepath.Join(socketDirOf(s), ".s.PGSQL."+socketPort)
	stale := []string{filepath.Join(s.data(), "postmaster.pid"), socket, socket + ".lock"}
	pid, err := postmasterPID(s)
	if err == nil && isServer(pid, s) {
		return fmt.Errorf("a PostgreSQL server that quanyu did not start (process %d) uses %s; stop it first", pid, s.data())
	}
	if !errors.Is(err, os.ErrNotExist) {
		note("the database server was not stopped in order; it recovers by itself")
	}
	for _, path := range stale {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// isAlive tells whether the server takes care of itself: it has processes, and
// its postmaster, as far as can be told, is among them.
func isAlive(s site) (bool, error) {
	busy, err := isLocked(s.lock(serverLock))
	if err != nil || !busy {
		return false, err
	}
	pid, err := postmasterPID(s)
	return err != nil || !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH), nil
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
