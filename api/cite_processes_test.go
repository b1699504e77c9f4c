package api_test

import (
	"net/http"
	"testing"
	"time"

	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
)

const processException = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"

// processServer serves the processes of this build over the shipped facts, in
// the request and as jobs.
func processServer(t *testing.T) *client {
	t.Helper()
	store, _ := realStore(t)
	cfg := config(newStore(0))
	cfg.Items, cfg.Tiles, cfg.Inputs = store, store, store
	cfg.Processes = analysis.Processes("quanyu test", func() time.Time { return noon })
	jobs, err := store.Jobs(postgis.JobOptions{Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Jobs, cfg.Results = jobs, jobs
	startWorker(t, jobs, cfg)
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
