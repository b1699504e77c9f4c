package tiles_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/api"
	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
	"quanyu/tiles"
)

// TestGDALReadsEveryTileset has GDAL's MVT driver read each collection's tiles of
// one zoom by its TileJSON: every feature once, of the right type, with its
// fields, where it is.
func TestGDALReadsEveryTileset(t *testing.T) {
	server := served(t)
	for _, c := range spatial.Collections() {
		if c.Tiles == nil {
			continue
		}
		source := "MVT:" + server + "/" + c.ID + "/6"
		about := ogrinfo(t, "-so", source, c.ID)
		kind := map[spatial.GeometryType]string{spatial.Point: "Point", spatial.LineString: "Line String", spatial.MultiPolygon: "Polygon"}[c.Geometry]
		if !strings.Contains(about, "Geometry: "+kind) && !strings.Contains(about, "Geometry: Multi "+kind) && !strings.Contains(about, "Geometry: Unknown") {
			t.Errorf("%s: no geometry of type %s in\n%s", c.ID, kind, about)
		}
		if !strings.Contains(about, `"WGS 84 / Pseudo-Mercator"`) {
			t.Errorf("%s: not in Web Mercator\n%s", c.ID, about)
		}
		for _, p := range tiles.TileProperties(c) {
			if !strings.Contains(about, "\n"+p.Name+": ") {
				t.Errorf("%s: GDAL finds no field %s", c.ID, p.Name)
			}
		}
		counted := ogrinfo(t, "-q", source, "-sql", fmt.Sprintf(`SELECT COUNT(DISTINCT id) AS n FROM "%s"`, c.ID))
		if got := number(t, `n \(Integer\w*\) = (\d+)`, counted); got != many {
			t.Errorf("%s: GDAL finds %v features of %d", c.ID, got, many)
		}
		if carries(c, "name_zh") {
			first := ogrinfo(t, "-q", source, "-sql", fmt.Sprintf(`SELECT name_zh FROM "%s" WHERE id = '%s-0'`, c.ID, c.Table()))
			if !strings.Contains(first, "= 成都0") {
				t.Errorf("%s: the first feature is\n%s", c.ID, first)
			}
		}
		checkExtent(t, c, about)
	}
}

// many is how many features each collection has here.
const many = 9

// corner is where the features begin; they go 0.2 degrees apart to the north-east.
var corner = orb.Point{103.7, 30.1}

func checkExtent(t *testing.T, c spatial.Collection, about string) {
	t.Helper()
	grid := spatial.WebMercatorQuad()
	at := grid.Project(corner)
	left, bottom := number(t, `Extent: \(([-\d.]+), `, about), number(t, `Extent: \([-\d.]+, ([-\d.]+)\)`, about)
	if step := grid.Side(6) / spatial.TileExtent; math.Abs(left-at[0]) > 2*step || math.Abs(bottom-at[1]) > 2*step {
		t.Errorf("%s: begins at %v %v, want %v", c.ID, left, bottom, at)
	}
}

func carries(c spatial.Collection, name string) bool {
	for _, p := range tiles.TileProperties(c) {
		if p.Name == name {
			return true
		}
	}
	return false
}

func number(t *testing.T, pattern, text string) float64 {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no %s in\n%s", pattern, text)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ogrinfo(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("ogrinfo", append([]string{"-ro"}, args...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "ERROR") {
		t.Fatalf("ogrinfo %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// served is a server with features in each collection, under the addresses that
// the driver makes: it knows z/x/y.pbf and metadata.json only, not the template
// of TileJSON.
func served(t *testing.T) string {
	t.Helper()
	store, err := postgis.Open(t.Context(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	if _, err := store.Load(t.Context(), features(t), nil); err != nil {
		t.Fatal(err)
	}
	own := api.New(api.Config{Version: "test", Items: store, Tiles: store, Inputs: store, Ready: store.Ready, Log: slog.New(slog.DiscardHandler)})
	mux := http.NewServeMux()
	mux.HandleFunc("/{id}/metadata.json", func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		own.ServeHTTP(answer, httptest.NewRequest("GET", "/collections/"+r.PathValue("id")+"/tiles/WebMercatorQuad?f=tilejson", nil))
		var document map[string]any
		if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil || document["tilejson"] != "3.0.0" {
			t.Errorf("%s has no TileJSON: %s", r.PathValue("id"), answer.Body)
		}
		_, _ = w.Write(answer.Body.Bytes()) // a reader that went shows in ogrinfo
	})
	mux.HandleFunc("/{id}/{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) {
		y := strings.TrimSuffix(r.PathValue("y"), ".pbf")
		at := fmt.Sprintf("/collections/%s/tiles/WebMercatorQuad/%s/%s/%s", r.PathValue("id"), r.PathValue("z"), y, r.PathValue("x"))
		own.ServeHTTP(w, httptest.NewRequest("GET", at, nil))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func features(t *testing.T) spatial.Load {
	t.Helper()
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	source := facts.Datasets[0]
	l := spatial.Load{Name: "samples", Hash: "1", Datasets: []spatial.Dataset{source}}
	for _, c := range spatial.Collections() {
		if c.Tiles == nil {
			continue
		}
		table := spatial.TableLoad{Collection: c}
		for i := range many {
			properties := map[string]any{"name_zh": fmt.Sprintf("成都%d", i), "source": source.ID}
			if d := c.Tiles.At(6); d.Property != "" {
				properties[d.Property] = d.AtLeast
			}
			for _, p := range tiles.TileProperties(c) { // each field is known by a value
				if _, set := properties[p.Name]; !set && p.Name != "id" {
					properties[p.Name] = sample(p)
				}
			}
			table.Records = append(table.Records, spatial.Record{Feature: spatial.Feature{ID: fmt.Sprintf("%s-%d", c.Table(), i), Properties: properties, Geometry: shape(c.Geometry, i)}})
		}
		l.Tables = append(l.Tables, table)
	}
	return l
}

func sample(p spatial.Property) any {
	switch {
	case len(p.Enum) > 0:
		return p.Enum[0]
	case p.Type == spatial.Integer:
		return int64(7)
	case p.Type == spatial.Number:
		return 7.5
	case p.Type == spatial.Boolean:
		return true
	case p.Type == spatial.Date:
		return time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	}
	return "x"
}

func shape(kind spatial.GeometryType, i int) orb.Geometry {
	p := orb.Point{corner[0] + 0.2*float64(i), corner[1] + 0.2*float64(i)}
	switch kind {
	case spatial.Point:
		return p
	case spatial.LineString:
		return orb.LineString{p, {p[0] + 0.1, p[1] + 0.1}}
	}
	return orb.MultiPolygon{{{p, {p[0] + 0.15, p[1]}, {p[0] + 0.15, p[1] + 0.15}, {p[0], p[1] + 0.15}, p}}}
}
