package api_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// checker holds answers against the OpenAPI document that the server gave.
type checker struct {
	document *openapi3.T
	router   routers.Router
}

func newChecker(t testing.TB, base string) *checker {
	t.Helper()
	response, err := http.Get(base + "/api")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(body)
	if err != nil {
		t.Fatal(err)
	}
	document.Servers = openapi3.Servers{{URL: base}} // wherever the links lead, the test asks here
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, media := range []string{"text/html", "multipart/related", "application/vnd.mapbox-vector-tile", "text/csv"} {
		openapi3filter.RegisterBodyDecoder(media, asText)
	}
	for _, media := range []string{"application/geo+json", "application/vnd.ogc.fg+json", "application/schema+json", "application/vnd.oai.openapi+json"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.RegisteredBodyDecoder("application/json"))
	}
	return &checker{document: document, router: router}
}

func asText(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
	text, err := io.ReadAll(body)
	return string(text), err
}

// check lets only answers pass whose path, status, headers, media type and
// body the document tells of, and requests that it tells of when they were
// granted. Addresses that are nobody's, and files of the map page, are not in
// it. HEAD and what is in a content coding have no body to read here.
func (k *checker) check(t testing.TB, request *http.Request, a answer) {
	t.Helper()
	if request.Method == http.MethodOptions || a.status == http.StatusMethodNotAllowed {
		return // which any address answers, with Allow
	}
	if strings.HasPrefix(request.URL.Path, "/collections/audit-log") {
		return // the document hides it, as the server does from most
	}
	asked := request.Clone(context.Background())
	if asked.Method == http.MethodHead {
		asked.Method = http.MethodGet
	}
	route, variables, err := k.router.FindRoute(asked)
	if err != nil {
		if a.status != http.StatusNotFound && !strings.HasSuffix(request.URL.Path, ".js") {
			t.Errorf("%s %s answers %d and is not in the document: %v", request.Method, request.URL, a.status, err)
		}
		return
	}
	for name, value := range variables {
		if plain, err := url.PathUnescape(value); err == nil {
			variables[name] = plain
		}
	}
	if strings.HasPrefix(variables["collectionId"], "result-") {
		variables["collectionId"] = "seats" // results are taken as well, as the parameter says in words: nobody can list them
	}
	input := &openapi3filter.RequestValidationInput{Request: asked, PathParams: variables, Route: route, Options: &openapi3filter.Options{ExcludeRequestBody: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	problems := append(k.asked(input, a.status), k.answered(input, request.Method, a)...)
	for _, problem := range problems {
		t.Errorf("%s %s answers %d, not as the document says: %s\n%.400s", request.Method, request.URL, a.status, problem, a.body)
	}
}

// asked checks a request that was granted. A limit above the maximum is
// granted as the maximum, which the document says in words only, and pages of
// metadata let any parameter pass.
func (k *checker) asked(input *openapi3filter.RequestValidationInput, status int) (problems []string) {
	if status >= http.StatusBadRequest {
		return nil
	}
	query := input.Request.URL.Query()
	if n, err := strconv.Atoi(query.Get("limit")); err != nil && query.Has("limit") || n > 10000 {
		query.Set("limit", "10000")
		input.Request.URL.RawQuery = query.Encode()
	}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		problems = append(problems, err.Error())
	}
	if !strings.HasSuffix(input.Route.Path, "/items") && !strings.Contains(input.Route.Path, "{tileCol}") {
		return problems
	}
	for name := range query {
		if input.Route.Operation.Parameters.GetByInAndName("query", name) == nil {
			problems = append(problems, "parameter "+name+" is not declared")
		}
	}
	return problems
}

// told are the headers that are declared wherever they are sent.
var told = []string{"ETag", "Content-Crs", "Link", "Location", "OGC-NumberMatched", "OGC-NumberReturned", "Retry-After", "Content-Disposition", "Preference-Applied", "WWW-Authenticate"}

func (k *checker) answered(input *openapi3filter.RequestValidationInput, method string, a answer) (problems []string) {
	declared := input.Route.Operation.Responses.Status(a.status)
	if declared == nil && a.status != http.StatusInternalServerError {
		return []string{"the status is not declared"}
	}
	if declared == nil {
		declared = input.Route.Operation.Responses.Default()
	}
	for _, name := range told {
		if a.header.Get(name) != "" && declared.Value.Headers[name] == nil {
			problems = append(problems, "header "+name+" is not declared")
		}
	}
	if a.status == http.StatusNotModified && len(a.body) > 0 {
		problems = append(problems, "it has a body")
	}
	output := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: a.status, Header: a.header.Clone(),
		Body:    io.NopCloser(strings.NewReader(string(a.body))),
		Options: &openapi3filter.Options{ExcludeResponseBody: method == http.MethodHead || a.header.Get("Content-Encoding") != "" || a.status == http.StatusNotModified}}
	output.Header.Del("Content-Encoding")
	if err := openapi3filter.ValidateResponse(context.Background(), output); err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

func TestDocumentHoldsWhatClientsLookFor(t *testing.T) {
	c := serve(t, config(newStore(3)))
	a := c.get("/api").want(t, 200)
	if got := a.header.Get("Content-Type"); got != "application/vnd.oai.openapi+json;version=3.0" {
		t.Errorf("media type %q", got)
	}
	document := c.checker.document
	if !strings.HasPrefix(document.OpenAPI, "3.0.") {
		t.Errorf("version %s: the OGC suites and QGIS read 3.0 only", document.OpenAPI)
	}
	limit := document.Components.Parameters["limit"].Value.Schema.Value
	if *limit.Max != 10000 || limit.Default.(float64) != 1000 {
		t.Errorf("limit has maximum %v and default %v", *limit.Max, limit.Default)
	}
	items := document.Paths.Value("/collections/seats/items")
	if items == nil {
		t.Fatal("no literal items path: QGIS pushes no filter down without it")
	}
	for _, name := range []string{"bbox", "datetime", "limit", "level", "adcode"} {
		if items.Get.Parameters.GetByInAndName("query", name) == nil {
			t.Errorf("items path lacks the parameter %s", name)
		}
	}
	execute := document.Paths.Value("/processes/{processID}/execution")
	if execute == nil || execute.Post.OperationID != "execute" {
		t.Error("no operation execute on the templated path")
	}
	if got := a.json(t)["servers"].([]any)[0].(map[string]any)["url"]; got != c.base {
		t.Errorf("server %v, want %s", got, c.base)
	}
}

// What the checker is to catch, it catches.
func TestTheCheckerSeesWhatIsNotDeclared(t *testing.T) {
	c := serve(t, config(newStore(3)))
	good := c.get("/collections/seats/items?limit=2").want(t, 200)
	for name, one := range map[string]struct {
		path   string
		change func(*answer)
	}{
		"status":            {"/collections", func(a *answer) { a.status = 202 }},
		"media type":        {"/collections/seats/items", func(a *answer) { a.header.Set("Content-Type", "application/xml") }},
		"header":            {"/collections/seats/items", func(a *answer) { a.header.Set("Location", "/elsewhere") }},
		"form of a header":  {"/collections/seats/items", func(a *answer) { a.header.Set("Content-Crs", "EPSG:4326") }},
		"member that lacks": {"/collections/seats/items", func(a *answer) { a.body = []byte(strings.Replace(string(a.body), "timeStamp", "time", 1)) }},
		"type of a member": {"/collections/seats/items", func(a *answer) {
			a.body = []byte(strings.Replace(string(a.body), `"numberReturned":2`, `"numberReturned":"2"`, 1))
		}},
		"unknown parameter":  {"/collections/seats/items?nothing=1", func(*answer) {}},
		"value of parameter": {"/collections/seats/items?limit=0", func(*answer) {}},
		"body of a 304":      {"/collections/seats/items", func(a *answer) { a.status = 304 }},
	} {
		a := answer{status: good.status, header: good.header.Clone(), body: good.body}
		one.change(&a)
		request, err := http.NewRequest(http.MethodGet, c.base+one.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		route, variables, err := c.checker.router.FindRoute(request)
		if err != nil {
			t.Fatal(err)
		}
		input := &openapi3filter.RequestValidationInput{Request: request, PathParams: variables, Route: route}
		if len(c.checker.asked(input, a.status))+len(c.checker.answered(input, http.MethodGet, a)) == 0 {
			t.Errorf("%s: nothing is found wrong", name)
		}
	}
}
