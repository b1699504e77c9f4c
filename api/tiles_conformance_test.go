package api_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"quanyu/spatial"
)

// These tests hold the declared classes of OGC API - Tiles 1.0 (20-057) and of
// Two Dimensional Tile Matrix Set 2.0 (17-083r4) against a real PostGIS, one
// subtest a requirement.

const relTilesets = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"

func TestTilesConformance(t *testing.T) {
	c := realServer(t)
	for _, class := range []string{"core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "oas30", "mvt"} {
		declared(t, c, "ogcapi-tiles-1/1.0/conf/"+class)
	}
	for _, class := range []string{"tilematrixset", "json-tilematrixset", "tilesetmetadata", "json-tilesetmetadata", "tilematrixsetlimits", "json-tilematrixsetlimits"} {
		declared(t, c, "tms/2.0/conf/"+class)
	}
	t.Run("tms/tilematrixset", func(t *testing.T) { checkMatrixSets(t, c) })
	t.Run("dataset-tilesets/landing-page", func(t *testing.T) {
		if href := rel(c.get("/").want(t, 200).json(t), relTilesets); href != c.base+"/tiles" {
			t.Errorf("the landing page links tilesets as %q", href)
		}
		checkTilesets(t, c, "/tiles", "")
	})
	for _, one := range published() {
		if one.Tiles == nil {
			continue
		}
		t.Run("geodata-tilesets/"+one.ID, func(t *testing.T) {
			base := "/collections/" + one.ID
			if href := rel(c.get(base).want(t, 200).json(t), relTilesets); href != c.base+base+"/tiles" {
				t.Errorf("the collection links tilesets as %q", href)
			}
			checkTilesets(t, c, base+"/tiles", "")
		})
	}
	t.Run("collections-selection", func(t *testing.T) {
		checkTilesets(t, c, "/tiles", "airports,seats")
		c.get("/tiles?collections=nowhere").want(t, 400)
		c.get("/tiles/WorldCRS84Quad/0/0/1?collections=seats,targets").want(t, 400)
		if layers := layersOf(t, c, "/tiles/WorldCRS84Quad/0/0/1?collections=airports,seats"); !slices.Equal(layers, []string{"seats", "airports"}) {
			t.Errorf("the tile of two collections has the layers %v", layers)
		}
	})
	t.Run("oas30/completeness", func(t *testing.T) {
		for _, id := range []string{"dataset.vector.getTileSetsList", "dataset.vector.getTileSet", "dataset.vector.getTile",
			"collection.vector.getTileSetsList", "collection.vector.getTileSet", "collection.vector.getTile"} {
			if !slices.ContainsFunc(c.checker.document.Paths.InMatchingOrder(), func(path string) bool {
				get := c.checker.document.Paths.Value(path).Get
				return get != nil && get.OperationID == id
			}) {
				t.Errorf("no operation %s", id)
			}
		}
	})
}

func declared(t *testing.T, c *client, class string) {
	t.Helper()
	list := c.get("/conformance").want(t, 200).json(t)["conformsTo"].([]any)
	if !slices.Contains(list, any("http://www.opengis.net/spec/"+class)) {
		t.Errorf("%s is tested and not declared", class)
	}
}

func checkMatrixSets(t *testing.T, c *client) {
	list := c.get("/tileMatrixSets").want(t, 200).json(t)["tileMatrixSets"].([]any)
	if len(list) != len(spatial.Grids()) {
		t.Fatalf("%d tile matrix sets", len(list))
	}
	for _, one := range list {
		entry := one.(map[string]any)
		set := c.get(rel(entry, "self")).want(t, 200).json(t)
		for _, name := range []string{"id", "uri", "crs"} {
			if set[name] != entry[name] || set[name] == "" {
				t.Errorf("%s is %v in the list and %v alone", name, entry[name], set[name])
			}
		}
		matrices := set["tileMatrices"].([]any)
		for z := 1; z < len(matrices); z++ {
			outer, inner := matrices[z-1].(map[string]any), matrices[z].(map[string]any)
			for _, name := range []string{"scaleDenominator", "cellSize"} {
				if outer[name] != inner[name].(float64)*2 {
					t.Errorf("%v: %s of matrices %d and %d is %v and %v", set["id"], name, z-1, z, outer[name], inner[name])
				}
			}
			if inner["matrixWidth"] != outer["matrixWidth"].(float64)*2 || inner["matrixHeight"] != outer["matrixHeight"].(float64)*2 {
				t.Errorf("%v: matrix %d is not four times matrix %d", set["id"], z, z-1)
			}
		}
	}
	c.get("/tileMatrixSets/EuropeanETRS89_LAEAQuad").want(t, 404)
}

// checkTilesets walks from the list of tilesets at a path through each tileset
// to tiles, by links only.
func checkTilesets(t *testing.T, c *client, path, selection string) {
	t.Helper()
	if selection != "" {
		path += "?collections=" + selection
	}
	list := c.get(path).want(t, 200).json(t)["tilesets"].([]any)
	var grids []string
	for _, one := range list {
		entry := one.(map[string]any)
		grids = append(grids, entry["tileMatrixSetId"].(string))
		for _, name := range []string{"title", "dataType", "crs", "tileMatrixSetURI", "tileMatrixSetLimits"} {
			if entry[name] == nil {
				t.Errorf("%s: an entry lacks %s", path, name)
			}
		}
		checkTileset(t, c, entry)
	}
	if !slices.Equal(grids, []string{"WebMercatorQuad", "WorldCRS84Quad"}) {
		t.Errorf("%s: tilesets in %v", path, grids)
	}
}

