package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestAFeatureIsWrittenReadChangedAndTakenAway(t *testing.T) {
	w := writeServer(t)
	made := w.plan("POST", "/collections/facilities/items", `{"type":"Feature","id":"clinic-1","geometry":`+chengdu+`,"properties":{"name_zh":"诊所","kind":"clinic","capacity":12.5,"unit":"bed","opened":"2020-05-01"}}`).want(t, 201)
	at := made.header.Get("Location")
	if at != w.base+"/collections/facilities/items/clinic-1" {
		t.Fatalf("it is at %s", at)
	}
	got := w.get(at).want(t, 200)
	p := propertiesOf(t, got)
	if p["capacity"] != 12.5 || p["opened"] != "2020-05-01" || p["visibility"] != "public" || p["source"] != nil || p["name_en"] != nil || p["id"] != "clinic-1" {
		t.Errorf("properties %v", p)
	}
	w.plan("PUT", at, feature(`null`, `{"kind":"hospital"}`)).want(t, 204)
	if after := w.get(at).want(t, 200).json(t); after["geometry"] != nil || after["properties"].(map[string]any)["kind"] != "hospital" || after["properties"].(map[string]any)["name_zh"] != nil {
		t.Errorf("replaced: %v", after)
	}
	w.plan("PATCH", at, `{"properties":{"name_en":"Hospital"},"geometry":`+chengdu+`}`).want(t, 204)
	after := w.get(at).want(t, 200).json(t)
	if p := after["properties"].(map[string]any); p["name_en"] != "Hospital" || p["kind"] != "hospital" || after["geometry"] == nil {
		t.Errorf("patched: %v", after)
	}
	w.plan("PATCH", at, `{"properties":{"kind":null},"geometry":null}`).want(t, 204)
	if after := w.get(at).want(t, 200).json(t); after["properties"].(map[string]any)["kind"] != nil || after["geometry"] != nil {
		t.Errorf("patched with null: %v", after)
	}
	w.plan("DELETE", at, "").want(t, 204)
	w.get(at).want(t, 404)
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		w.plan(method, at, feature("null", "{}")).want(t, 404)
	}
	w.plan("POST", "/collections/facilities/items", `{"type":"Feature","id":"clinic-1","geometry":null,"properties":{}}`).want(t, 409)
}

func TestIdsAreMadeOrTaken(t *testing.T) {
	w := writeServer(t)
	first, second := w.post(t, "facilities", feature("null", "{}")), w.post(t, "facilities", feature("null", `{"id":null}`))
	if first >= second || strings.Contains(first[len(w.base):], "%") {
		t.Errorf("%s and %s: later ids sort later", first, second)
	}
	named := w.post(t, "facilities", feature("null", `{"id":"a.b~c:D-1_x"}`))
	if !strings.HasSuffix(named, "/a.b~c:D-1_x") {
		t.Errorf("an id among the properties is taken: %s", named)
	}
	a := w.plan("POST", "/collections/facilities/items", feature("null", `{"id":"a.b~c:D-1_x"}`)).want(t, 409)
	if got := a.faults(t); !slices.Equal(got, []string{"/id"}) {
		t.Errorf("faults %v", got)
	}
	w.plan("POST", "/collections/facilities/items", `{"type":"Feature","id":"a/b","geometry":null,"properties":{}}`).want(t, 400)
	w.plan("POST", "/collections/facilities/items", `{"type":"Feature","id":7,"geometry":null,"properties":{}}`).want(t, 400)
	w.plan("PUT", named, `{"type":"Feature","id":"other","geometry":null,"properties":{}}`).want(t, 400)
	w.plan("PUT", "/collections/facilities/items/unknown", feature("null", "{}")).want(t, 404)
	w.plan("PUT", "/collections/facilities/items/unknown", feature("null", "{}"), "If-None-Match", "*").want(t, 404)
}

func TestOneOfManyWritersWithTheSameTagWins(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "facilities", feature(chengdu, `{"capacity":0}`))
	tag := w.get(at).want(t, 200).header.Get("ETag")
	var wins, losses atomic.Int32
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			method, body := "PUT", feature(chengdu, fmt.Sprintf(`{"capacity":%d}`, i+1))
			if i%2 == 1 {
				method, body = "PATCH", fmt.Sprintf(`{"properties":{"capacity":%d}}`, i+1)
			}
			switch a := w.plan(method, at, body, "If-Match", tag); a.status {
			case 204:
				wins.Add(1)
			case 412:
				losses.Add(1)
			default:
				t.Errorf("%d: %s", a.status, a.body)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 || losses.Load() != 31 {
		t.Errorf("%d won, %d lost", wins.Load(), losses.Load())
	}
}

// Patches of different members made at once are all kept, tag or no tag.
func TestPatchesAtOnceAreAllKept(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "facilities", feature(chengdu, `{}`))
	names := []string{"name_zh", "name_en", "kind", "unit", "address_zh", "operator", "status", "note"}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { w.plan("PATCH", at, `{"properties":{"`+name+`":"x"}}`).want(t, 204) })
	}
	wg.Wait()
	p := propertiesOf(t, w.get(at).want(t, 200))
	for _, name := range names {
		if p[name] != "x" {
			t.Errorf("%s is lost", name)
		}
	}
}

