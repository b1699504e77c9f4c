package api_test

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
)

const relTilesetsPrefix = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-"

// TestCiteTiles walks the methods of ets-ogcapi-tiles10.
func TestCiteTiles(t *testing.T) {
	newCite(t, realServer(t)).runAll(t, citeTiles())
}

func citeTiles() []method {
	return []method{
		{"LandingPage.landingPageRetrieval", func(t *testing.T, s *cite) { linked(t, s.landing, relTilesets) }},
		{"ApiDefinition.apiDefinitionValidation", func(t *testing.T, s *cite) { linked(t, s.landing, "service-desc") }},
		{"Conformance.validateConformanceOperationAndResponse", func(t *testing.T, s *cite) {
			declared(t, s.client, "ogcapi-tiles-1/1.0/conf/core")
		}},
		{"MandatoryCore.verifyMinimalConformance", func(t *testing.T, s *cite) {
			for _, set := range s.tilesets(t) {
				id, uri := set["tileMatrixSetId"].(string), set["tileMatrixSetURI"].(string)
				if uri != "http://www.opengis.net/def/tilematrixset/OGC/1.0/"+id || !strings.Contains(rel(set, "item"), "/tiles/"+id) {
					t.Errorf("%s is registered as %s and used in %s", id, uri, rel(set, "item"))
				}
			}
		}},
		{"MandatoryCore.validateSuccessfulTilesExecution", func(t *testing.T, s *cite) { s.everyTile(t) }},
		{"MandatoryCore.verifyErrorResponses", func(t *testing.T, s *cite) {
			for _, set := range s.tilesets(t) {
				for _, bad := range []string{fill(rel(set, "item"), "0", math.MaxInt32, math.MaxInt32), fill(rel(set, "item"), "2147483647", 0, 0)} {
					if a := s.java(bad); a.status != 404 && a.status != 400 {
						t.Errorf("%s answers %d", bad, a.status)
					}
				}
			}
		}},
		{"Tile.validateTilesAreAvailable", func(t *testing.T, s *cite) { s.entryLinks(t) }},
		{"Tile.validateSuccessfulTilesExecutionFollowingLinks", func(t *testing.T, s *cite) { s.limitTiles(t, 0, 200) }},
		{"Tile.validateTilesErrorConditions", func(t *testing.T, s *cite) { s.limitTiles(t, 1, 404) }},
		{"Tile.validateTileMatrixDefinitionIsAvailable", templateHas("{tileMatrix}")},
		{"Tile.validateTileRowDefinitionIsAvailable", templateHas("{tileRow}")},
		{"Tile.validateTileColDefinitionIsAvailable", templateHas("{tileCol}")},
		{"TileSet.validateTilesetResponse", func(t *testing.T, s *cite) {
			sets := s.get("/tileMatrixSets", "Accept", "application/json").want(t, 200).json(t)["tileMatrixSets"].([]any)
			for _, one := range sets {
				set := one.(map[string]any)
				for _, name := range []string{"item", "self"} {
					if !strings.Contains(rel(set, name), set["id"].(string)) {
						t.Errorf("%v: link %s leads to %s", set["id"], name, rel(set, name))
					}
				}
				if m := s.get(rel(set, "item"), "Accept", "application/json").want(t, 200).json(t)["tileMatrices"].([]any); len(m) == 0 {
					t.Errorf("%v has no matrices", set["id"])
				}
			}
		}},
		{"TilesetLinks.validateTilesetsListResponse", func(t *testing.T, s *cite) {
			for _, href := range s.tilesetLists() {
				if !strings.HasSuffix(href, "/tiles") {
					t.Errorf("the list of tilesets is at %s", href)
				}
				for _, set := range s.get(href, "Accept", "application/json").want(t, 200).json(t)["tilesets"].([]any) {
					for _, name := range []string{"tileMatrixSetURI", "tileMatrixSetLimits", "dataType", "crs"} {
						if set.(map[string]any)[name] == nil {
							t.Errorf("%s: an entry lacks %s", href, name)
						}
					}
				}
			}
		}},
		{"GeospatialDataResource.geospatialResourceTilesetsLinksCheck", func(t *testing.T, s *cite) {
			if len(s.tilesetLists()) < 3 {
				t.Errorf("tilesets at %v only", s.tilesetLists())
			}
		}},
		{"DatasetTilesets.landingPageRetrieval", func(t *testing.T, s *cite) { linked(t, s.landing, relTilesets) }},
	}
}

