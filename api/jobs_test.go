package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"quanyu/api"
	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// jobServer serves the shipped facts and the condensed network with all
// processes and a worker. The header Role says who asks.
func jobServer(t *testing.T) (*client, *postgis.Store) {
	t.Helper()
	store, err := postgis.Open(t.Context(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), facts, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	condensed, dataset, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LoadNetwork(t.Context(), condensed, dataset, func(func(spatial.Feature) bool) {}, func(int) {}); err != nil {
		t.Fatal(err)
	}
	cfg := config(newStore(0))
	cfg.Items, cfg.Tiles, cfg.Inputs, cfg.Now = store, store, store, time.Now
	cfg.Processes = analysis.Processes("quanyu test", time.Now)
	jobs, err := store.Jobs(postgis.JobOptions{Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Jobs, cfg.Results = jobs, jobs
	startWorker(t, jobs, cfg)
	cfg.Authenticate = func(r *http.Request) (spatial.Caller, error) {
		role := r.Header.Get("Role")
		if role == "" {
			return spatial.Caller{}, nil
		}
		return spatial.Caller{ID: "key:" + role, Role: spatial.Role(role)}, nil
	}
	return serve(t, cfg), store
}

func startWorker(t *testing.T, jobs *postgis.Jobs, cfg api.Config) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- jobs.Work(ctx, func(ctx context.Context, id string, inputs map[string]json.RawMessage, tell func(float64, string)) ([]spatial.RunOutput, error) {
			p, _ := analysis.ProcessByID(cfg.Processes, id)
			result, err := p.Run(analysis.InBackground(ctx, tell), inputs, cfg.Inputs)
			if err != nil {
				return nil, err
			}
			return analysis.Encode(p.Spec(), result)
		}, postgis.WorkOptions{Workers: 2, Drain: time.Millisecond})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// start asks for a job and gives its address.
func (c *client) start(process, body string, headers ...string) (address string, info map[string]any) {
	c.t.Helper()
	a := c.do(http.MethodPost, "/processes/"+process+"/execution", body, append([]string{"Content-Type", "application/json", "Prefer", "respond-async"}, headers...)...).want(c.t, 201)
	info = a.json(c.t)
	if a.header.Get("Location") != rel(info, "self") || a.header.Get("Preference-Applied") != "respond-async" {
		c.t.Errorf("Location %q, Preference-Applied %q, self %q", a.header.Get("Location"), a.header.Get("Preference-Applied"), rel(info, "self"))
	}
	return a.header.Get("Location"), info
}

// await asks for a job until it has ended.
func (c *client) await(address string, headers ...string) map[string]any {
	c.t.Helper()
	deadline := time.After(2 * time.Minute) // a hang, not a speed limit
	for {
		info := c.get(address, headers...).want(c.t, 200).json(c.t)
		if s := info["status"]; s != "accepted" && s != "running" {
			return info
		}
		select {
		case <-deadline:
			c.t.Fatalf("%s stays %v", address, info)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

const coverageRequest = `{"inputs":{"demand":{"collection":"seats","filter":{"op":"=","args":[{"property":"level"},"prefecture"]},"weight":"resident_population"},
	"facilities":{"collection":"airports","filter":"kind = 'transport'"},"minutes":60,"as_of":"2023-12-31"}}`

// A finished job is a collection, a tileset and a style; its document is that of
// the synchronous run.
func TestAFinishedJobIsACollectionAndATileset(t *testing.T) {
	c, _ := jobServer(t)
	address, info := c.start("coverage", coverageRequest)
	if info["type"] != "process" || info["processID"] != "coverage" {
		t.Errorf("%v", info)
	}
	info = c.await(address)
	if info["status"] != "successful" || info["progress"] != 100.0 {
		t.Fatalf("%v", info)
	}
	document := c.get(rel(info, "http://www.opengis.net/def/rel/ogc/1.0/results")).want(t, 200).json(t)
	sync := c.do(http.MethodPost, "/processes/coverage/execution", coverageRequest, "Content-Type", "application/json").want(t, 200).json(t)
	if !reflect.DeepEqual(document, sync) { // computed_at as well: the run is shared
		t.Error("the job's document is not that of the synchronous request")
	}
	collection := rel(info, "collection")
	id := strings.TrimPrefix(collection, c.base+"/collections/")
	checkResultFeatures(t, c, collection, document["evidence"].(map[string]any)["value"].(map[string]any)["features"].([]any))
	checkResultTiles(t, c, collection, id)
	for _, one := range c.get("/collections").want(t, 200).json(t)["collections"].([]any) {
		if strings.HasPrefix(one.(map[string]any)["id"].(string), "result-") {
			t.Errorf("%v is listed", one)
		}
	}
	for _, path := range []string{collection, collection + "/items", collection + "/tiles/WebMercatorQuad/4/6/12", "/styles/" + id, address, address + "/results"} {
		c.get(path, "Role", "planner").want(t, 404) // another caller's
		c.get(path, "Role", "admin").want(t, 200)
	}
	c.do(http.MethodDelete, address, "").want(t, 200)
	for _, path := range []string{collection, collection + "/items", collection + "/schema", collection + "/tiles/WebMercatorQuad/4/6/12", "/tiles/WebMercatorQuad/4/6/12?collections=seats," + id, "/styles/" + id, address + "/results"} {
		c.get(path).want(t, 410)
	}
	if info := c.get(address).want(t, 200).json(t); info["status"] != "dismissed" || rel(info, "collection") != "" {
		t.Errorf("%v", info)
	}
	c.do(http.MethodDelete, address, "").want(t, 410)
}

func checkResultFeatures(t *testing.T, c *client, collection string, evidence []any) {
	t.Helper()
	found := map[string]map[string]any{}
	for next := collection + "/items?limit=100&sortby=-minutes"; next != ""; {
		page := c.get(next).want(t, 200).json(t)
		for _, f := range page["features"].([]any) {
			feature := f.(map[string]any)
			found[feature["id"].(string)] = feature
		}
		next = rel(page, "next")
	}
	covered := 0
	for _, e := range evidence {
		want := e.(map[string]any)
		got := found[want["id"].(string)]
		if got == nil || !reflect.DeepEqual(got["geometry"], want["geometry"]) {
			t.Fatalf("%v is %v in the collection", want["id"], got)
		}
		for name, v := range want["properties"].(map[string]any) {
			if !reflect.DeepEqual(got["properties"].(map[string]any)[name], v) {
				t.Errorf("%v: %s is %v, want %v", want["id"], name, got["properties"].(map[string]any)[name], v)
			}
		}
		if want["properties"].(map[string]any)["covered"] == true {
			covered++
		}
	}
	if len(found) != len(evidence) || covered == 0 {
		t.Errorf("%d features of %d, %d covered", len(found), len(evidence), covered)
	}
	filtered := c.get(collection+"/items?limit=1&filter="+url.QueryEscape("covered = TRUE AND minutes BETWEEN 0 AND 60")).want(t, 200).json(t)
	if filtered["numberMatched"] != float64(covered) {
		t.Errorf("CQL2 finds %v, want %d", filtered["numberMatched"], covered)
	}
	lines, err := csv.NewReader(strings.NewReader(string(c.get(collection+"/items?f=csv&limit=1000").want(t, 200).body))).ReadAll()
	if err != nil || len(lines) != len(evidence)+1 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	c.get(collection+"/items/"+evidence[0].(map[string]any)["id"].(string)).want(t, 200)
	for _, form := range []string{"html", "jsonfg"} {
		c.get(collection+"/items?limit=5&f="+form).want(t, 200)
	}
	c.get(collection+"/items?limit=1&crs="+url.QueryEscape("http://www.opengis.net/def/crs/EPSG/0/4490")).want(t, 200)
	c.get(collection+"/items?nothing=1").want(t, 400)
	for _, page := range []string{"", "/schema", "/queryables", "/sortables"} {
		about := c.get(collection+page).want(t, 200).json(t)
		if properties, ok := about["properties"].(map[string]any); page != "" && (!ok || properties["covered"].(map[string]any)["type"] != "boolean") {
			t.Errorf("%s: %v", page, about)
		}
	}
}

func checkResultTiles(t *testing.T, c *client, collection, id string) {
	t.Helper()
	for _, tile := range []string{collection + "/tiles/WebMercatorQuad/4/6/12", collection + "/tiles/WorldCRS84Quad/3/2/12", "/tiles/WebMercatorQuad/4/6/12?collections=airports," + id} {
		if a := c.get(tile).want(t, 200); !strings.Contains(string(a.body), id) || !strings.Contains(string(a.body), "covered") {
			t.Errorf("%s holds %d bytes, and no layer %s", tile, len(a.body), id)
		}
	}
	tileJSON := c.get(collection+"/tiles/WebMercatorQuad?f=tilejson").want(t, 200).json(t)
	if len(tileJSON["vector_layers"].([]any)) != 2 || tileJSON["bounds"].([]any)[0].(float64) < 70 {
		t.Errorf("%v", tileJSON)
	}
	style := c.get("/styles/"+id).want(t, 200)
	if !strings.Contains(string(style.body), `"covered"`) || !strings.Contains(string(style.body), id+"/tiles/WebMercatorQuad?f=tilejson") {
		t.Errorf("%s", style.body)
	}
	c.get("/tiles/WebMercatorQuad?collections=seats,"+id).want(t, 200)
}

// A run that has none of the outputs asked for answers raw without a body, at
// once and as a job.
func TestOutputsThatARunDoesNotHave(t *testing.T) {
	c, _ := jobServer(t)
	const body = `{"inputs":{"string":"a"},"outputs":{"number":{}},"response":"raw"}`
	address, _ := c.start("echo", body)
	if info := c.await(address); info["status"] != "successful" {
		t.Fatalf("%v", info)
	}
	for _, a := range []answer{c.echo(body), c.get(address + "/results")} {
		if a.want(t, 204); len(a.body) > 0 {
			t.Errorf("a body: %s", a.body)
		}
	}
}

// The results of a failed job are its problem, whatever that is.
func TestAFailedJobTellsItsProblem(t *testing.T) {
	c := serve(t, withJobs(config(newStore(1))))
	for id, status := range map[string]int{"failed": 422, "mistaken": 400} {
		info := c.get("/jobs/"+id).want(t, 200).json(t)
		if info["status"] != "failed" || info["message"] != "It came to nothing." {
			t.Errorf("%v", info)
		}
		problem := c.get(rel(info, "http://www.opengis.net/def/rel/ogc/1.0/results")).want(t, status).json(t)
		if problem["detail"] != info["message"] || problem["status"] != float64(status) {
			t.Errorf("%v", problem)
		}
	}
}

// Over the synchronous budget a run takes a job, and the job a role.
func TestOverTheBudgetTheRoleDecides(t *testing.T) {
	c, _ := jobServer(t)
	const dear = `{"inputs":{"cities":{"collection":"seats"}}}`
	refused := c.ask("city-reach", `"cities":{"collection":"seats"}`).want(t, 422).json(t)
	if !strings.HasSuffix(refused["type"].(string), "/needs-async") {
		t.Errorf("%v", refused["type"])
	}
	async := []string{"Content-Type", "application/json", "Prefer", "wait=10, Respond-Async; x=1"}
	a := c.do(http.MethodPost, "/processes/city-reach/execution", dear, async...).want(t, 401)
	if a.header.Get("WWW-Authenticate") == "" {
		t.Error("no WWW-Authenticate")
	}
	if detail := a.json(t)["detail"].(string); !strings.Contains(detail, "units") || !strings.Contains(detail, "planner") {
		t.Errorf("neither cost nor role in %s", detail)
	}
	c.do(http.MethodPost, "/processes/city-reach/execution", dear, append(async, "Role", "viewer")...).want(t, 403)
	address, _ := c.start("city-reach", dear, "Role", "planner")
	c.do(http.MethodDelete, address, "", "Role", "planner").want(t, 200)
	// What is wrong with the inputs is told at once.
	for _, body := range []string{`{"inputs":{"minutes":-1}}`, `{"inputs":{"cities":"nothing = 1"}}`, `{`} {
		c.do(http.MethodPost, "/processes/city-reach/execution", body, async...).want(t, 400)
	}
}

func TestJobListAndItsPages(t *testing.T) {
	c, _ := jobServer(t)
	var addresses []string
	for _, text := range []string{"a", "b", "c", "d", "e"} {
		address, _ := c.start("echo", `{"inputs":{"string":"`+text+`"}}`)
		c.await(address)
		addresses = append([]string{address}, addresses...)
	}
	var got []string
	for next := "/jobs?limit=2&status=successful,failed&processID=echo&type=process"; next != ""; {
		page := c.get(next).want(t, 200).json(t)
		for _, job := range page["jobs"].([]any) {
			got = append(got, rel(job.(map[string]any), "self"))
		}
		next = rel(page, "next")
	}
	if !reflect.DeepEqual(got, addresses) {
		t.Errorf("pages hold %v, want %v", got, addresses)
	}
	next := rel(c.get("/jobs?limit=1").want(t, 200).json(t), "next")
	c.get(next+"&status=failed").want(t, 400) // the cursor is of another query
	for query, n := range map[string]int{"status=running": 0, "processID=coverage": 0, "datetime=2020-01-01/..": 5, "datetime=../2020-01-01": 0, "minDuration=3600": 0, "maxDuration=3600": 5, "status=failed&status=successful": 5} {
		if list := c.get("/jobs?"+query).want(t, 200).json(t)["jobs"].([]any); len(list) != n {
			t.Errorf("%s: %d jobs, want %d", query, len(list), n)
		}
	}
	for _, bad := range []string{"status=done", "type=workflow", "limit=0", "datetime=soon", "minDuration=-1", "maxDuration=1.5", "cursor=e30", "processID=", "nothing=1"} {
		c.get("/jobs?"+bad).want(t, 400)
	}
	c.get("/jobs?f=png").want(t, 406)
	if list := c.get("/jobs", "Role", "viewer").want(t, 200).json(t)["jobs"].([]any); len(list) != 0 {
		t.Errorf("another caller sees %v", list)
	}
	for _, page := range []string{"/jobs?f=html", addresses[0] + "?f=html"} {
		if a := c.get(page).want(t, 200); !strings.Contains(string(a.body), strings.TrimPrefix(addresses[0], c.base+"/jobs/")) {
			t.Errorf("%s: %s", page, a.body)
		}
	}
	metrics := string(c.get("/metrics").want(t, 200).body)
	if !strings.Contains(metrics, `quanyu_job_seconds_count{outcome="successful",process="echo"} 5`) || !strings.Contains(metrics, "quanyu_job_results 5") {
		t.Errorf("no figures of jobs in %s", metrics)
	}
}
