package postgis

import (
	"context"

	"os"

	"path/filepath"

	"testing"

	"github.com/jackc/pgx/v5"
)

// quick are settings for clusters that nobody will miss after a power cut.
var quick = map[string]string{"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "16MB"}

// dataDir is a data directory that the server's user can enter, also for root.
// Whatever the test leaves running there is stopped at its end.
func dataDir(t *testing.T) string {
	t.Helper()
	base, err := os.MkdirTemp("/tmp", "quanyu-cluster-")
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