func checkTileset(t *testing.T, c *client, entry map[string]any) {
	t.Helper()
	self := rel(entry, "self")
	set := c.get(self).want(t, 200).json(t)
	scheme := c.get(rel(set, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme")).want(t, 200).json(t)
	if set["dataType"] != "vector" || set["crs"] != scheme["crs"] || set["tileMatrixSetURI"] != scheme["uri"] || set["tileMatrixSetId"] != entry["tileMatrixSetId"] {
		t.Errorf("%s contradicts its tile matrix set or the list: %v", self, set)
	}
	for _, one := range set["layers"].([]any) {
		layer := one.(map[string]any)
		if layer["id"] == "" || layer["dataType"] != "vector" || layer["propertiesSchema"] == nil {
			t.Errorf("%s: layer %v", self, layer)
		}
	}
	template, limits := rel(set, "item"), set["tileMatrixSetLimits"].([]any)
	for z, one := range limits {
		l := one.(map[string]any)
		if l["tileMatrix"] != strconv.Itoa(z) {
			t.Errorf("%s: the limits of matrix %d are at place %d; OpenLayers wants all from 0", self, l["tileMatrix"], z)
		}
		matrix := scheme["tileMatrices"].([]any)[z].(map[string]any)
		if z%4 == 0 || z == len(limits)-1 {
			checkEdges(t, c, template, l, matrix)
		}
	}
	c.get(fill(template, strconv.Itoa(len(limits)), 0, 0)).want(t, 404)
	c.get(fill(template, "x", 0, 0)).want(t, 404)
	if tileJSON := c.get(withForm(self, "tilejson")); tileJSON.status != map[bool]int{true: 200, false: 406}[set["tileMatrixSetId"] == "WebMercatorQuad"] {
		t.Errorf("%s as TileJSON answers %d; only Web Mercator has one", self, tileJSON.status)
	}
}

// checkEdges asks for the corner tiles of the limits, which are there, and for
// those beside them, which are not.
func checkEdges(t *testing.T, c *client, template string, l, matrix map[string]any) {
	t.Helper()
	whole := func(name string) int { return int(l[name].(float64)) }
	z := l["tileMatrix"].(string)
	top, bottom, left, right := whole("minTileRow"), whole("maxTileRow"), whole("minTileCol"), whole("maxTileCol")
	if top < 0 || left < 0 || top > bottom || left > right || float64(bottom) >= matrix["matrixHeight"].(float64) || float64(right) >= matrix["matrixWidth"].(float64) {
		t.Errorf("limits %v are not within %v", l, matrix)
	}
	for _, at := range [][2]int{{top, left}, {top, right}, {bottom, left}, {bottom, right}} {
		a := c.get(fill(template, z, at[0], at[1])).want(t, 200)
		if got := a.header.Get("Content-Type"); got != "application/vnd.mapbox-vector-tile" {
			t.Errorf("a tile of type %q", got)
		}
		if _, err := mvt.Unmarshal(a.body); err != nil {
			t.Errorf("%s: %v", fill(template, z, at[0], at[1]), err)
		}
	}
	for _, at := range [][2]int{{top - 1, left}, {bottom + 1, left}, {top, left - 1}, {top, right + 1}} {
		c.get(fill(template, z, at[0], at[1])).want(t, 404)
	}
}

func fill(template, z string, row, col int) string {
	return strings.NewReplacer("{tileMatrix}", z, "{tileRow}", fmt.Sprint(row), "{tileCol}", fmt.Sprint(col)).Replace(template)
}

func withForm(address, form string) string {
	if strings.Contains(address, "?") {
		return address + "&f=" + form
	}
	return address + "?f=" + form
}

func layersOf(t *testing.T, c *client, path string) []string {
	t.Helper()
	layers, err := mvt.Unmarshal(c.get(path).want(t, 200).body)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range layers {
		names = append(names, l.Name)
	}
	return names
}

// The tag of a tile lives on when rows change elsewhere, and a 304 costs no
// query even after a write, when the limits of the tileset are not known.
func TestOnlyTilesThatWereTouchedExpire(t *testing.T) {
	s := newStore(3)
	c := serve(t, config(s))
	west, east := "/collections/seats/tiles/WebMercatorQuad/1/0/0", "/collections/seats/tiles/WebMercatorQuad/1/0/1"
	c.get(west, "If-None-Match", "*").want(t, 404) // it has no features, and was never given out
	east0 := c.get(east).want(t, 200).header.Get("ETag")
	west0 := c.get("/tiles/WebMercatorQuad/1/0/0?collections=airports").want(t, 200).header.Get("ETag")
	s.version++
	before := s.queries
	c.get("/tiles/WebMercatorQuad/1/0/0?collections=airports", "If-None-Match", west0).want(t, 304)
	if s.queries != before {
		t.Errorf("a 304 cost %d queries", s.queries-before)
	}
	if a := c.get(east, "If-None-Match", east0).want(t, 200); a.header.Get("ETag") == east0 {
		t.Error("a tile that was touched has the tag of before")
	}
	if a := c.get(east, "If-None-Match", "*"); a.status != 304 || a.header.Get("ETag") == "" {
		t.Errorf("a tile that is there does not match *: %d", a.status)
	}
}
