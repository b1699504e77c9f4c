package api_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every address that docs/features.md shows answers, and all but the box in
// the Pacific find something.
func TestDocumentedAddresses(t *testing.T) {
	page, err := os.ReadFile("../docs/features.md")
	if err != nil {
		t.Fatal(err)
	}
	c := realServer(t)
	asked := 0
	for _, block := range regexp.MustCompile("(?s)```\n(.*?)\n```").FindAllStringSubmatch(string(page), -1) {
		for _, line := range strings.Split(block[1], "\n") {
			path, query, _ := strings.Cut(line, "?")
			values := url.Values{}
			for _, pair := range strings.Split(query, "&") {
				if name, value, ok := strings.Cut(pair, "="); ok {
					values.Set(name, value)
				}
			}
			a := c.get(path + "?" + values.Encode())
			if asked++; a.status != 200 {
				t.Errorf("%s: %d %s", line, a.status, a.body)
				continue
			}
			if returned := a.header.Get("OGC-NumberReturned"); strings.HasSuffix(path, "/items") && returned == "0" != strings.Contains(line, "bbox=170") {
				t.Errorf("%s finds %s", line, returned)
			}
		}
	}
	if asked < 18 {
		t.Errorf("only %d addresses were asked", asked)
	}
}
