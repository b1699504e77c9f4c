package api_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"quanyu/spatial"
)

// walks asks, for each conformance class of OGC API Features and Common and of
// JSON-FG that may be declared, what its requirements say. CQL2 has a suite of its own.
func walks() map[string]func(*testing.T, *client) {
	return map[string]func(*testing.T, *client){
		"json-fg-1/1.0/conf/core":                                walkJSONFG,
		"json-fg-1/1.0/conf/types-schemas":                       walkJSONFG,
		"ogcapi-common-1/1.0/conf/core":                          walkCommonCore,
		"ogcapi-common-1/1.0/conf/landing-page":                  walkLandingPage,
		"ogcapi-common-1/1.0/conf/json":                          walkJSON,
		"ogcapi-common-1/1.0/conf/html":                          walkHTML,
		"ogcapi-common-1/1.0/conf/oas30":                         walkOAS30,
		"ogcapi-common-2/1.0/conf/collections":                   walkCollections,
		"ogcapi-common-3/1.0/conf/schemas":                       walkSchemas,
		"ogcapi-common-3/1.0/conf/queryables":                    walkQueryables,
		"ogcapi-common-3/1.0/conf/sortables":                     walkSortables,
		"ogcapi-features-1/1.0/conf/core":                        walkFeaturesCore,
		"ogcapi-features-1/1.0/conf/geojson":                     walkGeoJSON,
		"ogcapi-features-1/1.0/conf/html":                        walkHTML,
		"ogcapi-features-1/1.0/conf/oas30":                       walkOAS30,
		"ogcapi-features-2/1.0/conf/crs":                         walkCRS,
		"ogcapi-features-3/1.0/conf/queryables":                  walkQueryables,
		"ogcapi-features-3/1.0/conf/queryables-query-parameters": walkQueryParameters,
		"ogcapi-features-3/1.0/conf/filter":                      walkFilter,
		"ogcapi-features-3/1.0/conf/features-filter":             walkFilter,
		"ogcapi-features-4/1.0/conf/create-replace-delete":       walkCreateReplaceDelete,
		"ogcapi-features-4/1.0/conf/update":                      walkUpdate,
		"ogcapi-features-4/1.0/conf/features":                    walkWrittenFeatures,
		"ogcapi-features-4/1.0/conf/optimistic-locking-etags":    walkLocking,
		"ogcapi-features-5/1.0/conf/schemas":                     walkSchemas,
		"ogcapi-features-5/1.0/conf/core-roles-features":         walkRoles,
		"ogcapi-features-5/1.0/conf/queryables":                  walkQueryables,
		"ogcapi-features-5/1.0/conf/sortables":                   walkSortables,
	}
}

// Every class of Features, Common and JSON-FG that is declared is walked, and no other.
func TestDeclaredClassesAreWalked(t *testing.T) {
	c := realServer(t)
	tests := walks()
	var declared []string
	for _, class := range c.get("/conformance").want(t, 200).json(t)["conformsTo"].([]any) {
		name, ok := strings.CutPrefix(class.(string), "http://www.opengis.net/spec/")
		if !ok || strings.HasPrefix(name, "ogcapi-common-") || strings.HasPrefix(name, "ogcapi-features-") || strings.HasPrefix(name, "json-fg-") {
			declared = append(declared, name)
		}
	}
	slices.Sort(declared)
	if want := slices.Sorted(maps.Keys(tests)); !slices.Equal(declared, want) {
		t.Errorf("declared %v\nwalked   %v", declared, want)
	}
	for _, name := range declared {
		if walk, ok := tests[name]; ok {
			t.Run(name, func(t *testing.T) { walk(t, c) })
		}
	}
}

// typed holds that an address answers with the media type, and gives the body.
func typed(t *testing.T, c *client, address, media string) answer {
	t.Helper()
	a := c.get(address).want(t, 200)
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(strings.ReplaceAll(got, " ", ""), media) {
		t.Errorf("%s is of type %q, want %s", address, got, media)
	}
	return a
}

func linked(t *testing.T, document map[string]any, rels ...string) {
	t.Helper()
	for _, name := range rels {
		if rel(document, name) == "" {
			t.Errorf("no link %s in %.200v", name, document["links"])
		}
	}
}

