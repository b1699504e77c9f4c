package api_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestAsQGISEdits repeats what the OAPIF provider of QGIS sends when a layer is
// edited: it looks for the methods, adds a feature with every field it knows,
// null where nothing was filled in, and then moves and renames it by patches, or
// by whole features where it has no PATCH.
func TestAsQGISEdits(t *testing.T) {
	w := writeServer(t)
	const items = "/collections/facilities/items"
	if allow := w.do("OPTIONS", items, "").header.Get("Allow"); !strings.Contains(allow, "POST") {
		t.Fatalf("QGIS offers no editing: %s", allow)
	}
	fields := map[string]any{}
	for name := range w.get("/collections/facilities/schema").want(t, 200).json(t)["properties"].(map[string]any) {
		if name != "geometry" {
			fields[name] = nil
		}
	}
	fields["name_zh"], fields["id"] = "新医院", ""
	properties, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	const latLon = "<http://www.opengis.net/def/crs/EPSG/0/4326>"
	at := w.post(t, "facilities", feature(`{"type":"Point","coordinates":[30.5,104]}`, string(properties)), "Content-Crs", latLon)
	if allow := w.do("OPTIONS", at, "").header.Get("Allow"); !strings.Contains(allow, "PUT") || !strings.Contains(allow, "DELETE") || !strings.Contains(allow, "PATCH") {
		t.Errorf("QGIS changes nothing: %s", allow)
	}
	w.plan("PATCH", at, `{"geometry":{"type":"Point","coordinates":[31,105]}}`, "Content-Crs", latLon).want(t, 204)
	w.plan("PATCH", at, `{"properties":{"name_zh":"医院","capacity":5}}`).want(t, 204)
	read := w.get(at).want(t, 200)
	if body := string(read.body); !strings.Contains(body, `[105,31]`) || !strings.Contains(body, `"name_zh":"医院"`) || !strings.Contains(body, `"visibility":"public"`) {
		t.Errorf("edited: %s", body)
	}
	w.plan("PUT", at, string(read.body)).want(t, 204)
	w.plan("DELETE", at, "").want(t, 204)
}
