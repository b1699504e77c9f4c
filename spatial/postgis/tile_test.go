package postgis_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

func tileLayers(t testing.TB, s *postgis.Store, z, x, y int, collections ...spatial.Collection) mvt.Layers {
	t.Helper()
	return gridLayers(t, s, spatial.WebMercatorQuad(), z, x, y, collections...)
}

func gridLayers(t testing.TB, s *postgis.Store, grid spatial.Grid, z, x, y int, collections ...spatial.Collection) mvt.Layers {
	t.Helper()
	b, err := s.Tile(t.Context(), grid, collections, z, x, y)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatalf("tile %d/%d/%d cannot be decoded: %v", z, x, y, err)
	}
	return layers
}

func tileIDs(t testing.TB, s *postgis.Store, c spatial.Collection, z, x, y int) []string {
	t.Helper()
	return gridIDs(t, s, spatial.WebMercatorQuad(), c, z, x, y)
}

func gridIDs(t testing.TB, s *postgis.Store, grid spatial.Grid, c spatial.Collection, z, x, y int) []string {
	t.Helper()
	var ids []string
	for _, l := range gridLayers(t, s, grid, z, x, y, c) {
		if l.Name == c.ID {
			for _, f := range l.Features {
				ids = append(ids, f.Properties["id"].(string))
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func TestTilesHoldWhatItemsHold(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(40))
	for _, grid := range spatial.Grids() {
		t.Run(grid.ID, func(t *testing.T) { checkTilesHoldItems(t, s, grid) })
	}
}

func checkTilesHoldItems(t *testing.T, s *postgis.Store, grid spatial.Grid) {
	for _, c := range spatial.Collections() {
		if c.Tiles == nil {
			continue
		}
		q := spatial.ItemsQuery{Collection: c, Limit: 1000}
		z := 5 - grid.Finer
		if d := c.Tiles.At(5); d.Property != "" { // low zooms leave out what is short
			q.Filter = spatial.Compare{Op: spatial.GreaterOrEqual, Property: property(t, c, d.Property), Value: d.AtLeast}
		}
		rows, _ := collect(t, s, q)
		var want []string
		for _, r := range rows {
			if r.Geometry != nil {
				want = append(want, r.Position.ID)
			}
		}
		got := map[string]bool{}
		left, top := grid.At(orb.Point{70, 60}, z) // around China only
		right, bottom := grid.At(orb.Point{140, 10}, z)
		for x := left; x <= right; x++ {
			for y := top; y <= bottom; y++ {
				for _, id := range gridIDs(t, s, grid, c, z, x, y) {
					got[id] = true
				}
			}
		}
		if len(got) != len(want) || len(want) == 0 {
			t.Errorf("%s: the tiles hold %d features, the items %d", c.ID, len(got), len(want))
		}
		for _, id := range want {
			if !got[id] {
				t.Errorf("%s: no tile holds %s", c.ID, id)
			}
		}
	}
}

func TestTileCoordinatesAndProperties(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(3)
	seats := seatsOf(&l)
	here := orb.Point{104.0632, 30.66}
	seats.Records[0].Geometry = here
	seats.Records[0].Properties["name_zh"] = "成都 'x' \\ 100%"
	seats.Records[0].Properties["resident_population"] = int64(20937757)
	load(t, s, l)
	const z = 10
	at := maptile.At(here, z)
	for _, layer := range tileLayers(t, s, z, int(at.X), int(at.Y), seats.Collection) {
		if layer.Version != 2 || layer.Extent != 4096 || layer.Name != "seats" || len(layer.Features) != 1 {
			t.Fatalf("layer %s, version %d, extent %d, %d features", layer.Name, layer.Version, layer.Extent, len(layer.Features))
		}
		f := layer.Features[0]
		if f.Properties["id"] != "seats-000" || f.Properties["name_zh"] != "成都 'x' \\ 100%" || fmt.Sprint(f.Properties["resident_population"]) != "2.0937757e+07" {
			t.Errorf("properties %v", f.Properties)
		}
		if _, ok := f.Properties["seat_name_zh"]; ok {
			t.Error("a property that the rule does not name is in the tile")
		}
		layer.ProjectToWGS84(at)
		p := f.Geometry.(orb.Point)
		if step := 360.0 / (1 << z) / 4096; math.Abs(p[0]-here[0]) > step || math.Abs(p[1]-here[1]) > step {
			t.Errorf("the seat is at %v, want %v", p, here)
		}
	}
}

// In degrees a tile's grid is even in longitude and latitude, however far
// north: a coordinate is found by a rule of three.
func TestTileCoordinatesInDegrees(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(3)
	seats := seatsOf(&l)
	here := orb.Point{122.5, 53.25}
	seats.Records[0].Geometry = here
	load(t, s, l)
	grid, z := spatial.WorldCRS84Quad(), 9
	x, y := grid.At(here, z)
	if x != 860 || y != 104 { // 512 rows of 0.3516 degrees: (122.5+180)/0.3516, (90-53.25)/0.3516
		t.Fatalf("column %d, row %d", x, y)
	}
	edges := grid.Edges(z, x, y)
	for _, layer := range gridLayers(t, s, grid, z, x, y, seats.Collection) {
		if len(layer.Features) != 1 {
			t.Fatalf("%d features", len(layer.Features))
		}
		p := layer.Features[0].Geometry.(orb.Point)
		side := 180.0 / 512
		want := orb.Point{(here[0] - edges.Min[0]) / side * 4096, (edges.Max[1] - here[1]) / side * 4096}
		if math.Abs(p[0]-want[0]) > 1 || math.Abs(p[1]-want[1]) > 1 {
			t.Errorf("the seat is at %v of 4096, want %v", p, want)
		}
	}
}

// A line that only the buffer holds is drawn beside each edge of a tile, in
// each grid and also far north, where Web Mercator and degrees differ most.
func TestTileBufferIsRightInEveryGrid(t *testing.T) {
	s, _ := open(t)
	const z = 8
	for _, grid := range spatial.Grids() {
		l := sampleLoad(0)
		seats := seatsOf(&l)
		x, y := grid.At(orb.Point{122.5, 53.25}, z)
		edges, step := grid.Edges(z, x, y), grid.Side(z)/4096
		middle := edges.Center()
		want := []string{}
		for name, p := range map[string]orb.Point{
			"w": {edges.Min[0], middle[1]}, "e": {edges.Max[0], middle[1]}, "s": {middle[0], edges.Min[1]}, "n": {middle[0], edges.Max[1]},
		} {
			for _, steps := range []float64{60, 70} {
				q := orb.Point{p[0] + sign(p[0]-middle[0])*steps*step, p[1] + sign(p[1]-middle[1])*steps*step}
				r := record(seats.Collection, len(seats.Records))
				r.ID, r.Geometry = fmt.Sprintf("%s-%s-%v", grid.ID, name, steps), grid.LonLat(orb.Bound{Min: q, Max: q}).Min
				seats.Records = append(seats.Records, r)
				if steps == 60 {
					want = append(want, r.ID)
				}
			}
		}
		l.Hash = grid.ID
		load(t, s, l)
		slices.Sort(want)
		if got := gridIDs(t, s, grid, seats.Collection, z, x, y); !slices.Equal(got, want) {
			t.Errorf("%s: the buffer of 64 steps holds %v, want %v", grid.ID, got, want)
		}
	}
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func TestTileBufferReachesOverTheEdge(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(2)
	seats := seatsOf(&l)
	const z = 6
	grid := 360.0 / (1 << z) / 4096
	seats.Records[0].Geometry = orb.Point{90 + 60*grid, 30} // 90 degrees east is the edge of two tiles
	seats.Records[1].Geometry = orb.Point{90 + 70*grid, 30}
	load(t, s, l)
	west := maptile.At(orb.Point{89.9, 30}, z)
	if got := tileIDs(t, s, seats.Collection, z, int(west.X), int(west.Y)); !slices.Equal(got, []string{"seats-000"}) {
		t.Errorf("west of the edge: %v", got)
	}
	if got := tileIDs(t, s, seats.Collection, z, int(west.X)+1, int(west.Y)); len(got) != 2 {
		t.Errorf("east of the edge: %v", got)
	}
}

func TestTileSaysWhatItLeftOut(t *testing.T) {
	s, _ := open(t)
	const n = 4100 // seats show at most 4000
	l := spatial.Load{Name: "many", Hash: "1", Datasets: []spatial.Dataset{testDataset}}
	seats := spatial.TableLoad{Collection: collection(t, "seats")}
	for i := range n {
		r := record(seats.Collection, i)
		r.ID, r.Geometry = fmt.Sprintf("s%04d", i), orb.Point{104, 30}
		r.Properties["level"], r.Properties["resident_population"] = "county", int64(i)
		if i < 5 {
			r.Properties["resident_population"] = nil
		}
		seats.Records = append(seats.Records, r)
	}
	l.Tables = append(l.Tables, seats)
	load(t, s, l)
	layers := tileLayers(t, s, 0, 0, 0, seats.Collection, collection(t, "airports"))
	if len(layers) != 2 || layers[0].Name != "seats" || layers[1].Name != spatial.LimitLayer {
		t.Fatalf("%d layers", len(layers))
	}
	ids := tileIDs(t, s, seats.Collection, 0, 0, 0)
	if len(ids) != 4000 || ids[0] != "s0100" {
		t.Errorf("%d features, the least %s; want the 4000 of most people", len(ids), ids[0])
	}
	notice := layers[1].Features
	if len(notice) != 1 || notice[0].Properties["collection"] != "seats" || fmt.Sprint(notice[0].Properties["shown"]) != "4000" {
		t.Errorf("the notice is %v", notice)
	}
}

func TestCompositeTileIsItsLayers(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(30))
	seats, roads, airports, targets := collection(t, "seats"), collection(t, "roads"), collection(t, "airports"), collection(t, "targets")
	all, err := s.Tile(t.Context(), spatial.WebMercatorQuad(), []spatial.Collection{roads, targets, airports, seats, seats}, 3, 6, 3)
	if err != nil {
		t.Fatal(err)
	}
	var apart []byte
	for _, c := range []spatial.Collection{seats, airports, roads} { // in the catalog's order
		b, err := s.Tile(t.Context(), spatial.WebMercatorQuad(), []spatial.Collection{c}, 3, 6, 3)
		if err != nil {
			t.Fatal(err)
		}
		apart = append(apart, b...)
	}
	if string(all) != string(apart) || len(all) == 0 {
		t.Errorf("the composite has %d bytes, its layers %d", len(all), len(apart))
	}
}

func TestTileAddresses(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(3))
	seats := collection(t, "seats")
	for _, a := range [][3]int{{-1, 0, 0}, {0, 1, 0}, {3, 8, 0}, {3, 0, 8}, {3, -1, 0}, {25, 0, 0}, {99, 0, 0}} {
		if _, err := s.Tile(t.Context(), spatial.WebMercatorQuad(), []spatial.Collection{seats}, a[0], a[1], a[2]); spatial.KindOf(err) != spatial.NotFound {
			t.Errorf("%v: %v", a, err)
		}
	}
	for _, a := range [][3]int{{3, 0, 0}, {15, 0, 0}} { // nothing there; beyond the layer's zooms
		if b, err := s.Tile(t.Context(), spatial.WebMercatorQuad(), []spatial.Collection{seats}, a[0], a[1], a[2]); err != nil || len(b) != 0 {
			t.Errorf("%v: %d bytes, %v", a, len(b), err)
		}
	}
}