func TestAnyTagOfAFeatureIsGood(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "facilities", feature(chengdu, "{}"))
	for _, form := range []struct{ query, header, value string }{
		{"", "Accept", "*/*"}, {"?f=html", "Accept", "*/*"}, {"", "Accept", "application/vnd.ogc.fg+json"}, {"?crs=http://www.opengis.net/def/crs/EPSG/0/4490", "Accept", "*/*"}, {"", "Accept-Encoding", "gzip"}, {"", "Accept-Encoding", "zstd"},
	} {
		for _, prefix := range []string{"", "W/"} {
			tag := w.get(at+form.query, form.header, form.value).want(t, 200).header.Get("ETag")
			tag = prefix + strings.TrimPrefix(tag, "W/")
			w.plan("PATCH", at, `{"properties":{"capacity":1}}`, "If-Match", `"1", `+tag).want(t, 204)
			w.plan("PATCH", at, `{"properties":{"capacity":2}}`, "If-Match", tag).want(t, 412)
		}
	}
	patched := w.plan("PATCH", at, `{}`, "If-Match", "*").want(t, 204).header.Get("ETag")
	w.plan("PATCH", at, `{}`, "If-None-Match", patched).want(t, 412)
	w.plan("PATCH", at, `{}`, "If-None-Match", `"5"`, "If-Match", patched).want(t, 204)
	for _, stale := range []string{patched, `"none of ours"`, "garbage", `""`, "W/"} {
		w.plan("PUT", at, feature("null", "{}"), "If-Match", stale).want(t, 412)
		w.plan("DELETE", at, "", "If-Match", stale).want(t, 412)
	}
	w.plan("PUT", at, feature("null", "{}"), "If-None-Match", "*").want(t, 412)
	w.plan("DELETE", "/collections/facilities/items/unknown", "", "If-Match", "*").want(t, 404)
	created := w.plan("POST", "/collections/facilities/items", feature("null", `{"id":"fresh"}`)).want(t, 201).header.Get("ETag")
	w.plan("DELETE", "/collections/facilities/items/fresh", "", "If-Match", created).want(t, 204)
}

func TestMethodsAreThoseOfTheCollection(t *testing.T) {
	w := writeServer(t)
	for path, want := range map[string]string{
		"/collections/facilities/items":         "OPTIONS, GET, HEAD, POST",
		"/collections/facilities/items/nobody":  "OPTIONS, GET, HEAD, PUT, PATCH, DELETE",
		"/collections/seats/items":              "OPTIONS, GET, HEAD",
		"/collections/seats/items/seat-510100":  "OPTIONS, GET, HEAD",
		"/collections/observations/items":       "OPTIONS, GET, HEAD, POST",
		"/collections/scenarios/items/whatever": "OPTIONS, GET, HEAD, PUT, PATCH, DELETE",
	} {
		a := w.do("OPTIONS", path, "").want(t, 204)
		if got := a.header.Get("Allow"); got != want || a.header.Get("Access-Control-Allow-Methods") != want {
			t.Errorf("OPTIONS %s allows %q, want %q", path, got, want)
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			if strings.Contains(want, method) {
				continue
			}
			// Who may not write learns as well that nobody can.
			if a := w.do(method, path, "{}"); a.status != 405 || a.header.Get("Allow") != want {
				t.Errorf("%s %s: %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
		}
	}
	if a := w.do("OPTIONS", "/collections/facilities/items/x", ""); a.header.Get("Accept-Patch") != "application/merge-patch+json" {
		t.Errorf("Accept-Patch %q", a.header.Get("Accept-Patch"))
	}
	w.do("OPTIONS", "/collections/nowhere/items", "").want(t, 404)
	w.plan("POST", "/collections/nowhere/items", "{}").want(t, 404)
}

func TestWhoMayNotWriteLearnsNothingOfTheBody(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "facilities", feature(chengdu, "{}"))
	for _, one := range []struct{ method, path string }{{"POST", "/collections/facilities/items"}, {"PUT", at}, {"PATCH", at}, {"DELETE", at}, {"PUT", "/collections/facilities/items/unknown"}} {
		for _, headers := range [][]string{{"Content-Type", "image/png"}, {"Content-Type", "application/geo+json", "Content-Crs", "<nonsense>"}} {
			a := w.do(one.method, one.path, "not JSON", headers...).want(t, 401)
			if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("WWW-Authenticate %q", a.header.Get("WWW-Authenticate"))
			}
			w.do(one.method, one.path, "not JSON", append(headers, "Authorization", "Bearer viewer")...).want(t, 403)
		}
	}
	w.as("admin", "DELETE", at, "").want(t, 204)
	readOnly := serve(t, config(newStore(1)))
	readOnly.do("POST", "/collections/facilities/items", "{}").want(t, 405)
	if a := readOnly.do(http.MethodOptions, "/collections/facilities/items", ""); strings.Contains(a.header.Get("Allow"), "POST") {
		t.Error("a server without writer offers to write")
	}
}
