package postgis_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// patchwork is n x n cells of one degree with wavy borders of so many points a
// side, from 100 E 30 N, each a division. Corners lie at whole degrees.
func patchwork(c spatial.Collection, n, points int) []spatial.Record {
	wave := func(p, q orb.Point) (line []orb.Point) { // without q
		if p[0] > q[0] || p[1] > q[1] { // always drawn in one direction
			line = append(line, q)
			for i := 1; i <= points; i++ {
				line = append(line, bend(q, p, i, points))
			}
			slices.Reverse(line)
			return append([]orb.Point{p}, line[:len(line)-1]...)
		}
		line = append(line, p)
		for i := 1; i <= points; i++ {
			line = append(line, bend(p, q, i, points))
		}
		return line
	}
	var records []spatial.Record
	for i := range n * n {
		x, y := 100+float64(i%n), 30+float64(i/n)
		corners := []orb.Point{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}
		var ring orb.Ring
		for k := range 4 {
			ring = append(ring, wave(corners[k], corners[k+1])...)
		}
		r := record(c, i)
		r.ID, r.Geometry = fmt.Sprintf("cell-%03d", i), orb.MultiPolygon{{append(ring, ring[0])}}
		records = append(records, r)
	}
	return records
}

// bend is a point of a wavy line, with waves of several lengths.
func bend(p, q orb.Point, i, points int) orb.Point {
	at := float64(i) / float64(points+1)
	off := math.Sin(at*math.Pi) * (0.05*math.Sin(at*13+p[0]) + 0.004*math.Sin(at*170+p[1]) + 0.0005*math.Sin(float64(i)))
	return orb.Point{p[0] + at*(q[0]-p[0]) - off*(q[1]-p[1]), p[1] + at*(q[1]-p[1]) + off*(q[0]-p[0])}
}

func patchworkLoad(t testing.TB, n, points int) spatial.Load {
	divisions := collection(t, "divisions")
	return spatial.Load{Name: "patchwork", Hash: fmt.Sprint(n, points), Datasets: []spatial.Dataset{testDataset},
		Tables: []spatial.TableLoad{{Collection: divisions, Records: patchwork(divisions, n, points)}}}
}

// PostGIS is the judge of what is stored, at every zoom of each grid: valid, no
// two areas overlap, and together they are as large as what they cover.
func TestShapesAreACoverage(t *testing.T) {
	s, url := open(t)
	load(t, s, patchworkLoad(t, 5, 120))
	zooms := ask[int](t, url, "SELECT count(DISTINCT (srid, zoom)) FROM tile_shapes")
	if zooms < 8 {
		t.Fatalf("only %d zooms of both grids were generalised", zooms)
	}
	for name, sql := range map[string]string{
		"rows without a shape of some zoom": "SELECT count(*) FROM (SELECT srid, zoom FROM tile_shapes GROUP BY 1, 2 HAVING count(*) <> 25) x",
		"invalid shapes":                    "SELECT count(*) FROM tile_shapes WHERE NOT ST_IsValid(shape)",
		"pairs that overlap":                "SELECT count(*) FROM tile_shapes a JOIN tile_shapes b USING (srid, zoom) WHERE a.id < b.id AND a.shape && b.shape AND ST_Relate(a.shape, b.shape, '2********')",
		"zooms with gaps": `SELECT count(*) FROM (SELECT srid, zoom FROM tile_shapes GROUP BY 1, 2
			HAVING abs(sum(ST_Area(shape)) / ST_Area(ST_Union(shape)) - 1) > 1e-9 OR ST_NumInteriorRings(ST_GeometryN(ST_Union(shape), 1)) > 0 OR ST_NumGeometries(ST_Union(shape)) > 1) x`,
		"zooms with more vertices than the next": `SELECT count(*) FROM (SELECT sum(ST_NPoints(shape)) AS n, lead(sum(ST_NPoints(shape))) OVER (PARTITION BY srid ORDER BY zoom) AS next
			FROM tile_shapes GROUP BY srid, zoom) x WHERE n > next`,
		"shapes off by more than the tolerance": `SELECT count(*) FROM tile_shapes s JOIN divisions t USING (id, version)
			WHERE s.srid = 3857 AND ST_HausdorffDistance(ST_Boundary(t.geom_3857), ST_Boundary(s.shape)) > 40075016.68557849 / 4096 * 4 / 2 ^ zoom * 1.0001 AND zoom > 4`,
	} {
		if n := ask[int](t, url, sql); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
}

// Caches live by versions that stay: at zooms that go by blocks and at those that
// go by the whole collection, with shapes and without.
func TestTileVersionStays(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(3))
	for _, c := range spatial.Collections() {
		for _, z := range []int{0, 9} {
			if c.Tiles == nil {
				continue
			}
			if a, b := versionAt(s, c, orb.Point{104, 30}, z), versionAt(s, c, orb.Point{104, 30}, z); a != b {
				t.Errorf("%s at zoom %d has the versions %s and %s", c.ID, z, a, b)
			}
		}
	}
}

