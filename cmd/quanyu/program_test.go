package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// These tests drive the built program as a person does, crashes included.

var program struct {
	once sync.Once
	path string
	err  error
}

// built builds the program once for all tests of the package.
func built(t *testing.T) string {
	t.Helper()
	program.once.Do(func() {
		dir, err := os.MkdirTemp("", "quanyu-bin-")
		if err != nil {
			program.err = err
			return
		}
		program.path = filepath.Join(dir, "quanyu")
		out, err := exec.Command("go", "build", "-o", program.path, ".").CombinedOutput()
		if err != nil {
			program.err = err
			t.Logf("%s", out)
		}
	})
	if program.err != nil {
		t.Fatal(program.err)
	}
	return program.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if program.path != "" {
		_ = os.RemoveAll(filepath.Dir(program.path))
	}
	os.Exit(code)
}

// dataDir is a fresh data directory; what is left of its database is stopped
// at the end of the test.
func dataDir(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "quanyu-data-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(parent, 0o755); err != nil { // the database's own user has to get in
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "data")
	t.Cleanup(func() {
		_ = exec.Command(built(t), "--data-dir", dir, "db", "stop").Run()
		_ = os.RemoveAll(parent)
	})
	return dir
}

// running is a started program whose standard error is read line by line.
type running struct {
	cmd   *exec.Cmd
	lines chan string
	seen  strings.Builder
}

func start(t *testing.T, args ...string) *running {
	t.Helper()
	cmd := exec.Command(built(t), args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &running{cmd: cmd, lines: make(chan string, 1000)}
	go func() {
		defer close(r.lines)
		scanner := bufio.NewScanner(stderr)
		for scanner.Scan() {
			r.lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return r
}

// await reads lines until one matches and gives its first group.
func (r *running) await(t *testing.T, pattern string) string {
	t.Helper()
	want := regexp.MustCompile(pattern)
	deadline := time.After(3 * time.Minute) // a hang, not a speed limit
	for {
		select {
		case line, open := <-r.lines:
			if !open {
				t.Fatalf("the program ended without a line like %q:\n%s", pattern, r.seen.String())
			}
			r.seen.WriteString(line + "\n")
			if m := want.FindStringSubmatch(line); m != nil {
				return m[len(m)-1]
			}
		case <-deadline:
			t.Fatalf("no line like %q:\n%s", pattern, r.seen.String())
		}
	}
}

// kill ends the program as a power cut would.
func (r *running) kill(t *testing.T) {
	t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = r.cmd.Wait()
}

// stop asks the program to end and requires that it does.
func (r *running) stop(t *testing.T) {
	t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range r.lines { // drain until the program closes its end
	}
	if err := r.cmd.Wait(); err != nil {
		t.Fatalf("after SIGTERM: %v", err)
	}
}

// quanyu runs a command to its end and gives what it wrote and its exit code.
func quanyu(t *testing.T, stdin io.Reader, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, built(t), args...)
	var out, errs strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
