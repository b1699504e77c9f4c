package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// processWalks asks, for each class of OGC API - Processes that is declared,
// what its requirements say.
func processWalks() map[string]func(*testing.T, *client) {
	return map[string]func(*testing.T, *client){
		"core":                    walkProcessCore,
		"ogc-process-description": walkDescriptions,
		"json":                    walkProcessJSON,
		"html":                    walkProcessHTML,
		"oas30":                   walkProcessOAS30,
		"job-list":                walkJobList,
		"dismiss":                 walkDismiss,
	}
}

func TestDeclaredProcessClassesAreWalked(t *testing.T) {
	c, _ := jobServer(t)
	var declared []string
	for _, class := range c.get("/conformance").want(t, 200).json(t)["conformsTo"].([]any) {
		if name, ok := strings.CutPrefix(class.(string), "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"); ok {
			declared = append(declared, name)
		}
	}
	slices.Sort(declared)
	if want := slices.Sorted(maps.Keys(processWalks())); !slices.Equal(declared, want) {
		t.Errorf("declared %v, walked %v", declared, want)
	}
	for _, name := range declared {
		t.Run(name, func(t *testing.T) { processWalks()[name](t, c) })
	}
}

// echo asks for a synchronous run.
func (c *client) echo(body string, headers ...string) answer {
	c.t.Helper()
	return c.do(http.MethodPost, "/processes/echo/execution", body, append([]string{"Content-Type", "application/json", "Accept", "application/json"}, headers...)...)
}

// echoRequests are inputs and outputs as the OGC's suite sends them, after what
// it reads in the description of echo.
func echoRequests() map[string]string {
	const outputs = `"outputs":{"string":{"transmissionMode":"value"},"object":{"transmissionMode":"value"},"bbox":{"transmissionMode":"value"},"binary":{"transmissionMode":"value"}}`
	const common = `"string":"teststring","bbox":{"crs":"urn:ogc:def:crs:EPSG:6.6:4326","bbox":[345345345,345345345,345345345,345345345]},"object":{"value":"teststring"}`
	return map[string]string{
		"inline":          `{"inputs":{` + common + `},` + outputs + `}`,
		"default outputs": `{"inputs":{` + common + `}}`,
		"array":           `{"inputs":{` + common + `,"array":[1,2,3]},"outputs":{"array":{"transmissionMode":"value"}}}`,
		"bbox":            `{"inputs":{"string":"teststring","object":{"value":"teststring"},"bbox":{"bbox":[51.9,7,52,7.1],"crs":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},"outputs":{}}`,
		"binary":          `{"inputs":{` + common + `,"binary":{"value":"aGVsbG8=","format":{"encoding":"base64"}}},` + outputs + `}`,
		"reference":       `{"inputs":{` + common + `,"binary":{"href":"https://data.test/testgeotiff.tiff","format":{}}},` + outputs + `}`,
		"document":        `{"inputs":{` + common + `},` + outputs + `,"response":"document"}`,
		"raw":             `{"inputs":{` + common + `},` + outputs + `,"response":"raw"}`,
		"raw, one":        `{"inputs":{` + common + `},"outputs":{"string":{"transmissionMode":"value"}},"response":"raw"}`,
	}
}

func walkProcessCore(t *testing.T, c *client) {
	for name, request := range echoRequests() {
		if a := c.echo(request).want(t, 200); !strings.Contains(string(a.body), "teststring") && name != "array" {
			t.Errorf("%s: %s", name, a.body)
		}
		address, _ := c.start("echo", request)
		info := c.await(address)
		if info["status"] != "successful" {
			t.Fatalf("%s: %v", name, info)
		}
		results := c.get(rel(info, "http://www.opengis.net/def/rel/ogc/1.0/results")).want(t, 200)
		sync := c.echo(request)
		if !reflect.DeepEqual(contentOf(t, sync), contentOf(t, results)) {
			t.Errorf("%s: the job gives %s, the request %s", name, results.body, sync.body)
		}
	}
	refused := c.echo(`{"invalid-execute-request":"true"}`).want(t, 400).json(t)
	if refused["type"] == "" || refused["status"] != 400.0 {
		t.Errorf("%v", refused)
	}
	for address, kind := range map[string]string{"/processes/none": "no-such-process", "/jobs/none": "no-such-job", "/jobs/none/results": "no-such-job", "/jobs/a%00b": "no-such-job"} {
		if got := c.get(address).want(t, 404).json(t)["type"]; got != "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"+kind {
			t.Errorf("%s: %v", address, got)
		}
	}
	address, _ := c.start("echo", `{"inputs":{"string":"teststring","pause":30},"outputs":{"string":{}},"response":"raw"}`)
	if got := c.get(address+"/results").want(t, 404).json(t)["type"]; got != "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready" {
		t.Errorf("%v", got)
	}
	c.do(http.MethodDelete, address, "").want(t, 200)
}

