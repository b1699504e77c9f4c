package tiles

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

func TestAddressesOutsideTheGridNameNoTile(t *testing.T) {
	for _, one := range [][3]string{{"x", "0", "0"}, {"-1", "0", "0"}, {"1", "2", "0"}, {"1", "0", "2"}, {"25", "0", "0"}, {"01", "0", "0"}, {"1", " 1", "0"}, {"1", "+1", "0"}, {"", "0", "0"}, {"1.0", "0", "0"}, {"999999999999", "0", "0"}} {
		if _, err := ParseAddress(spatial.WebMercatorQuad(), one[0], one[1], one[2]); spatial.KindOf(err) != spatial.NotFound {
			t.Errorf("%v: %v", one, err)
		}
	}
	a, err := ParseAddress(spatial.WebMercatorQuad(), "3", "2", "6")
	if err != nil || a != (Address{Grid: spatial.WebMercatorQuad(), Z: 3, X: 6, Y: 2}) {
		t.Errorf("row comes before column: %v %v", a, err)
	}
}

// The corners of the grids have closed forms: the whole world at zoom 0, the
// quadrants of Web Mercator that meet at 0, 0, and the squares of 90 degrees
// that WorldCRS84Quad has at zoom 1.
func TestBoundsOfKnownTiles(t *testing.T) {
	mercator, degrees := spatial.WebMercatorQuad(), spatial.WorldCRS84Quad()
	world := Address{Grid: mercator}.Bound()
	if world.Min[0] != -180 || world.Max[0] != 180 || math.Abs(world.Max[1]-85.05112877980659) > 1e-9 || math.Abs(world.Min[1]+85.05112877980659) > 1e-9 {
		t.Errorf("zoom 0 is %v", world)
	}
	if q := (Address{Grid: mercator, Z: 1, X: 1, Y: 0}).Bound(); q.Min != (orb.Point{0, 0}) || q.Max[0] != 180 {
		t.Errorf("the north-eastern quadrant is %v", q)
	}
	if east := (Address{Grid: degrees, X: 1}).Bound(); east != (orb.Bound{Min: orb.Point{0, -90}, Max: orb.Point{180, 90}}) {
		t.Errorf("the eastern half is %v", east)
	}
	if q := (Address{Grid: degrees, Z: 1, X: 3, Y: 1}).Bound(); q != (orb.Bound{Min: orb.Point{90, -90}, Max: orb.Point{180, 0}}) {
		t.Errorf("a square of zoom 1 is %v", q)
	}
}

func TestEveryPointLiesInItsTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid := rapid.SampledFrom(spatial.Grids()).Draw(t, "grid")
		p := orb.Point{rapid.Float64Range(-180, 179.999999).Draw(t, "lon"), rapid.Float64Range(-85, 85).Draw(t, "lat")}
		z := rapid.IntRange(0, grid.MaxZoom).Draw(t, "z")
		a := At(grid, p, z)
		if b := a.Bound().Pad(1e-9); !grid.Has(z, a.X, a.Y) || !b.Contains(p) {
			t.Fatalf("%v is not in %v, its tile at zoom %d", p, b, z)
		}
	})
}

func TestPolesAndBeyondGoToTheNearestTile(t *testing.T) {
	for _, grid := range spatial.Grids() {
		columns, rows := grid.Size(5)
		for p, want := range map[orb.Point][2]int{{-180, 90}: {0, 0}, {180, -90}: {columns - 1, rows - 1}, {500, -500}: {columns - 1, rows - 1}, {-500, 500}: {0, 0}} {
			if x, y := grid.At(p, 5); x != want[0] || y != want[1] {
				t.Errorf("%s: %v goes to column %d, row %d", grid.ID, p, x, y)
			}
		}
	}
}

func TestFuzzAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid := rapid.SampledFrom(spatial.Grids()).Draw(t, "grid")
		parts := rapid.SliceOfN(rapid.String(), 3, 3).Draw(t, "parts")
		if a, err := ParseAddress(grid, parts[0], parts[1], parts[2]); err == nil && fmt.Sprint(a.Z, a.Y, a.X) != strings.Join(parts, " ") {
			t.Fatalf("%q was read as %v", parts, a)
		}
	})
}

