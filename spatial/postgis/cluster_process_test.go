package postgis

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// helperDir and helperCreate tell a copy of the test program that it is the
// helper: it attaches to that cluster, prints the URL, holds until its input
// ends, and releases.
const (
	helperDir    = "QUANYU_CLUSTER_HELPER_DIR"
	helperCreate = "QUANYU_CLUSTER_HELPER_CREATE"
)

// TestClusterHelper is not a test but the helper process of others.
func TestClusterHelper(t *testing.T) {
	dir := os.Getenv(helperDir)
	if dir == "" {
		return
	}
	c, err := Attach(context.Background(), ClusterOptions{
		Dir: dir, Create: os.Getenv(helperCreate) != "", Settings: quick,
		Log: func(line string) { fmt.Println("note:", line) },
	})
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	fmt.Println("url:", c.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := c.Release(); err != nil {
		fmt.Println("error:", err)
	}
}

// holder is a helper process.
type holder struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
}

// startHolder starts a helper, as another user when as is not nil.
func startHolder(t *testing.T, dir string, create bool, as *account) *holder {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^TestClusterHelper$")
	cmd.Env = append(os.Environ(), helperDir+"="+dir)
	if create {
		cmd.Env = append(cmd.Env, helperCreate+"=1")
	}
	if as != nil {
		cmd.Path = copyFor(t, program)
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}}
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &holder{cmd: cmd, stdin: stdin, lines: bufio.NewScanner(out)}
	t.Cleanup(func() { h.kill() })
	return h
}

