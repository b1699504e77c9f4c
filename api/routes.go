package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// route is one path and method, with all that the OpenAPI document says of it.
type route struct {
	method, path  string // path with {variables}
	id            string // operationId
	tag, summary  string
	handle        echo.HandlerFunc
	parameters    []string                  // names of components.parameters; path variables are added
	answers       map[string]string         // media type of a 200 -> name of its schema
	headers       []string                  // names of components.headers that a success may carry
	refusals      []int                     // statuses of problems
	also          map[int]map[string]string // answers of other statuses than 200
	perCollection bool                      // listed once a collection, with its id in the path
	writes        bool                      // of perCollection: for writable collections only
	accepts       []string                  // media types of the body, a feature
	done          int                       // status of success where it is not 200
}

// The tags that group operations.
const (
	tagService   = "Service"
	tagFeatures  = "Features"
	tagTiles     = "Tiles"
	tagProcesses = "Processes"
	tagHealth    = "Health"
)

// table lists every route. The router and the OpenAPI document are both made
// from it.
func (s *server) table() []route {
	var all []route
	for _, part := range [][]route{s.serviceRoutes(), s.featureRoutes(), s.tileRoutes(), s.processRoutes(), s.jobRoutes(), s.healthRoutes()} {
		all = append(all, part...)
	}
	return all
}

func page200(schema string) map[string]string {
	return map[string]string{mediaJSON: schema, mediaHTML: "html"}
}

func schema200() map[string]string {
	return map[string]string{mediaSchema: "jsonSchema", mediaHTML: "html"}
}

func get(path, id, tag, summary string, handle echo.HandlerFunc, answers map[string]string, parameters ...string) route {
	r := route{method: http.MethodGet, path: path, id: id, tag: tag, summary: summary, handle: handle, answers: answers, parameters: parameters}
	r.headers = []string{"ETag"}
	r.refusals = []int{http.StatusNotAcceptable}
	if strings.Contains(path, "{") {
		r.refusals = append(r.refusals, http.StatusNotFound)
	}
	return r
}

func (r route) refuses(statuses ...int) route {
	r.refusals = append(r.refusals, statuses...)
	return r
}

// tells adds headers that a 200 may carry.
func (r route) tells(headers ...string) route {
	r.headers = append(r.headers, headers...)
	return r
}

// plain takes away what comes with forms to choose from and with tags: such
// an answer has one form and is new each time.
func (r route) plain() route {
	r.headers, r.refusals = nil, nil
	return r
}

func (s *server) serviceRoutes() []route {
	return []route{
		get("/", "getLandingPage", tagService, "Links to everything; to a browser, the map page", s.getLanding, page200("landingPage"), "f"),
		get("/conformance", "getConformanceDeclaration", tagService, "Conformance classes", s.getConformance, page200("confClasses"), "f"),
		get("/api", "getApi", tagService, "This document", s.getAPI, map[string]string{mediaOpenAPI: "openAPI", mediaHTML: "html"}, "f"),
		get("/problems/{code}", "getProblemType", tagService, "What a problem type means", s.getProblem, page200("problemType"), "f"),
	}
}

