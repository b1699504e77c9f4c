package api_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestAsQGISAsks repeats the requests of the QGIS OAPIF provider, in its
// order and with its headers.
func TestAsQGISAsks(t *testing.T) {
	c := serve(t, config(newStore(2500)))
	const accept = "application/json, application/problem+json"
	landing := c.get("/", "Accept", accept).want(t, 200).json(t)
	api := c.get(rel(landing, "service-desc"), "Accept", "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json").want(t, 200)
	if !strings.HasPrefix(api.header.Get("Content-Type"), "application/vnd.oai.openapi+json;version=3.0") {
		t.Errorf("document of type %s", api.header.Get("Content-Type"))
	}
	c.get(rel(landing, "conformance"), "Accept", accept).want(t, 200)
	data := strings.Split(rel(landing, "data"), "?")[0] // QGIS cuts the query and appends
	collection := c.get(data+"/seats", "Accept", accept).want(t, 200).json(t)
	if collection["storageCrs"] != "http://www.opengis.net/def/crs/OGC/1.3/CRS84" {
		t.Errorf("storageCrs %v", collection["storageCrs"])
	}
	if got := rel(collection, "http://www.opengis.net/def/rel/ogc/1.0/schema"); got == "" {
		t.Error("no schema link: QGIS would guess fields from ten features")
	} else if schema := c.get(got, "Accept", "application/schema+json").want(t, 200).json(t); schema["properties"].(map[string]any)["geometry"].(map[string]any)["format"] != "geometry-point" {
		t.Errorf("schema %v", schema["properties"])
	}
	c.get(data+"/seats/queryables", "Accept", "application/schema+json").want(t, 200)
	query := url.Values{"limit": {"1000"}, "bbox": {"73,3,136,54"}, "crs": {"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}, "bbox-crs": {"http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
		"datetime": {"0000-01-01T00:00:00Z/9999-12-31T00:00:00Z"}, "filter": {"level = 'prefecture'"}, "filter-lang": {"cql2-text"}}
	next, count := data+"/seats/items?"+query.Encode(), 0
	for pages := 0; next != ""; pages++ {
		page := c.get(next, "Accept", "application/geo+json, application/json").want(t, 200).json(t)
		count += len(page["features"].([]any))
		next = rel(page, "next")
		if pages > 3 {
			t.Fatal("too many pages")
		}
	}
	if count != 2500 {
		t.Errorf("QGIS reads %d features of 2500", count)
	}
}

// TestAsTheOGCSuiteAsks repeats what the Features suite does that others do
// not: parameters of the next link sent twice, boxes at the antimeridian and
// the poles, and sizes added over pages.
func TestAsTheOGCSuiteAsks(t *testing.T) {
	c := serve(t, config(newStore(30)))
	for _, box := range []string{"177,65,-177,70", "-180,50,180,90", "-180,-90,180,-50", "5,0,52,9,50,100"} {
		c.get("/collections/seats/items?bbox="+box).want(t, 200)
	}
	first := c.get("/collections/seats/items?limit=10").want(t, 200).json(t)
	next := rel(first, "next")
	c.get(next+"&limit=10").want(t, 200) // an exact repeat
	list := c.get("/collections").want(t, 200).json(t)
	for _, one := range list["collections"].([]any) {
		entry := one.(map[string]any)
		alone := c.get("/collections/"+entry["id"].(string)).want(t, 200).json(t)
		for _, member := range []string{"id", "title", "description"} {
			if alone[member] != entry[member] {
				t.Errorf("%s of %s differs between the list and its own page", member, entry["id"])
			}
		}
	}
	for _, uri := range first["links"].([]any) {
		if l := uri.(map[string]any); l["type"] == "" {
			t.Errorf("link without a type: %v", l)
		}
	}
}

// TestAsQGISReprojectsAndEdits goes on: boxes and coordinates in the axis order
// of the CRS, filters pushed down together with the box, and editing where
// OPTIONS offers it.
func TestAsQGISReprojectsAndEdits(t *testing.T) {
	c := realServer(t)
	const cgcs = "http://www.opengis.net/def/crs/EPSG/0/4490"
	plain := c.get("/collections/seats/items?limit=1000&bbox=103,30,105,31").want(t, 200).json(t)
	query := url.Values{"limit": {"1000"}, "bbox": {"30,103,31,105"}, "bbox-crs": {cgcs}, "crs": {cgcs}, "filter": {"S_INTERSECTS(geometry, POLYGON((102 29, 106 29, 106 32, 102 32, 102 29)))"},
		"filter-lang": {"cql2-text"}, "datetime": {"0000-01-01T00:00:00Z/9999-12-31T00:00:00Z"}}
	swapped := c.get("/collections/seats/items?"+query.Encode(), "Accept", "application/geo+json, application/json").want(t, 200)
	if got := swapped.header.Get("Content-Crs"); got != "<"+cgcs+">" {
		t.Errorf("Content-Crs %s", got)
	}
	ids := featureIDs(swapped.json(t))
	if len(ids) == 0 || strings.Join(ids, " ") != strings.Join(featureIDs(plain), " ") {
		t.Errorf("%d features in CGCS2000, %d in CRS84", len(ids), len(featureIDs(plain)))
	}
	first := swapped.json(t)["features"].([]any)[0].(map[string]any)["geometry"].(map[string]any)["coordinates"].([]any)
	if lat, lon := first[0].(float64), first[1].(float64); lat < 30 || lat > 31 || lon < 103 || lon > 105 {
		t.Errorf("coordinates %v", first)
	}
	const items = "/collections/facilities/items"
	if allow := c.do("OPTIONS", items, "").want(t, 204).header.Get("Allow"); !strings.Contains(allow, "POST") {
		t.Fatalf("QGIS offers no editing: %s", allow)
	}
	made := c.do("POST", items, `{"type":"Feature","geometry":{"type":"Point","coordinates":[30.5,104.25]},"properties":{"kind":"hospital"}}`,
		"Authorization", "Bearer planner", "Content-Type", "application/geo+json", "Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/4326>").want(t, 201)
	at := made.header.Get("Location")
	allow := c.do("OPTIONS", at, "").want(t, 204).header.Get("Allow")
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		if !strings.Contains(allow, method) {
			t.Errorf("%s allows %s", at, allow)
		}
	}
	if text := string(c.get(at).want(t, 200).body); !strings.Contains(text, "[104.25,30.5]") {
		t.Errorf("what was written with latitude first comes back as %s", text)
	}
	c.do("DELETE", at, "", "Authorization", "Bearer planner").want(t, 204)
}
