package postgis_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// drawn is a load of divisions with a square of one degree each, side by side
// from west to east in the order of codes, as an import of boundaries brings them.
func drawn(t *testing.T, hash string, codes ...string) spatial.Load {
	t.Helper()
	table := spatial.TableLoad{Collection: collection(t, "divisions")}
	for i, code := range codes {
		x, y := 100+float64(i), 30.0
		table.Records = append(table.Records, spatial.Record{Feature: spatial.Feature{
			ID: "drawn-" + code, Geometry: orb.MultiPolygon{{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}},
			Properties: map[string]any{"source": testDataset.ID, "adcode": code},
		}})
	}
	return spatial.Load{Name: "boundaries", Hash: hash, Datasets: []spatial.Dataset{testDataset}, Tables: []spatial.TableLoad{table}}
}

func shipped(t *testing.T, s *postgis.Store) spatial.Load {
	t.Helper()
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	load(t, s, facts)
	return facts
}

func extent(t *testing.T, url, table, id string) (status string, squares float64) {
	t.Helper()
	return ask[string](t, url, fmt.Sprintf("SELECT geometry_status FROM %s WHERE id = $1", table), id),
		ask[float64](t, url, fmt.Sprintf("SELECT coalesce(ST_Area(geom), 0) FROM %s WHERE id = $1", table), id)
}

func wantExtent(t *testing.T, url, table, id, status string, squares float64) {
	t.Helper()
	if got, area := extent(t, url, table, id); got != status || math.Abs(area-squares) > 1e-9 {
		t.Errorf("%s/%s is %s with %v squares, want %s with %v", table, id, got, area, status, squares)
	}
}

// No polygon ships. When divisions come with boundaries, the extents that they
// make up get theirs, whole or in part, and lose it with them.
func TestExtentsFollowImportedDivisions(t *testing.T) {
	s, url := open(t)
	facts := shipped(t, s)
	for _, table := range []string{"city_clusters", "metropolitan_areas", "zones"} {
		if n := ask[int](t, url, "SELECT count(*) FROM "+table+" WHERE geom IS NOT NULL OR geometry_status IS DISTINCT FROM 'needs-import'"); n != 0 {
			t.Errorf("%d rows of %s ship with a polygon", n, table)
		}
	}
	clusters, axes := s.DataVersion(collection(t, "city-clusters")), s.DataVersion(collection(t, "development-axes"))
	load(t, s, drawn(t, "four", "510100", "510600", "511400", "512000", "510300"))
	wantExtent(t, url, "metropolitan_areas", "chengdu", "derived", 4)
	wantExtent(t, url, "metropolitan_areas", "nanjing", "needs-import", 0)
	wantExtent(t, url, "city_clusters", "chengdu-chongqing", "partial", 5)
	wantExtent(t, url, "city_clusters", "beibu-gulf", "needs-import", 0)
	wantExtent(t, url, "zones", "neijiang-zigong", "partial", 1)
	if s.DataVersion(collection(t, "city-clusters")) == clusters || s.DataVersion(collection(t, "development-axes")) != axes {
		t.Errorf("the versions of clusters and axes were %s and %s", clusters, axes)
	}
	// The parts of Neijiang stand for it once all five have a boundary.
	parts := []string{"511002", "511011", "511024", "511025"}
	load(t, s, drawn(t, "parts", append(parts, "510300")...))
	wantExtent(t, url, "zones", "neijiang-zigong", "partial", 1)
	load(t, s, drawn(t, "all parts", append(parts, "511083", "510300")...))
	wantExtent(t, url, "zones", "neijiang-zigong", "derived", 6)
	wantExtent(t, url, "metropolitan_areas", "chengdu", "needs-import", 0)
	// A new load of the facts keeps what boundaries make up.
	facts.Hash = "another"
	load(t, s, facts)
	wantExtent(t, url, "zones", "neijiang-zigong", "derived", 6)
	zones := s.DataVersion(collection(t, "zones"))
	if err := s.DeriveExtents(t.Context()); err != nil || s.DataVersion(collection(t, "zones")) != zones {
		t.Errorf("deriving again: %v, version %s after %s", err, s.DataVersion(collection(t, "zones")), zones)
	}
	load(t, s, drawn(t, "none"))
	wantExtent(t, url, "zones", "neijiang-zigong", "needs-import", 0)
}

// A polygon that an operator gave stays as it is.
func TestGivenExtentsStay(t *testing.T) {
	s, url := open(t)
	shipped(t, s)
	exec(t, url, `INSERT INTO zones (id, dataset, member_adcodes, geometry_status, geom) VALUES
		('own', 'quanyu-typed', '{510100}', 'present', ST_Multi(ST_MakeEnvelope(90, 40, 92, 42, 4326)))`)
	load(t, s, drawn(t, "one", "510100"))
	wantExtent(t, url, "zones", "own", "present", 4)
}

func TestBorderDistancesOfAnOperator(t *testing.T) {
	s, url := open(t)
	facts := shipped(t, s)
	own := postgis.BorderDistances{Layer: testDataset, LayerDate: *day("2025-01-02"), ToleranceKm: 0.2, Km: map[string]float64{"ceke-port": 0.5, "nowhere": 1}, Hash: "layer"}
	if err := s.SetBorderDistances(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	want := func(km float64, source string) {
		t.Helper()
		got, from := ask[float64](t, url, "SELECT border_distance_km FROM border_places WHERE id = 'ceke-port'"), ask[string](t, url, "SELECT border_distance_source FROM border_places WHERE id = 'ceke-port'")
		if got != km || from != source {
			t.Errorf("Ceke lies %v km off by %s, want %v by %s", got, from, km, source)
		}
	}
	want(0.5, testDataset.ID)
	facts.Hash = "another"
	load(t, s, facts)
	want(0.5, testDataset.ID)
	if got := ask[string](t, url, "SELECT border_distance_source FROM border_places WHERE id = 'heihe-port'"); got != "osm-countries-2017" {
		t.Errorf("Heihe, which the layer did not measure, has its figure from %s", got)
	}
	own.Km = map[string]float64{"ceke-port": -1}
	if err := s.SetBorderDistances(t.Context(), own); err == nil {
		t.Error("a distance below nothing was stored")
	}
	want(0.5, testDataset.ID)
}