// Figures as the OGC prints them: OGC 17-083r4, table D.1, and the registered
// definition of WorldCRS84Quad.
func TestMatrixSetsHaveTheScalesOfTheStandard(t *testing.T) {
	for _, want := range []struct {
		grid     spatial.Grid
		matrices int
		scales   map[int]float64
		cells    map[int]float64
		corner   [2]float64
		width    int // of matrix 10
		height   int
	}{
		{spatial.WebMercatorQuad(), 25, map[int]float64{0: 559082264.028717, 10: 545978.773465544, 24: 33.3238997477002}, map[int]float64{0: 156543.033928041}, [2]float64{-20037508.342789244, 20037508.342789244}, 1024, 1024},
		{spatial.WorldCRS84Quad(), 24, map[int]float64{0: 279541132.014358, 10: 272989.386732772, 23: 33.3238997476528}, map[int]float64{0: 0.703125, 13: 0.0000858306884765625}, [2]float64{-180, 90}, 2048, 1024},
	} {
		set := NewMatrixSet(want.grid)
		if len(set.Matrices) != want.matrices {
			t.Fatalf("%s: %d matrices", set.ID, len(set.Matrices))
		}
		for z, scale := range want.scales {
			if got := set.Matrices[z].ScaleDenominator; math.Abs(got/scale-1) > 1e-11 {
				t.Errorf("%s: scale denominator of zoom %d is %v, want %v", set.ID, z, got, scale)
			}
		}
		for z, cell := range want.cells {
			if got := set.Matrices[z].CellSize; math.Abs(got/cell-1) > 1e-11 {
				t.Errorf("%s: cells of zoom %d are %v, want %v", set.ID, z, got, cell)
			}
		}
		m := set.Matrices[10]
		if m.MatrixWidth != want.width || m.MatrixHeight != want.height || math.Abs(m.PointOfOrigin[0]-want.corner[0]) > 1e-8 || math.Abs(m.PointOfOrigin[1]-want.corner[1]) > 1e-8 {
			t.Errorf("%s: zoom 10 is %+v", set.ID, m)
		}
	}
}

// A rule counts zooms by Web Mercator; the same scale is one zoom earlier in
// WorldCRS84Quad, whose first zoom has two tiles.
func TestZoomsOfARuleKeepTheirScale(t *testing.T) {
	rule := spatial.TileRule{MinZoom: 3, MaxZoom: 12}
	for _, grid := range spatial.Grids() {
		first, last := rule.Zooms(grid)
		for z := range grid.MaxZoom {
			if rule.In(grid, z) != (z >= first && z <= last) {
				t.Errorf("%s: zoom %d", grid.ID, z)
			}
		}
		cell := NewMatrixSet(grid).Matrices[last].ScaleDenominator
		if want := NewMatrixSet(spatial.WebMercatorQuad()).Matrices[12].ScaleDenominator; math.Abs(cell/want-1) > 1e-9 {
			t.Errorf("%s: the last zoom %d has scale 1:%.0f, want 1:%.0f", grid.ID, last, cell, want)
		}
	}
	if first, _ := (spatial.TileRule{MaxZoom: 12}).Zooms(spatial.WorldCRS84Quad()); first != 0 {
		t.Errorf("a rule from the first zoom begins at %d", first)
	}
}

func TestLimitsHoldTheBoundAndNoMore(t *testing.T) {
	grid := spatial.WebMercatorQuad()
	r := Range{Grid: grid, MinZoom: 2, MaxZoom: 6, Bound: orb.Bound{Min: orb.Point{73, 18}, Max: orb.Point{135, 54}}, Bounded: true}
	all := r.All()
	if len(all) != 5 || all[0].TileMatrix != "2" {
		t.Fatalf("limits %v", all)
	}
	for _, p := range []orb.Point{r.Bound.Min, r.Bound.Max, {104, 30}} {
		for z := 2; z <= 6; z++ {
			if !r.Contains(At(grid, p, z)) {
				t.Errorf("%v at zoom %d is outside", p, z)
			}
		}
	}
	for _, a := range []Address{At(grid, orb.Point{0, 30}, 6), At(grid, orb.Point{104, -30}, 6), At(grid, orb.Point{104, 30}, 1), At(grid, orb.Point{104, 30}, 7)} {
		if r.Contains(a) {
			t.Errorf("%v is inside", a)
		}
	}
	if got := len((Range{Grid: grid, MaxZoom: 3}).All()); got != 4 {
		t.Errorf("an unbounded range has %d limits", got)
	}
}

func TestTileJSONTellsFieldsAndBounds(t *testing.T) {
	seats, _ := spatial.CollectionByID("seats")
	targets, _ := spatial.CollectionByID("targets")
	r, ok := RangeOf(spatial.WebMercatorQuad(), []spatial.Collection{targets, seats})
	if !ok || r.MaxZoom != seats.Tiles.MaxZoom {
		t.Fatalf("range %v %v", r, ok)
	}
	doc := Describe("x", []spatial.Collection{seats, targets}, r, "http://h/{z}/{y}/{x}", "©")
	if doc.TileJSON != "3.0.0" || len(doc.VectorLayers) != 2 || doc.VectorLayers[1].ID != spatial.LimitLayer || doc.VectorLayers[0].Fields["resident_population"] != "Number" || doc.VectorLayers[0].Fields["id"] != "String" {
		t.Errorf("%+v", doc)
	}
	if doc.Bounds[0] != -180 || doc.Center[2] < float64(doc.MinZoom) || doc.Center[2] > float64(doc.MaxZoom) {
		t.Errorf("bounds %v, center %v", doc.Bounds, doc.Center)
	}
}