// java asks as Java's own HTTP client does when it is told nothing.
func (s *cite) java(address string) answer {
	return s.do(http.MethodGet, address, "", "Accept", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "User-Agent", "Java/17.0.15")
}

// tilesetLists are the addresses where tilesets are linked from: the landing
// page and each collection.
func (s *cite) tilesetLists() []string {
	var found []string
	for _, document := range append([]map[string]any{s.landing}, s.collections...) {
		for _, l := range links(document) {
			if strings.HasPrefix(l["rel"].(string), relTilesetsPrefix) {
				found = append(found, l["href"].(string))
			}
		}
	}
	return found
}

// tilesets reads every tileset by its link of type JSON in a list.
func (s *cite) tilesets(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, list := range s.tilesetLists() {
		for _, entry := range s.get(list, "Accept", "application/json").want(t, 200).json(t)["tilesets"].([]any) {
			all = append(all, s.get(rel(entry.(map[string]any), "self"), "Accept", "application/json").want(t, 200).json(t))
		}
	}
	if len(all) < 4 {
		t.Fatalf("only %d tilesets", len(all))
	}
	return all
}

// entryLinks gets every link of every entry of a list: the suite wants JSON
// with status 200 from each, and so no template may be among them.
func (s *cite) entryLinks(t *testing.T) {
	for _, list := range s.tilesetLists() {
		for _, entry := range s.get(list, "Accept", "application/json").want(t, 200).json(t)["tilesets"].([]any) {
			for _, l := range links(entry.(map[string]any)) {
				if strings.Contains(l["href"].(string), "{") {
					t.Errorf("%s: an entry links to a template: %v", list, l["href"])
					continue
				}
				s.get(l["href"].(string), "Accept", "application/json, application/javascript, text/javascript, text/json").want(t, 200).json(t)
			}
		}
	}
}

// limitTiles asks for the tile that the first limits name, or one below it.
func (s *cite) limitTiles(t *testing.T, below, status int) {
	for _, set := range s.tilesets(t) {
		first := set["tileMatrixSetLimits"].([]any)[0].(map[string]any)
		address := fill(rel(set, "item"), first["tileMatrix"].(string), int(first["maxTileRow"].(float64))+below, int(first["minTileCol"].(float64)))
		s.java(address).want(t, status)
	}
}

// everyTile asks for each tile of a range, as a tester gives it to the suite,
// and holds, which the suite does not, that the bytes are a tile whose points
// lie in it or in its margin.
func (s *cite) everyTile(t *testing.T) {
	for _, set := range s.tilesets(t) {
		for _, one := range set["tileMatrixSetLimits"].([]any)[:4] {
			l := one.(map[string]any)
			for row := int(l["minTileRow"].(float64)); row <= int(l["maxTileRow"].(float64)); row++ {
				for col := int(l["minTileCol"].(float64)); col <= int(l["maxTileCol"].(float64)); col++ {
					address := fill(rel(set, "item"), l["tileMatrix"].(string), row, col)
					checkTile(t, address, s.java(address).want(t, 200).body)
				}
			}
		}
	}
}

