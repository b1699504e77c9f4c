package web_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"quanyu/web"
)

func TestPageIsWhole(t *testing.T) {
	page := builtPage(t)
	index := read(t, page, "index.html")
	references := regexp.MustCompile(`(?:src|href)="([^"#?:]+\.(?:js|css))"`).FindAllStringSubmatch(index, -1)
	if len(references) < 2 {
		t.Fatalf("index.html names %d scripts and style sheets, want both", len(references))
	}
	for _, r := range references {
		if _, err := fs.Stat(page, r[1]); err != nil {
			t.Errorf("index.html needs %s: %v", r[1], err)
		}
	}
	for _, name := range []string{"worker.js", "licences.txt"} {
		if _, err := fs.Stat(page, name); err != nil {
			t.Errorf("the page needs %s: %v", name, err)
		}
	}
}

// TestPageNeedsNoOtherHost: nothing that a browser would fetch by itself names
// another host, and the page's own policy forbids the rest.
func TestPageNeedsNoOtherHost(t *testing.T) {
	page := builtPage(t)
	fetched := regexp.MustCompile(`(?i)(?:(?:src|href)=["']?|@import\s+["']?|url\(["']?)(?:https?:)?//[^"')\s]+`)
	for _, name := range []string{"index.html", "app.css"} {
		for _, found := range fetched.FindAllString(read(t, page, name), -1) {
			t.Errorf("%s fetches from another host: %s", name, found)
		}
	}
	index := read(t, page, "index.html")
	for _, rule := range []string{"default-src 'none'", "script-src 'self'", "connect-src 'self'", "worker-src 'self'"} {
		if !strings.Contains(index, rule) {
			t.Errorf("the page's policy lacks %s", rule)
		}
	}
}

func TestLockFileNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), `"resolved"`) {
		t.Error("package-lock.json says where packages were fetched from; .npmrc should keep that out")
	}
}

func builtPage(t *testing.T) fs.FS {
	t.Helper()
	page, built := web.Page()
	if !built {
		t.Fatal("the map page is not built: `make page` builds it, and `make test` does so by itself")
	}
	return page
}

func read(t *testing.T, files fs.FS, name string) string {
	t.Helper()
	content, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
