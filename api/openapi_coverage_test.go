package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"quanyu/api"
	"quanyu/spatial"
)

// The document and the router know the same addresses, in both directions.
func TestRoutesAndDocumentAreTheSame(t *testing.T) {
	cfg := withJobs(config(newStore(1)))
	cfg.Writer, cfg.Fonts = refusing{}, fstest.MapFS{}
	document := serve(t, cfg).checker.document
	router, ok := api.New(cfg).(*echo.Echo)
	if !ok {
		t.Fatal("the handler is not the router itself: this test has to be told how to reach it")
	}
	registered := map[string]bool{}
	for _, r := range router.Routes() {
		if r.Method == http.MethodHead || strings.HasSuffix(r.Name, ".options-fm") || strings.HasSuffix(r.Name, ".notAllowed-fm") || slices.Contains([]string{"/index.html", "/app/index.html", "/app.js", "/app/app.js"}, r.Path) {
			continue // HEAD goes with GET, refusals say what there is, and files of the map page are no interface
		}
		registered[r.Method+" "+braces(r.Path)] = true
	}
	documented := map[string]bool{}
	for _, one := range operations(document) {
		documented[one.method+" "+templated(one.path)] = true
	}
	for _, optional := range []string{"GET /jobs", "POST /collections/{collectionId}/items", "GET /fonts/{fontstack}/{range}"} {
		if !registered[optional] {
			t.Errorf("%s is not served where there is what it needs", optional)
		}
	}
	for route := range registered {
		if !documented[route] {
			t.Errorf("%s is served and not documented", route)
		}
	}
	for route := range documented {
		if !registered[route] {
			t.Errorf("%s is documented and not served", route)
		}
	}
	if len(registered) < 20 {
		t.Fatalf("only %d routes: the test would prove nothing", len(registered))
	}
}

var colon = regexp.MustCompile(`:([A-Za-z]+)`)

// braces writes :name as {name}.
func braces(path string) string { return colon.ReplaceAllString(path, "{$1}") }

// templated gives a path with the id of a collection in it its variable back.
func templated(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) > 3 && parts[1] == "collections" && !strings.HasPrefix(parts[2], "{") {
		parts[2] = "{collectionId}"
	}
	return strings.Join(parts, "/")
}

// operation is one method of one path of the document.
type operation struct {
	method, path string
	*openapi3.Operation
}

