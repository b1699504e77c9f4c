package api

import (
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// components holds the schemas and parameters of the document.
//
//go:embed openapi_components.json
var components []byte

var pathVariable = regexp.MustCompile(`\{([^}]+)\}`)

// openAPI makes the document from the table of routes. Version 3.0, since
// the OGC's test suites and QGIS read no 3.1.
func (s *server) openAPI() *openapi3.T {
	loader := openapi3.NewLoader()
	document, err := loader.LoadFromData(components)
	if err != nil {
		panic("api: openapi_components.json: " + err.Error())
	}
	document.Info = &openapi3.Info{Title: serviceTitle + " " + serviceTitleZH, Description: serviceAbout + "\n\n" + responseNote, Version: s.cfg.Version,
		License: &openapi3.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"}}
	if s.cfg.Version == "" {
		document.Info.Version = "0"
	}
	document.Paths = openapi3.NewPaths()
	for _, r := range s.routes {
		if !r.perCollection {
			document.AddOperation(r.path, r.method, s.operation(r, r.id, nil))
			continue
		}
		for _, one := range s.cfg.Collections {
			path := strings.Replace(r.path, "{collectionId}", one.ID, 1)
			document.AddOperation(path, r.method, s.operation(r, r.id+"."+one.ID, &one))
		}
	}
	if err := loader.ResolveRefsIn(document, nil); err != nil {
		panic("api: the OpenAPI document: " + err.Error())
	}
	return document
}

func (s *server) operation(r route, id string, one *spatial.Collection) *openapi3.Operation {
	operation := &openapi3.Operation{OperationID: id, Summary: r.summary, Tags: []string{r.tag}, Responses: openapi3.NewResponsesWithCapacity(4)}
	path := r.path
	if one != nil {
		path = strings.Replace(path, "{collectionId}", one.ID, 1)
		operation.Summary += ": " + one.Title
	}
	for _, name := range pathVariable.FindAllStringSubmatch(path, -1) {
		operation.Parameters = append(operation.Parameters, s.pathParameter(name[1]))
	}
	for _, name := range r.parameters {
		operation.Parameters = append(operation.Parameters, &openapi3.ParameterRef{Ref: "#/components/parameters/" + name})
	}
	if one != nil && slices.Contains(r.parameters, "filter") {
		operation.Parameters = append(operation.Parameters, queryableParameters(*one)...)
	}
	if r.method == http.MethodPost {
		operation.RequestBody = &openapi3.RequestBodyRef{Ref: "#/components/requestBodies/execute"}
	}
	operation.Responses.Set("200", &openapi3.ResponseRef{Value: answer(r.answers)})
	for _, status := range r.refusals {
		operation.Responses.Set(strconv.Itoa(status), problemResponse(http.StatusText(status)))
	}
	if r.method == http.MethodGet {
		operation.Responses.Set("304", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("The client's copy is up to date")})
	}
	operation.Responses.Set("default", problemResponse("Any other error"))
	return operation
}

func (s *server) pathParameter(name string) *openapi3.ParameterRef {
	schema := openapi3.NewStringSchema()
	switch name {
	case "collectionId":
		for _, one := range s.cfg.Collections {
			schema.Enum = append(schema.Enum, one.ID)
		}
	case "processID":
		for _, p := range s.cfg.Processes {
			schema.Enum = append(schema.Enum, p.Spec().ID)
		}
	case "tileMatrixSetId":
		schema.Enum = []any{"WebMercatorQuad"}
	}
	return &openapi3.ParameterRef{Value: openapi3.NewPathParameter(name).WithSchema(schema)}
}

// queryableParameters are the properties that may be given as name=value.
// QGIS sends its filters so where it finds them here.
func queryableParameters(one spatial.Collection) openapi3.Parameters {
	var list openapi3.Parameters
	no := false
	for _, p := range one.Queryables() {
		if slices.Contains(reservedParameters(), p.Name) {
			continue
		}
		parameter := openapi3.NewQueryParameter(p.Name).WithDescription(p.Description).WithSchema(queryableSchema(p))
		parameter.Style, parameter.Explode = "form", &no
		list = append(list, &openapi3.ParameterRef{Value: parameter})
	}
	return list
}

func queryableSchema(p spatial.Property) *openapi3.Schema {
	schema := openapi3.NewStringSchema()
	switch p.Type {
	case spatial.Integer:
		schema = openapi3.NewIntegerSchema()
	case spatial.Number:
		schema = openapi3.NewFloat64Schema()
		schema.Format = ""
	case spatial.Boolean:
		schema = openapi3.NewBoolSchema()
	case spatial.Date, spatial.Timestamp:
		schema.Format = string(p.Type)
	}
	for _, value := range p.Enum {
		schema.Enum = append(schema.Enum, value)
	}
	return schema
}

func answer(medias map[string]string) *openapi3.Response {
	content := openapi3.Content{}
	for _, media := range sortedKeys(medias) {
		content[media] = openapi3.NewMediaType().WithSchemaRef(&openapi3.SchemaRef{Ref: "#/components/schemas/" + medias[media]})
	}
	return openapi3.NewResponse().WithDescription("The answer").WithContent(content)
}

func problemResponse(description string) *openapi3.ResponseRef {
	response := openapi3.NewResponse().WithDescription(description)
	response.Content = openapi3.Content{mediaProblem: openapi3.NewMediaType().WithSchemaRef(&openapi3.SchemaRef{Ref: "#/components/schemas/exception"})}
	return &openapi3.ResponseRef{Value: response}
}

// Document is the OpenAPI document of a configuration, as JSON, for the
// command line.
func Document(cfg Config, base string) ([]byte, error) {
	cfg = cfg.withDefaults()
	s := &server{cfg: cfg}
	s.routes = s.table()
	return s.openAPIBody(base, s.openAPI())
}

// openAPIBody adds the address that the client came by.
func (s *server) openAPIBody(base string, shared *openapi3.T) ([]byte, error) {
	document := *shared
	document.Servers = openapi3.Servers{{URL: base}}
	body, err := document.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	return append(body, '\n'), nil
}

func (s *server) getAPI(c echo.Context) error {
	chosen, err := negotiate(c, formOpenAPI, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	if chosen.name == formHTML.name {
		return s.html(c, "api.html", view{Title: "API", TitleZH: "接口", Links: s.selfLinks(c, chosen, formOpenAPI, formHTML), Crumbs: s.crumbs(c, "api", "API 接口"),
			Body: map[string]any{"Note": responseNote, "Groups": s.apiGroups()}})
	}
	body, err := s.openAPIBody(s.base(c), s.document)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, mediaOpenAPI, body)
}

// apiGroup is the operations of one tag, for the page.
type apiGroup struct {
	Name   string
	Routes []apiRoute
}

type apiRoute struct{ Method, Path, Summary, Parameters string }

func (s *server) apiGroups() []apiGroup {
	var groups []apiGroup
	for _, r := range s.routes {
		i := slices.IndexFunc(groups, func(g apiGroup) bool { return g.Name == r.tag })
		if i < 0 {
			groups, i = append(groups, apiGroup{Name: r.tag}), len(groups)
		}
		groups[i].Routes = append(groups[i].Routes, apiRoute{r.method, r.path, r.summary, strings.Join(r.parameters, ", ")})
	}
	return groups
}

// getProblem explains a problem type, so that the URI in every error leads
// somewhere.
func (s *server) getProblem(c echo.Context) error {
	code := param(c, "code")
	i := slices.IndexFunc(problemKinds(), func(k problemKind) bool { return k.code == code })
	if i < 0 {
		return spatial.Errorf(spatial.NotFound, "There is no problem type %q.", clip(code))
	}
	kind := problemKinds()[i]
	chosen, err := negotiate(c, formJSON, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	if chosen.name == formHTML.name {
		return s.html(c, "links.html", view{Title: kind.title, TitleZH: strconv.Itoa(kind.status), Crumbs: s.crumbs(c), Body: map[string]any{"About": kind.about, "Links": nil}})
	}
	return c.JSON(http.StatusOK, map[string]any{"type": s.path(c, "problems", code), "title": kind.title, "status": kind.status, "description": kind.about})
}
