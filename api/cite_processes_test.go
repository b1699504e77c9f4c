package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"quanyu/spatial/analysis"
)

const (
	processException = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
	testString       = "teststring"
)

// processServer serves the processes of this build over the shipped facts.
func processServer(t *testing.T) *client {
	t.Helper()
	store, _ := realStore(t)
	cfg := config(newStore(0))
	cfg.Items, cfg.Tiles, cfg.Inputs = store, store, store
	cfg.Processes = analysis.Processes("quanyu test", func() time.Time { return noon })
	return serve(t, cfg)
}

// TestCiteProcesses walks the methods of ets-ogcapi-processes10 that need no
// job.
func TestCiteProcesses(t *testing.T) {
	newCite(t, processServer(t)).runAll(t, citeProcesses())
}

func citeProcesses() []method {
	return []method{
		{"LandingPage.landingPageValidation", func(t *testing.T, s *cite) {
			linked(t, s.landing, "service-desc", "conformance", "http://www.opengis.net/def/rel/ogc/1.0/processes")
		}},
		{"Conformance.testConformanceOperationAndResponse", func(t *testing.T, s *cite) {
			for _, class := range []string{"ogc-process-description", "json", "html", "oas30"} {
				declared(t, s.client, "ogcapi-processes-1/1.0/conf/"+class)
			}
		}},
		{"ProcessList.testPlLimitDefinition", func(t *testing.T, s *cite) {
			limit := s.checker.document.Paths.Value("/processes").Get.Parameters.GetByInAndName("query", "limit")
			if limit == nil || !limit.Schema.Value.Type.Is("integer") || s.checker.document.Paths.Value("/processes").Get.OperationID != "getProcesses" {
				t.Errorf("limit is %+v", limit)
			}
		}},
		{"ProcessList.testPlLimitResponse", func(t *testing.T, s *cite) {
			if list := s.get("/processes?limit=1", "Accept", "application/json").want(t, 200).json(t)["processes"].([]any); len(list) != 1 {
				t.Errorf("%d processes of 1", len(list))
			}
		}},
		{"ProcessList.testPlLinks", func(t *testing.T, s *cite) {
			page := s.get("/processes?limit=1", "Accept", "application/json").want(t, 200).json(t)
			alternates(t, "/processes", page, "application/json", "text/html")
			seen := map[any]bool{}
			for next := s.base + "/processes?limit=1"; next != ""; {
				page := s.get(next).want(t, 200).json(t)
				for _, p := range page["processes"].([]any) {
					seen[p.(map[string]any)["id"]] = true
				}
				next = rel(page, "next")
			}
			if all := s.get("/processes").json(t)["processes"].([]any); len(seen) != len(all) {
				t.Errorf("%d processes in pages of one, %d in all", len(seen), len(all))
			}
		}},
		{"ProcessList.testProcessListSuccess", func(t *testing.T, s *cite) {
			for _, one := range s.get("/processes").want(t, 200).json(t)["processes"].([]any) {
				p := one.(map[string]any)
				if p["id"] == "" || p["version"] == "" || len(p["jobControlOptions"].([]any)) == 0 || rel(p, "self") == "" {
					t.Errorf("summary %v", p)
				}
			}
		}},
		{"OGCProcessDescription.testOGCProcessDescriptionInputDef", func(t *testing.T, s *cite) { s.descriptions(t, describesInputs) }},
		{"OGCProcessDescription.testOGCProcessDescriptionOutputsDef", func(t *testing.T, s *cite) { s.descriptions(t, describesOutputs) }},
		{"Process.testProcessExceptionNoSuchProcess", func(t *testing.T, s *cite) {
			for _, a := range []answer{s.get("/processes/no-such-process"), s.do(http.MethodPost, "/processes/no-such-process/execution", `{"inputs":{}}`, "Content-Type", "application/json")} {
				if a.want(t, 404).json(t)["type"] != processException+"no-such-process" {
					t.Errorf("exception %s", a.body)
				}
			}
		}},
	}
}

