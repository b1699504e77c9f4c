package api_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func (c *client) run(body string, headers ...string) answer {
	c.t.Helper()
	return c.do(http.MethodPost, "/processes/sum/execution", body, append([]string{"Content-Type", "application/json"}, headers...)...)
}

func TestProcessDescription(t *testing.T) {
	c := serve(t, config(newStore(1)))
	list := c.get("/processes?limit=1").want(t, 200).json(t)
	if got := list["processes"].([]any)[0].(map[string]any)["id"]; got != "sum" {
		t.Errorf("first process %v", got)
	}
	about := c.get("/processes/sum").want(t, 200).json(t)
	input := about["inputs"].(map[string]any)["numbers"].(map[string]any)
	if input["minOccurs"] != 1.0 || input["schema"].(map[string]any)["type"] != "array" {
		t.Errorf("input %v", input)
	}
	if got := about["jobControlOptions"].([]any); len(got) != 1 || got[0] != "sync-execute" {
		t.Errorf("job control %v", got)
	}
	if !strings.Contains(about["description"].(string), "`document`") {
		t.Error("the description does not state the default of response")
	}
	if got := rel(about, "http://www.opengis.net/def/rel/ogc/1.0/execute"); got != c.base+"/processes/sum/execution" {
		t.Errorf("execute link %s", got)
	}
	missing := c.get("/processes/nowhere").want(t, 404).json(t)
	if missing["type"] != "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process" {
		t.Errorf("type %v", missing["type"])
	}
	c.do(http.MethodPost, "/processes/nowhere/execution", "{}").want(t, 404)
}

func TestExecutionAnswersInTheFormAskedFor(t *testing.T) {
	c := serve(t, config(newStore(1)))
	const empty = `{"type":"FeatureCollection","features":[]}`
	for _, one := range []struct{ name, request, want, media string }{
		{"document by default", `{"inputs":{"numbers":[1,2]}}`, `{"total":3,"evidence":{"value":` + empty + `,"mediaType":"application/geo+json"}}`, "application/json"},
		{"qualified input", `{"inputs":{"numbers":{"value":[1,2],"mediaType":"application/json"}},"outputs":{"total":{}}}`, `{"total":3}`, "application/json"},
		{"outputs select", `{"inputs":{"numbers":[4]},"outputs":{"total":{"transmissionMode":"value"}},"response":"document"}`, `{"total":4}`, "application/json"},
		{"raw number", `{"inputs":{"numbers":[4]},"outputs":{"total":{}},"response":"raw"}`, `4`, "application/json"},
		{"raw features", `{"inputs":{"numbers":[4]},"outputs":{"evidence":{"format":{"mediaType":"application/geo+json"}}},"response":"raw"}`, empty, "application/geo+json"},
	} {
		a := c.run(one.request, "Prefer", "respond-async").want(t, 200)
		if got := strings.TrimSpace(string(a.body)); got != one.want || a.header.Get("Content-Type") != one.media {
			t.Errorf("%s: %s of type %s, want %s", one.name, got, a.header.Get("Content-Type"), one.want)
		}
	}
	a := c.run(`{"inputs":{"numbers":[4]},"response":"raw"}`).want(t, 200)
	media, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || media != "multipart/related" {
		t.Fatalf("several raw outputs are %q (%v)", a.header.Get("Content-Type"), err)
	}
	reader, got := multipart.NewReader(bytes.NewReader(a.body), params["boundary"]), ""
	for part, err := reader.NextPart(); err == nil; part, err = reader.NextPart() {
		body, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		got += part.Header.Get("Content-Id") + " " + part.Header.Get("Content-Type") + " " + string(body) + "\n"
	}
	if got != "total application/json 4\nevidence application/geo+json "+empty+"\n" {
		t.Errorf("parts %s", got)
	}
}

func TestBadExecutionsNameTheMember(t *testing.T) {
	c := serve(t, config(newStore(1)))
	for _, one := range []struct {
		body   string
		status int
		faults []string
	}{
		{``, 400, []string{""}},
		{`{`, 400, []string{""}},
		{`[]`, 400, []string{""}},
		{`null`, 400, []string{""}},
		{`{"inputs":{"numbers":[1]}} x`, 400, []string{""}},
		{`{"inputs":{"numbers":[1],"numbers":[2]}}`, 400, []string{"/inputs/numbers"}},
		{`{"inputs":[]}`, 400, []string{"/inputs"}},
		{`{"inputs":{"numbers":"many"}}`, 400, []string{"/inputs/numbers"}},
		{`{"inputs":{"numbers":{"href":"http://elsewhere.test/"}}}`, 400, []string{"/inputs/numbers"}},
		{`{"inputs":{"numbers":[1]},"input":{}}`, 400, []string{"/input"}},
		{`{"inputs":{"numbers":[1]},"a/b~c":{}}`, 400, []string{"/a~1b~0c"}},
		{`{"inputs":{"numbers":[1]},"outputs":{"nothing":{},"total":{"transmissionMode":"reference"}},"response":"xml","subscriber":{}}`, 400,
			[]string{"/outputs/nothing", "/outputs/total/transmissionMode", "/response", "/subscriber"}},
		{`{"inputs":{"numbers":[1]},"outputs":{"total":{"format":{"mediaType":"text/xml"}}}}`, 400, []string{"/outputs/total/format"}},
		{`{"inputs":{"numbers":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}}`, 400, []string{""}},
		{strings.Repeat(" ", 10<<20), 413, []string{""}},
		{`{"inputs":{"numbers":[666]}}`, 500, nil},
	} {
		a := c.run(one.body)
		if a.status != one.status {
			t.Errorf("%.80s: status %d, want %d: %s", one.body, a.status, one.status, a.body)
			continue
		}
		if got := a.faults(t); !slices.Equal(got, one.faults) {
			t.Errorf("%.80s: faults of %q, want %q", one.body, got, one.faults)
		}
	}
	if a := c.run(strings.Repeat(" ", 2<<20)); !strings.Contains(string(a.body), "1048576 bytes") {
		t.Errorf("the problem does not name the limit: %s", a.body)
	}
	c.do(http.MethodPost, "/processes/sum/execution", "a=b", "Content-Type", "application/x-www-form-urlencoded").want(t, 415)
}

func TestAnExecutionEndsAtItsDeadline(t *testing.T) {
	cfg := config(newStore(1))
	cfg.RunTimeout, cfg.MaxRuns = 50*time.Millisecond, 1
	c := serve(t, cfg)
	a := c.run(`{"inputs":{"numbers":[777]}}`).want(t, 503)
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	c.run(`{"inputs":{"numbers":[1]}}`).want(t, 200) // its slot is free again
}
