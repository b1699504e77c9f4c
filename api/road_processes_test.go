package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// withProcesses serves the processes of this build over a fake store.
func withProcesses(t *testing.T) *client {
	t.Helper()
	cfg := config(newStore(1))
	cfg.Processes = analysis.Processes("quanyu test", func() time.Time { return noon })
	return serve(t, cfg)
}

func (c *client) ask(process, inputs string) answer {
	c.t.Helper()
	return c.do(http.MethodPost, "/processes/"+process+"/execution", `{"inputs":{`+inputs+`}}`, "Content-Type", "application/json")
}

// TestRoadProcessesRefuseBadInputsByName goes through the real processes,
// which judge their inputs before they read anything: one problem, a fault for
// every bad member.
func TestRoadProcessesRefuseBadInputsByName(t *testing.T) {
	c := withProcesses(t)
	for _, one := range []struct{ process, inputs, faults string }{
		{"commute-circle", ``, "centre minutes"},
		{"commute-circle", `"centre":{"lon":500,"lat":"north"},"minutes":[60,30],"direction":"up","detail_m":1,"colour":"red"`, "colour centre/lon centre/lat minutes/1 direction detail_m"},
		{"commute-circle", `"centre":{},"minutes":[241],"membership":{"level":"town","share":1},"mode":"rocket","scenario":{"edits":[{"type":"fly"}]}`, "centre minutes/0 membership/share membership/level mode scenario/edits/0/type"},
		{"travel-time-matrix", `"origins":{"points":[{"lon":1}]},"destinations":{"collection":"roads","filter":1}`, "origins/points/0/lat destinations/collection destinations/filter"},
		{"travel-time-matrix", `"origins":[],"destinations":{},"profile":7`, "origins destinations/collection profile"},
		{"commute-circle", `"centre":{"adcode":"510100"},"areas":{"collection":"seats","filter":7},"minutes":[60]`, "areas areas/collection areas/filter"},
		{"settlement-classes", `"filter":"size = 1","as_of":"yesterday","minutes":60`, "minutes filter as_of"},
		{"border-chain", `"filter":7,"minutes":-1,"as_of":1,"network":[]`, "filter as_of minutes network"},
		{"settlement-types", `"filter":"level = county","minutes":0,"loss":2,"years":1.5,"profile":"sled"`, "filter minutes loss years profile"},
		{"city-reach", `"cities":"level ==","minutes":-1,"pairs":"none","speed_factors":[99],"scenario":7`, "cities minutes pairs speed_factors/0 scenario"},
		{"coverage", `"demand":{"collection":"seats"},"facilities":{"collection":"airports"},"minutes":60,"scenario":{"edits":[{"type":"add-facility","collection":"airports","lon":1}]}`, "scenario/edits/0/lat"},
	} {
		a := c.ask(one.process, one.inputs).want(t, 400)
		got := strings.ReplaceAll(strings.Join(a.faults(t), " "), "/inputs/", "")
		if got != one.faults {
			t.Errorf("%s %s: faults of\n%s, want\n%s", one.process, one.inputs, got, one.faults)
		}
	}
}

func TestRoadProcessesAreDescribed(t *testing.T) {
	c := withProcesses(t)
	for _, p := range analysis.Processes("e", time.Now) {
		about := c.get("/processes/"+p.Spec().ID).want(t, 200).json(t)
		for _, in := range p.Spec().Inputs {
			if about["inputs"].(map[string]any)[in.ID] == nil {
				t.Errorf("%s lacks the input %s", p.Spec().ID, in.ID)
			}
		}
		if examples, _ := about["examples"].([]any); len(examples) != len(p.Spec().Examples) {
			t.Errorf("%s has the examples %v", p.Spec().ID, about["examples"])
		}
		page := c.get("/processes/"+p.Spec().ID+"?f=html").want(t, 200)
		if !strings.Contains(string(page.body), p.Spec().TitleZH) {
			t.Errorf("the page of %s lacks its title", p.Spec().ID)
		}
	}
}

// TestExamplesRunOnTheShippedData runs every example over a real PostGIS with
// the facts and the road network of the product.
func TestExamplesRunOnTheShippedData(t *testing.T) {
	store, err := postgis.Open(t.Context(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	condensed, dataset, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), facts, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	noRoads := func(func(spatial.Feature) bool) {} // rows of roads are for readers; routers read the graph
	if _, err := store.LoadNetwork(t.Context(), condensed, dataset, noRoads, func(int) {}); err != nil {
		t.Fatal(err)
	}
	cfg := config(newStore(1))
	cfg.Inputs, cfg.Processes = store, analysis.Processes("quanyu test", func() time.Time { return noon })
	c := serve(t, cfg)
	for _, p := range cfg.Processes {
		for _, e := range p.Spec().Examples {
			body, err := json.Marshal(map[string]any{"inputs": e.Inputs})
			if err != nil {
				t.Fatal(err)
			}
			a := c.do(http.MethodPost, "/processes/"+p.Spec().ID+"/execution", string(body), "Content-Type", "application/json").want(t, 200).json(t)
			for _, o := range p.Spec().Outputs {
				if _, there := a[o.ID]; !there && !p.Spec().Partial {
					t.Errorf("%s: %s gives no %s", p.Spec().ID, e.Title, o.ID)
				}
			}
			if p.Spec().ID == "echo" {
				continue // it reads nothing
			}
			provenance := a["provenance"].(map[string]any)["value"].(map[string]any)
			if travels := slices.Contains(p.Spec().InputNames(), "network"); travels && (provenance["network"] != "condensed" || provenance["profile_hash"] == "") {
				t.Errorf("%s: %v", p.Spec().ID, provenance)
			}
		}
	}
	refuseOnShippedData(t, c)
}

// refuseOnShippedData asks for what is well-formed and cannot be answered.
func refuseOnShippedData(t *testing.T, c *client) {
	t.Helper()
	for _, one := range []struct {
		process, inputs string
		status          int
		says            string
	}{
		{"commute-circle", `"centre":{"lon":0,"lat":0},"minutes":[30]`, 422, "not-snapped"},
		{"commute-circle", `"centre":{"adcode":"123456"},"minutes":[30]`, 400, "there is no feature of seats"},
		{"commute-circle", `"centre":{"adcode":"510104"},"minutes":[30]`, 400, "is not known"},
		{"commute-circle", `"centre":{"adcode":"510100"},"minutes":[30],"network":"moon"`, 400, "There is no network"},
		{"city-reach", `"scenario":"none-such"`, 400, "there is no scenario"},
		{"city-reach", `"cities":{"collection":"seats"}`, 422, "units"},
	} {
		a := c.ask(one.process, one.inputs)
		if a.status != one.status || !strings.Contains(string(a.body), one.says) {
			t.Errorf("%s %s: %d %s", one.process, one.inputs, a.status, a.body)
		}
		if a.faults(t); one.says == "units" && !strings.HasSuffix(a.json(t)["type"].(string), "/needs-async") {
			t.Errorf("over the budget: %s", a.body)
		}
	}
}