func (s *server) featureRoutes() []route {
	items := get("/collections/{collectionId}/items", "getFeatures", tagFeatures, "Features of a collection", s.getItems,
		map[string]string{mediaGeoJSON: "featureCollectionGeoJSON", mediaJSONFG: "featureCollectionFG", mediaHTML: "html", mediaCSV: "text"},
		"f", "bbox", "bbox-crs", "crs", "datetime", "limit", "cursor", "filter", "filter-lang", "filter-crs", "sortby", "properties", "skipGeometry").
		tells("Content-Crs", "Link", "OGC-NumberMatched", "OGC-NumberReturned", "Content-Disposition").
		refuses(http.StatusBadRequest, http.StatusServiceUnavailable)
	item := get("/collections/{collectionId}/items/{featureId}", "getFeature", tagFeatures, "One feature", s.getItem,
		map[string]string{mediaGeoJSON: "featureGeoJSON", mediaJSONFG: "featureFG", mediaHTML: "html"}, "f", "crs", "datetime").
		tells("Content-Crs").refuses(http.StatusBadRequest)
	items.perCollection, item.perCollection = true, true
	return []route{
		get("/collections", "getCollections", tagFeatures, "Collections", s.getCollections, page200("collections"), "f"),
		get("/collections/{collectionId}", "describeCollection", tagFeatures, "One collection", s.getCollection, page200("collection"), "f"),
		get("/collections/{collectionId}/queryables", "getQueryables", tagFeatures, "Properties that filters may name", s.getQueryables, schema200(), "f"),
		get("/collections/{collectionId}/sortables", "getSortables", tagFeatures, "Properties that sortby may name", s.getSortables, schema200(), "f"),
		get("/collections/{collectionId}/schema", "getSchema", tagFeatures, "Schema of the features", s.getSchema, schema200(), "f"),
		items, item,
		write(http.MethodPost, items.path, "createFeature", "Add a feature", s.postItem, http.StatusCreated, mediaGeoJSON, mediaJSON).refuses(http.StatusConflict),
		write(http.MethodPut, item.path, "replaceFeature", "Replace a feature", s.putItem, http.StatusNoContent, mediaGeoJSON, mediaJSON).changes(),
		write(http.MethodPatch, item.path, "updateFeature", "Change members of a feature", s.patchItem, http.StatusNoContent, mediaMergePatch).changes(),
		write(http.MethodDelete, item.path, "deleteFeature", "Take a feature away", s.deleteItem, http.StatusNoContent).changes(),
	}
}

