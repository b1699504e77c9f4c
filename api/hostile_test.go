package api_test

import (
	"encoding/csv"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// Collections that no loader of ours would make are served like any other:
// each of their pages is whole, and each page of each order follows the other.
func TestHostileCollectionsAreServed(t *testing.T) {
	c, _ := storeOf(t, func(url string) []spatial.Collection { return postgistest.Hostile(t, url) })
	list := c.get("/collections").want(t, 200).json(t)["collections"].([]any)
	if len(list) != 6 {
		t.Fatalf("%d collections", len(list))
	}
	for _, one := range list {
		collection := one.(map[string]any)
		self := rel(collection, "self")
		for _, page := range []string{"", "/queryables", "/schema", "/sortables"} {
			c.get(self+page).want(t, 200)
			c.get(self+page+"?f=html").want(t, 200)
		}
		c.get(self+"/items?f=html&limit=100").want(t, 200)
		document := c.get(self+"/items?limit=100").want(t, 200).json(t)
		ids := featureIDs(document)
		lines, err := csv.NewReader(strings.NewReader(string(c.get(self+"/items?f=csv&limit=100").want(t, 200).body))).ReadAll()
		if err != nil || len(lines) != len(ids)+1 || float64(len(ids)) != document["numberMatched"] {
			t.Errorf("%s: %d lines of CSV, %d features, %v matched, %v", self, len(lines), len(ids), document["numberMatched"], err)
		}
		for name := range c.get(self+"/sortables").want(t, 200).json(t)["properties"].(map[string]any) {
			walkSorted(t, c, self, name, len(ids))
		}
		c.get(self+"/items/"+ids[0]+"?f=html").want(t, 200)
	}
}

// walkSorted follows the next links of an order to its end.
func walkSorted(t *testing.T, c *client, self, name string, want int) {
	t.Helper()
	seen := map[string]bool{}
	for next := self + "/items?limit=7&skipGeometry=true&properties=id&sortby=" + url.QueryEscape("-"+name); next != ""; {
		page := c.get(next).want(t, 200).json(t)
		for _, id := range featureIDs(page) {
			if seen[id] {
				t.Errorf("%s by %s: %s comes twice", self, name, id)
			}
			seen[id] = true
		}
		next = rel(page, "next")
	}
	if len(seen) != want {
		t.Errorf("%s by %s: %d of %d features", self, name, len(seen), want)
	}
}

func TestHostileNamesAndValuesAreAskedFor(t *testing.T) {
	c, _ := storeOf(t, func(url string) []spatial.Collection { return postgistest.Hostile(t, url) })
	for _, one := range []struct {
		collection, name, value string
		want                    int
	}{
		{postgistest.HostileNames, "select", "; DROP TABLE seats", 5},
		{postgistest.HostileNames, "select", `C"d`, 5},
		{postgistest.HostileNames, "select", "%", 5},
		{postgistest.HostileNames, `say "hi"`, "3", 6},
		{postgistest.HostileNames, "it's", "true", 12},
		{postgistest.HostileNames, "UPPER", "U2", 8},
		{postgistest.HostileNames, "filter", `"select" = 'a''b' AND "UPPER" <> 'U0' AND "say ""hi""" >= 0`, 3},
		{postgistest.HostileNames, "filter", `"Größe m²" BETWEEN 1 AND 2`, 8},
		{postgistest.HostileValues, "number", "1e308", 3},
		{postgistest.HostileValues, "count", "-9223372036854775808", 8},
		{postgistest.HostileValues, "list", `b"c`, 8},
		{postgistest.HostileValues, "filter", "text LIKE '" + strings.Repeat("长", 10000) + "%1'", 2},
		{postgistest.HostileValues, "filter", "number > 0", 13}, // NaN and infinity are above all numbers, as in PostgreSQL, though shown as null
		{postgistest.HostileAreas, "filter", "S_INTERSECTS(geometry, POINT(105 25))", 0},
		{postgistest.HostileAreas, "filter", "S_INTERSECTS(geometry, BBOX(179.5, 0.2, -179.5, 0.8))", 1},
		{postgistest.HostileAreas, "filter", "S_WITHIN(geometry, BBOX(116, 36, 124, 44))", 1},
		{postgistest.HostileHeights, "bbox", "91,29,91.1,31", 1},
		{postgistest.HostileHeights, "bbox", "91,29,500,91.1,31,600", 1},
	} {
		query := url.Values{one.name: {one.value}, "limit": {"100"}, "skipGeometry": {"true"}}
		page := c.get("/collections/"+url.PathEscape(one.collection)+"/items?"+query.Encode()).want(t, 200).json(t)
		if got := len(page["features"].([]any)); got != one.want || page["numberMatched"] != float64(one.want) {
			t.Errorf("%s: %s=%.80s finds %d of %v, want %d", one.collection, one.name, one.value, got, page["numberMatched"], one.want)
		}
	}
	whole := url.Values{"text": {strings.Repeat("长", postgistest.LongText-1) + "1"}}
	c.get("/collections/"+url.PathEscape(postgistest.HostileValues)+"/items?"+whole.Encode()).want(t, 414) // longer than an address may be
	page := c.get("/collections/"+url.PathEscape(postgistest.HostileNames)+"/items?limit=1&properties="+url.QueryEscape(`UPPER,say "hi",it's`)).want(t, 200).json(t)
	properties := page["features"].([]any)[0].(map[string]any)["properties"].(map[string]any)
	if got := sortedNames(properties); !slices.Equal(got, []string{"UPPER", "it's", `say "hi"`}) {
		t.Errorf("properties %v", got)
	}
	c.get("/collections/"+postgistest.HostileUnknown+"/items?bbox=0,0,180,90").want(t, 503)
}

func sortedNames(m map[string]any) []string {
	var list []string
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
