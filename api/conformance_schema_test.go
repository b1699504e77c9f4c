package api_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
)

// described reads a schema by the link of a collection.
func described(t *testing.T, c *client, one spatial.Collection, relation string) map[string]any {
	t.Helper()
	about := c.get("/collections/"+one.ID).want(t, 200).json(t)
	schema := typed(t, c, rel(about, "http://www.opengis.net/def/rel/ogc/1.0/"+relation), "application/schema+json").json(t)
	if schema["type"] != "object" || schema["$schema"] != "https://json-schema.org/draft/2020-12/schema" || !strings.HasSuffix(schema["$id"].(string), "/"+relation) {
		t.Errorf("%s of %s: %v %v %v", relation, one.ID, schema["type"], schema["$schema"], schema["$id"])
	}
	return schema["properties"].(map[string]any)
}

func walkSchemas(t *testing.T, c *client) {
	for _, one := range published() {
		properties := described(t, c, one, "schema")
		page := c.get("/collections/"+one.ID+"/items?limit=50").want(t, 200).json(t)
		for _, f := range page["features"].([]any) {
			for name, value := range f.(map[string]any)["properties"].(map[string]any) {
				about, ok := properties[name].(map[string]any)
				if !ok || !fits(value, about["type"]) {
					t.Errorf("%s: %s is %v, its schema %v", one.ID, name, value, about)
				}
			}
		}
	}
}

func fits(value, of any) bool {
	switch v := value.(type) {
	case nil:
		return true // null is unknown
	case string:
		return of == "string"
	case bool:
		return of == "boolean"
	case float64:
		return of == "number" || of == "integer" && v == float64(int64(v))
	case []any:
		return of == "array"
	}
	return of == "object"
}

func walkJSONFG(t *testing.T, c *client) {
	for _, one := range published() {
		page := typed(t, c, "/collections/"+one.ID+"/items?f=jsonfg&limit=3", "application/vnd.ogc.fg+json").json(t)
		typed(t, c, page["featureSchema"].(string), "application/schema+json")
		if page["featureType"] != one.ID || page["type"] != "FeatureCollection" {
			t.Errorf("%s has features of type %v", one.ID, page["featureType"])
		}
		for _, f := range page["features"].([]any) {
			if _, ok := f.(map[string]any)["place"]; !ok {
				t.Errorf("%s: a feature without place", one.ID)
			}
		}
	}
}

func walkRoles(t *testing.T, c *client) {
	for _, one := range published() {
		roles := map[any]string{}
		for name, about := range described(t, c, one, "schema") {
			if role := about.(map[string]any)["x-ogc-role"]; role != nil {
				roles[role] = name
			}
		}
		if roles["id"] != "id" || (roles["primary-geometry"] == "geometry") != (one.Geometry != spatial.NoGeometry) {
			t.Errorf("%s: roles %v", one.ID, roles)
		}
	}
}

func walkQueryables(t *testing.T, c *client) {
	for _, one := range published() {
		for name := range described(t, c, one, "queryables") {
			c.get("/collections/"+one.ID+"/items?limit=1&filter="+url.QueryEscape(`"`+name+`" IS NULL`)).want(t, 200)
		}
		c.get("/collections/"+one.ID+"/items?filter=nothing+IS+NULL").want(t, 400)
	}
}