func TestTileDrawsShapes(t *testing.T) {
	s, url := open(t)
	load(t, s, patchworkLoad(t, 5, 120))
	divisions := collection(t, "divisions")
	for _, grid := range spatial.Grids() {
		z := 6 - grid.Finer
		x, y := grid.At(orb.Point{102.5, 32.5}, z)
		with := gridLayers(t, s, grid, z, x, y, divisions)
		exec(t, url, "CREATE TABLE kept AS SELECT * FROM tile_shapes; DELETE FROM tile_shapes")
		without := gridLayers(t, s, grid, z, x, y, divisions)
		exec(t, url, "INSERT INTO tile_shapes SELECT * FROM kept; DROP TABLE kept")
		if len(with[0].Features) != len(without[0].Features) {
			t.Errorf("%s: %d features with shapes, %d without", grid.ID, len(with[0].Features), len(without[0].Features))
		}
		before, after := 0, 0
		for i := range with[0].Features {
			before, after = before+vertices(without[0].Features[i].Geometry), after+vertices(with[0].Features[i].Geometry)
		}
		if after == 0 || after > before/2 {
			t.Errorf("%s: %d vertices with shapes, %d without", grid.ID, after, before)
		}
	}
}

func vertices(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case orb.Polygon:
		for _, ring := range g {
			n += len(ring)
		}
	case orb.MultiPolygon:
		for _, part := range g {
			n += vertices(part)
		}
	}
	return n
}

// moved is a geometry for a cell that no shape of it can be taken for.
const moved = "ST_Multi(ST_MakeEnvelope(102.25, 32.25, 102.75, 32.75, 4326))"

// However a row is changed, tiles show it as it is from then on.
func TestNoTileShowsAnOldShape(t *testing.T) {
	divisions := collection(t, "divisions")
	for name, change := range map[string]string{
		"geometry":     "UPDATE divisions SET geom = " + moved + " WHERE id = 'cell-012'",
		"another row":  "DELETE FROM divisions WHERE id = 'cell-012'; INSERT INTO divisions (id, version, dataset, geom) VALUES ('cell-012', 7, 'test-set', " + moved + ")",
		"same version": "WITH old AS (DELETE FROM divisions WHERE id = 'cell-012' RETURNING version) SELECT version INTO keep FROM old; INSERT INTO divisions (id, version, dataset, geom) SELECT 'cell-012', version, 'test-set', " + moved + " FROM keep",
		"truncate":     "TRUNCATE divisions; INSERT INTO divisions (id, version, dataset, geom) VALUES ('cell-012', 1, 'test-set', " + moved + ")",
	} {
		t.Run(name, func(t *testing.T) {
			s, url := open(t)
			load(t, s, patchworkLoad(t, 5, 60))
			before := versionAt(s, divisions, orb.Point{102.5, 32.5}, 6)
			exec(t, url, change)
			if err := s.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := cellVertices(t, s, divisions); n != 5 {
				t.Errorf("the tile shows the cell with %d vertices, want the 5 of its new geometry", n)
			}
			between := versionAt(s, divisions, orb.Point{102.5, 32.5}, 6)
			if between == before {
				t.Error("the tile's version stayed after the change")
			}
			if name == "truncate" {
				return // a box alone is not worth shapes
			}
			data := s.DataVersion(divisions)
			if changed, err := s.Generalise(t.Context(), divisions); err != nil || !changed {
				t.Fatalf("generalising: %v, %v", changed, err)
			}
			if n := cellVertices(t, s, divisions); n != 5 {
				t.Errorf("generalised anew, the cell has %d vertices, want 5", n)
			}
			if after := versionAt(s, divisions, orb.Point{102.5, 32.5}, 6); after == between {
				t.Error("the tile's version stayed when shapes were made")
			}
			if s.DataVersion(divisions) != data {
				t.Error("new shapes changed the version of the data")
			}
			if n := ask[int](t, url, "SELECT count(*) FROM tile_shapes WHERE id = 'cell-012' AND zoom = 6 AND srid = 3857"); n != 1 {
				t.Errorf("the row has %d shapes of zoom 6", n)
			}
		})
	}
}

// cellVertices counts those of cell-012 in a tile of zoom 6.
func cellVertices(t *testing.T, s *postgis.Store, c spatial.Collection) int {
	t.Helper()
	grid := spatial.WebMercatorQuad()
	x, y := grid.At(orb.Point{102.5, 32.5}, 6)
	for _, layer := range gridLayers(t, s, grid, 6, x, y, c) {
		for _, f := range layer.Features {
			if f.Properties["id"] == "cell-012" {
				return vertices(f.Geometry)
			}
		}
	}
	return 0
}

