package api_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every filter that docs/filters.md shows is answered, and those of a page
// find something between them.
func TestDocumentedFilters(t *testing.T) {
	page, err := os.ReadFile("../docs/filters.md")
	if err != nil {
		t.Fatal(err)
	}
	c := realServer(t)
	blocks := regexp.MustCompile("(?s)```(cql2|cql2-json) ([a-z-]+)\n(.*?)\n```").FindAllStringSubmatch(string(page), -1)
	asked, found := 0, 0
	for _, block := range blocks {
		lang := map[string]string{"cql2": "cql2-text", "cql2-json": "cql2-json"}[block[1]]
		for _, line := range strings.Split(block[3], "\n") {
			query := url.Values{"limit": {"1"}, "skipGeometry": {"true"}, "filter": {line}, "filter-lang": {lang}}
			a := c.get("/collections/" + block[2] + "/items?" + query.Encode())
			if a.status != 200 {
				t.Errorf("%s of %s: %s", line, block[2], a.body)
				continue
			}
			if asked++; a.json(t)["numberMatched"].(float64) > 0 {
				found++
			}
		}
	}
	if asked < 35 || found < 28 {
		t.Errorf("%d filters asked, %d of them find something", asked, found)
	}
}
