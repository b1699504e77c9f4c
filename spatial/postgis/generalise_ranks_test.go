package postgis_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// crowded has 9,000 facilities, twice as many as a tile shows, in the middle of a
// tile of zoom 10 in both grids, and a few far away.
func crowded(t *testing.T) (s *postgis.Store, url string, c spatial.Collection, at orb.Point) {
	t.Helper()
	s, url = open(t)
	c = collection(t, "facilities")
	at = orb.Point{104.1, 30.5}
	exec(t, url, `INSERT INTO facilities (id, dataset, name_zh, kind, capacity, geom)
		SELECT 'f' || i, 'test-set', '点', 'school', i % 700, ST_SetSRID(ST_MakePoint($1::float8 + (i * 7919 % 1000) * 1e-5, $2::float8 + (i * 104729 % 1000) * 1e-5), 4326) FROM generate_series(1, 9000) i`, at[0], at[1])
	exec(t, url, `INSERT INTO facilities (id, dataset, capacity, geom) SELECT 'far' || i, 'test-set', i, ST_SetSRID(ST_MakePoint(80 + i, 40), 4326) FROM generate_series(1, 9) i`)
	return s, url, c, at
}

// tilesAbove are the tiles of a point down to zoom 11, in each grid.
func tilesAbove(t *testing.T, s *postgis.Store, c spatial.Collection, at orb.Point) (bodies [][]byte) {
	t.Helper()
	for _, grid := range spatial.Grids() {
		for z := range 12 {
			x, y := grid.At(at, z)
			body, err := s.Tile(t.Context(), grid, []spatial.Collection{c}, z, x, y)
			if err != nil {
				t.Fatal(err)
			}
			bodies = append(bodies, body)
		}
	}
	return bodies
}

// Where no crowd lies on an edge, ranks change nothing but the time.
func TestRankedTilesAreTheSame(t *testing.T) {
	s, url, c, at := crowded(t)
	before := tilesAbove(t, s, c, at)
	if changed, err := s.Generalise(t.Context(), c); err != nil || !changed {
		t.Fatalf("%v, %v", changed, err)
	}
	ranked := ask[int](t, url, "SELECT count(*) FROM tile_ranks WHERE srid = 3857")
	if ranked < 4001 || ranked > 4100 {
		t.Errorf("%d points are ranked, want the 4,001 that a tile takes of the crowd, and those far away", ranked)
	}
	for i, body := range tilesAbove(t, s, c, at) {
		if !bytes.Equal(body, before[i]) {
			t.Errorf("tile %d has %d bytes, %d before", i, len(body), len(before[i]))
		}
	}
	if changed, err := s.Generalise(t.Context(), c); err != nil || changed {
		t.Errorf("ranked again: %v, %v", changed, err)
	}
}

// Over all tiles of a zoom, ranks show the first of each.
func TestRanksCountByTile(t *testing.T) {
	s, url := open(t)
	c := collection(t, "cities") // of which a tile shows 2,000
	exec(t, url, `INSERT INTO cities (id, dataset, urban_resident_population, geom)
		SELECT 'c' || i, 'test-set', i * 7919 % 9001, ST_SetSRID(ST_MakePoint(95 + random() * 20, 25 + random() * 15), 4326) FROM generate_series(1, 9000) i`)
	if _, err := s.Generalise(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	grid := spatial.WebMercatorQuad()
	for _, z := range []int{2, 3, 4} {
		missing := ask[int](t, url, fmt.Sprintf(`SELECT count(*) FROM (
			SELECT id, row_number() OVER (PARTITION BY floor((ST_X(geom) + 180) / 360 * 2 ^ %[1]d), floor(ST_Y(geom_3857) / %[2]v * 2 ^ %[1]d) ORDER BY urban_resident_population DESC NULLS LAST, id, version) AS n FROM cities) x
			WHERE (n <= 2001) <> EXISTS (SELECT FROM tile_ranks r WHERE r.id = x.id AND r.srid = 3857 AND r.zoom <= %[1]d)`, z, grid.Side(0)))
		if missing != 0 {
			t.Errorf("zoom %d: %d points have the wrong rank", z, missing)
		}
	}
}

func TestNoTileMissesANewPoint(t *testing.T) {
	s, url, c, at := crowded(t)
	if _, err := s.Generalise(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	shown := func(id string) bool { return slices.Contains(idsAt(t, s, c, at, 6), id) }
	if !shown("f699") {
		t.Fatal("one of the greatest is not shown")
	}
	for _, step := range []struct {
		sql, id string
		want    bool
	}{
		{"INSERT INTO facilities (id, dataset, capacity, geom) VALUES ('new', 'test-set', 99999, ST_SetSRID(ST_MakePoint(104.1, 30.5), 4326))", "new", true},
		{"UPDATE facilities SET geom = ST_SetSRID(ST_MakePoint(20, 50), 4326) WHERE id = 'new'", "new", false},
		{"UPDATE facilities SET geom = ST_SetSRID(ST_MakePoint(104.1, 30.5), 4326), visibility = 'internal' WHERE id = 'new'", "new", false},
		{"UPDATE facilities SET visibility = 'public', version = 77 WHERE id = 'new'", "new", true},
		{"DELETE FROM facilities WHERE id = 'f699'", "f699", false},
		{"UPDATE facilities SET capacity = 99999 WHERE id = 'f700'", "f700", true}, // was among the last
		{"TRUNCATE facilities", "f700", false},
		{"INSERT INTO facilities (id, dataset, geom) VALUES ('only', 'test-set', ST_SetSRID(ST_MakePoint(104.1, 30.5), 4326))", "only", true},
	} {
		exec(t, url, step.sql)
		if got := shown(step.id); got != step.want {
			t.Errorf("%s: shown %v", step.sql, got)
		}
	}
}

func idsAt(t *testing.T, s *postgis.Store, c spatial.Collection, at orb.Point, z int) []string {
	t.Helper()
	x, y := spatial.WebMercatorQuad().At(at, z)
	return tileIDs(t, s, c, z, x, y)
}

func TestFewPointsAreNotRanked(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(20))
	if n := ask[int](t, url, "SELECT count(*) FROM tile_ranks"); n != 0 {
		t.Errorf("%d ranks", n)
	}
}
