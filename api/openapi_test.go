package api_test

import (
	"context"
	"io"
	"net/http"
	"slices"
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

// check lets only answers pass whose path, status, media type and body the
// document tells of. Addresses that are nobody's, and files of the map page,
// are not in it; bodies in a content coding are not read here.
func (k *checker) check(t testing.TB, request *http.Request, a answer) {
	t.Helper()
	if request.Method == http.MethodHead || request.Method == http.MethodOptions || a.header.Get("Content-Encoding") != "" {
		return
	}
	route, variables, err := k.router.FindRoute(request)
	if err != nil {
		known := a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed || strings.HasSuffix(request.URL.Path, ".js") ||
			strings.HasPrefix(request.URL.Path, "/collections/audit-log") // which the document hides from those whom it is hidden from
		if !known {
			t.Errorf("%s %s answers %d and is not in the document: %v", request.Method, request.URL, a.status, err)
		}
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: variables, Route: route},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(string(a.body))),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		t.Errorf("%s %s: the answer is not as the document says: %v\n%.400s", request.Method, request.URL, err, a.body)
	}
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

func TestEveryPathOfTheDocumentAnswers(t *testing.T) {
	c := serve(t, config(newStore(3)))
	fill := strings.NewReplacer("{collectionId}", "seats", "{featureId}", "s00001", "{tileMatrixSetId}", "WebMercatorQuad",
		"{tileMatrix}", "0", "{tileRow}", "0", "{tileCol}", "0", "{styleId}", "seats", "{processID}", "sum", "{code}", "invalid")
	for path, item := range c.checker.document.Paths.Map() {
		if item.Get == nil || strings.HasSuffix(path, "/items/{featureId}") && !strings.Contains(path, "/seats/") {
			continue
		}
		if item.Get.Responses.Value("200") == nil {
			t.Errorf("%s has no 200", path)
			continue
		}
		for media := range item.Get.Responses.Value("200").Value.Content {
			c.get(fill.Replace(path), "Accept", media).want(t, 200)
		}
		c.get(fill.Replace(path), "Accept", "image/png").want(t, map[bool]int{true: 200, false: 406}[healthPath(path)])
	}
}

func healthPath(path string) bool {
	return slices.Contains([]string{"/health/live", "/health/ready", "/metrics"}, path)
}
