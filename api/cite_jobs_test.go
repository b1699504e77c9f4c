package api_test

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestCiteJobs walks the methods that run the echo process and follow its
// jobs.
func TestCiteJobs(t *testing.T) {
	s := newCite(t, processServer(t))
	s.runAll(t, citeJobs(describeEcho(t, s)))
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
	var all []method
	for _, part := range []map[string]func(*testing.T, *echoSuite){citeDescribed(), citeInputs(), citeSync(), citeAsync(), citeEnds(), citeList()} {
		for _, name := range slices.Sorted(maps.Keys(part)) {
			all = append(all, method{name, on(part[name])})
		}
	}
	return all
}

func citeDescribed() map[string]func(*testing.T, *echoSuite) {
	return map[string]func(*testing.T, *echoSuite){
		"Jobs.setup": func(t *testing.T, e *echoSuite) {
			for path, id := range map[string]string{"/jobs": "getJobs", "/jobs/{jobId}": "getStatus", "/jobs/{jobId}/results": "getResult"} {
				if item := e.checker.document.Paths.Find(path); item == nil || item.Get == nil || item.Get.OperationID != id {
					t.Errorf("%s is not the operation %s", path, id)
				}
			}
			if item := e.checker.document.Paths.Find("/processes/{processID}/execution"); item == nil || item.Post == nil || item.Post.OperationID != "execute" {
				t.Error("no operation execute")
			}
		},
		"Jobs.inputsAreOfUse": func(t *testing.T, e *echoSuite) {
			// The suite looks for the text of the first input in the output of its
			// name, takes the first object for one of any members, and pauses with
			// nothing but the first input. A contentMediaType it violates, and then
			// wants an exception of type application/json.
			first := e.inputs[0]
			if first.schema.Type != "string" || first.schema.Format != "" || !slices.Contains(e.outputs, first.id) {
				t.Errorf("the first input, %s, is no text with an output of its name", first.id)
			}
			if i := slices.IndexFunc(e.inputs, isObject); i < 0 || e.inputs[i].isBBox() {
				t.Error("the first object is none of any members")
			}
			for _, in := range e.inputs {
				if in.schema.ContentMediaType != nil {
					t.Errorf("input %s has a contentMediaType", in.id)
				}
			}
			e.run(request(map[string]any{first.id: testString}, []string{first.id}, ""), "").want(t, 200) // all others may be left out
			if !slices.ContainsFunc(e.inputs, func(in echoInput) bool { return in.id == "pause" && in.schema.Type == "integer" }) {
				t.Error("no whole number pause, by which the suite makes a job that is not ready")
			}
		},
	}
}

func isObject(in echoInput) bool { return in.schema.Type == "object" }

func isBinary(in echoInput) bool { return in.schema.Type == "string" && in.schema.Format == "byte" }

