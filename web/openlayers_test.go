package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"
)

// TestOpenLayersDrawsTilesets lets the real library read tilesets by their
// OGC documents, in both grids, one collection and several.
func TestOpenLayersDrawsTilesets(t *testing.T) {
	script := openLayers(t)
	site := serve(t, seeded(t))
	inner := site.Config.Handler
	site.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/openlayers":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,"><div id="map" style="width:800px;height:600px"></div><script src="/openlayers.js"></script>`)
		case "/openlayers.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write(script)
		default:
			inner.ServeHTTP(w, r)
		}
	})
	tab := open(t, 900, 700)
	for i, one := range []struct {
		tileset, projection string
		least               int
	}{
		{"/collections/seats/tiles/WebMercatorQuad", "EPSG:3857", 100},
		{"/collections/seats/tiles/WorldCRS84Quad", "CRS:84", 100},
		{"/tiles/WebMercatorQuad?collections=airports,seats", "EPSG:3857", 200},
		{"/tiles/WorldCRS84Quad?collections=airports,seats", "CRS:84", 200},
	} {
		// Each is a page of its own: only the part behind # differing would load none.
		tab.do(chromedp.Navigate(fmt.Sprintf("%s/openlayers?%d#%s", site.URL, i, url.PathEscape(site.URL+one.tileset+" "+one.projection))))
		tab.waitFor(`typeof window.drawn === "string" && window.drawn !== ""`)
		var got struct{ Features, Failed, Zooms int }
		if err := json.Unmarshal([]byte(tab.eval("window.drawn")), &got); err != nil {
			t.Fatalf("%s: %v", one.tileset, err)
		}
		if got.Features < one.least || got.Failed > 0 || got.Zooms < 10 {
			t.Errorf("%s: OpenLayers draws %d features of at least %d in a grid of %d zooms; %d tiles failed", one.tileset, got.Features, one.least, got.Zooms, got.Failed)
		}
	}
	tab.noTrouble(t)
	site.noRefusal(t)
}

// openLayers bundles the page's script with the library that npm fetched.
func openLayers(t *testing.T) []byte {
	t.Helper()
	directory, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	result := api.Build(api.BuildOptions{AbsWorkingDir: directory, EntryPoints: []string{"testdata/openlayers.js"}, Bundle: true, Write: false, Format: api.FormatIIFE, LogLevel: api.LogLevelSilent})
	if len(result.Errors) > 0 {
		t.Fatalf("OpenLayers cannot be bundled (`npm ci` in web fetches it): %v", result.Errors[0].Text)
	}
	return result.OutputFiles[0].Contents
}