// walkQueryParameters asks each queryable for the value of a feature that has
// one, and judges every feature that is found.
func walkQueryParameters(t *testing.T, c *client) {
	for _, one := range published() {
		page := c.get("/collections/"+one.ID+"/items?limit=300").want(t, 200).json(t)["features"].([]any)
		for name := range described(t, c, one, "queryables") {
			if name == "geometry" {
				continue
			}
			var value any
			for _, f := range page {
				if v := f.(map[string]any)["properties"].(map[string]any)[name]; v != nil {
					value = v
				}
			}
			if value == nil {
				continue // nobody has one
			}
			if list, ok := value.([]any); ok {
				value = list[0] // of a list, one of its values is asked for
			}
			query := url.Values{name: {strings.Trim(string(mustMarshal(t, value)), `"`)}, "limit": {"10"}}
			if text, ok := value.(string); ok {
				query.Set(name, text)
			}
			found := c.get("/collections/"+one.ID+"/items?"+query.Encode()).want(t, 200).json(t)["features"].([]any)
			if len(found) == 0 {
				t.Errorf("%s: %s=%v finds nothing", one.ID, name, value)
			}
			for _, f := range found {
				got := f.(map[string]any)["properties"].(map[string]any)[name]
				if list, ok := got.([]any); ok && slices.Contains(list, value) {
					continue
				}
				if fmt.Sprint(got) != fmt.Sprint(value) {
					t.Errorf("%s: %s=%v finds %v", one.ID, name, value, got)
				}
			}
		}
	}
}

func walkFilter(t *testing.T, c *client) {
	for _, one := range published() {
		at := "/collections/" + one.ID + "/items?limit=1&"
		all := c.get(at).want(t, 200).json(t)["numberMatched"]
		id := featureIDs(c.get(at).want(t, 200).json(t))[0]
		for query, want := range map[string]any{
			"filter=" + url.QueryEscape("id = '"+id+"'"):                                                                1.0,
			"filter=" + url.QueryEscape("NOT (id = '"+id+"')"):                                                          all.(float64) - 1,
			"filter-lang=cql2-text&filter=" + url.QueryEscape("id = '"+id+"'"):                                          1.0,
			"filter-lang=cql2-json&filter=" + url.QueryEscape(`{"op":"=","args":[{"property":"id"},"`+id+`"]}`):         1.0,
			"id=" + url.QueryEscape(id) + "&filter=" + url.QueryEscape("id <> '"+id+"'"):                                0.0,
			"filter-crs=" + url.QueryEscape(spatial.CRS84.URI) + "&filter=" + url.QueryEscape("id = '"+id+"' OR false"): 1.0,
		} {
			if got := c.get(at+query).want(t, 200).json(t)["numberMatched"]; got != want {
				t.Errorf("%s: %s finds %v, want %v", one.ID, query, got, want)
			}
		}
		for _, bad := range []string{"filter=id+%3D", "filter-lang=sql&filter=true", "filter-crs=x&filter=true"} {
			c.get(at+bad).want(t, 400)
		}
	}
}

// walkSortables judges the order of numbers and dates, ascending with nulls
// last and descending with nulls first; how names sort is the store's to test.
func walkSortables(t *testing.T, c *client) {
	for _, one := range published() {
		at := "/collections/" + one.ID + "/items?limit=400&skipGeometry=true&sortby="
		for name, about := range described(t, c, one, "sortables") {
			up := valuesOf(t, c, at+url.QueryEscape("+"+name)+"&properties="+name, name)
			down := valuesOf(t, c, at+"-"+name+"&properties="+name, name)
			schema := about.(map[string]any)
			if schema["type"] == "string" && schema["format"] == nil && name != "id" {
				continue
			}
			slices.Reverse(down)
			for _, list := range [][]any{up, down} {
				if !slices.IsSortedFunc(list, compareValues) {
					t.Errorf("%s: sorted by %s comes %v", one.ID, name, list)
				}
			}
		}
		c.get(at+"geometry").want(t, 400)
	}
}

func valuesOf(t *testing.T, c *client, address, name string) []any {
	t.Helper()
	var list []any
	for _, f := range c.get(address).want(t, 200).json(t)["features"].([]any) {
		list = append(list, f.(map[string]any)["properties"].(map[string]any)[name])
	}
	return list
}

// compareValues has null above all.
func compareValues(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	if x, ok := a.(float64); ok {
		return cmp.Compare(x, b.(float64))
	}
	return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
