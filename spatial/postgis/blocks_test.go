package postgis_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// versionAt gives the version of the tile of a zoom that holds a point.
func versionAt(s *postgis.Store, c spatial.Collection, p orb.Point, z int) string {
	grid := spatial.WebMercatorQuad()
	x, y := grid.At(p, z)
	return s.TileVersion(grid, []spatial.Collection{c}, z, x, y)
}

func TestOnlyTouchedTilesExpire(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(3))
	other := openAt(t, url)
	seats, roads := collection(t, "seats"), collection(t, "roads")
	here, far, origin := orb.Point{104.06, 30.66}, orb.Point{126.6, 45.8}, orb.Point{90.1, 30.1}
	const at = "ST_SetSRID(ST_MakePoint(104.06, 30.66), 4326)"
	for _, step := range []struct {
		sql                 string
		here, far, from     bool // what expires at zoom 9: here, far away, and where the row was before
		lowZoom, everything bool
	}{
		{"INSERT INTO seats (id, geom) VALUES ('new', " + at + ")", true, false, false, true, true},
		{"UPDATE seats SET name_en = 'New' WHERE id = 'new'", true, false, false, true, true},
		{"UPDATE seats SET geom = ST_SetSRID(ST_MakePoint(90.1, 30.1), 4326) WHERE id = 'new'", true, false, true, true, true},
		{"DELETE FROM seats WHERE id = 'new'", false, false, true, true, true},
		{"INSERT INTO seats (id) VALUES ('nowhere')", false, false, false, true, true}, // a low zoom goes by the whole collection
		{"INSERT INTO seats (id, geom) VALUES ('empty', ST_GeomFromText('POINT EMPTY', 4326))", false, false, false, true, true},
		{"COPY seats (id, geom) FROM PROGRAM 'echo \"copied\tSRID=4326;POINT(104.06 30.66)\"'", true, false, false, true, true},
		{"TRUNCATE seats", true, true, true, true, true},
	} {
		before := [5]string{versionAt(other, seats, here, 9), versionAt(other, seats, far, 9), versionAt(other, seats, origin, 9), versionAt(other, seats, far, 0), other.DataVersion(seats)}
		calm := versionAt(other, roads, here, 9)
		exec(t, url, step.sql)
		if !differsWithin(other, before[4], time.Second, seats) {
			t.Fatalf("%s: not seen within a second", step.sql)
		}
		after := [5]string{versionAt(other, seats, here, 9), versionAt(other, seats, far, 9), versionAt(other, seats, origin, 9), versionAt(other, seats, far, 0), other.DataVersion(seats)}
		for i, want := range [5]bool{step.here, step.far, step.from, step.lowZoom, step.everything} {
			if (before[i] != after[i]) != want {
				t.Errorf("%s: tile %d expired: %v, want %v", step.sql, i, before[i] != after[i], want)
			}
		}
		if versionAt(other, roads, here, 9) != calm {
			t.Errorf("%s: a tile of another collection expired", step.sql)
		}
	}
}

func TestTilesWithSeveralCollectionsExpireWithEach(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(3))
	seats, roads := collection(t, "seats"), collection(t, "roads")
	grid := spatial.WorldCRS84Quad()
	x, y := grid.At(orb.Point{104.06, 30.66}, 9)
	version := func(c ...spatial.Collection) string { return s.TileVersion(grid, c, 9, x, y) }
	if version(seats, roads) != version(roads, seats, seats) {
		t.Error("the order of collections matters")
	}
	before := version(seats, roads)
	exec(t, url, "INSERT INTO roads (id, geom) VALUES ('r', ST_SetSRID(ST_MakeLine(ST_MakePoint(104, 30), ST_MakePoint(105, 31)), 4326))")
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if version(seats, roads) == before || version(seats) != version(seats, seats) {
		t.Error("a road was added and the tile did not expire")
	}
}

// A row that reaches over too many blocks counts for all.
func TestRowsOverTheWholeWorldExpireAllTiles(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(3))
	divisions := collection(t, "divisions")
	before := versionAt(s, divisions, orb.Point{-60, -20}, 9)
	exec(t, url, `INSERT INTO divisions (id, geom) SELECT 'w' || i, ST_Multi(ST_MakeEnvelope(-180 + i, -80, 180 - i, 80, 4326)) FROM generate_series(0, 120) i`)
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if versionAt(s, divisions, orb.Point{-60, -20}, 9) == before {
		t.Error("the tile did not expire")
	}
	if ask[int64](t, url, "SELECT everywhere FROM collection_versions WHERE collection = 'divisions'") != ask[int64](t, url, "SELECT version FROM collection_versions WHERE collection = 'divisions'") {
		t.Error("121 boxes of the world's size were noted block by block")
	}
}

// Random changes: whenever a tile's bytes are others than before, so is its
// version, in each grid and at zooms around that of the blocks.
func TestNoTileChangesUnderItsVersion(t *testing.T) {
	s, url := open(t)
	random := rand.New(rand.NewPCG(7, 7))
	seats := collection(t, "seats")
	type tile struct {
		grid    spatial.Grid
		z, x, y int
	}
	var watched []tile
	for _, grid := range spatial.Grids() {
		for _, z := range []int{2, 6, 9} {
			for _, p := range []orb.Point{{104.06, 30.66}, {106.875, 33.75}, {106.8749, 33.7501}, {103.5, 31}} { // 106.875, 33.75 is a corner of four blocks
				x, y := grid.At(p, z)
				watched = append(watched, tile{grid, z, x, y})
			}
		}
	}
	state := func() (bodies, versions []string) {
		if err := s.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, w := range watched {
			b, err := s.Tile(t.Context(), w.grid, []spatial.Collection{seats}, w.z, w.x, w.y)
			if err != nil {
				t.Fatal(err)
			}
			bodies, versions = append(bodies, string(b)), append(versions, s.TileVersion(w.grid, []spatial.Collection{seats}, w.z, w.x, w.y))
		}
		return bodies, versions
	}
	bodies, versions := state()
	changed, kept := 0, 0
	for i := range 40 {
		p := fmt.Sprintf("ST_SetSRID(ST_MakePoint(%v, %v), 4326)", 103+random.Float64()*5, 30+random.Float64()*5)
		if i%5 == 0 {
			p = fmt.Sprintf("ST_SetSRID(ST_MakePoint(106.875 + %v, 33.75 + %v), 4326)", (random.Float64()-0.5)*1e-3, (random.Float64()-0.5)*1e-3)
		}
		exec(t, url, []string{
			fmt.Sprintf("INSERT INTO seats (id, geom) VALUES ('s%d', %s)", i, p),
			fmt.Sprintf("INSERT INTO seats (id, geom) VALUES ('s%d', %s)", i, p),
			fmt.Sprintf("UPDATE seats SET geom = %s WHERE id = (SELECT min(id) FROM seats)", p),
			"DELETE FROM seats WHERE id = (SELECT max(id) FROM seats)",
		}[i%4])
		newBodies, newVersions := state()
		for j, w := range watched {
			if newBodies[j] != bodies[j] {
				changed++
				if newVersions[j] == versions[j] {
					t.Fatalf("tile %s %d/%d/%d changed under its version", w.grid.ID, w.z, w.y, w.x)
				}
			} else if newVersions[j] == versions[j] {
				kept++
			}
		}
		bodies, versions = newBodies, newVersions
	}
	if changed == 0 || kept == 0 {
		t.Errorf("%d changes, %d tiles kept: the test proves nothing", changed, kept)
	}
}