func (s *cite) descriptions(t *testing.T, check func(*testing.T, map[string]any)) {
	t.Helper()
	for _, one := range s.get("/processes").want(t, 200).json(t)["processes"].([]any) {
		check(t, s.get("/processes/"+one.(map[string]any)["id"].(string), "Accept", "application/json").want(t, 200).json(t))
	}
}

func describesInputs(t *testing.T, p map[string]any) { hasSchemas(t, p["id"], p["inputs"]) }

func describesOutputs(t *testing.T, p map[string]any) { hasSchemas(t, p["id"], p["outputs"]) }

func hasSchemas(t *testing.T, id, described any) {
	t.Helper()
	members, ok := described.(map[string]any)
	if !ok || len(members) == 0 {
		t.Errorf("%v describes nothing: %v", id, described)
	}
	for name, one := range members {
		if schema, ok := one.(map[string]any)["schema"].(map[string]any); !ok || len(schema) == 0 {
			t.Errorf("%v: %s has no schema", id, name)
		}
	}
}

// echoSuite is the process that the suite is told to run.
type echoSuite struct {
	*cite
	inputs, outputs map[string]any // by name, as described
	async           bool
}

// TestCiteJobs walks the methods that run the echo process and follow its
// jobs.
func TestCiteJobs(t *testing.T) {
	c := processServer(t)
	if c.checker.document.Paths.Value("/jobs") == nil {
		t.Skip("this build serves no jobs")
	}
	s := newCite(t, c)
	about := c.get("/processes/echo", "Accept", "application/json").want(t, 200).json(t)
	e := &echoSuite{cite: s, inputs: about["inputs"].(map[string]any), outputs: about["outputs"].(map[string]any), async: slices.Contains(about["jobControlOptions"].([]any), any("async-execute"))}
	if !e.async || !slices.Contains(about["jobControlOptions"].([]any), any("sync-execute")) {
		t.Fatalf("echo runs %v", about["jobControlOptions"])
	}
	s.runAll(t, citeJobs(e))
}

