package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// borderLayer is a country south of 42.58 degrees, three kilometres off Ceke,
// and an own one that does not count.
const borderLayer = `{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"AA"},"geometry":{"type":"LineString","coordinates":[[100,42.56],[103,42.56]]}},
 {"type":"Feature","properties":{"code":"OWN"},"geometry":{"type":"LineString","coordinates":[[100,42.59],[103,42.59]]}}]}`

func TestBorderDistancesAreMeasuredAndStored(t *testing.T) {
	layer := filepath.Join(t.TempDir(), "border.geojson")
	if err := os.WriteFile(layer, []byte(borderLayer), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := quanyu(t, nil, "border", "distances", "--property", "code", "--own", "OWN", layer)
	if code != exitOK || !strings.Contains(stdout, "\nceke-port,3.33,AA,101.2800,42.5600\n") || strings.Count(stdout, "\n") != 37 {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	for _, wrong := range [][]string{{"--own", "OWN", layer}, {"--store", layer}, {"--date", "2025", layer}, {"--tolerance-km", "-1", layer}, {}} {
		if _, stderr, code := quanyu(t, nil, append([]string{"border", "distances"}, wrong...)...); code != exitUsage {
			t.Errorf("%v: exit %d: %s", wrong, code, stderr)
		}
	}
	if _, stderr, code := quanyu(t, nil, "border", "distances", "--property", "name", layer); code != exitFailed || !strings.Contains(stderr, `no text in the property "name"`) {
		t.Errorf("a layer without the property: exit %d: %s", code, stderr)
	}
	dir := dataDir(t)
	counts, stderr, code := quanyu(t, nil, "--data-dir", dir, "seed")
	if code != exitOK || !strings.Contains(counts, "city-clusters          19\n") || !strings.Contains(counts, "divisions           3,360\n") {
		t.Fatalf("seed: %s%s", counts, stderr)
	}
	stored, stderr, code := quanyu(t, nil, "--data-dir", dir, "border", "distances", "--property", "code", "--own", "OWN",
		"--store", "--dataset", "own-border", "--date", "2025-01-02", "--licence", "CC0-1.0", layer)
	if code != exitOK || stored != stdout || !strings.Contains(stderr, "36 places") {
		t.Errorf("exit %d: %s%s", code, stored, stderr)
	}
}
