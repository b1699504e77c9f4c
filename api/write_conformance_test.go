package api_test

import (
	"net/url"
	"strings"
	"testing"

	"quanyu/spatial"
)

// The walks of OGC API - Features - Part 4 (20-002r1), on every collection that
// can be written.

func writables() []spatial.Collection {
	var list []spatial.Collection
	for _, c := range spatial.Collections() {
		if c.Writable {
			list = append(list, c)
		}
	}
	return list
}

const asPlanner, asAdmin = "Bearer planner", "Bearer admin"

// newFeature adds a public feature to a collection and gives its address.
func newFeature(t *testing.T, c *client, one spatial.Collection) string {
	t.Helper()
	a := c.do("POST", "/collections/"+one.ID+"/items", feature("null", `{"visibility":"public","name_en":"New"}`), "Authorization", asPlanner, "Content-Type", "application/geo+json").want(t, 201)
	return a.header.Get("Location")
}

func walkCreateReplaceDelete(t *testing.T, c *client) {
	for _, one := range writables() {
		items := "/collections/" + one.ID + "/items"
		allow := c.do("OPTIONS", items, "").want(t, 204).header.Get("Allow")
		at := newFeature(t, c, one)
		allow += c.do("OPTIONS", at, "").want(t, 204).header.Get("Allow")
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			if !strings.Contains(allow, method) {
				t.Errorf("%s: OPTIONS lacks %s: %s", one.ID, method, allow)
			}
		}
		id := at[strings.LastIndex(at, "/")+1:]
		if got := c.get(at).want(t, 200).json(t)["id"]; got != id || !strings.HasPrefix(at, c.base+items+"/") {
			t.Errorf("%s leads to %v", at, got)
		}
		if n := c.get(items+"?id="+url.QueryEscape(id)).want(t, 200).json(t)["numberMatched"]; n != 1.0 {
			t.Errorf("%s: the new feature is on no page", one.ID)
		}
		c.do("PUT", at, feature("null", `{"name_zh":"新"}`), "Authorization", asPlanner, "Content-Type", "application/geo+json").want(t, 204)
		if p := propertiesOf(t, c.get(at).want(t, 200)); p["name_zh"] != "新" || p["name_en"] != nil {
			t.Errorf("%s replaced: %v", one.ID, p)
		}
		c.do("DELETE", at, "", "Authorization", asPlanner).want(t, 204)
		c.get(at).want(t, 404)
		c.do("DELETE", at, "", "Authorization", asPlanner).want(t, 404)
	}
}

func walkUpdate(t *testing.T, c *client) {
	for _, one := range writables() {
		at := newFeature(t, c, one)
		options := c.do("OPTIONS", at, "").want(t, 204).header
		if !strings.Contains(options.Get("Allow"), "PATCH") || options.Get("Accept-Patch") != "application/merge-patch+json" {
			t.Errorf("%s: OPTIONS says %s, %s", one.ID, options.Get("Allow"), options.Get("Accept-Patch"))
		}
		before := propertiesOf(t, c.get(at).want(t, 200))
		c.do("PATCH", at, `{"properties":{"name_zh":"改"}}`, "Authorization", asPlanner, "Content-Type", "application/merge-patch+json").want(t, 204)
		for name, value := range propertiesOf(t, c.get(at).want(t, 200)) {
			if name == "name_zh" && value != "改" || name != "name_zh" && before[name] != value {
				t.Errorf("%s.%s is %v, before %v", one.ID, name, value, before[name])
			}
		}
		c.do("PATCH", at, "{}", "Authorization", asPlanner, "Content-Type", "application/json").want(t, 415)
		c.do("DELETE", at, "", "Authorization", asPlanner).want(t, 204)
	}
}

// walkWrittenFeatures: bodies are GeoJSON in the CRS of Content-Crs, and one
// that does not fit the collection's schema is refused.
func walkWrittenFeatures(t *testing.T, c *client) {
	for _, one := range writables() {
		items := "/collections/" + one.ID + "/items"
		for name := range described(t, c, one, "schema") {
			if p, ok := one.Property(name); ok && (p.Type == spatial.Number || p.Type == spatial.Date) {
				c.do("POST", items, feature("null", `{"`+name+`":"neither"}`), "Authorization", asPlanner, "Content-Type", "application/geo+json").want(t, 400)
			}
		}
		c.do("POST", items, "<feature/>", "Authorization", asPlanner, "Content-Type", "application/gml+xml").want(t, 415)
		if one.Geometry == spatial.NoGeometry {
			continue
		}
		shape := map[spatial.GeometryType]string{spatial.Point: `{"type":"Point","coordinates":[30.5,104]}`,
			spatial.MultiPolygon: `{"type":"MultiPolygon","coordinates":[[[[30.5,104],[30.5,105],[31,105],[30.5,104]]]]}`}[one.Geometry]
		a := c.do("POST", items, feature(shape, `{"visibility":"public"}`), "Authorization", asPlanner, "Content-Type", "application/geo+json",
			"Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/4490>").want(t, 201)
		at := a.header.Get("Location")
		want := strings.NewReplacer("30.5,104", "104,30.5", "30.5,105", "105,30.5", "31,105", "105,31").Replace(shape)
		if got := c.get(at).want(t, 200); !strings.Contains(string(got.body), want) {
			t.Errorf("%s: written in EPSG:4490, it is %s", one.ID, got.body)
		}
		c.do("DELETE", at, "", "Authorization", asPlanner).want(t, 204)
	}
}

func walkLocking(t *testing.T, c *client) {
	for _, one := range writables() {
		at := newFeature(t, c, one)
		tag := c.get(at).want(t, 200).header.Get("ETag")
		if !strings.HasPrefix(tag, `"`) {
			t.Errorf("%s: the tag %s is no strong one", one.ID, tag)
		}
		const merge = "application/merge-patch+json"
		c.do("PATCH", at, `{"properties":{"name_en":"Mine"}}`, "Authorization", asPlanner, "Content-Type", merge, "If-Match", tag).want(t, 204)
		c.do("PATCH", at, `{"properties":{"name_en":"Yours"}}`, "Authorization", asAdmin, "Content-Type", merge, "If-Match", tag).want(t, 412)
		c.do("PUT", at, feature("null", "{}"), "Authorization", asAdmin, "Content-Type", "application/geo+json", "If-Match", tag).want(t, 412)
		c.do("DELETE", at, "", "Authorization", asAdmin, "If-Match", tag).want(t, 412)
		if p := propertiesOf(t, c.get(at).want(t, 200)); p["name_en"] != "Mine" {
			t.Errorf("%s: %v was written against its tag", one.ID, p["name_en"])
		}
		c.do("DELETE", at, "", "Authorization", asPlanner, "If-Match", c.get(at).header.Get("ETag")).want(t, 204)
	}
}