// contentOf is a result without what differs from one answer to the next: the
// boundary of its parts.
func contentOf(t *testing.T, a answer) any {
	t.Helper()
	media, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if media != "multipart/related" {
		return string(a.body)
	}
	parts := map[string]string{}
	reader := multipart.NewReader(bytes.NewReader(a.body), params["boundary"])
	for part, err := reader.NextPart(); err == nil; part, err = reader.NextPart() {
		body, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Header.Get("Content-Id")] = string(body)
	}
	return parts
}

func walkDescriptions(t *testing.T, c *client) {
	list := c.get("/processes").want(t, 200).json(t)["processes"].([]any)
	for _, one := range list {
		about := c.get("/processes/"+one.(map[string]any)["id"].(string)).want(t, 200).json(t)
		if fmt.Sprint(about["jobControlOptions"]) != "[sync-execute async-execute dismiss]" || fmt.Sprint(about["outputTransmission"]) != "[value]" {
			t.Errorf("%v: %v %v", about["id"], about["jobControlOptions"], about["outputTransmission"])
		}
		linked(t, about, "self", "http://www.opengis.net/def/rel/ogc/1.0/execute")
		for _, side := range []string{"inputs", "outputs"} {
			if len(about[side].(map[string]any)) == 0 {
				t.Errorf("%v has no %s", about["id"], side)
			}
		}
	}
	// The suite sends its text to the first input that is listed, and takes the
	// first object for one of any members.
	var echo struct{ Inputs json.RawMessage }
	if err := json.Unmarshal(c.get("/processes/echo").want(t, 200).body, &echo); err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return strings.Index(string(echo.Inputs), `"`+name+`":{"description"`) }
	if at("string") != 1 || at("object") > at("bbox") || at("pause") < 0 {
		t.Errorf("the inputs of echo come as %s", echo.Inputs)
	}
}

func walkProcessJSON(t *testing.T, c *client) {
	address, _ := c.start("echo", `{"inputs":{"string":"json"}}`)
	info := c.await(address)
	for _, name := range []string{"created", "started", "finished", "updated"} {
		if info[name] == nil {
			t.Errorf("no %s in %v", name, info)
		}
	}
	linked(t, info, "self", "monitor", "http://www.opengis.net/def/rel/ogc/1.0/results")
	for _, page := range []string{"/processes", "/processes/echo", "/jobs", address} {
		typed(t, c, page, "application/json")
	}
}

func walkProcessHTML(t *testing.T, c *client) {
	address, _ := c.start("echo", `{"inputs":{"string":"html","pause":30}}`)
	for _, page := range []string{"/processes", "/processes/echo", "/jobs", address} {
		if a := c.get(page, "Accept", "text/html").want(t, 200); !strings.Contains(strings.ToLower(string(a.body)), "<!doctype html>") {
			t.Errorf("%s is no page", page)
		} else if (page == address) != (a.header.Get("Refresh") != "") {
			t.Errorf("%s: Refresh %q", page, a.header.Get("Refresh"))
		}
	}
	c.do(http.MethodDelete, address, "").want(t, 200)
	if a := c.get(address, "Accept", "text/html").want(t, 200); a.header.Get("Refresh") != "" {
		t.Error("the page of a job that has ended loads itself anew")
	}
}

func walkProcessOAS30(t *testing.T, c *client) {
	wanted := map[string]string{"execute": "POST /processes/{processID}/execution", "getStatus": "GET /jobs/{jobId}", "getResult": "GET /jobs/{jobId}/results",
		"getJobs": "GET /jobs", "dismiss": "DELETE /jobs/{jobId}", "getProcesses": "GET /processes"}
	found := map[string]string{}
	for path, item := range c.checker.document.Paths.Map() {
		for method, operation := range item.Operations() {
			if wanted[operation.OperationID] != "" {
				found[operation.OperationID] = method + " " + path
			}
		}
	}
	if !maps.Equal(found, wanted) {
		t.Errorf("operations %v, want %v", found, wanted)
	}
}

func walkJobList(t *testing.T, c *client) {
	address, _ := c.start("echo", `{"inputs":{"string":"list"}}`)
	c.await(address)
	list := c.get("/jobs").want(t, 200).json(t)
	linked(t, list, "self")
	if rel(list["jobs"].([]any)[0].(map[string]any), "self") != address {
		t.Errorf("the newest job does not come first")
	}
	if got := rel(c.get("/?f=json").want(t, 200).json(t), "http://www.opengis.net/def/rel/ogc/1.0/job-list"); got != c.base+"/jobs" {
		t.Errorf("the landing page links to %q", got)
	}
}

func walkDismiss(t *testing.T, c *client) {
	address, _ := c.start("echo", `{"inputs":{"string":"dismiss","pause":30}}`)
	info := c.do(http.MethodDelete, address, "").want(t, 200).json(t)
	if info["status"] != "dismissed" || info["finished"] == nil {
		t.Errorf("%v", info)
	}
	if again := c.get(address).want(t, 200).json(t); again["status"] != "dismissed" {
		t.Errorf("%v", again)
	}
	c.get(address+"/results").want(t, 410)
	c.do(http.MethodDelete, address, "").want(t, 410)
	c.do(http.MethodDelete, "/jobs/none", "").want(t, 404)
	c.do(http.MethodPut, address, "").want(t, 405)
}
