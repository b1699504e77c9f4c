package postgistest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial/postgis"
)

func query(t *testing.T, url, sql string) string {
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

func TestDatabasesAreMigratedAndApart(t *testing.T) {
	const make = "CREATE TABLE mine (x int)"
	urls := []string{New(t), New(t)}
	for _, url := range urls {
		if got := query(t, url, "SELECT (to_regclass('goose_db_version') IS NOT NULL)::text"); got != "true" {
			t.Errorf("%s has not been migrated", url)
		}
		if got := query(t, url, "SELECT (to_regclass('mine') IS NULL)::text"); got != "true" {
			t.Errorf("%s has a table of another test", url)
		}
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), make); err != nil {
			t.Fatal(err)
		}
		conn.Close(t.Context())
	}
}

func TestDatabaseIsDroppedUnderOpenConnections(t *testing.T) {
	var url string
	t.Run("inner", func(t *testing.T) {
		url = New(t)
		conn, err := pgx.Connect(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(context.Background(), "BEGIN"); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := pgx.Connect(t.Context(), url); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("the database outlived its test: %v", err)
	}
}

// A template is built once, however many come at once; one whose building
// failed is not used.
func TestTemplateIsBuiltOnceAndWhole(t *testing.T) {
	base, err := parseURL(New(t))
	if err != nil {
		t.Fatal(err)
	}
	admin, err := pgx.Connect(t.Context(), base.String())
	if err != nil {
		t.Fatal(err)
	}
	name := databasePrefix + "template_" + time.Now().Format("150405000000")
	t.Cleanup(func() {
		defer admin.Close(context.Background())
		_, _ = admin.Exec(context.Background(), "ALTER DATABASE "+name+" WITH IS_TEMPLATE false")
		if err := drop(context.Background(), admin, name); err != nil {
			t.Error(err)
		}
	})
	half := errors.New("half way")
	err = ensureTemplate(t.Context(), admin, base, name, func(url string) error {
		query(t, url, "SELECT 'x'")
		return half
	})
	if !errors.Is(err, half) {
		t.Fatalf("the fault was lost: %v", err)
	}
	var built int // guarded by the advisory lock
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			conn, err := pgx.Connect(t.Context(), base.String())
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close(context.Background())
			if err := ensureTemplate(t.Context(), conn, base, name, func(string) error { built++; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if built != 1 {
		t.Errorf("built %d times", built)
	}
}

// The watcher leaves a server alone while a connection is open, and stops it
// soon after the last.
func TestWatcherStopsAnIdleServer(t *testing.T) {
	base, err := os.MkdirTemp(baseDir(), "quanyu-watch-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	if err := os.Chmod(base, 0o711); err != nil {
		t.Fatal(err)
	}
	o := postgis.ClusterOptions{Dir: filepath.Join(base, "data"), Create: true, Settings: disposable}
	cluster, err := postgis.Attach(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := postgis.Keep(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { postgis.Stop(context.Background(), o.Dir) })
	conn, err := pgx.Connect(t.Context(), cluster.URL())
	if err != nil {
		t.Fatal(err)
	}
	if err := cluster.Release(); err != nil {
		t.Fatal(err)
	}
	if err := startWatcher(cluster, 1, 1); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2500 * time.Millisecond) // two looks
	if err := conn.Ping(t.Context()); err != nil {
		t.Fatalf("the watcher stopped a server in use: %v", err)
	}
	conn.Close(t.Context())
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		status, err := postgis.Status(o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		if !status.Running {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatal("the idle server still runs")
		}
	}
}

func TestParseURL(t *testing.T) {
	base, err := parseURL("postgresql:///quanyu?host=%2Ftmp%2Fa&user=u")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := databaseURL(base, "other"), "postgresql:///other?host=%2Ftmp%2Fa&user=u"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{"host=localhost dbname=x", "", "://"} {
		if _, err := parseURL(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(b)
	}
}
