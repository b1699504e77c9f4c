package web_test

import (
	"fmt"
	"image/color"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// settlementColours are those of axes and cities in their styles.
var settlementColours = map[string]color.RGBA{
	"axes": {0xb4, 0x53, 0x2a, 255}, "cities": {0x8a, 0x33, 0x24, 255},
}

// TestSettlementPicture draws axes, cities and border places together, with the
// layers of their own styles, as the picture in the documents has it. The
// metropolitan areas, which have no outline until divisions are imported, are
// rings around their centres.
func TestSettlementPicture(t *testing.T) {
	store := seeded(t)
	seen := &answers{}
	mux := http.NewServeMux()
	mux.Handle("/", seen.watch(handler(t, store)))
	mux.Handle("/lib/", http.StripPrefix("/lib/", http.FileServer(http.Dir(filepath.Join("node_modules", "maplibre-gl", "dist")))))
	mux.HandleFunc("/settlement", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, settlementPage) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	tab := open(t, 1280, 860)
	tab.do(chromedp.Navigate(server.URL + "/settlement"))
	tab.waitFor(`window.shown !== undefined || window.wrong !== undefined`)
	if wrong := tab.eval(`window.wrong || ""`); wrong != "" {
		t.Fatal(wrong)
	}
	if shown := tab.eval("window.shown"); shown != "true" {
		t.Errorf("of axes, cities, centres and border places are drawn %s", shown)
	}
	tab.shotOf(t, "settlement.png", settlementColours, 200)
	tab.noTrouble(t)
}

// settlementPage takes the layers as the styles have them, and shows names from
// the zoom of the whole country on.
const settlementPage = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="/lib/maplibre-gl.css">
<style>
html, body, #map { height: 100%; margin: 0 }
#legend { position: absolute; left: 400px; top: 14px; padding: 14px 18px; background: #fffffff0; border: 1px solid #ddd8cc; border-radius: 8px; font: 14px/1.9 "Noto Sans CJK SC", sans-serif; color: #33383d }
#legend b { display: block; font-size: 16px; line-height: 1.5; margin-bottom: 2px }
#legend i { display: inline-block; width: 30px; margin-right: 10px; text-align: center; vertical-align: middle }
#legend small { display: block; color: #6c675c; line-height: 1.5; margin-top: 6px }
</style><div id="map"></div><div id="legend"></div><script src="/lib/maplibre-gl.js"></script><script>
(async () => {
  const read = async (path) => (await fetch(path)).json();
  const names = ["development-axes", "cities", "border-places"];
  const styles = Object.fromEntries(await Promise.all(names.map(async (id) => [id, await read("/styles/" + id)])));
  const clusters = (await read("/collections/city-clusters/items?limit=100")).features;
  const areas = (await read("/collections/metropolitan-areas/items?limit=100")).features;
  const heads = [...new Set(clusters.flatMap((f) => f.properties.centre_adcodes || []))];
  const centres = [...new Set(areas.map((f) => f.properties.centre_adcode))];
  const style = { version: 8, sources: {}, layers: [styles.cities.layers[0]] };
  const marks = [], labels = [];
  for (const id of names) {
    style.sources[id] = styles[id].sources.quanyu;
    for (const layer of styles[id].layers.slice(1)) (layer.type === "symbol" ? labels : marks).push({ ...layer, source: id, minzoom: 0 });
  }
  const national = ["==", ["get", "plan"], "national-14fyp"];
  const is = (codes) => ["in", ["get", "adcode"], ["literal", codes]];
  const ring = { id: "centres", type: "circle", source: "cities", "source-layer": "cities", filter: is(centres), paint: { "circle-radius": 11, "circle-opacity": 0, "circle-stroke-color": "#3f6f8f", "circle-stroke-width": 2.2 } };
  const member = is([...new Set(clusters.flatMap((f) => f.properties.member_adcodes || []).flatMap((c) => [c, c.slice(0, 4) + "00"]).concat(heads))]); // of counties their prefecture
  for (const layer of marks) {
    if (layer.source === "cities") layer.filter = member;
    if (layer.source === "development-axes") layer.filter = layer.id.includes("axis") || layer.id.includes("belt") ? ["all", layer.filter, ["any", national, ["==", ["get", "kind"], "belt"], ["==", ["get", "kind"], "axis"]]] : ["boolean", false];
  }
  for (const layer of labels) {
    if (layer.source === "cities") layer.filter = is(heads.concat(centres));
    if (layer.source === "development-axes") layer.filter = national;
    layer.layout = { ...layer.layout, "text-size": layer.source === "border-places" ? 11 : 13 };
  }
  style.layers.push(...marks.filter((l) => l.source !== "border-places"), ring, ...marks.filter((l) => l.source === "border-places"), ...labels);
  window.style = style;
  const map = new maplibregl.Map({ container: "map", style, bounds: [[72.5, 19], [136, 51.5]], fitBoundsOptions: { padding: 20 }, fadeDuration: 0, attributionControl: false, canvasContextAttributes: { preserveDrawingBuffer: true } });
  map.on("error", (e) => { window.wrong = String(e.error && e.error.message || e.message); });
  const colour = (part, prop) => { const l = marks.find((l) => l.id.includes(part)); return l.paint[prop]; };
  const dot = (c, r) => '<i><svg width="26" height="20"><circle cx="13" cy="10" r="' + r + '" fill="' + c + '"/></svg></i>';
  const lineOf = (c) => '<i><svg width="26" height="20"><path d="M0 10h26" stroke="' + c + '" stroke-width="3"/></svg></i>';
  document.getElementById("legend").innerHTML = "<b>城镇化空间格局</b>" +
    lineOf(colour("axis", "line-color")) + "轴线（示意：驻地间直线）<br>" + lineOf(colour("belt", "line-color")) + "发展带<br>" +
    dot(colour("cities-point", "circle-color"), 6) + clusters.length + " 个城市群的城市（按城区常住人口）<br>" +
    '<i><svg width="26" height="24"><circle cx="13" cy="12" r="9" fill="none" stroke="#3f6f8f" stroke-width="2.2"/></svg></i>' + areas.length + " 个都市圈的中心城市<br>" +
    dot(colour("county-point", "circle-color"), 5) + "边境城镇　" + dot(colour("port-point", "circle-color"), 5) + "口岸" +
    "<small>非标准地图，不绘境界，不得作为地图公开</small>";
  map.once("idle", () => {
    const counts = { axes: map.queryRenderedFeatures({ layers: ["development-axes-axis-line"] }).length > 4, centres: map.queryRenderedFeatures({ layers: ["centres"] }).length >= areas.length,
      cities: map.queryRenderedFeatures({ layers: ["cities-point"] }).length > 150, border: map.queryRenderedFeatures({ layers: marks.filter((l) => l.source === "border-places").map((l) => l.id) }).length > 30 };
    window.shown = Object.values(counts).every(Boolean) ? "true" : JSON.stringify(counts);
  });
})().catch((e) => { window.wrong = String(e); });
</script></html>`
