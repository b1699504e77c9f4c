package api_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestLandingPageIsTheMapToBrowsersAndLinksToPrograms(t *testing.T) {
	cfg := config(newStore(1))
	cfg.MapReview = "GS(2025)0001号"
	c := serve(t, cfg)
	a := c.get("/", "Accept", browser).want(t, 200)
	if !strings.Contains(string(a.body), "<title>map</title>") || a.header.Get("Content-Security-Policy") == "" {
		t.Errorf("a browser gets %s with %v", a.body, a.header)
	}
	c.get("/", "Accept", browser, "If-None-Match", a.header.Get("ETag")).want(t, 304)
	for _, path := range []string{"/app.js", "/app/app.js"} {
		if got := c.get(path).want(t, 200); !strings.Contains(got.header.Get("Content-Type"), "javascript") || got.header.Get("ETag") == "" {
			t.Errorf("%s: %v", path, got.header)
		}
	}
	document := c.get("/", "Accept", "*/*").want(t, 200).json(t)
	for _, name := range []string{"self", "service-desc", "service-doc", "conformance", "data", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
		"http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", "http://www.opengis.net/def/rel/ogc/1.0/processes"} {
		href := rel(document, name)
		if href == "" {
			t.Errorf("no link %s", name)
			continue
		}
		c.get(href).want(t, 200)
	}
	if document["map_review_number"] != "GS(2025)0001号" || strings.Contains(document["attribution"].(string), "无审图号") {
		t.Errorf("review number: %v", document)
	}
	cfg.Page = nil
	if plain := serve(t, cfg).get("/", "Accept", browser).want(t, 200); !strings.Contains(string(plain.body), "/collections") {
		t.Errorf("without a page: %s", plain.body)
	}
}

// TestPagesAreWholeAndSafe parses every page, follows its links on this
// server, and looks for what screen readers need.
func TestPagesAreWholeAndSafe(t *testing.T) {
	s := newStore(12)
	s.seats[0].Properties = []byte(`{"id":"s00000","name_zh":"<script>alert(1)</script>","level":"prefecture"}`)
	c := serve(t, config(s))
	href := regexp.MustCompile(`href="([^"]+)"`)
	seen := map[string]bool{}
	queue := []string{"/collections", "/collections/seats", "/collections/seats/items?limit=5", "/collections/seats/items/s00000", "/collections/seats/schema",
		"/processes", "/processes/sum", "/conformance", "/api", "/problems/invalid"}
	for _, path := range queue {
		a := c.get(path, "Accept", browser).want(t, 200)
		text := string(a.body)
		if strings.Contains(text, "<script") {
			t.Errorf("%s holds a script", path)
		}
		for _, want := range []string{`<html lang="en">`, `<main id="content">`, `<h1>`, `aria-label="Breadcrumb`, `name="viewport"`, "</html>"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if _, err := html.Parse(strings.NewReader(text)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, match := range href.FindAllStringSubmatch(text, -1) {
			link := html.UnescapeString(match[1])
			if strings.HasPrefix(link, "#") || link == "data:," || seen[link] {
				continue
			}
			seen[link] = true
			if !strings.HasPrefix(link, c.base) {
				t.Errorf("%s links outside: %s", path, link)
			} else if strings.HasSuffix(link, "/execution") {
				continue // takes POST only
			} else if got := c.get(link, "Accept", browser); got.status >= 400 && got.status != 406 {
				t.Errorf("%s links to %s, which answers %d", path, link, got.status)
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d links followed", len(seen))
	}
}

func TestConformanceIsBackedByRoutes(t *testing.T) {
	c := serve(t, config(newStore(1)))
	declared := map[string]bool{}
	for _, class := range c.get("/conformance").want(t, 200).json(t)["conformsTo"].([]any) {
		declared[class.(string)] = true
	}
	const spec = "http://www.opengis.net/spec/"
	for _, class := range []string{"ogcapi-features-1/1.0/conf/core", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2",
		"cql2/1.0/conf/cql2-json", "cql2/1.0/conf/basic-spatial-functions", "cql2/1.0/conf/basic-spatial-operators", "cql2/1.0/conf/arithmetic",
		"ogcapi-features-5/1.0/conf/schemas", "ogcapi-common-3/1.0/conf/schemas", "ogcapi-tiles-1/1.0/conf/collections-selection", "ogcapi-processes-1/1.0/conf/ogc-process-description"} {
		if !declared[spec+class] {
			t.Errorf("%s is not declared", class)
		}
	}
	for _, class := range []string{"ogcapi-processes-1/1.0/conf/core", "ogcapi-processes-1/1.0/conf/job-list", "ogcapi-processes-1/1.0/conf/dismiss", "ogcapi-features-4/1.0/conf/create-replace-delete", "cql2/1.0/conf/functions", "ogcapi-tiles-1/1.0/conf/datetime"} {
		if declared[spec+class] {
			t.Errorf("%s is declared and does not exist", class)
		}
	}
	if declared[spec+"ogcapi-processes-1/1.0/conf/job-list"] != (c.checker.document.Paths.Value("/jobs") != nil) {
		t.Error("the job list is declared without its path, or the other way round")
	}
}
