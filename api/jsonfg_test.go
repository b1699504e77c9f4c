package api_test

import (
	"net/url"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// JSON-FG tells of the validity of features, and has geometry in another CRS
// in place, so that readers of GeoJSON never take it for degrees.
func TestJSONFG(t *testing.T) {
	c, _ := storeOf(t, func(url string) []spatial.Collection {
		list := markers(t)(url)
		postgistest.Exec(t, url, "INSERT INTO markers (id, n, geom, valid_from, valid_to) VALUES ('a', 1, ST_Point(100, 30, 4326), '2001-02-03', '2100-01-01'), ('b', 2, ST_Point(100, 30, 4326), '2001-02-03', NULL), ('c', 3, ST_Point(100, 30, 4326), '-infinity', '2100-01-01'), ('d', 4, NULL, NULL, NULL)")
		return list
	})
	const wgs84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
	for _, crs := range []string{spatial.CRS84.URI, wgs84} {
		query := "crs=" + url.QueryEscape(crs)
		a := typed(t, c, "/collections/markers/items?f=jsonfg&limit=4&"+query, "application/vnd.ogc.fg+json")
		page := a.json(t)
		checkFG(t, page, crs)
		if page["geometryDimension"] != 0.0 || page["numberReturned"] != 4.0 || rel(page, "next") == "" {
			t.Errorf("page %.300s", a.body)
		}
		for i, want := range []any{[]any{"2001-02-03", "2099-12-31"}, []any{"2001-02-03", ".."}, []any{"..", "2099-12-31"}, nil} {
			feature := page["features"].([]any)[i].(map[string]any)
			id := feature["id"].(string)
			checkFGFeature(t, feature, crs, want)
			alone := typed(t, c, "/collections/markers/items/"+id+"?f=jsonfg&"+query, "application/vnd.ogc.fg+json").json(t)
			checkFG(t, alone, crs)
			checkFGFeature(t, alone, crs, want)
			linked(t, alone, "self", "alternate", "collection")
		}
		if second := typed(t, c, rel(page, "next"), "application/vnd.ogc.fg+json").json(t); second["features"].([]any)[0].(map[string]any)["id"] != "m0" {
			t.Errorf("the second page begins with %v", second["features"])
		}
	}
}

// checkFG looks at the members of a root.
func checkFG(t *testing.T, root map[string]any, crs string) {
	t.Helper()
	want := any(crs)
	if crs == spatial.CRS84.URI {
		want = nil
	}
	if root["coordRefSys"] != want || root["featureType"] != "markers" || len(root["conformsTo"].([]any)) != 2 {
		t.Errorf("coordRefSys %v, featureType %v, conformsTo %v", root["coordRefSys"], root["featureType"], root["conformsTo"])
	}
}

func checkFGFeature(t *testing.T, feature map[string]any, crs string, interval any) {
	t.Helper()
	where, empty, lon := "geometry", "place", 0
	if crs != spatial.CRS84.URI {
		where, empty, lon = empty, where, 1
	}
	if time, ok := feature["time"].(map[string]any); (interval != nil) != ok || ok && (time["interval"].([]any)[0] != interval.([]any)[0] || time["interval"].([]any)[1] != interval.([]any)[1]) {
		t.Errorf("%v: time %v, want %v", feature["id"], feature["time"], interval)
	}
	shape, ok := feature[where].(map[string]any)
	if empties, has := feature[empty]; !has || empties != nil || ok != (feature["id"] != "d") || ok && shape["coordinates"].([]any)[lon] != 100.0 {
		t.Errorf("%v: geometry %v, place %v", feature["id"], feature["geometry"], feature["place"])
	}
}