func walkCommonCore(t *testing.T, c *client) {
	c.get("/nowhere").want(t, 404)
	c.do("POST", "/collections", "{}", "Content-Type", "application/json").want(t, 405)
	c.get("/collections", "Accept", "image/png").want(t, 406)
	c.get("/collections?vendor=1").want(t, 200) // GDAL appends its user's parameters to metadata pages
}

func walkLandingPage(t *testing.T, c *client) {
	landing := typed(t, c, "/?f=json", "application/json").json(t)
	linked(t, landing, "self", "alternate", "service-desc", "service-doc", "conformance", "data")
	typed(t, c, rel(landing, "service-desc"), "application/vnd.oai.openapi+json;version=3.0")
	typed(t, c, rel(landing, "service-doc"), "text/html")
	for _, class := range typed(t, c, rel(landing, "conformance"), "application/json").json(t)["conformsTo"].([]any) {
		if !strings.HasPrefix(class.(string), "http://www.opengis.net/spec/") {
			t.Errorf("class %v", class)
		}
	}
}

// pagesOf are the addresses of metadata and data that every collection has.
func pagesOf(c spatial.Collection) []string {
	at := "/collections/" + c.ID
	return []string{at, at + "/items", at + "/queryables", at + "/sortables", at + "/schema"}
}

func walkJSON(t *testing.T, c *client) {
	for _, page := range []string{"/", "/conformance", "/collections"} {
		document := c.get(page, "Accept", "application/json").want(t, 200).json(t)
		linked(t, document, "self", "alternate")
	}
}

func walkHTML(t *testing.T, c *client) {
	pages := []string{"/", "/conformance", "/collections", "/api"}
	for _, one := range published() {
		pages = append(pages, pagesOf(one)...)
		first := c.get("/collections/"+one.ID+"/items?limit=1").want(t, 200).json(t)
		pages = append(pages, "/collections/"+one.ID+"/items/"+featureIDs(first)[0])
	}
	for _, page := range pages {
		a := c.get(page, "Accept", "text/html").want(t, 200)
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.Contains(strings.ToLower(string(a.body)), "<!doctype html>") {
			t.Errorf("%s is no page: %s", page, a.header.Get("Content-Type"))
		}
	}
}

// walkOAS30 holds that every parameter of the items paths is described as the
// standard wants it; that answers are as the document says is held for each
// answer of every test.
func walkOAS30(t *testing.T, c *client) {
	for _, one := range published() {
		items := c.checker.document.Paths.Value("/collections/" + one.ID + "/items")
		if items == nil || c.checker.document.Paths.Value("/collections/"+one.ID+"/items/{featureId}") == nil {
			t.Fatalf("%s has no literal paths", one.ID)
		}
		for _, name := range []string{"bbox", "limit", "datetime"} {
			p := items.Get.Parameters.GetByInAndName("query", name)
			if p == nil || p.Required || p.Style != "form" || p.Explode == nil || *p.Explode {
				t.Fatalf("%s: parameter %s is %+v", one.ID, name, p)
			}
		}
		box, limit := items.Get.Parameters.GetByInAndName("query", "bbox").Schema.Value, items.Get.Parameters.GetByInAndName("query", "limit").Schema.Value
		if !box.Type.Is("array") || !box.Items.Value.Type.Is("number") || box.MinItems != 4 || *box.MaxItems != 6 {
			t.Errorf("bbox is %+v", box)
		}
		if !limit.Type.Is("integer") || *limit.Min != 1 || *limit.Max != 10000 || limit.Default != 1000.0 {
			t.Errorf("limit is %+v", limit)
		}
	}
}

func walkCollections(t *testing.T, c *client) {
	list := typed(t, c, "/collections", "application/json").json(t)
	linked(t, list, "self", "alternate")
	entries := list["collections"].([]any)
	if len(entries) != len(published()) {
		t.Errorf("%d collections of %d", len(entries), len(published()))
	}
	for _, one := range entries {
		entry := one.(map[string]any)
		alone := typed(t, c, "/collections/"+entry["id"].(string), "application/json").json(t)
		if fmt.Sprint(alone) != fmt.Sprint(entry) {
			t.Errorf("%v differs from its entry in the list", entry["id"])
		}
		linked(t, alone, "self", "items", "describedby")
		if entry["title"] == "" || entry["description"] == "" || entry["itemType"] != "feature" {
			t.Errorf("entry %v", entry)
		}
	}
}