// citeJobs are the methods on an echo process; without one they only have
// names.
func citeJobs(e *echoSuite) []method {
	on := func(run func(*testing.T, *echoSuite)) func(*testing.T, *cite) {
		return func(t *testing.T, s *cite) {
			mine := *e
			mine.cite = s
			run(t, &mine)
		}
	}
	return []method{
		{"Jobs.setup", func(t *testing.T, s *cite) {
			for path, id := range map[string]string{"/jobs": "getJobs", "/jobs/{jobId}": "getStatus", "/jobs/{jobId}/results": "getResult"} {
				if item := s.checker.document.Paths.Find(path); item == nil || item.Get == nil || item.Get.OperationID != id {
					t.Errorf("%s is not the operation %s", path, id)
				}
			}
		}},
		{"Jobs.firstInputIsText", on(func(t *testing.T, e *echoSuite) {
			// The suite runs the first input alone, in the order of the document,
			// and looks for its text in the output of the same name. It takes a
			// contentMediaType for a form to violate, and then wants an exception
			// of type application/json.
			names := slices.Sorted(maps.Keys(e.inputs)) // the order that Go writes members in
			if name := names[0]; e.inputs[name].(map[string]any)["schema"].(map[string]any)["type"] != "string" || e.outputs[name] == nil {
				t.Errorf("the first input, %s, is no text with an output of its name", name)
			}
			for name, one := range e.inputs {
				if one.(map[string]any)["schema"].(map[string]any)["contentMediaType"] != nil {
					t.Errorf("input %s has a contentMediaType", name)
				}
			}
		})},
		{"Jobs.testJobCreationDefaultExecutionMode", on(func(t *testing.T, e *echoSuite) { e.run(e.request("", ""), "").want(t, 200) })},
		{"Jobs.testJobCreationAutoExecutionMode", on(func(t *testing.T, e *echoSuite) { e.run(e.request("", ""), "respond-async").want(t, 201) })},
		{"Jobs.testJobCreationDefaultOutputs", on(func(t *testing.T, e *echoSuite) {
			got := e.run(`{"inputs":`+e.values()+`}`, "").want(t, 200).json(t)
			for name := range e.outputs {
				if _, ok := got[name]; !ok {
					t.Errorf("no output %s in %v", name, got)
				}
			}
		})},
		{"Jobs.testJobCreationInputs", on(func(t *testing.T, e *echoSuite) {
			if a := e.run(e.request("", ""), "").want(t, 200); !strings.Contains(string(a.body), testString) {
				t.Errorf("echoes %s", a.body)
			}
		})},
		{"Jobs.testJobCreationInputInlineObject", on(func(t *testing.T, e *echoSuite) {
			for name, one := range e.inputs {
				if schema := one.(map[string]any)["schema"].(map[string]any); schema["type"] == "object" && !isBBox(schema) {
					e.run(`{"inputs":{"`+name+`":{"value":"`+testString+`"}}}`, "").want(t, 200)
				}
			}
		})},
		{"Jobs.testJobCreationInputInlineBbox", on(func(t *testing.T, e *echoSuite) {
			for name, one := range e.inputs {
				if isBBox(one.(map[string]any)["schema"].(map[string]any)) {
					e.run(`{"inputs":{"`+name+`":{"bbox":[51.9,7,52,7.1],"crs":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}`, "").want(t, 200)
				}
			}
		})},
		{"Jobs.testJobCreationInputValidation", on(func(t *testing.T, e *echoSuite) {
			a := e.run(`{"inputs":{"nothing-of-the-kind":1}}`, "").want(t, 400)
			if a.json(t)["type"] == "" {
				t.Errorf("exception %s", a.body)
			}
		})},
		{"Jobs.testJobResultsFailed", on(func(t *testing.T, e *echoSuite) { e.run(`{"invalid-execute-request":"true)"}`, "").want(t, 400) })},
		{"Jobs.testJobCreationSyncDocument", on(func(t *testing.T, e *echoSuite) { e.run(e.request("document", ""), "").want(t, 200).json(t) })},
		{"Jobs.testJobCreationSyncRawValueOne", on(func(t *testing.T, e *echoSuite) {
			if a := e.run(e.one(), "").want(t, 200); !strings.Contains(string(a.body), testString) {
				t.Errorf("raw is %s", a.body)
			}
		})},
		{"Jobs.testJobCreationSyncRawValueMulti", on(func(t *testing.T, e *echoSuite) {
			a := e.run(e.request("raw", ""), "").want(t, 200)
			if len(e.outputs) > 1 && !strings.HasPrefix(a.header.Get("Content-Type"), "multipart/related") {
				t.Errorf("several outputs come as %s", a.header.Get("Content-Type"))
			}
		})},
		{"Jobs.testJobCreationSuccessAsync", on(func(t *testing.T, e *echoSuite) { e.finished(t, e.request("", "")) })},
		{"Jobs.testJobResultsAsyncDocument", on(func(t *testing.T, e *echoSuite) {
			if a := e.get(e.finished(t, e.request("document", ""))+"/results").want(t, 200); !strings.Contains(string(a.body), testString) {
				t.Errorf("results %s", a.body)
			}
		})},
		{"Jobs.testJobResultsAsyncRawValueOne", on(func(t *testing.T, e *echoSuite) {
			if a := e.get(e.finished(t, e.one())+"/results").want(t, 200); !strings.Contains(string(a.body), testString) {
				t.Errorf("results %s", a.body)
			}
		})},
		{"Jobs.testJobResultsExceptionResultsNotReady", on(func(t *testing.T, e *echoSuite) {
			if e.inputs["pause"] == nil {
				t.Fatal("echo has no input pause, by which the suite makes a job that is not ready")
			}
			name := e.stringInput()
			job := e.run(`{"inputs":{"`+name+`":"`+testString+`","pause":5}}`, "respond-async").want(t, 201).header.Get("Location")
			if a := e.get(job+"/results").want(t, 404); a.json(t)["type"] != processException+"result-not-ready" {
				t.Errorf("exception %s", a.body)
			}
			e.do(http.MethodDelete, job, "").want(t, 200)
		})},
		{"Jobs.testJobExceptionNoSuchJob", func(t *testing.T, s *cite) {
			for _, path := range []string{"/jobs/invalid-job-1b2c", "/jobs/invalid-job-1b2c/results"} {
				if a := s.get(path, "Accept", "application/json").want(t, 404); a.json(t)["type"] != processException+"no-such-job" {
					t.Errorf("%s: exception %s", path, a.body)
				}
			}
		}},
		{"JobList.testJobList", on(func(t *testing.T, e *echoSuite) {
			job := e.finished(t, e.request("", ""))
			list := e.get("/jobs", "Accept", "application/json").want(t, 200).json(t)
			linked(t, list, "self")
			if !slices.ContainsFunc(list["jobs"].([]any), func(one any) bool { return strings.HasSuffix(job, one.(map[string]any)["jobID"].(string)) }) {
				t.Errorf("%s is not in the list", job)
			}
		})},
	}
}