// TestStylesAreValid checks what the style specification (version 8) demands
// of the parts that we use, and that no layer reads what tiles do not carry.
func TestStylesAreValid(t *testing.T) {
	styles := map[string]Style{OverviewID: Overview(spatial.Collections(), "http://h/all?f=tilejson")}
	for _, c := range spatial.Collections() {
		style, ok := CollectionStyle(c, "http://h/"+c.ID)
		if ok != (c.Tiles != nil) {
			t.Errorf("%s: style %v, tiles %v", c.ID, ok, c.Tiles != nil)
		}
		if ok {
			styles[c.ID] = style
		}
	}
	for name, style := range styles {
		body, err := json.Marshal(style)
		if err != nil {
			t.Fatal(err)
		}
		if style.Version != 8 || strings.Contains(string(body), `"glyphs"`) || style.Sources["quanyu"].PromoteID != "id" {
			t.Errorf("%s: %s", name, body)
		}
		ids := map[string]bool{}
		drawn := map[string]bool{}
		for _, layer := range style.Layers {
			if ids[layer.ID] {
				t.Errorf("%s: layer %s twice", name, layer.ID)
			}
			ids[layer.ID], drawn[layer.SourceLayer] = true, true
			checkLayer(t, name, style, layer)
		}
		for _, c := range spatial.Collections() {
			if name == OverviewID && c.Tiles != nil && !drawn[c.ID] {
				t.Errorf("the overview does not draw %s", c.ID)
			}
		}
	}
}

func checkLayer(t *testing.T, name string, style Style, layer Layer) {
	t.Helper()
	prefixes := map[string]string{"background": "background-", "circle": "circle-", "line": "line-", "fill": "fill-", "symbol": "text-"}
	prefix, known := prefixes[layer.Type]
	if !known {
		t.Errorf("%s: layer %s of type %q", name, layer.ID, layer.Type)
	}
	for property := range layer.Paint {
		if !strings.HasPrefix(property, prefix) {
			t.Errorf("%s: %s paints %s", name, layer.ID, property)
		}
	}
	if layer.Type == "background" {
		return
	}
	if _, ok := style.Sources[layer.Source]; !ok {
		t.Errorf("%s: %s reads source %q", name, layer.ID, layer.Source)
	}
	c, ok := spatial.CollectionByID(layer.SourceLayer)
	if !ok {
		t.Errorf("%s: %s reads layer %q", name, layer.ID, layer.SourceLayer)
	}
	if fonts, ok := layer.Layout["text-font"]; ok && !slices.Equal(fonts.([]string), ChineseFonts()) {
		t.Errorf("%s: %s has fonts %v", name, layer.ID, fonts)
	}
	carried := TileProperties(c)
	for _, property := range reads(append([]any{any(layer.Filter)}, values(layer.Layout, layer.Paint)...)) {
		if !slices.ContainsFunc(carried, func(p spatial.Property) bool { return p.Name == property }) {
			t.Errorf("%s: %s reads %s, which tiles of %s do not carry", name, layer.ID, property, c.ID)
		}
	}
}

func values(maps ...map[string]any) []any {
	var all []any
	for _, m := range maps {
		for _, v := range m {
			all = append(all, v)
		}
	}
	return all
}

// reads lists the properties that an expression gets.
func reads(expression any) []string {
	list, ok := expression.([]any)
	if !ok {
		return nil
	}
	if len(list) == 2 && list[0] == "get" {
		return []string{list[1].(string)}
	}
	var names []string
	for _, part := range list {
		names = append(names, reads(part)...)
	}
	return names
}

// source counts its tiles and holds them back until told.
type source struct {
	made    atomic.Int64
	version atomic.Int64
	gate    chan struct{}
	left    chan error // what the context said when a held tile was given up
	err     error
}

func (s *source) Tile(ctx context.Context, _ spatial.Grid, _ []spatial.Collection, z, x, y int) ([]byte, error) {
	s.made.Add(1)
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			s.left <- ctx.Err()
			return nil, ctx.Err()
		}
	}
	return []byte(strings.Repeat("x", 1000)), s.err
}

func (s *source) DataVersion(...spatial.Collection) string { return fmt.Sprint(s.version.Load()) }

func (s *source) TileVersion(spatial.Grid, []spatial.Collection, int, int, int) string {
	return fmt.Sprint(s.version.Load())
}