// An edit that moves a border is taken over by the neighbours' shapes, and tiles
// far from it keep their version.
func TestNeighboursFollowAnEdit(t *testing.T) {
	s, url := open(t)
	load(t, s, patchworkLoad(t, 5, 60))
	divisions := collection(t, "divisions")
	// Cells 12 and 13 share the border at 103 E; one point of it is moved in both.
	cells := patchwork(divisions, 5, 60)
	from := bend(orb.Point{103, 32}, orb.Point{103, 33}, 30, 60)
	for _, i := range []int{12, 13} {
		found := false
		ring := cells[i].Geometry.(orb.MultiPolygon)[0][0]
		for k := range ring {
			if ring[k] == from {
				ring[k], found = orb.Point{103.2, 32.5}, true
			}
		}
		if !found {
			t.Fatalf("%v is no point of cell %d", from, i)
		}
		exec(t, url, "UPDATE divisions SET geom = ST_GeomFromText($1, 4326) WHERE id = $2", wkt.MarshalString(cells[i].Geometry), cells[i].ID)
	}
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	near, far := versionAt(s, divisions, orb.Point{103, 32.5}, 9), versionAt(s, divisions, orb.Point{60, 32.5}, 9)
	if changed, err := s.Generalise(t.Context(), divisions); err != nil || !changed {
		t.Fatalf("%v, %v", changed, err)
	}
	if versionAt(s, divisions, orb.Point{103, 32.5}, 9) == near || versionAt(s, divisions, orb.Point{60, 32.5}, 9) != far {
		t.Error("the wrong tiles expired")
	}
	if n := ask[int](t, url, `SELECT count(*) FROM tile_shapes a JOIN tile_shapes b USING (srid, zoom) WHERE a.id = 'cell-012' AND b.id = 'cell-013'
		AND (ST_Relate(a.shape, b.shape, '2********') OR ST_Dimension(ST_Intersection(a.shape, b.shape)) <> 1)`); n != 0 {
		t.Errorf("at %d zooms the neighbours share no border", n)
	}
	if changed, err := s.Generalise(t.Context(), divisions); err != nil || changed {
		t.Errorf("a second run changed shapes: %v, %v", changed, err)
	}
}

// A hidden row takes no part in what all may see.
func TestHiddenRowsLeaveNoTrace(t *testing.T) {
	shapes := func(hidden bool) string {
		s, url := open(t)
		load(t, s, patchworkLoad(t, 3, 60))
		if hidden {
			exec(t, url, "INSERT INTO divisions (id, dataset, visibility, geom) SELECT id || '-h', dataset, 'internal', ST_Multi(ST_Translate(geom, 0.01, 0.013)) FROM divisions")
		}
		if _, err := s.Generalise(t.Context(), collection(t, "divisions")); err != nil {
			t.Fatal(err)
		}
		if n := ask[int](t, url, "SELECT count(*) FROM tile_shapes WHERE visibility = 'internal'"); (n > 0) != hidden {
			t.Errorf("%d shapes of hidden rows", n)
		}
		return ask[string](t, url, "SELECT md5(string_agg(shape::text, ',' ORDER BY id, srid, zoom)) FROM tile_shapes WHERE visibility = 'public'")
	}
	if shapes(false) != shapes(true) {
		t.Error("public shapes are others when there are hidden rows")
	}
}

// Writers are never overtaken: shapes of rows that change meanwhile are not
// stored.
func TestChangesMeanwhileWin(t *testing.T) {
	s, url := open(t)
	load(t, s, patchworkLoad(t, 3, 60))
	divisions := collection(t, "divisions")
	writer := connect(t, url)
	defer writer.Close(context.WithoutCancel(t.Context()))
	for _, sql := range []string{"BEGIN", "UPDATE divisions SET geom = ST_Multi(ST_MakeEnvelope(101.1, 31.1, 101.9, 31.9, 4326)) WHERE id = 'cell-004'"} {
		if _, err := writer.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, url, "DELETE FROM tile_states")
	done := make(chan error)
	go func() {
		_, err := s.Generalise(t.Context(), divisions) // reads the old row, then waits for the writer
		done <- err
	}()
	time.Sleep(300 * time.Millisecond) // whichever comes first, the outcome is right
	if _, err := writer.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil && spatial.KindOf(err) != spatial.Conflict {
		t.Fatal(err)
	}
	if n := ask[int](t, url, "SELECT count(*) FROM tile_shapes s JOIN divisions t USING (id, version) WHERE id = 'cell-004' AND ST_Area(s.shape) / ST_Area(ST_Transform(t.geom, s.srid)) NOT BETWEEN 0.99 AND 1.01"); n != 0 {
		t.Errorf("%d shapes are of the old geometry", n)
	}
}

func TestKeeperGeneralisesWhatOthersWrite(t *testing.T) {
	s, url := open(t)
	load(t, s, patchworkLoad(t, 3, 60))
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.KeepGeneralised(ctx, func(c spatial.Collection, err error) { t.Errorf("%s: %v", c.ID, err) })
	}()
	exec(t, url, "UPDATE divisions SET geom = ST_Multi(ST_MakeEnvelope(101.1, 31.1, 101.9, 31.9, 4326)) WHERE id = 'cell-004'")
	for end := time.Now().Add(30 * time.Second); ask[int](t, url, "SELECT count(*) FROM tile_shapes WHERE id = 'cell-004'") == 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing was generalised")
		}
	}
	stop()
	<-stopped
}
