package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quanyu/tiles/pmtiles"
)

func TestTilesExportWritesAnArchive(t *testing.T) {
	dir := dataDir(t)
	if _, stderr, code := quanyu(t, nil, "--data-dir", dir, "seed"); code != exitOK {
		t.Fatalf("seed: %s", stderr)
	}
	folder := t.TempDir()
	out := filepath.Join(folder, "seats.pmtiles")
	if err := os.WriteFile(out, []byte("what was there"), 0o600); err != nil {
		t.Fatal(err)
	}
	export := func(args ...string) (string, int) {
		_, stderr, code := quanyu(t, nil, append([]string{"--data-dir", dir, "tiles", "export"}, args...)...)
		return stderr, code
	}
	for _, wrong := range [][]string{
		{"--collections", "seats,nowhere", out}, {"--collections", "targets", out}, {"--max-zoom", "15", out}, {"--min-zoom", "3", "--max-zoom", "2", out},
		{"--bbox", "1,2,3", out}, {"--bbox", "3,2,1,4", out}, {},
	} {
		if stderr, code := export(wrong...); code != exitUsage {
			t.Errorf("%v: exit %d: %s", wrong, code, stderr)
		}
	}
	if stderr, code := export("--collections", "seats", "--bbox", "0,0,1,1", out); code != exitFailed || !strings.Contains(stderr, "no feature") {
		t.Errorf("a box without features: exit %d: %s", code, stderr)
	}
	if kept, err := os.ReadFile(out); err != nil || string(kept) != "what was there" {
		t.Errorf("a failed export left %q, %v", kept, err)
	}
	stderr, code := export("--collections", "airports,seats", "--max-zoom", "5", "--map-review-number", "GS(2026)1", out)
	if code != exitOK || !strings.Contains(stderr, "zooms 0 to 5") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := pmtiles.Open(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if err := archive.Verify(); err != nil || archive.AddressedTiles < 20 {
		t.Errorf("%d tiles, %v", archive.AddressedTiles, err)
	}
	if metadata, err := archive.JSON(); err != nil || !strings.Contains(string(metadata), "GS(2026)1") || !strings.Contains(string(metadata), `"id":"airports"`) {
		t.Errorf("metadata %s, %v", metadata, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("beside the archive lie %v, %v", left, err)
	}
}