func at(x int) Request {
	seats, _ := spatial.CollectionByID("seats")
	return Request{Collections: []spatial.Collection{seats}, Address: Address{Grid: spatial.WebMercatorQuad(), Z: 5, X: x, Y: 3}, Scope: "public", Day: "2025-01-01"}
}

func TestConcurrentReadersShareOneTile(t *testing.T) {
	s := &source{gate: make(chan struct{})}
	cache := NewCache(s, 1<<20)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if body, _, err := cache.Tile(t.Context(), at(1)); err != nil || len(body) != 1000 {
				t.Errorf("%d bytes, %v", len(body), err)
			}
		})
	}
	for waiters(cache) < 20 {
		time.Sleep(time.Millisecond)
	}
	close(s.gate)
	wait.Wait()
	if s.made.Load() != 1 {
		t.Errorf("made %d times", s.made.Load())
	}
	if _, outcome, _ := cache.Tile(t.Context(), at(1)); outcome != Hit {
		t.Errorf("afterwards: %s", outcome)
	}
}

func waiters(c *Cache) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.flights {
		n += f.waiters
	}
	return n
}

func TestTheLastReaderToLeaveCancelsTheTile(t *testing.T) {
	s := &source{gate: make(chan struct{}), left: make(chan error, 1)}
	cache := NewCache(s, 1<<20)
	first, leaveFirst := context.WithCancel(t.Context())
	second, leaveSecond := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for _, ctx := range []context.Context{first, second} {
		wait.Go(func() {
			if _, _, err := cache.Tile(ctx, at(1)); !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
		})
	}
	for waiters(cache) < 2 {
		time.Sleep(time.Millisecond)
	}
	leaveFirst()
	for waiters(cache) > 1 {
		time.Sleep(time.Millisecond)
	}
	if len(s.left) != 0 {
		t.Error("the tile was given up while somebody waited")
	}
	leaveSecond()
	if err := <-s.left; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	wait.Wait()
	close(s.gate)
	if _, _, err := cache.Tile(t.Context(), at(1)); err != nil {
		t.Errorf("a later reader joined what was cancelled: %v", err)
	}
}

func TestCacheStaysWithinItsBytes(t *testing.T) {
	s := &source{}
	cache := NewCache(s, 5*(1000+entryOverhead))
	get := func(r Request) Outcome {
		_, outcome, err := cache.Tile(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return outcome
	}
	for x := range 5 {
		get(at(x))
	}
	get(at(0)) // used last, so 1 has to go
	get(at(5))
	if held := cache.Stats(); held.Tiles != 5 || held.Bytes > cache.maxBytes || held.Evicted == 0 {
		t.Errorf("held: %+v", held)
	}
	if got := get(at(0)); got != Hit {
		t.Errorf("the tile used last was dropped: %s", got)
	}
	if got := get(at(1)); got != Miss {
		t.Errorf("the tile longest unused was kept: %s", got)
	}
}

func TestNothingThatShapesABodyIsMissingFromItsKey(t *testing.T) {
	s := &source{}
	cache := NewCache(s, 1<<20)
	airports, _ := spatial.CollectionByID("airports")
	change := map[string]func(*Request){
		"nothing":    func(*Request) {},
		"collection": func(r *Request) { r.Collections = append(slices.Clone(r.Collections), airports) },
		"zoom":       func(r *Request) { r.Address.Z++ }, "column": func(r *Request) { r.Address.X++ }, "row": func(r *Request) { r.Address.Y++ },
		"grid": func(r *Request) { r.Address.Grid = spatial.WorldCRS84Quad() }, "scope": func(r *Request) { r.Scope = "planner" }, "day": func(r *Request) { r.Day = "2025-01-02" }, "encoding": func(r *Request) { r.Encoding = Gzip },
		"version": func(*Request) { s.version.Add(1) },
	}
	for name, apply := range change {
		r := at(1)
		if _, _, err := cache.Tile(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		apply(&r)
		_, outcome, err := cache.Tile(t.Context(), r)
		if err != nil || (outcome == Hit) != (name == "nothing") {
			t.Errorf("another %s: %s, %v", name, outcome, err)
		}
	}
}

func TestFaultsAreNotKept(t *testing.T) {
	s := &source{err: errors.New("the database is gone")}
	cache := NewCache(s, 1<<20)
	if _, _, err := cache.Tile(t.Context(), at(1)); err == nil {
		t.Fatal("no error")
	}
	s.err = nil
	if _, outcome, err := cache.Tile(t.Context(), at(1)); err != nil || outcome != Miss {
		t.Errorf("%s %v", outcome, err)
	}
	if _, err := Encoding("br").Encode([]byte("x")); err == nil {
		t.Error("an unknown encoding was taken")
	}
}
