package postgis

import (
	"errors"
	"os/exec"
	"quanyu/spatial"
	"strings"
	"time"

	"context"

	"os"

	"path/filepath"

	"testing"

	"github.com/jackc/pgx/v5"
)

// quick are settings for clusters that nobody will miss after a power cut.
var quick = map[string]string{"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB"}

// dataDir is a data directory that the server's user can enter, also for root.
// Whatever the test leaves running there is stopped at its end.
func dataDir(t *testing.T) string {
	t.Helper()
	in := "/tmp"
	if _, err := os.Stat("/dev/shm"); err == nil && sharedMemory() >= 2<<30 {
		in = "/dev/shm" // in memory: a cluster is a thousand files
	}
	base, err := os.MkdirTemp(in, "quanyu-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(base, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	dir := filepath.Join(base, "data")
	t.Cleanup(func() {
		if err := Stop(context.Background(), dir); err != nil {
			t.Errorf("stopping at the end of the test: %v", err)
		}
	})
	return dir
}

func attach(t *testing.T, o ClusterOptions) *Cluster {
	t.Helper()
	if o.Log == nil {
		o.Log = func(line string) { t.Log(line) }
	}
	if o.Settings == nil {
		o.Settings = quick
	}
	c, err := Attach(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Release() })
	return c
}

