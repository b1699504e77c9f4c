package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A network goes in whole or not at all: killed while it is stored, the old
// version answers; the next import replaces it; the same file again changes
// nothing.
func TestImportIsAtomicAndRepeatable(t *testing.T) {
	dir := dataDir(t)
	up := start(t, "--data-dir", dir, "up", "--listen", "127.0.0.1:0")
	base := up.await(t, `Ready\. The map: +(http://\S+?)/?$`)
	file := filepath.Join(t.TempDir(), "town.osm.pbf")
	edges := func(n int) int { return 2*n*(n-1) - 4 } // the corners vanish into chains

	writeTown(t, file, 40, "residential")
	_, stderr, code := quanyu(t, nil, "--data-dir", dir, "import", "osm", file)
	if code != exitOK {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	if got := roadCount(t, base, "town", "car"); got != edges(40) {
		t.Fatalf("%d roads, want %d", got, edges(40))
	}

	writeTown(t, file, 150, "residential")
	for _, delay := range []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond} {
		imported := start(t, "--data-dir", dir, "import", "osm", file)
		imported.await(t, `reading .*roads between them`)
		time.Sleep(delay)
		imported.kill(t)
		if got := roadCount(t, base, "town", "car"); got != edges(40) && got != edges(150) {
			t.Errorf("killed after %s: %d roads is neither the old network nor the new", delay, got)
		}
	}
	if _, stderr, code = quanyu(t, nil, "--data-dir", dir, "import", "osm", file); code != exitOK {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	if got := roadCount(t, base, "town", "walk"); got != edges(150) {
		t.Errorf("%d roads to walk, want %d", got, edges(150))
	}
	if _, stderr, code = quanyu(t, nil, "--data-dir", dir, "import", "osm", file); code != exitOK || !strings.Contains(stderr, "unchanged") {
		t.Errorf("the same file again: exit %d\n%s", code, stderr)
	}
	checkComplete(t, base)
	up.stop(t)
}

func roadCount(t *testing.T, base, network, mode string) int {
	t.Helper()
	_, body := get(t, fmt.Sprintf("%s/collections/roads/items?network=%s&mode=%s&limit=1", base, network, mode))
	var page struct{ NumberMatched int }
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return page.NumberMatched
}

// What an import takes for granted is checked before anything is stored.
func TestImportSaysWhatIsWrongWithAFile(t *testing.T) {
	dir := dataDir(t)
	if _, stderr, code := quanyu(t, nil, "--data-dir", dir, "migrate"); code != exitOK {
		t.Fatalf("migrate: %s", stderr)
	}
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := filepath.Join(t.TempDir(), "whole.osm.pbf")
	writeTown(t, whole, 10, "residential")
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"absent", filepath.Join(t.TempDir(), "no.osm.pbf"), "no such file"},
		{"no road file", write("text.osm.pbf", "This is a letter and not a map."), "text.osm.pbf"},
		{"cut off", write("cut.osm.pbf", string(content[:len(content)-20])), "cut.osm.pbf"},
		{"reserved name", write("condensed.osm.pbf", string(content)), "--network"},
		{"name that is none", write("成都.osm.pbf", string(content)), "--network"},
	} {
		_, stderr, code := quanyu(t, nil, "--data-dir", dir, "import", "osm", c.path)
		if code != exitFailed || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %s", c.name, code, stderr)
		}
	}
}