// citeInputs send each kind of input beside the usual ones.
func citeInputs() map[string]func(*testing.T, *echoSuite) {
	sends := func(meant func(echoInput) bool, value any) func(*testing.T, *echoSuite) {
		return func(t *testing.T, e *echoSuite) {
			values, id := e.with(t, meant, value)
			got := e.run(request(values, e.outputs, ""), "").want(t, 200).json(t)
			holds(t, got, values)
			back := got[id]
			if _, plain := value.([]any); !plain { // objects come with their media type
				if qualified, ok := back.(map[string]any); ok {
					back = qualified["value"]
				}
			}
			if want := echoed(value); !reflect.DeepEqual(back, want) {
				t.Errorf("%s comes back as %v, not %v", id, back, want)
			}
		}
	}
	return map[string]func(*testing.T, *echoSuite){
		"Jobs.testJobCreationInputs": func(t *testing.T, e *echoSuite) {
			if got := e.run(e.all(""), "").want(t, 200).json(t); got[e.inputs[0].id] != testString {
				t.Errorf("echoes %v", got)
			}
		},
		"Jobs.testJobCreationInputArray":        sends(func(in echoInput) bool { return in.schema.Type == "array" }, []any{1.0, 2.0, 3.0}),
		"Jobs.testJobCreationInputInlineObject": sends(isObject, map[string]any{"value": testString}),
		"Jobs.testJobCreationInputInlineMixed":  sends(isObject, map[string]any{"value": testString}),
		"Jobs.testJobCreationInputInlineBbox":   sends(echoInput.isBBox, map[string]any{"bbox": []any{51.9, 7.0, 52.0, 7.1}, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}),
		"Jobs.testJobCreationInputInlineBinary": sends(isBinary, map[string]any{"value": "SUkqAA==", "format": map[string]any{"encoding": "base64"}}),
		"Jobs.testJobCreationInputRef":          sends(isBinary, map[string]any{"href": "https://data.test/testgeotiff.tiff", "format": map[string]any{}}),
		"Jobs.testJobCreationInputValidation": func(t *testing.T, e *echoSuite) {
			e.run(e.all(""), "").want(t, 200)
			a := e.run(`{"inputs":{"nothing-of-the-kind":1}}`, "").want(t, 400)
			if text := string(a.body); a.json(t)["type"] == "" || !strings.Contains(text, "/inputs/nothing-of-the-kind") {
				t.Errorf("exception %s", text)
			}
		},
	}
}

// echoed is what a qualified value is without its qualification.
func echoed(value any) any {
	if members, ok := value.(map[string]any); ok && members["value"] != nil && members["format"] != nil {
		return members["value"]
	}
	return value
}

func citeSync() map[string]func(*testing.T, *echoSuite) {
	return map[string]func(*testing.T, *echoSuite){
		"Jobs.testJobCreationDefaultExecutionMode": func(t *testing.T, e *echoSuite) { e.run(e.all(""), "").want(t, 200) },
		"Jobs.testJobCreationDefaultOutputs": func(t *testing.T, e *echoSuite) {
			holds(t, e.run(request(e.values(), nil, ""), "").want(t, 200).json(t), e.values())
		},
		"Jobs.testJobCreationSyncDocument": func(t *testing.T, e *echoSuite) {
			holds(t, e.run(e.all("document"), "").want(t, 200).json(t), e.values())
		},
		"Jobs.testJobCreationSyncRawValueOne": func(t *testing.T, e *echoSuite) {
			if a := e.run(e.one(), "").want(t, 200); strings.TrimSpace(string(a.body)) != `"`+testString+`"` {
				t.Errorf("raw is %s", a.body)
			}
		},
		"Jobs.testJobCreationSyncRawValueMulti": func(t *testing.T, e *echoSuite) { e.parts(t, e.run(e.all("raw"), "").want(t, 200)) },
		"Jobs.testJobResultsSync": func(t *testing.T, e *echoSuite) {
			if a := e.run(e.all(""), "").want(t, 200); a.header.Get("Link") != "" {
				t.Errorf("a run without a job links to %s", a.header.Get("Link"))
			}
		},
		"Jobs.testJobResultsFailed": func(t *testing.T, e *echoSuite) { e.run(`{"invalid-execute-request":"true)"}`, "").want(t, 400) },
	}
}

// parts holds that an answer has a part for each of the usual inputs.
func (e *echoSuite) parts(t *testing.T, a answer) {
	t.Helper()
	if !strings.HasPrefix(a.header.Get("Content-Type"), "multipart/related") {
		t.Fatalf("several outputs come as %s", a.header.Get("Content-Type"))
	}
	parts := contentOf(t, a).(map[string]string)
	if first := e.inputs[0].id; len(parts) != len(e.values()) || parts[first] != `"`+testString+`"` {
		t.Errorf("parts %v", parts)
	}
}