// write is a route that writes features of the collections that take it.
func write(method, path, id, summary string, handle echo.HandlerFunc, done int, accepts ...string) route {
	r := route{method: method, path: path, id: id, tag: tagFeatures, summary: summary, handle: handle, perCollection: true, writes: true, accepts: accepts, done: done}
	if done == http.StatusCreated {
		r.headers = []string{"Location"}
	}
	if len(accepts) > 0 {
		r.headers = append(r.headers, "ETag")
	}
	r.refusals = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable}
	switch method {
	case http.MethodPost:
		r = r.tells("Location", "ETag")
	case http.MethodPatch:
		r = r.tells("ETag")
	}
	if len(accepts) > 0 {
		r.parameters = []string{"Content-Crs"}
		r = r.refuses(http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	return r
}

// changes is what routes on one feature that is there have besides.
func (r route) changes() route {
	r.parameters = append(r.parameters, "datetime", "If-Match", "If-None-Match")
	return r.refuses(http.StatusConflict, http.StatusPreconditionFailed)
}

func (s *server) tileRoutes() []route {
	list, one := page200("tilesets"), page200("tileset")
	mvt := map[string]string{"application/vnd.mapbox-vector-tile": "binary"}
	const tile = "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"
	routes := []route{
		get("/tileMatrixSets", "getTileMatrixSetsList", tagTiles, "Tile matrix sets", s.getTileMatrixSets, page200("tileMatrixSets"), "f"),
		get("/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", tagTiles, "One tile matrix set", s.getTileMatrixSet, page200("tileMatrixSet"), "f"),
		get("/tiles", "dataset.vector.getTileSetsList", tagTiles, "Tilesets of all collections", s.getTilesets, list, "f", "collections").refuses(http.StatusBadRequest),
		get("/tiles/{tileMatrixSetId}", "dataset.vector.getTileSet", tagTiles, "Tileset of all collections, or its TileJSON", s.getTileset, one, "f", "collections").refuses(http.StatusBadRequest),
		get("/tiles"+tile, "dataset.vector.getTile", tagTiles, "Tile with a layer for each collection", s.getTile, mvt, "f", "collections").refuses(http.StatusBadRequest),
		get("/collections/{collectionId}/tiles", "collection.vector.getTileSetsList", tagTiles, "Tilesets of a collection", s.getTilesets, list, "f"),
		get("/collections/{collectionId}/tiles/{tileMatrixSetId}", "collection.vector.getTileSet", tagTiles, "Tileset of a collection, or its TileJSON", s.getTileset, one, "f"),
		get("/collections/{collectionId}/tiles"+tile, "collection.vector.getTile", tagTiles, "Tile of a collection", s.getTile, mvt, "f").refuses(http.StatusBadRequest),
		get("/styles", "getStyles", tagTiles, "Styles", s.getStyles, page200("styles"), "f"),
		get("/styles/{styleId}", "getStyle", tagTiles, "One MapLibre style", s.getStyle, page200("style"), "f"),
	}
	if s.cfg.Fonts != nil {
		routes = append(routes, get("/fonts/{fontstack}/{range}", "getGlyphs", tagTiles, "Letters of the first font that there is", s.getGlyphs, map[string]string{mediaGlyphs: "binary"}))
	}
	return routes
}

func (s *server) processRoutes() []route {
	execute := route{method: http.MethodPost, path: "/processes/{processID}/execution", id: "execute", tag: tagProcesses,
		summary: "Run a process and wait for its result", handle: s.execute, answers: results200(), also: map[int]map[string]string{http.StatusNoContent: nil}}
	if s.cfg.Jobs != nil {
		execute.summary += ", or with Prefer: respond-async as a job"
		execute.also[http.StatusCreated] = map[string]string{mediaJSON: "statusInfo"}
	}
	return []route{
		get("/processes", "getProcesses", tagProcesses, "Processes", s.getProcesses, page200("processList"), "f", "limit").refuses(http.StatusBadRequest),
		get("/processes/{processID}", "getProcessDescription", tagProcesses, "One process", s.getProcess, page200("process"), "f"),
		execute.refuses(400, 401, 403, 404, 413, 415, 422, 503),
	}
}

// results200 are the forms of results.
func results200() map[string]string {
	return map[string]string{mediaJSON: "results", mediaGeoJSON: "geojsonObject", "multipart/related": "multipart"}
}

// jobRoutes are there when the server has jobs. What they answer is new each
// time, so nothing of it has a tag. A failed job's results are its problem,
// with the status that the run would have had.
func (s *server) jobRoutes() []route {
	if s.cfg.Jobs == nil {
		return nil
	}
	list := get("/jobs", "getJobs", tagProcesses, "Your jobs, newest first", s.getJobs, page200("jobList"),
		"f", "jobType", "jobProcess", "jobStatus", "jobDatetime", "minDuration", "maxDuration", "limit", "cursor")
	status := get("/jobs/{jobId}", "getStatus", tagProcesses, "Status of a job", s.getStatus, page200("statusInfo"), "f")
	list.headers, status.headers = nil, nil
	dismiss := route{method: http.MethodDelete, path: "/jobs/{jobId}", id: "dismiss", tag: tagProcesses,
		summary: "Dismiss a job, and remove its result", handle: s.dismiss, answers: map[string]string{mediaJSON: "statusInfo"}}
	result := get("/jobs/{jobId}/results", "getResult", tagProcesses, "Results of a job, in the form asked for at execution", s.getResult, results200()).plain().tells("Link")
	result.also = map[int]map[string]string{http.StatusNoContent: nil}
	return []route{
		list.refuses(http.StatusBadRequest),
		status,
		dismiss.refuses(http.StatusNotFound, http.StatusGone),
		result.refuses(http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity),
	}
}

// healthPrefix begins the paths that tell health.
const healthPrefix = "/health/"

func (s *server) healthRoutes() []route {
	status := map[string]string{mediaJSON: "health"}
	live := get("/health/live", "getLive", tagHealth, "The process answers", s.getLive, status).plain()
	ready := get("/health/ready", "getReady", tagHealth, "Migrated, seeded and a network is loaded", s.getReady, status).plain().refuses(http.StatusServiceUnavailable)
	numbers := get("/metrics", "getMetrics", tagHealth, "Figures for Prometheus", s.getMetrics, map[string]string{"text/plain": "text"}).plain()
	return []route{live, ready, numbers}
}

// echoPath writes {name} as :name.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