func checkTile(t *testing.T, address string, body []byte) {
	t.Helper()
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Errorf("%s: %v", address, err)
		return
	}
	for _, layer := range layers {
		if layer.Version != 2 || layer.Extent != 4096 {
			t.Errorf("%s: layer %s has version %d, extent %d", address, layer.Name, layer.Version, layer.Extent)
		}
		margin := orb.Bound{Min: orb.Point{-1024, -1024}, Max: orb.Point{5120, 5120}}
		for _, f := range layer.Features {
			if b := f.Geometry.Bound(); !margin.Contains(b.Min) || !margin.Contains(b.Max) {
				t.Errorf("%s: layer %s has a feature at %v", address, layer.Name, b)
			}
		}
	}
}

func templateHas(variable string) func(*testing.T, *cite) {
	return func(t *testing.T, s *cite) {
		for _, set := range s.tilesets(t) {
			if !strings.Contains(rel(set, "item"), variable) {
				t.Errorf("%v: the template %s lacks %s", set["title"], rel(set, "item"), variable)
			}
		}
	}
}

// Every address answers HEAD as GET, lists its methods, takes a slash at its
// end, and refuses other methods and forms by their names.
func TestEveryAddressMindsItsManners(t *testing.T) {
	c := serve(t, config(newStore(3)))
	for _, one := range operations(c.checker.document) {
		if one.method != http.MethodGet || strings.Contains(one.path, "/collections/") && strings.Contains(one.path, "/items") && !strings.Contains(one.path, "/seats/") {
			continue
		}
		path := exampleOf().Replace(one.path)
		get, head := c.get(path).want(t, 200), c.do(http.MethodHead, path, "").want(t, 200)
		if len(head.body) != 0 || head.header.Get("Content-Type") != get.header.Get("Content-Type") || head.header.Get("ETag") != get.header.Get("ETag") {
			t.Errorf("HEAD %s gives %d bytes and %v", path, len(head.body), head.header)
		}
		if path != "/" {
			slashed := c.get(path + "/")
			if slashed.status != 200 || slashed.header.Get("Content-Type") != get.header.Get("Content-Type") {
				t.Errorf("%s/ answers %d", path, slashed.status)
			}
		}
		allow := strings.Split(c.do(http.MethodOptions, path, "").want(t, 204).header.Get("Allow"), ", ")
		for _, method := range []string{"PUT", "PATCH", "DELETE", "POST", "TRACE"} {
			if slices.Contains(allow, method) {
				continue
			}
			if a := c.do(method, path, "{}", "Content-Type", "application/json").want(t, 405); a.header.Get("Allow") != strings.Join(allow, ", ") || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %v", method, path, a.header)
			}
		}
		checkForms(t, c, path, one)
	}
}

// checkForms asks for each form by f, which wins over Accept, and for one that
// nothing has.
func checkForms(t *testing.T, c *client, path string, one operation) {
	t.Helper()
	if one.Parameters.GetByInAndName("query", "f") == nil {
		return
	}
	c.get(path+"?f=shapefile").want(t, 406)
	for media := range one.Responses.Value("200").Value.Content {
		form := map[string]string{"text/html": "html", "text/csv": "csv", "application/geo+json": "geojson", "application/vnd.ogc.fg+json": "jsonfg", "application/vnd.mapbox-vector-tile": "mvt"}[media]
		if form == "" {
			form = "json"
		}
		a := c.get(path+"?f="+form, "Accept", "image/png").want(t, 200)
		if got, _, _ := strings.Cut(a.header.Get("Content-Type"), ";"); got != strings.Split(media, ";")[0] {
			t.Errorf("%s?f=%s is %s, want %s", path, form, got, media)
		}
	}
}

// A tileset's matrices are named as OpenLayers wants them: all from 0 on.
func TestLimitsStartAtTheFirstMatrix(t *testing.T) {
	s := newCite(t, serve(t, config(newStore(3))))
	for _, set := range s.tilesets(t) {
		for z, one := range set["tileMatrixSetLimits"].([]any) {
			if got := one.(map[string]any)["tileMatrix"]; got != strconv.Itoa(z) {
				t.Errorf("%v: matrix %v at place %d", set["title"], got, z)
			}
		}
	}
}
