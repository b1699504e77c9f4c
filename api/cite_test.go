package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The tests of this file and of its neighbours ask what the OGC's own suites
// ask (ets-ogcapi-features10 1.9, -tiles10, -processes10), each under the name
// of the suite's method, and hold more of the answer than the suites do where
// those leave an assertion out.

// cite is a suite at work: a server and what was read of it.
type cite struct {
	*client
	landing, list map[string]any
	collections   []map[string]any
}

func newCite(t *testing.T, c *client) *cite {
	t.Helper()
	s := &cite{client: c}
	s.landing = c.get("/", "Accept", "application/json").want(t, 200).json(t)
	s.list = c.get("/collections", "Accept", "application/json").want(t, 200).json(t)
	for _, one := range s.list["collections"].([]any) {
		s.collections = append(s.collections, one.(map[string]any))
	}
	if len(s.collections) == 0 {
		t.Fatal("no collections: the suite would prove nothing")
	}
	return s
}

// method is one test method of a suite.
type method struct {
	name string
	run  func(*testing.T, *cite)
}

func (s *cite) runAll(t *testing.T, methods []method) {
	seen := map[string]bool{}
	for _, m := range methods {
		if seen[m.name] {
			t.Fatalf("%s is in the table twice", m.name)
		}
		seen[m.name] = true
		t.Run(m.name, func(t *testing.T) {
			asker, mine := *s.client, *s
			asker.t, mine.client = t, &asker
			m.run(t, &mine)
		})
	}
}

// links lists the links of a document as name to value.
func links(document map[string]any) []map[string]any {
	var all []map[string]any
	list, _ := document["links"].([]any)
	for _, l := range list {
		all = append(all, l.(map[string]any))
	}
	return all
}

// alternates holds that a document links to itself and to each other form that
// the declared classes imply, and that every link has a relation, a media type
// and an absolute address.
func alternates(t *testing.T, where string, document map[string]any, forms ...string) {
	t.Helper()
	self, others := "", map[string]bool{}
	for _, l := range links(document) {
		for _, name := range []string{"rel", "type", "href"} {
			if text, _ := l[name].(string); text == "" {
				t.Errorf("%s: a link lacks %s: %v", where, name, l)
			}
		}
		if !strings.HasPrefix(fmt.Sprint(l["href"]), "http") {
			t.Errorf("%s: %v is not absolute", where, l["href"])
		}
		switch l["rel"] {
		case "self":
			self = l["type"].(string)
		case "alternate":
			others[l["type"].(string)] = true
		}
	}
	if self == "" {
		t.Errorf("%s has no self link", where)
	}
	for _, form := range forms {
		if form != self && !others[form] {
			t.Errorf("%s is %s and has no alternate of type %s, only %v", where, self, form, slices.Sorted(maps.Keys(others)))
		}
	}
}

// itemsOf is the address that a collection's link of type GeoJSON gives.
func itemsOf(t *testing.T, collection map[string]any) string {
	t.Helper()
	for _, l := range links(collection) {
		if l["rel"] == "items" && l["type"] == "application/geo+json" {
			return l["href"].(string)
		}
	}
	t.Fatalf("%v has no items as GeoJSON", collection["id"])
	return ""
}

// features reads a page as the suites do.
func (s *cite) features(t *testing.T, address string) map[string]any {
	t.Helper()
	return s.get(address, "Accept", "application/geo+json").want(t, 200).json(t)
}

func (s *cite) each(t *testing.T, do func(t *testing.T, collection map[string]any, items string)) {
	t.Helper()
	for _, one := range s.collections {
		do(t, one, itemsOf(t, one))
	}
}
