package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"quanyu/api"
)

// ask sends a request straight to a handler.
func ask(handler http.Handler, method, path, query, body string) *httptest.ResponseRecorder {
	request := &http.Request{Method: method, URL: &url.URL{Path: path, RawQuery: query}, Host: "fuzz.test", Header: http.Header{"Content-Type": {"application/json"}}, Body: http.NoBody, Proto: "HTTP/1.1"}
	if body != "" {
		request = httptest.NewRequest(method, "http://fuzz.test"+path, strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// isProblem holds that a refusal is a problem whose every fault says where and
// what.
func isProblem(t *testing.T, what string, a *httptest.ResponseRecorder) {
	t.Helper()
	var p struct {
		Status int
		Detail string
		Errors []struct {
			Parameter, Detail string
			Pointer           *string
		}
	}
	if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil || p.Status != a.Code || p.Detail == "" || a.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%q: status %d with %s", what, a.Code, a.Body)
	}
	if a.Code == http.StatusBadRequest && len(p.Errors) == 0 {
		t.Fatalf("%q: no fault is named: %s", what, a.Body)
	}
	for _, e := range p.Errors {
		if e.Detail == "" || e.Parameter == "" && e.Pointer == nil {
			t.Fatalf("%q: a fault without its place: %s", what, a.Body)
		}
	}
}

// FuzzItemsRequest asks for features with any query: it is answered or refused
// by the name of a parameter, never a fault of the server; what is answered
// keeps to its limit, and is refused when a parameter is added that nobody
// knows.
func FuzzItemsRequest(f *testing.F) {
	for _, seed := range []string{"limit=2&sortby=-level,+id", "bbox=1,2,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4490", "filter=level='county'&filter-lang=cql2-text",
		"filter-lang=cql2-json&filter={\"op\":\"=\",\"args\":[{\"property\":\"level\"},\"county\"]}", "datetime=2020-01-01/..&f=csv", "properties=id,level&skipGeometry=true&crs=[EPSG:4513]",
		"cursor=e30", "limit=99999999999999999999", "level=county&level=county", "a=%00&%zz=1;", "sortby=,,-&properties=", "f=html&limit=1"} {
		f.Add(seed)
	}
	s := newStore(7)
	handler := api.New(config(s))
	f.Fuzz(func(t *testing.T, query string) {
		const path = "/collections/seats/items"
		a := ask(handler, http.MethodGet, path, query, "")
		switch a.Code {
		case http.StatusBadRequest, http.StatusNotAcceptable:
			isProblem(t, query, a)
			return
		case http.StatusOK:
		default:
			t.Fatalf("%q: status %d: %s", query, a.Code, a.Body)
		}
		if s.asked.Limit < 1 || s.asked.Limit > 10000 || len(s.asked.Sort) > 8 {
			t.Fatalf("%q: asks for %d rows by %d keys", query, s.asked.Limit, len(s.asked.Sort))
		}
		var page struct{ Features []json.RawMessage }
		if strings.Contains(a.Header().Get("Content-Type"), "json") {
			if err := json.Unmarshal(a.Body.Bytes(), &page); err != nil || len(page.Features) > s.asked.Limit {
				t.Fatalf("%q: %d features of %d: %v", query, len(page.Features), s.asked.Limit, err)
			}
		}
		if again := ask(handler, http.MethodGet, path, query+"&unheard-of=1", ""); again.Code != http.StatusBadRequest {
			t.Fatalf("%q: with an unknown parameter it is answered %d", query, again.Code)
		}
	})
}

// FuzzTileAddress asks for tiles anywhere: what is answered was named by whole
// numbers inside the grid.
func FuzzTileAddress(f *testing.F) {
	for _, seed := range []string{"WebMercatorQuad/0/0/0", "WorldCRS84Quad/0/0/1", "WebMercatorQuad/5/13/25", "WebMercatorQuad/-1/0/0", "WebMercatorQuad/00/0/0", "x/1e1/%2f/..", "WebMercatorQuad/30/1/1", "WebMercatorQuad/9223372036854775807/0/0"} {
		f.Add(seed, "collections=seats")
	}
	f.Add("WebMercatorQuad/1/0/1", "collections=seats,airports,seats")
	f.Add("WebMercatorQuad/1/0/1", "collections=&f=mvt")
	handler := api.New(config(newStore(7)))
	f.Fuzz(func(t *testing.T, address, query string) {
		if strings.Count(address, "/") != 3 || strings.HasSuffix(address, "/") {
			return // a slash at the end is dropped
		}
		a := ask(handler, http.MethodGet, "/tiles/"+address, query, "")
		if a.Code != http.StatusOK {
			if !slices.Contains([]int{400, 404, 406}, a.Code) {
				t.Fatalf("%q: status %d: %s", address, a.Code, a.Body)
			}
			isProblem(t, address, a)
			return
		}
		parts := strings.Split(address, "/")
		z, err := strconv.Atoi(parts[1])
		if err != nil || strconv.Itoa(z) != parts[1] || z < 0 || z > 24 {
			t.Fatalf("%q is answered", address)
		}
		for _, part := range parts[2:] {
			if n, err := strconv.Atoi(part); err != nil || strconv.Itoa(n) != part || n < 0 || n >= 2<<z {
				t.Fatalf("%q is answered", address)
			}
		}
	})
}

// FuzzExecution runs a process with any body: it answers with the outputs that
// were asked for, or says where the body is wrong.
func FuzzExecution(f *testing.F) {
	for _, seed := range []string{`{"inputs":{"numbers":[1,2.5]}}`, `{"inputs":{"numbers":{"value":[1]}},"outputs":{"total":{}},"response":"raw"}`, `{"inputs":{"numbers":{"href":"http://x"}}}`,
		`{"inputs":{"numbers":[1]},"outputs":{"total":{"transmissionMode":"value","format":{"mediaType":"application/json"}}}}`, `{"inputs":{"numbers":[1],"numbers":[2]}}`, `[]`, `{"subscriber":{}}`, `{"inputs":{"numbers":[1e400]}}`, `null`} {
		f.Add(seed)
	}
	handler := api.New(config(newStore(1)))
	f.Fuzz(func(t *testing.T, body string) {
		if body == "" || strings.Contains(body, "66") || strings.Contains(body, "77") || strings.ContainsAny(body, "eE\\") && strings.Contains(body, "numbers") && strings.Contains(body, "6") {
			return // the fake process breaks at 666 and waits at 777
		}
		a := ask(handler, http.MethodPost, "/processes/sum/execution", "", body)
		if a.Code != http.StatusOK {
			if !slices.Contains([]int{400, 413, 422}, a.Code) {
				t.Fatalf("%q: status %d: %s", body, a.Code, a.Body)
			}
			isProblem(t, body, a)
			return
		}
		var asked struct {
			Outputs  map[string]json.RawMessage
			Response string
		}
		if err := json.Unmarshal([]byte(body), &asked); err != nil {
			t.Fatalf("%q is run: %v", body, err)
		}
		if asked.Response == "raw" {
			return
		}
		var answered map[string]json.RawMessage
		if err := json.NewDecoder(bytes.NewReader(a.Body.Bytes())).Decode(&answered); err != nil {
			t.Fatalf("%q: %v in %s", body, err, a.Body)
		}
		for name := range answered {
			if _, ok := asked.Outputs[name]; len(asked.Outputs) > 0 && !ok {
				t.Fatalf("%q: output %s was not asked for", body, name)
			}
		}
	})
}
