package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// realServer serves the shipped facts and a few roads from a real PostGIS.
func realServer(t *testing.T) *client {
	t.Helper()
	_, c := realStore(t)
	return c
}

// realStore is realServer with the store that it serves from.
func realStore(t *testing.T) (*postgis.Store, *client) {
	t.Helper()
	store, err := postgis.Open(t.Context(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	for _, load := range []spatial.Load{facts, someRoads()} {
		if _, err := store.Load(t.Context(), load, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
	return store, serve(t, writeConfig(store))
}

func someRoads() spatial.Load {
	roads, _ := spatial.CollectionByID("roads")
	table := spatial.TableLoad{Collection: roads}
	for i := range 40 {
		table.Records = append(table.Records, spatial.Record{Feature: spatial.Feature{ID: fmt.Sprintf("r%03d", i),
			Geometry:   orb.LineString{{100 + float64(i)/10, 30}, {100.1 + float64(i)/10, 30.1}},
			Properties: map[string]any{"source": "test-roads", "network": "test", "mode": "car", "class": "trunk", "speed_kmh": float64(80 + i), "length_m": 10000.0}}})
	}
	return spatial.Load{Name: "roads-of-a-test", Hash: strings.Repeat("a", 64), Tables: append(oneOfEach("test-roads"), table, oneCluster(), oneScenario()),
		Datasets: []spatial.Dataset{{ID: "test-roads", Title: "Roads of a test", Licence: "CC0-1.0", Version: "1", Kind: spatial.Modelled}}}
}

// published are the collections that exist for everyone.
func published() []spatial.Collection {
	return slices.DeleteFunc(spatial.Collections(), func(c spatial.Collection) bool { return c.AdminsOnly })
}

// oneOfEach has a row for each of the collections that facts leave empty and
// that have no row of their own below.
func oneOfEach(dataset string) []spatial.TableLoad {
	var tables []spatial.TableLoad
	for _, id := range []string{"cities", "metropolitan-areas", "development-axes", "stations", "facilities", "control-lines", "zones", "proposals",
		"rules", "quota-ledger", "plans", "articles", "systems", "indicators", "observations"} {
		c, _ := spatial.CollectionByID(id)
		r := spatial.Record{Feature: spatial.Feature{ID: id + "-1", Properties: map[string]any{"source": dataset, "name_zh": "示例", "name_en": c.Title}}}
		switch c.Geometry {
		case spatial.Point:
			r.Geometry = orb.Point{104, 30.5}
		case spatial.LineString:
			r.Geometry = orb.LineString{{104, 30.5}, {106.5, 29.5}}
		case spatial.MultiPolygon:
			r.Geometry = orb.MultiPolygon{{{{103, 29}, {107, 29}, {107, 31}, {103, 31}, {103, 29}}}}
		}
		for _, p := range c.Properties {
			if len(p.Enum) > 0 {
				r.Properties[p.Name] = p.Enum[0]
			}
		}
		tables = append(tables, spatial.TableLoad{Collection: c, Records: []spatial.Record{r}})
	}
	return tables
}

// The collections that ship empty have a row here.
func oneCluster() spatial.TableLoad {
	clusters, _ := spatial.CollectionByID("city-clusters")
	return spatial.TableLoad{Collection: clusters, Records: []spatial.Record{{Feature: spatial.Feature{ID: "cluster-of-a-test",
		Geometry:   orb.MultiPolygon{{{{103, 29}, {107, 29}, {107, 31}, {103, 31}, {103, 29}}}},
		Properties: map[string]any{"source": "test-roads", "name_zh": "成渝城市群", "member_adcodes": []string{"500000", "510100"}, "mentions": []any{"1"}}}}}}
}

func oneScenario() spatial.TableLoad {
	scenarios, _ := spatial.CollectionByID("scenarios")
	return spatial.TableLoad{Collection: scenarios, Records: []spatial.Record{{Feature: spatial.Feature{ID: "slow-trunks",
		Properties: map[string]any{"source": "test-roads", "status": "draft", "edits": []any{map[string]any{"type": "set-speed", "class": "trunk", "factor": 0.5}}}}}}}
}

func TestRealStoreServesEveryCollection(t *testing.T) {
	c := realServer(t)
	for _, one := range published() {
		t.Run(one.ID, func(t *testing.T) { checkCollection(t, c, one) })
	}
	refusals := []string{"filter=" + url.QueryEscape("level > 'x' AND NOT name_zh LIKE '%'"), "cursor=e30"}
	c.get("/collections/seats/items?"+refusals[0]).want(t, 200)
	c.get("/collections/seats/items?"+refusals[1]).want(t, 400)
}

func checkCollection(t *testing.T, c *client, one spatial.Collection) {
	base := "/collections/" + one.ID
	first := c.get(base+"/items?limit=7").want(t, 200).json(t)
	if first["numberMatched"] == 0.0 {
		t.Fatal("no features: the test would prove nothing")
	}
	id := featureIDs(first)[0]
	feature := c.get(base+"/items/"+url.PathEscape(id)).want(t, 200).json(t)
	if feature["id"] != id {
		t.Errorf("asked for %s, got %v", id, feature["id"])
	}
	lines, err := csv.NewReader(strings.NewReader(string(c.get(base+"/items?f=csv&limit=10000").want(t, 200).body))).ReadAll()
	if err != nil || float64(len(lines)-1) != first["numberMatched"] {
		t.Errorf("CSV holds %d lines (%v), numberMatched %v", len(lines)-1, err, first["numberMatched"])
	}
	c.get(base+"/items?f=html&limit=20").want(t, 200)
	for _, p := range one.Queryables() {
		checkEquality(t, c, base, p, first)
		if p.Type == spatial.StringList {
			continue // which nothing can be sorted by
		}
		sorted := base + "/items?skipGeometry=true&properties=id&limit=1200&sortby=-" + p.Name
		count, next := 0, sorted
		for next != "" {
			page := c.get(next).want(t, 200).json(t)
			ids := featureIDs(page)
			count += len(ids)
			if prev := rel(page, "prev"); prev != "" {
				if back := c.get(prev).want(t, 200).json(t); rel(back, "next") == "" {
					t.Errorf("sorted by %s: the page before has no next", p.Name)
				}
			}
			next = rel(page, "next")
		}
		if float64(count) != first["numberMatched"] {
			t.Errorf("sorted by %s: pages hold %d of %v", p.Name, count, first["numberMatched"])
		}
	}
	if one.Tiles != nil {
		set := c.get(base+"/tiles/WebMercatorQuad").want(t, 200).json(t)
		if one.ID != "divisions" && set["boundingBox"] == nil {
			t.Error("no bounding box")
		}
		tile := c.get(base+"/tiles/WebMercatorQuad/0/0/0").want(t, 200)
		if one.ID != "divisions" && len(tile.body) == 0 {
			t.Error("the tile of the whole world is empty")
		}
	}
}

// checkEquality asks for the value that the first feature has.
func checkEquality(t *testing.T, c *client, base string, p spatial.Property, page map[string]any) {
	t.Helper()
	properties := page["features"].([]any)[0].(map[string]any)["properties"].(map[string]any)
	value, ok := properties[p.Name]
	if !ok || value == nil || slices.Contains([]string{"f", "limit", "filter"}, p.Name) {
		return
	}
	if list, ok := value.([]any); ok {
		value = list[0] // one element is meant
	}
	text := fmt.Sprint(value)
	if number, ok := value.(float64); ok {
		text = strconv.FormatFloat(number, 'f', -1, 64)
	}
	found := c.get(base+"/items?limit=10000&"+url.Values{p.Name: {text}}.Encode()).want(t, 200).json(t)
	if len(found["features"].([]any)) == 0 {
		t.Errorf("%s=%s finds nothing, though a feature has it", p.Name, text)
	}
}

func TestRealCoordinatesFollowTheAxesOfTheirCRS(t *testing.T) {
	c := realServer(t)
	at := func(query string) (x, y float64, answer answer) {
		a := c.get("/collections/seats/items?adcode=510100&limit=1&"+query).want(t, 200)
		var page struct {
			Features []struct {
				Geometry struct{ Coordinates [2]float64 }
			}
		}
		if err := json.Unmarshal(a.body, &page); err != nil || len(page.Features) != 1 {
			t.Fatalf("%v in %s", err, a.body)
		}
		g := page.Features[0].Geometry.Coordinates
		return g[0], g[1], a
	}
	lon, lat, _ := at("")
	if lon < 103 || lon > 105 || lat < 30 || lat > 31 {
		t.Fatalf("Chengdu lies at %v %v", lon, lat)
	}
	if x, y, a := at("crs=" + url.QueryEscape("http://www.opengis.net/def/crs/EPSG/0/4326")); x != lat || y != lon || !strings.Contains(a.header.Get("Content-Crs"), "4326") {
		t.Errorf("in EPSG:4326 it is %v %v", x, y)
	}
	boxes := map[string]string{
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84": fmt.Sprintf("%f,%f,%f,%f", lon-.01, lat-.01, lon+.01, lat+.01),
		"http://www.opengis.net/def/crs/EPSG/0/4490":   fmt.Sprintf("%f,%f,%f,%f", lat-.01, lon-.01, lat+.01, lon+.01),
		"[EPSG:4326]": fmt.Sprintf("%f,%f,%f,%f", lat-.01, lon-.01, lat+.01, lon+.01),
		"https://www.opengis.net/def/crs/OGC/1.3/CRS84 ": "",
	}
	for crs, box := range boxes {
		if box == "" {
			c.get("/collections/seats/items?crs="+url.QueryEscape(crs)).want(t, 400)
			continue
		}
		at("bbox=" + box + "&bbox-crs=" + url.QueryEscape(crs))
	}
}

// TestGDALReadsEverything runs the real driver: it lists and counts every
// collection and downloads all of one.
func TestGDALReadsEverything(t *testing.T) {
	c := realServer(t)
	out, err := exec.Command("ogrinfo", "-ro", "-so", "-al", "OAPIF:"+c.base+"/").CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	counts := map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)Layer name: (\S+)\n.*?Feature Count: (\d+)`).FindAllStringSubmatch(string(out), -1) {
		counts[m[1]] = m[2]
	}
	for _, one := range published() {
		page := c.get("/collections/"+one.ID+"/items?limit=1").want(t, 200).json(t)
		if want := fmt.Sprint(page["numberMatched"]); counts[one.ID] != want {
			t.Errorf("GDAL counts %q in %s, which holds %s", counts[one.ID], one.ID, want)
		}
	}
	seats, err := exec.Command("ogr2ogr", "-f", "CSV", "-lco", "GEOMETRY=AS_XY", "/vsistdout/", "OAPIF:"+c.base, "seats", "-oo", "PAGE_SIZE=500").Output()
	if err != nil {
		t.Fatalf("ogr2ogr: %v", err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(seats))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(len(lines)-1) != counts["seats"] {
		t.Errorf("ogr2ogr downloads %d of %s seats", len(lines)-1, counts["seats"])
	}
	column := slices.Index(lines[0], "id")
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		seen[line[column]] = true
	}
	if len(seen) != len(lines)-1 {
		t.Errorf("%d different ids in %d lines", len(seen), len(lines)-1)
	}
}