func walkFeaturesCore(t *testing.T, c *client) {
	for _, one := range published() {
		at := "/collections/" + one.ID + "/items"
		for _, bad := range []string{"limit=0", "limit=unlimited", "bbox=1,2,3", "bbox=a,2,3,4", "datetime=soon", "nothing=1", "bbox=1,1,2,2&bbox=1,1,2,3"} {
			c.get(at+"?"+bad).want(t, 400)
		}
		c.get(at+"/no-such-feature").want(t, 404)
		page := typed(t, c, at+"?limit=2", "application/geo+json").json(t)
		linked(t, page, "self", "alternate", "collection")
		ids := featureIDs(page)
		if _, err := time.Parse(time.RFC3339, page["timeStamp"].(string)); err != nil || page["numberReturned"] != float64(len(ids)) || len(ids) > 2 {
			t.Errorf("%s: %d features, %v returned, %v", at, len(ids), page["numberReturned"], err)
		}
		linked(t, typed(t, c, at+"/"+ids[0], "application/geo+json").json(t), "self", "alternate", "collection")
		all := page["numberMatched"].(float64)
		for _, span := range []string{"../..", "0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", "2020-01-01/..", "../2020-01-01"} {
			if n := c.get(at+"?limit=1&datetime="+span).want(t, 200).json(t)["numberMatched"].(float64); n < all {
				t.Errorf("%s: %v at all times, %v today", span, n, all) // nothing shipped has a history
			}
		}
		world := c.get(at+"?limit=1&bbox=-180,-90,180,90").want(t, 200).json(t)["numberMatched"].(float64)
		west := c.get(at+"?limit=1&bbox=-180,-90,105,90").want(t, 200).json(t)["numberMatched"].(float64)
		east := c.get(at+"?limit=1&bbox=105,-90,180,90").want(t, 200).json(t)["numberMatched"].(float64)
		if world > all || west > world || east > world || west+east < world || one.Geometry == spatial.NoGeometry && world != 0 {
			t.Errorf("%s: %v in the world, %v and %v in its halves, %v in all", at, world, west, east, all)
		}
	}
}

func walkGeoJSON(t *testing.T, c *client) {
	for _, one := range published() {
		page := c.get("/collections/"+one.ID+"/items?limit=200", "Accept", "application/geo+json").want(t, 200).json(t)
		if page["type"] != "FeatureCollection" {
			t.Errorf("type %v", page["type"])
		}
		for _, f := range page["features"].([]any) {
			feature := f.(map[string]any)
			geometry, has := feature["geometry"]
			properties, _ := feature["properties"].(map[string]any)
			if feature["type"] != "Feature" || feature["id"] == nil || !has || len(properties) != len(one.All()) {
				t.Fatalf("%s: %.300v", one.ID, feature)
			}
			if g, ok := geometry.(map[string]any); ok && g["type"] != string(one.Geometry) {
				t.Errorf("%s has a %v", one.ID, g["type"])
			}
		}
	}
}

func walkCRS(t *testing.T, c *client) {
	global := c.get("/collections").want(t, 200).json(t)["crs"].([]any)
	for _, one := range published() {
		about := c.get("/collections/"+one.ID).want(t, 200).json(t)
		list := about["crs"].([]any)
		if !slices.Equal(list, global) || list[0] != spatial.CRS84.URI || !slices.Contains(list, about["storageCrs"]) {
			t.Errorf("%s offers %v and is kept in %v", one.ID, list, about["storageCrs"])
		}
		at := "/collections/" + one.ID + "/items"
		id := featureIDs(c.get(at+"?limit=1").want(t, 200).json(t))[0]
		for _, crs := range append([]any{""}, list...) {
			for _, page := range []string{at + "?limit=1", at + "/" + id + "?f=json"} {
				want := spatial.CRS84.URI
				if crs != "" {
					want = crs.(string)
					page += "&crs=" + url.QueryEscape(want)
				}
				if got := c.get(page).want(t, 200).header.Get("Content-Crs"); got != "<"+want+">" {
					t.Errorf("%s has Content-Crs %s", page, got)
				}
			}
		}
		const unknown = "http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F0"
		for _, bad := range []string{"?crs=" + unknown, "?bbox=1,1,2,2&bbox-crs=" + unknown, "/" + id + "?crs=" + unknown} {
			c.get(at+bad).want(t, 400)
		}
	}
}