func isBBox(schema map[string]any) bool {
	text, err := json.Marshal(schema)
	return err == nil && (strings.Contains(string(text), "ogc-bbox") || strings.Contains(string(text), "bbox.yaml"))
}

// values fills the inputs as the suite does: text and boxes alone.
func (e *echoSuite) values() string {
	values := map[string]any{}
	for name, one := range e.inputs {
		schema := one.(map[string]any)["schema"].(map[string]any)
		switch {
		case schema["type"] == "string":
			values[name] = testString
		case isBBox(schema):
			values[name] = map[string]any{"crs": "urn:ogc:def:crs:EPSG:6.6:4326", "bbox": []int{345345345, 345345345, 345345345, 345345345}}
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		e.t.Fatal(err)
	}
	return string(text)
}

// request asks for all outputs, or for one, by value.
func (e *echoSuite) request(response, only string) string {
	wanted := map[string]any{}
	for name := range e.outputs {
		if only == "" || only == name {
			wanted[name] = map[string]any{"transmissionMode": "value"}
		}
	}
	outputs, err := json.Marshal(wanted)
	if err != nil {
		e.t.Fatal(err)
	}
	body := `{"inputs":` + e.values() + `,"outputs":` + string(outputs)
	if response != "" {
		body += `,"response":"` + response + `"`
	}
	return body + "}"
}

// stringInput is an input of text that has an output of its name.
func (e *echoSuite) stringInput() string {
	for _, name := range slices.Sorted(maps.Keys(e.inputs)) {
		one := e.inputs[name]
		if _, both := e.outputs[name]; both && one.(map[string]any)["schema"].(map[string]any)["type"] == "string" {
			return name
		}
	}
	e.t.Fatal("echo has no input of text with an output of its name")
	return ""
}

func (e *echoSuite) one() string {
	name := e.stringInput()
	return `{"inputs":{"` + name + `":"` + testString + `"},"outputs":{"` + name + `":{"transmissionMode":"value"}},"response":"raw"}`
}

func (e *echoSuite) run(body, prefer string) answer {
	headers := []string{"Content-Type", "application/json; charset=UTF-8", "Accept", "application/json"}
	if prefer != "" {
		headers = append(headers, "Prefer", prefer)
	}
	return e.do(http.MethodPost, "/processes/echo/execution", body, headers...)
}

// finished runs a request as a job, checks each state on the way, and gives
// its address.
func (e *echoSuite) finished(t *testing.T, body string) string {
	t.Helper()
	job := e.run(body, "respond-async").want(t, 201).header.Get("Location")
	for range 300 {
		state := e.get(job, "Accept", "application/json").want(t, 200).json(t)
		if state["type"] != "process" || state["processID"] != "echo" || state["jobID"] == "" {
			t.Fatalf("status %v", state)
		}
		switch state["status"] {
		case "successful":
			linked(t, state, "http://www.opengis.net/def/rel/ogc/1.0/results")
			return job
		case "accepted", "running":
			time.Sleep(50 * time.Millisecond)
		default:
			t.Fatalf("status %v", state)
		}
	}
	t.Fatalf("%s does not end", job)
	return ""
}