func operations(document *openapi3.T) []operation {
	var all []operation
	for path, item := range document.Paths.Map() {
		for method, one := range item.Operations() {
			all = append(all, operation{method, path, one})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// elsewhere names the tests that make a declared answer which no simple
// request makes: it needs a store that fails, a long wait, or a body. The key
// is method, path and status; of collections that have a path each, seats
// stands for all.
func elsewhere() map[string]string {
	return map[string]string{
		"GET /collections/seats/items 503":          "TestAFaultBeforeTheFirstByteIsAProblem",
		"GET /health/ready 503":                     "TestReadiness",
		"GET /jobs/{jobId}/results 200":             "TestCiteJobs",
		"POST /processes/{processID}/execution 200": "TestExecutionAnswersInTheFormAskedFor",
		"POST /processes/{processID}/execution 201": "TestCiteJobs",
		"POST /processes/{processID}/execution 204": "TestOutputsThatARunDoesNotHave",
		"POST /processes/{processID}/execution 400": "TestBadExecutionsNameTheMember",
		"POST /processes/{processID}/execution 404": "TestBadExecutionsNameTheMember",
		"POST /processes/{processID}/execution 413": "TestBadExecutionsNameTheMember",
		"POST /processes/{processID}/execution 415": "TestBadExecutionsNameTheMember",
		"POST /processes/{processID}/execution 422": "TestExamplesRunOnTheShippedData",
		"POST /processes/{processID}/execution 503": "TestAnExecutionEndsAtItsDeadline",
	}
}

// Every status that the document declares is made: by a request here, or by a
// test that is named. What each answer holds is checked on its way by the
// client.
func TestEveryDeclaredStatusIsAnswered(t *testing.T) {
	c, doors := serve(t, withJobs(config(newStore(3)))), closedDoors(t)
	tests, named := testNames(t), elsewhere()
	for _, one := range operations(c.checker.document) {
		if strings.HasSuffix(one.path, "/items") || strings.HasSuffix(one.path, "/items/{featureId}") {
			if !strings.HasPrefix(one.path, "/collections/seats/") && !strings.HasPrefix(one.path, "/collections/{collectionId}/") {
				continue // the same handler behind each
			}
		}
		for status := range one.Responses.Map() {
			key := fmt.Sprintf("%s %s %s", one.method, one.path, status)
			name, known := named[key]
			switch {
			case status == "default":
			case known && !slices.Contains(tests, name):
				t.Errorf("%s: there is no test %s", key, name)
			case known:
			case doors[status] != nil:
				if got := doors[status](one); fmt.Sprint(got) != status {
					t.Errorf("%s is declared, and the answer is %d", key, got)
				}
			case !answers(c, one, status):
				t.Errorf("%s is declared, and nothing here makes it", key)
			}
		}
	}
}

// closedDoors asks at any address, in the ways in which who asks is refused.
func closedDoors(t *testing.T) map[string]func(operation) int {
	keys, down := &keyring{}, &keyring{fault: spatial.Errorf(spatial.Unavailable, "The keys cannot be read now.")}
	narrow := keys.add("narrow", spatial.Viewer, "write:facilities")
	closed := keyed(newStore(3), keys)
	closed.ClosedReads = true
	slow := keyed(newStore(3), keys)
	slow.RatePerSecond, slow.RateBurst = 1e-9, 1
	ask := func(cfg api.Config, secret string) func(operation) int {
		c := serve(t, withJobs(cfg))
		return func(one operation) int {
			return c.do(one.method, exampleOf().Replace(one.path), "", "X-API-Key", secret).status
		}
	}
	limited := ask(slow, narrow)
	limited(operation{method: http.MethodGet, path: "/"}) // the one token there is
	open := serve(t, withJobs(config(newStore(3))))
	long := func(one operation) int {
		return open.do(one.method, exampleOf().Replace(one.path)+"?"+strings.Repeat("a", 128<<10), "").status
	}
	return map[string]func(operation) int{
		"414": long, "401": ask(closed, spatial.NewSecret()), "403": ask(closed, narrow), "429": limited, "503": ask(keyed(newStore(3), down), narrow),
	}
}

// TestEveryDeclaredStatusOfWritesIsAnswered is the same for writes, of which
// facilities stand for all collections that take them.
func TestEveryDeclaredStatusOfWritesIsAnswered(t *testing.T) {
	tests, found := testNames(t), 0
	for _, one := range operations(writeServer(t).checker.document) {
		if one.method == http.MethodGet || !strings.HasPrefix(one.path, "/collections/facilities/items") {
			continue
		}
		found++
		for status := range one.Responses.Map() {
			name := writtenBy()[status]
			if status != "default" && !slices.Contains(tests, name) {
				t.Errorf("%s %s %s is declared, and no test is known to make it", one.method, one.path, status)
			}
		}
	}
	if found != 4 {
		t.Errorf("%d operations write", found)
	}
}

// writtenBy names the tests that make the statuses of writes.
func writtenBy() map[string]string {
	return map[string]string{
		"201": "TestAFeatureIsWrittenReadChangedAndTakenAway", "204": "TestAFeatureIsWrittenReadChangedAndTakenAway", "400": "TestAFeatureHoldsToItsSchema",
		"401": "TestWhoMayNotWriteLearnsNothingOfTheBody", "403": "TestWhoMayNotWriteLearnsNothingOfTheBody", "404": "TestNobodyWritesWhatTheyCannotSee",
		"409": "TestRowsOfAnImportAreNotEdited", "412": "TestAnyTagOfAFeatureIsGood", "413": "TestBodiesAreBounded", "414": "TestEachLimitIsNamedWhereItRefuses", "415": "TestBodiesAreBounded", "429": "TestEveryDeclaredStatusIsAnswered",
		"422": "TestAWriteThatTheStoreRefuses", "503": "TestAWriteThatTheStoreRefuses",
	}
}

// answers tries the request that makes a status at an address.
func answers(c *client, one operation, status string) bool {
	if one.method != http.MethodGet && one.method != http.MethodDelete {
		return false
	}
	ask := func(path string, headers ...string) answer { return c.do(one.method, path, "", headers...) }
	path := exampleOf().Replace(one.path)
	var a answer
	switch status {
	case "200":
		for media := range one.Responses.Value("200").Value.Content {
			a = ask(path, "Accept", media)
			if got, _, _ := strings.Cut(a.header.Get("Content-Type"), ";"); a.status != 200 || got != strings.Split(media, ";")[0] {
				return false
			}
		}
	case "204":
		a = ask(jobOf("empty").Replace(one.path))
	case "304":
		a = ask(path, "If-None-Match", ask(path).header.Get("ETag"))
	case "400":
		if strings.HasSuffix(path, "/results") {
			path = jobOf("mistaken").Replace(one.path)
		}
		a = ask(path + badQuery(path))
	case "404":
		a = ask(unknownOf(one.path))
	case "406":
		a = ask(path, "Accept", "image/png")
	case "410":
		a = ask(goneOf(one.path))
	case "422":
		a = ask(jobOf("failed").Replace(one.path))
	}
	return fmt.Sprint(a.status) == status
}

func jobOf(id string) *strings.Replacer { return strings.NewReplacer("{jobId}", id) }

// goneOf names a result that was removed, wherever a path names a result.
func goneOf(path string) string {
	result := spatial.ResultID("gone", "total")
	named := strings.NewReplacer("{jobId}", "gone", "{collectionId}", result, "{styleId}", result).Replace(path)
	if named == path {
		path += "?collections=" + result
	} else {
		path = named
	}
	return exampleOf().Replace(path)
}

func badQuery(path string) string {
	switch {
	case strings.HasPrefix(path, "/processes"):
		return "?limit=many"
	case strings.HasPrefix(path, "/tiles"):
		return "?collections=nowhere"
	}
	return "?nothing=1"
}

// exampleOf fills the variables of a path.
func exampleOf() *strings.Replacer {
	return strings.NewReplacer("{collectionId}", "seats", "{featureId}", "s00001", "{tileMatrixSetId}", "WebMercatorQuad",
		"{tileMatrix}", "0", "{tileRow}", "0", "{tileCol}", "0", "{styleId}", "seats", "{processID}", "sum", "{code}", "invalid", "{jobId}", "done")
}

// unknownOf fills the last variable of a path with what is not there; numbers
// of a tile go last, so it is a tile beyond the grid.
func unknownOf(path string) string {
	start := strings.LastIndex(path, "{")
	if start < 0 {
		return path
	}
	end := start + strings.Index(path[start:], "}") + 1
	return exampleOf().Replace(path[:start]) + "99" + exampleOf().Replace(path[end:])
}

var testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// testNames lists the test functions of the whole module.
func testNames(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir("..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && (entry.Name() == "node_modules" || entry.Name() == ".quanyu" || entry.Name() == "build") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		text, err := io.ReadAll(file)
		for _, m := range testFunction.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
		return err
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("%d tests, %v", len(names), err)
	}
	return names
}

// refusing is a store that takes no write.
type refusing struct{ err error }

func (r refusing) Create(context.Context, spatial.Collection, spatial.Draft) (spatial.Written, error) {
	return spatial.Written{}, r.err
}
func (r refusing) Update(context.Context, spatial.Target, spatial.CRS, func(spatial.ItemRow) (spatial.Draft, error)) (spatial.Written, error) {
	return spatial.Written{}, r.err
}
func (r refusing) Remove(context.Context, spatial.Target) error { return r.err }

// What the store says of a write reaches the client in its kind.
func TestAWriteThatTheStoreRefuses(t *testing.T) {
	for kind, status := range map[spatial.Kind]int{spatial.Unprocessable: 422, spatial.Unavailable: 503} {
		cfg := config(newStore(1))
		cfg.Writer, cfg.Authenticate = refusing{spatial.Errorf(kind, "The store does not take it.")}, byBearer
		c := serve(t, cfg)
		send := func(method, path, body, media string) answer {
			return c.do(method, path, body, "Authorization", "Bearer planner", "Content-Type", media)
		}
		const items = "/collections/facilities/items"
		send("POST", items, feature("null", "{}"), "application/geo+json").want(t, status)
		send("PUT", items+"/one", feature("null", "{}"), "application/geo+json").want(t, status)
		send("PATCH", items+"/one", "{}", "application/merge-patch+json").want(t, status)
		if status == 503 {
			if a := send("DELETE", items+"/one", "", "").want(t, status); a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	}
}