// one runs a query that gives one value, as text.
func one(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var value string
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func status(t *testing.T, dir string) ClusterStatus {
	t.Helper()
	s, err := Status(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	s, err := findSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := postmasterPID(s)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestClusterLivesWhileItIsHeld(t *testing.T) {
	dir := dataDir(t)
	first := attach(t, ClusterOptions{Dir: dir, Create: true})
	for sql, want := range map[string]string{
		"SELECT current_database()::text":                                     "quanyu",
		"SELECT left(postgis_lib_version(), 2)":                               "3.",
		"SHOW server_encoding":                                                "UTF8",
		"SELECT datcollate FROM pg_database WHERE datname = 'quanyu'":         "C",
		"SHOW listen_addresses":                                               "",
		"SHOW jit":                                                            "off",
		"SHOW timezone":                                                       "UTC",
		"SELECT (inet_server_addr() IS NULL)::text":                           "true",
		"SELECT string_agg(auth_method, ',') FROM pg_hba_file_rules":          "peer",
		"SELECT count(*)::text FROM pg_file_settings WHERE error IS NOT NULL": "0",
	} {
		if got := one(t, first.URL(), sql); got != want {
			t.Errorf("%s = %q, want %q", sql, got, want)
		}
	}
	second := attach(t, ClusterOptions{Dir: dir})
	if second.URL() != first.URL() {
		t.Errorf("the second holder got %s, the first %s", second.URL(), first.URL())
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	if !status(t, dir).Running {
		t.Fatal("the server stopped under its second holder")
	}
	one(t, second.URL(), "SELECT 'still here'")
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
	if status(t, dir).Running {
		t.Fatal("the server runs on after its last holder")
	}
	if _, err := os.Stat(status(t, dir).Log); err != nil {
		t.Errorf("no log in the data directory: %v", err)
	}
}

func TestOnlySomeCommandsMakeACluster(t *testing.T) {
	dir := dataDir(t)
	_, err := Attach(t.Context(), ClusterOptions{Dir: dir})
	if spatial.KindOf(err) != spatial.Unavailable || !strings.Contains(err.Error(), "quanyu up") {
		t.Errorf("attaching to nothing: %v", err)
	}
	if _, err := Status(dir); spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("the status of nothing: %v", err)
	}
	if err := Stop(t.Context(), dir); err != nil {
		t.Errorf("stopping nothing: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("looking made the data directory")
	}
}

func TestKeepUntilStop(t *testing.T) {
	dir := dataDir(t)
	url, err := Keep(t.Context(), ClusterOptions{Dir: dir, Create: true, Settings: quick})
	if err != nil {
		t.Fatal(err)
	}
	if s := status(t, dir); !s.Running || !s.Kept || s.URL != url {
		t.Errorf("after Keep: %+v", s)
	}
	c := attach(t, ClusterOptions{Dir: dir})
	if c.Started() {
		t.Error("a second server was started")
	}
	if err := Stop(t.Context(), dir); spatial.KindOf(err) != spatial.Conflict {
		t.Errorf("stopping under a holder: %v", err)
	}
	one(t, c.URL(), "SELECT 'x'")
	if err := errors.Join(c.Release(), c.Release()); err != nil {
		t.Fatal(err)
	}
	if s := status(t, dir); s.Running || s.Kept || s.URL != url {
		t.Errorf("after Stop and the last holder: %+v", s)
	}
	if _, err := Keep(t.Context(), ClusterOptions{Dir: dir, Settings: quick}); err != nil {
		t.Fatal(err)
	}
	if err := attach(t, ClusterOptions{Dir: dir}).Release(); err != nil {
		t.Fatal(err)
	}
	if !status(t, dir).Running {
		t.Error("the last holder stopped a kept server")
	}
	if err := Stop(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if s := status(t, dir); s.Running || s.Kept {
		t.Errorf("after Stop: %+v", s)
	}
}

func TestOtherMajorVersionIsRefused(t *testing.T) {
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	version := filepath.Join(c.site.data(), "PG_VERSION")
	if err := os.WriteFile(version, []byte("9999\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Attach(t.Context(), ClusterOptions{Dir: dir, Create: true})
	if spatial.KindOf(err) != spatial.Unavailable {
		t.Fatalf("got %v", err)
	}
	for _, word := range []string{"made by PostgreSQL 9999", "pg_dump", dir, "is another major version"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the advice does not say %q: %v", word, err)
		}
	}
	if status(t, dir).Running {
		t.Error("a server runs on data of another version")
	}
	if err := os.WriteFile(version, []byte("fifteen"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Attach(t.Context(), ClusterOptions{Dir: dir}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged PG_VERSION: %v", err)
	}
}

func TestSocketPathStaysShort(t *testing.T) {
	for name, part := range map[string]string{"long": strings.Repeat("long-name/", 10), "comma": "a,b"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(filepath.Dir(dataDir(t)), part, "data")
			if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			c := attach(t, ClusterOptions{Dir: dir, Create: true})
			one(t, c.URL(), "SELECT 'x'")
			socket := socketDirOf(c.site)
			if !strings.HasPrefix(socket, "/tmp/quanyu-") {
				t.Errorf("the socket is in %s", socket)
			}
			info, err := os.Stat(socket)
			if err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%s: %v %v", socket, info.Mode(), err)
			}
			if err := c.Release(); err != nil {
				t.Fatal(err)
			}
			// A directory that others can write to is not used.
			if err := os.Chmod(socket, 0o777); err != nil {
				t.Fatal(err)
			}
			if _, err := Attach(t.Context(), ClusterOptions{Dir: dir, Settings: quick}); err == nil || !strings.Contains(err.Error(), socket) {
				t.Errorf("an open socket directory was used: %v", err)
			}
			if err := os.RemoveAll(socket); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestFailedStartShowsTheLog(t *testing.T) {
	dir := dataDir(t)
	_, err := Attach(t.Context(), ClusterOptions{Dir: dir, Create: true, Settings: map[string]string{"fsync": "off", "shared_buffers": "plenty"}})
	if err == nil || !strings.Contains(err.Error(), `invalid value for parameter "shared_buffers"`) {
		t.Errorf("got %v", err)
	}
	c := attach(t, ClusterOptions{Dir: dir})
	if got := one(t, c.URL(), "SHOW shared_buffers"); got != "16MB" {
		t.Errorf("shared_buffers is %s", got)
	}
}

func TestAttachEndsWithItsContext(t *testing.T) {
	dir := dataDir(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if c, err := Attach(ctx, ClusterOptions{Dir: dir, Create: true}); err == nil {
		c.Release()
		t.Fatal("a cluster was made in 100 ms")
	} else if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if s, err := Status(dir); err == nil && s.Running {
		t.Error("a server was left running")
	}
}

// Whoever acknowledges a write has it on the disk: nothing of the disposable
// settings of tests is a default.
func TestClusterIsDurable(t *testing.T) {
	dir := dataDir(t)
	c, err := Attach(t.Context(), ClusterOptions{Dir: dir, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Release() })
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if got := one(t, c.URL(), "SHOW "+name); got != "on" {
			t.Errorf("%s is %s", name, got)
		}
	}
	psql, err := c.Binary("psql")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(psql, c.URL(), "-XAtc", "SELECT 'via libpq'").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "via libpq" {
		t.Errorf("psql: %v %s", err, out)
	}
	if _, err := c.Binary("no-such-program"); spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("got %v", err)
	}
}
