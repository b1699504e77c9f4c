package web_test

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
	"quanyu/tiles"
)

// TestEveryStyleIsDrawn puts a feature of each class of each collection on the
// map, has the official validator read every style as the server gives it, and
// MapLibre draw it: every layer has to show its feature. The pictures are kept,
// and one sheet of all of them.
func TestEveryStyleIsDrawn(t *testing.T) {
	store, err := postgis.Open(t.Context(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	if _, err := store.Load(t.Context(), samples(t), nil); err != nil {
		t.Fatal(err)
	}
	site := drawing(t, store)
	tab := open(t, 600, 450)
	var pictures []image.Image
	for _, id := range styleIDs() {
		validate(t, id, site.fetch(t, "/styles/"+id))
		pictures = append(pictures, drawStyle(t, site, tab, id))
	}
	tab.noTrouble(t)
	keepSheet(t, "styles.png", pictures, 4)
}

func styleIDs() []string {
	ids := []string{tiles.OverviewID}
	for _, c := range spatial.Collections() {
		if c.Tiles != nil {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// samples has, for each layer of marks, a feature that its filter selects.
func samples(t *testing.T) spatial.Load {
	t.Helper()
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	source := facts.Datasets[0]
	l := spatial.Load{Name: "samples", Hash: "1", Datasets: []spatial.Dataset{source}}
	for i, c := range spatial.Collections() {
		style, ok := tiles.CollectionStyle(c, "")
		if !ok {
			continue
		}
		table := spatial.TableLoad{Collection: c}
		add := func(name any, properties map[string]any) {
			n := len(table.Records)
			properties["name_zh"], properties["source"] = name, source.ID
			table.Records = append(table.Records, spatial.Record{Feature: spatial.Feature{
				ID: fmt.Sprintf("%s-%02d", c.Table(), n), Properties: properties, Geometry: sampleGeometry(c.Geometry, n, float64(i)*0.002),
			}})
		}
		for _, layer := range style.Layers {
			if layer.Metadata == nil {
				continue
			}
			add(layer.Metadata["legend:zh"], selected(layer.Filter, map[string]any{}))
			if sizes, ok := layer.Metadata["legend:sizes"].([]map[string]any); ok {
				for _, s := range sizes {
					add(s["zh"], map[string]any{"urban_resident_population": int64(s["from"].(float64))})
				}
			}
		}
		l.Tables = append(l.Tables, table)
	}
	return l
}

// selected are values of properties that a filter lets pass.
func selected(filter []any, values map[string]any) map[string]any {
	for i, part := range filter {
		list, ok := part.([]any)
		switch {
		case !ok || filter[0] == "!":
		case list[0] == "get" && filter[0] == "==":
			values[list[1].(string)] = filter[2]
		case list[0] == "get" && filter[0] == "in":
			values[list[1].(string)] = filter[2].([]any)[1].([]any)[0]
		case i > 0:
			selected(list, values)
		}
	}
	return values
}

// sampleGeometry lays features out in rows of four near Chengdu.
func sampleGeometry(kind spatial.GeometryType, n int, off float64) orb.Geometry {
	const dx, dy = 0.078, 0.062
	p := orb.Point{103.90 + dx*float64(n%4) + off, 30.72 - dy*float64(n/4) - off/3}
	switch kind {
	case spatial.Point:
		return p
	case spatial.LineString:
		return orb.LineString{{p[0] - 0.035, p[1]}, {p[0], p[1] + 0.004}, {p[0] + 0.035, p[1] - 0.003}}
	}
	w, h := 0.033, 0.025
	return orb.MultiPolygon{{{{p[0] - w, p[1] - h}, {p[0] + w, p[1] - h*0.8}, {p[0] + w*0.8, p[1] + h}, {p[0] - w*0.9, p[1] + h*0.9}, {p[0] - w, p[1] - h}}}}
}

// drawing is the server, and beside it a bare page that draws a style with the
// MapLibre that the map page is built from.
func drawing(t *testing.T, store *postgis.Store) *site {
	t.Helper()
	lib := filepath.Join("node_modules", "maplibre-gl", "dist")
	if _, err := os.Stat(filepath.Join(lib, "maplibre-gl.js")); err != nil {
		t.Fatalf("MapLibre is not there: `make page` fetches it (%v)", err)
	}
	seen := &answers{}
	mux := http.NewServeMux()
	mux.Handle("/", seen.watch(handler(t, store)))
	mux.Handle("/lib/", http.StripPrefix("/lib/", http.FileServer(http.Dir(lib))))
	mux.HandleFunc("/draw/{id}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, drawPage, r.PathValue("id")) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &site{Server: server, seen: seen}
}

// drawPage says at the end which layers show a feature, or what went wrong.
const drawPage = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="/lib/maplibre-gl.css">
<style>html, body, #map { height: 100%%; margin: 0 }</style><div id="map"></div><script src="/lib/maplibre-gl.js"></script><script>
const map = new maplibregl.Map({ container: "map", style: "/styles/%s", center: [104.02, 30.63], zoom: 10.1, fadeDuration: 0, attributionControl: false, canvasContextAttributes: { preserveDrawingBuffer: true } });
map.on("error", (e) => { window.wrong = String(e.error && e.error.message || e.error || e.message); });
map.once("idle", () => {
  const shown = {};
  for (const layer of map.getStyle().layers) if (layer.type !== "background") shown[layer.id] = map.queryRenderedFeatures({ layers: [layer.id] }).length;
  window.shown = JSON.stringify(shown);
});
</script></html>`

func drawStyle(t *testing.T, site *site, tab *tab, id string) image.Image {
	t.Helper()
	tab.do(chromedp.Navigate(site.URL + "/draw/" + id))
	tab.waitFor(`window.shown !== undefined || window.wrong !== undefined`)
	if wrong := tab.eval(`window.wrong || ""`); wrong != "" {
		t.Fatalf("%s: MapLibre says %q", id, wrong)
	}
	var shown map[string]int
	if err := json.Unmarshal([]byte(tab.eval("window.shown")), &shown); err != nil {
		t.Fatal(err)
	}
	marks, names := 0, 0
	for layer, n := range shown {
		switch label := strings.HasSuffix(layer, "-label"); {
		case label:
			names += n
		case n == 0:
			t.Errorf("%s: layer %s shows nothing", id, layer)
		default:
			marks++
		}
	}
	if marks == 0 || names == 0 && id != "roads" {
		t.Errorf("%s: %d layers of marks and %d names are drawn", id, marks, names)
	}
	picture := run(tab, chromedp.CaptureScreenshot())
	if err := keep("drawn-"+id+".png", picture); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(strings.NewReader(string(picture)))
	if err != nil {
		t.Fatal(err)
	}
	if n := colours(img); n < 12 {
		t.Errorf("%s: the picture has only %d colours", id, n)
	}
	return img
}

func colours(img image.Image) int {
	seen := map[color.Color]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

// validate has the validator of the style specification read a style.
func validate(t *testing.T, id string, style []byte) {
	t.Helper()
	program := filepath.Join("node_modules", "@maplibre", "maplibre-gl-style-spec", "dist", "gl-style-validate.mjs")
	file := filepath.Join(t.TempDir(), id+".json")
	if err := os.WriteFile(file, style, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("node", program, file).CombinedOutput(); err != nil || len(strings.TrimSpace(string(out))) > 0 {
		t.Errorf("%s is no valid style: %v\n%s", id, err, out)
	}
}

func (s *site) fetch(t *testing.T, path string) []byte {
	t.Helper()
	response, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var document json.RawMessage
	if err := json.NewDecoder(response.Body).Decode(&document); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s: %v", path, response.Status, err)
	}
	return document
}

// keepSheet keeps the pictures at half their size, some in a row.
func keepSheet(t *testing.T, name string, pictures []image.Image, columns int) {
	t.Helper()
	w, h := pictures[0].Bounds().Dx()/2, pictures[0].Bounds().Dy()/2
	rows := (len(pictures) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(w+4), rows*(h+4)))
	for i, p := range pictures {
		left, top := i%columns*(w+4), i/columns*(h+4)
		for y := range h {
			for x := range w {
				sheet.Set(left+x, top+y, mean(p, 2*x, 2*y))
			}
		}
	}
	var out strings.Builder
	if err := png.Encode(&out, sheet); err != nil {
		t.Fatal(err)
	}
	if err := keep(name, []byte(out.String())); err != nil {
		t.Fatal(err)
	}
}

// mean is the mean colour of four pixels.
func mean(img image.Image, x, y int) color.Color {
	var sum [3]uint32
	for _, at := range []image.Point{{x, y}, {x + 1, y}, {x, y + 1}, {x + 1, y + 1}} {
		r, g, b, _ := img.At(at.X, at.Y).RGBA()
		for i, v := range []uint32{r, g, b} {
			sum[i] += v >> 8
		}
	}
	return color.RGBA{uint8(sum[0] / 4), uint8(sum[1] / 4), uint8(sum[2] / 4), 255}
}