// copyFor copies the test program to where every user may run it; go test
// builds it in a directory that only its user can enter.
func copyFor(t *testing.T, program string) string {
	t.Helper()
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(dataDir(t))
	path := filepath.Join(dir, "helper")
	if err := os.WriteFile(path, text, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// answer is the helper's first line of the kind "url" or "error".
func (h *holder) answer(t *testing.T) (kind, text string) {
	t.Helper()
	for h.lines.Scan() {
		kind, text, _ := strings.Cut(h.lines.Text(), ": ")
		if kind == "url" || kind == "error" {
			return kind, text
		}
		t.Log(h.lines.Text())
	}
	t.Fatalf("the helper ended without an answer: %v", h.lines.Err())
	return "", ""
}

func (h *holder) kill() {
	_ = h.cmd.Process.Kill() // gone already is as good
	_ = h.cmd.Wait()
}

// leave lets the helper release and end.
func (h *holder) leave(t *testing.T) {
	t.Helper()
	h.stdin.Close()
	for h.lines.Scan() {
		if strings.HasPrefix(h.lines.Text(), "error: ") {
			t.Error(h.lines.Text())
		}
	}
	if err := h.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestClusterIsSharedByProcessesThatComeAtOnce(t *testing.T) {
	dir := dataDir(t)
	var holders []*holder
	for range 4 {
		holders = append(holders, startHolder(t, dir, true, nil))
	}
	urls := map[string]bool{}
	for _, h := range holders {
		kind, url := h.answer(t)
		if kind != "url" {
			t.Fatal(url)
		}
		urls[url] = true
		one(t, url, "SELECT postgis_lib_version()")
	}
	if len(urls) != 1 {
		t.Errorf("the processes got different clusters: %v", urls)
	}
	for i, h := range holders {
		if !status(t, dir).Running {
			t.Fatalf("the server stopped with %d holders left", len(holders)-i)
		}
		h.leave(t)
	}
	if status(t, dir).Running {
		t.Error("the server runs on after its last holder")
	}
}

func TestClusterOfAKilledHolderIsAdopted(t *testing.T) {
	dir := dataDir(t)
	h := startHolder(t, dir, true, nil)
	if kind, text := h.answer(t); kind != "url" {
		t.Fatal(text)
	}
	server := postmaster(t, dir)
	h.kill()
	c := attach(t, ClusterOptions{Dir: dir})
	if c.Started() || postmaster(t, dir) != server {
		t.Error("the running server was not taken over")
	}
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	if status(t, dir).Running {
		t.Error("the killed holder keeps the server up")
	}
}

func TestKillWhileTheClusterIsMade(t *testing.T) {
	dir := dataDir(t)
	for _, pause := range []time.Duration{0, 100 * time.Millisecond, 400 * time.Millisecond} {
		h := startHolder(t, dir, true, nil)
		for begun := false; !begun; time.Sleep(time.Millisecond) {
			for _, pattern := range []string{"init-*", "data"} {
				found, _ := filepath.Glob(filepath.Join(dir, "postgres", pattern))
				begun = begun || len(found) > 0
			}
		}
		time.Sleep(pause)
		h.kill()
		if _, err := os.Stat(filepath.Join(dir, "postgres", "data")); err == nil {
			t.Logf("the cluster was whole after %v", pause)
			break
		}
	}
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	one(t, c.URL(), "SELECT postgis_lib_version()")
}

// A backend in a long computation does not notice that the postmaster died, and
// keeps the server's shared memory.
func TestClusterComesBackWhenThePostmasterIsKilled(t *testing.T) {
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "CREATE TABLE kept (x int)"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "INSERT INTO kept VALUES (42)"); err != nil {
		t.Fatal(err)
	}
	busy := make(chan error, 1)
	go func() {
		_, err := conn.Exec(context.Background(), "SELECT sum(sqrt(x)) FROM generate_series(1, 1e12::bigint) x")
		busy <- err
	}()
	time.Sleep(200 * time.Millisecond) // let the computation begin
	killed := postmaster(t, dir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		again, err := pgx.Connect(t.Context(), c.URL())
		if err == nil {
			again.Close(t.Context())
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server did not come back: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := one(t, c.URL(), "SELECT string_agg(x::text, ',') FROM kept"); got != "42" {
		t.Errorf("after the restart the table holds %q", got)
	}
	if postmaster(t, dir) == killed {
		t.Error("postmaster.pid still names the killed process")
	}
	if err := <-busy; err == nil {
		t.Error("the orphan's computation ended by itself")
	}
}

// Both lock files of a killed server name a process that is now another one of
// the same user, which PostgreSQL by itself refuses to start beside.
func TestStalePIDOfAnotherProcess(t *testing.T) {
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	other := c.site.owner.command("sleep", "60")
	other.Dir = "/"
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { other.Process.Kill(); other.Wait() }()
	run := socketDirOf(c.site)
	pid := fmt.Sprintf("%d\n%s\n1700000000\n%s\n%s\n\n  1  2\n", other.Process.Pid, c.site.data(), socketPort, run)
	for _, path := range []string{filepath.Join(c.site.data(), "postmaster.pid"), filepath.Join(run, ".s.PGSQL."+socketPort+".lock")} {
		if err := os.WriteFile(path, []byte(pid), 0o600); err != nil {
			t.Fatal(err)
		}
		if os.Geteuid() == 0 {
			if err := os.Chown(path, c.site.owner.uid, c.site.owner.gid); err != nil {
				t.Fatal(err)
			}
		}
	}
	again := attach(t, ClusterOptions{Dir: dir})
	one(t, again.URL(), "SELECT 'x'")
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the other process was hurt: %v", err)
	}
}

func TestServerStartedByHandIsLeftAlone(t *testing.T) {
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	bin, err := binariesFor(c.site, serverPlaces())
	if err != nil {
		t.Fatal(err)
	}
	ctl := func(args ...string) {
		t.Helper()
		cmd := c.site.owner.command(bin.path("pg_ctl"), append(args, "-D", c.site.data(), "-w", "-s")...)
		cmd.Dir = c.site.home
		if err := cmd.Run(); err != nil {
			t.Fatalf("pg_ctl %v: %v", args, err)
		}
	}
	ctl("start", "-l", filepath.Join(c.site.home, "by-hand.log"), "-o", "-c listen_addresses='' -c unix_socket_directories="+c.site.home)
	_, err = Attach(t.Context(), ClusterOptions{Dir: dir, Settings: quick})
	ctl("stop", "-m", "fast")
	if err == nil || !strings.Contains(err.Error(), "quanyu did not start") {
		t.Errorf("a second server beside one started by hand: %v", err)
	}
	attach(t, ClusterOptions{Dir: dir})
}
