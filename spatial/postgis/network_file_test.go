package postgis_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
)

// TestGraphsAreKeptAsFiles: a graph is fetched once and mapped from then on; a
// file that is damaged is fetched again, one that no network has is removed,
// and a folder that cannot be made does no harm.
func TestGraphsAreKeptAsFiles(t *testing.T) {
	s, url := open(t)
	want := loadNetwork(t, s, "city", network.KindImported, 5, orb.Point{104, 30})
	folder := filepath.Join(t.TempDir(), "graphs")
	read := func(graphs string) {
		t.Helper()
		fresh, err := postgis.Open(t.Context(), url, graphs)
		if err != nil {
			t.Fatal(err)
		}
		defer fresh.Close()
		got, err := fresh.Network(t.Context(), "city")
		if err != nil {
			t.Fatal(err)
		}
		if hash, err := got.Graph.Hash(); err != nil || hash != got.Version || hash != want.Version {
			t.Errorf("the graph has hash %s (%v), not %s", hash, err, want.Version)
		}
	}
	files := func() []string {
		t.Helper()
		list, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	read(folder)
	first := files()
	if len(first) != 1 {
		t.Fatalf("files %v", first)
	}
	read(folder)
	if err := os.Truncate(first[0], 100); err != nil {
		t.Fatal(err)
	}
	read(folder)
	want = loadNetwork(t, s, "city", network.KindImported, 6, orb.Point{104, 30})
	read(folder)
	if second := files(); len(second) != 1 || second[0] == first[0] {
		t.Errorf("files %v, before %v", second, first)
	}
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	read(filepath.Join(folder, "file", "graphs"))
}
