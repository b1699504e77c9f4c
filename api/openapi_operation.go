package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"quanyu/spatial"
)

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
	switch {
	case len(r.accepts) > 0:
		operation.RequestBody = featureBody(*one, r.accepts)
	case r.method == http.MethodPost && !r.writes:
		operation.RequestBody = &openapi3.RequestBodyRef{Ref: "#/components/requestBodies/execute"}
	}
	operation.Security = s.security(r)
	if r.done != 0 {
		operation.Responses.Set(strconv.Itoa(r.done), &openapi3.ResponseRef{Value: withHeaders(openapi3.NewResponse().WithDescription(http.StatusText(r.done)), r.headers)})
	} else {
		operation.Responses.Set("200", &openapi3.ResponseRef{Value: withHeaders(answer(r.answers), r.headers)})
	}
	for status, medias := range r.also {
		other := answer(medias).WithDescription(http.StatusText(status))
		if status == http.StatusCreated {
			other = withHeaders(other, []string{"Location", "Preference-Applied"})
		}
		operation.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Value: other})
	}
	if s.cfg.Jobs != nil && namesResults(r, path) {
		r.refusals = append(slices.Clone(r.refusals), http.StatusGone)
	}
	for _, status := range slices.Concat([]int{http.StatusRequestURITooLong}, accessRefusals(r), r.refusals) {
		if status == http.StatusNotFound && !strings.Contains(path, "{") {
			continue // nothing in the path can be unknown
		}
		operation.Responses.Set(strconv.Itoa(status), problemResponse(status))
	}
	if r.method == http.MethodGet && slices.Contains(r.headers, "ETag") {
		unchanged := openapi3.NewResponse().WithDescription("The client's copy is up to date")
		operation.Responses.Set("304", &openapi3.ResponseRef{Value: withHeaders(unchanged, notOfBodies(r.headers))})
	}
	operation.Responses.Set("default", problemResponse(0))
	if r.tag == tagProcesses {
		readAsJSON(operation)
	}
	return operation
}

// ownJobs says whether a path shows callers their own jobs, which no key is too
// narrow for.
func ownJobs(path string) bool { return path == "/jobs" || strings.HasPrefix(path, "/jobs/") }

// namesResults says whether a path, or a parameter, may name a result, which is
// gone after its retention.
func namesResults(r route, path string) bool {
	return strings.Contains(path, "{collectionId}") || strings.Contains(path, "{styleId}") || slices.Contains(r.parameters, "collections")
}

// security tells whether credentials may be left out: not for what needs a
// role, and for nothing while reads are closed.
func (s *server) security(r route) *openapi3.SecurityRequirements {
	list := openapi3.SecurityRequirements{{"apiKey": {}}, {"bearer": {}}}
	if slices.Contains(openPaths, echoPath(r.path)) || !s.cfg.ClosedReads && !r.needsPlanner() {
		list = append(openapi3.SecurityRequirements{{}}, list...)
	}
	return &list
}

// accessRefusals are the statuses that a route may answer for who asks, and how
// often; 503 while the issuer of tokens cannot be reached.
func accessRefusals(r route) []int {
	refusals := []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	switch {
	case strings.HasPrefix(r.path, healthPrefix):
		return nil
	case !slices.Contains(openPaths, echoPath(r.path)) && !ownJobs(r.path):
		refusals = append(refusals, http.StatusForbidden)
	}
	return refusals
}

func (s *server) pathParameter(name string) *openapi3.ParameterRef {
	schema := openapi3.NewStringSchema()
	about := ""
	switch name {
	case "collectionId":
		about = "Those that are listed; the id of a result, result-{job}-{output}, is taken as well."
		for _, one := range s.published() {
			schema.Enum = append(schema.Enum, one.ID)
		}
	case "processID":
		for _, p := range s.cfg.Processes {
			schema.Enum = append(schema.Enum, p.Spec().ID)
		}
	case "tileMatrixSetId":
		for _, grid := range spatial.Grids() {
			schema.Enum = append(schema.Enum, grid.ID)
		}
	}
	return &openapi3.ParameterRef{Value: openapi3.NewPathParameter(name).WithSchema(schema).WithDescription(about)}
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

// readAsJSON names the problems of an operation as application/json as well,
// which they can be read as: the OGC's suite of Processes looks for no other
// type, whatever it is sent.
func readAsJSON(operation *openapi3.Operation) {
	for _, response := range operation.Responses.Map() {
		if problem, ok := response.Value.Content[mediaProblem]; ok {
			response.Value.Content[mediaJSON] = problem
		}
	}
}

// withHeaders refers to the headers by their names in the components.
func withHeaders(response *openapi3.Response, names []string) *openapi3.Response {
	response.Headers = openapi3.Headers{}
	for _, name := range names {
		response.Headers[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + name}
	}
	return response
}

// notOfBodies are the headers that an answer without a body keeps.
func notOfBodies(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name != "ETag" && name != "Content-Crs" })
}

// problemResponse describes a refusal; 0 stands for every status that is not
// named.
func problemResponse(status int) *openapi3.ResponseRef {
	description, headers := http.StatusText(status), []string(nil)
	switch status {
	case 0:
		description = "Any other error"
	case http.StatusUnauthorized, http.StatusForbidden:
		headers = []string{"WWW-Authenticate"}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		headers = []string{"Retry-After"}
	}
	response := withHeaders(openapi3.NewResponse().WithDescription(description), headers)
	response.Content = openapi3.Content{mediaProblem: openapi3.NewMediaType().WithSchemaRef(&openapi3.SchemaRef{Ref: "#/components/schemas/exception"})}
	return &openapi3.ResponseRef{Value: response}
}