func citeAsync() map[string]func(*testing.T, *echoSuite) {
	return map[string]func(*testing.T, *echoSuite){
		"Jobs.testJobCreationOp":                func(t *testing.T, e *echoSuite) { e.start(t, e.all("")) },
		"Jobs.testJobCreationAutoExecutionMode": func(t *testing.T, e *echoSuite) { e.run(e.all(""), "respond-async").want(t, 201) },
		"Jobs.testJobCreationSuccessAsync":      func(t *testing.T, e *echoSuite) { e.finished(t, e.all("")) },
		"Jobs.testJobResultsAsyncDocument": func(t *testing.T, e *echoSuite) {
			got := e.get(e.finished(t, e.all("document"))+"/results").want(t, 200).json(t)
			holds(t, got, e.values())
			if got[e.inputs[0].id] != testString {
				t.Errorf("results %v", got)
			}
		},
		"Jobs.testJobResultsAsyncRawValueOne": func(t *testing.T, e *echoSuite) {
			if a := e.get(e.finished(t, e.one())+"/results").want(t, 200); strings.TrimSpace(string(a.body)) != `"`+testString+`"` {
				t.Errorf("results %s", a.body)
			}
		},
		"Jobs.testJobResultsAsyncRawValueMulti": func(t *testing.T, e *echoSuite) {
			e.parts(t, e.get(e.finished(t, e.all("raw"))+"/results").want(t, 200))
		},
	}
}

func citeEnds() map[string]func(*testing.T, *echoSuite) {
	return map[string]func(*testing.T, *echoSuite){
		"Jobs.testJobResultsExceptionResultsNotReady": func(t *testing.T, e *echoSuite) {
			first := e.inputs[0].id
			job := e.start(t, request(map[string]any{first: testString, "pause": 5}, []string{first}, "raw"))
			if a := e.get(job+"/results", "Accept", "application/json").want(t, 404); a.json(t)["type"] != processException+"result-not-ready" {
				t.Errorf("exception %s", a.body)
			}
			e.do(http.MethodDelete, job, "").want(t, 200)
		},
		"Jobs.testJobExceptionNoSuchJob": func(t *testing.T, e *echoSuite) { e.unknown(t, "/jobs/invalid-job-1b2c") },
		"Jobs.testJobResultsNoSuchJob":   func(t *testing.T, e *echoSuite) { e.unknown(t, "/jobs/invalid-job-1b2c/results") },
	}
}

// citeList holds what the standard says of the list beyond the suite.
func citeList() map[string]func(*testing.T, *echoSuite) {
	return map[string]func(*testing.T, *echoSuite){
		"JobList.testJobList": func(t *testing.T, e *echoSuite) {
			job := e.finished(t, e.all(""))
			list := e.get("/jobs", "Accept", "application/json").want(t, 200).json(t)
			alternates(t, "/jobs", list, "application/json", "text/html")
			found := false
			for _, one := range list["jobs"].([]any) {
				info := one.(map[string]any)
				found = found || rel(info, "self") == job
				if id, _ := info["processID"].(string); id == "" {
					t.Errorf("a job of no process: %v", info)
				}
			}
			if !found {
				t.Errorf("%s is not in the list", job)
			}
		},
		"JobList.parameters": func(t *testing.T, e *echoSuite) {
			parameters := e.checker.document.Paths.Value("/jobs").Get.Parameters
			for name, kind := range map[string]string{"type": "array", "processID": "array", "status": "array", "datetime": "string", "minDuration": "integer", "maxDuration": "integer", "limit": "integer"} {
				p := parameters.GetByInAndName("query", name)
				if p == nil || p.Required || p.Style != "form" || p.Explode == nil || *p.Explode || !p.Schema.Value.Type.Is(kind) {
					t.Errorf("parameter %s is %+v", name, p)
				}
			}
		},
	}
}

func (e *echoSuite) unknown(t *testing.T, path string) {
	t.Helper()
	if a := e.get(path, "Accept", "application/json").want(t, 404); a.json(t)["type"] != processException+"no-such-job" {
		t.Errorf("%s: exception %s", path, a.body)
	}
}
