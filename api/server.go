package api

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/tiles"
)

// server is what handlers share; it does not change after New but for its
// caches.
type server struct {
	cfg      Config
	routes   []route
	cache    *tiles.Cache
	metrics  *metrics
	extents  *memo[extent]
	rows     *recent[spatial.ItemRow] // single features
	pages    *template.Template
	document *openapi3.T
	site     *site
	known    map[string]bool // method and path of each route, as the router has them
	rates    *rates
	runs     *gate // executions
	exports  *gate // long pages
}

// New makes the handler of the whole API. It panics when the configuration
// lacks what it cannot serve without, or when the OpenAPI document that the
// routes make is not valid: both are faults of the program.
func New(cfg Config) http.Handler {
	cfg = cfg.withDefaults()
	if cfg.Items == nil || cfg.Tiles == nil || cfg.Inputs == nil || cfg.Ready == nil {
		panic("api: Config needs Items, Tiles, Inputs and Ready")
	}
	s := &server{
		cfg:     cfg,
		cache:   tiles.NewCache(cfg.Tiles, max(0, cfg.TileCacheBytes)),
		rows:    newRecent[spatial.ItemRow](max(0, cfg.ItemCacheBytes)),
		extents: newMemo[extent](256),
		pages:   parsePages(),
		site:    newSite(cfg.Page),
		known:   map[string]bool{},
		rates:   newRates(cfg.RatePerSecond, cfg.RateBurst),
		runs:    newGate("processes", cfg.MaxRuns, cfg.MaxWaiting, cfg.WaitTime),
		exports: newGate("long pages", cfg.MaxExports, cfg.MaxWaiting, cfg.WaitTime),
	}
	s.metrics = newMetrics(cfg, s.cache, s.rows)
	if cfg.Results != nil {
		s.metrics.registry.MustRegister(newJobMetrics(cfg.Results))
	}
	s.routes = s.table()
	s.document = s.openAPI()
	if err := s.document.Validate(context.Background()); err != nil {
		panic("api: the OpenAPI document is not valid: " + err.Error())
	}
	return s.router()
}

// router registers every route of the table, and the files of the map page.
func (s *server) router() *echo.Echo {
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { s.fail(c, err) }
	e.JSONSerializer = plainJSON{}
	e.Pre(trimSlash)
	e.Use(s.observe, s.trace, s.headers, limitAddress, s.recoverFault, s.deadline, s.identify, s.compress)
	for _, r := range s.routes {
		path := echoPath(r.path)
		s.known[r.method+path] = true
		e.Add(r.method, path, r.handle)
		if r.method == http.MethodGet {
			s.known[http.MethodHead+path] = true
			e.Add(http.MethodHead, path, r.handle)
		}
	}
	s.registerOptions(e)
	for _, file := range s.site.files {
		for _, path := range []string{"/" + file.name, "/app/" + file.name} {
			e.GET(path, s.serveFile(file))
			e.HEAD(path, s.serveFile(file))
		}
	}
	return e
}

// trimSlash treats /collections/ as /collections.
func trimSlash(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if len(u.Path) > 1 && strings.HasSuffix(u.Path, "/") {
			u.Path = "/" + strings.Trim(u.Path, "/")
			u.RawPath = ""
		}
		return next(c)
	}
}

// collection finds the collection that the path names.
func (s *server) collection(c echo.Context) (spatial.Collection, error) {
	id := param(c, "collectionId")
	if one, ok := s.collectionByID(id); ok && (!one.AdminsOnly || seesAll(c)) {
		return one, nil
	}
	if found, ok, err := s.resultCollection(c, id); ok || err != nil {
		return found, err
	}
	var ids []string
	for _, one := range s.shown(c) {
		ids = append(ids, one.ID)
	}
	missing := spatial.Errorf(spatial.NotFound, "There is no collection %q; /collections lists them.", clip(id))
	missing.Faults = []spatial.Fault{{Parameter: "collectionId", Detail: "names no collection", Allowed: ids}}
	return spatial.Collection{}, missing
}

// shown are the collections that exist for the caller.
func (s *server) shown(c echo.Context) []spatial.Collection {
	if seesAll(c) {
		return s.cfg.Collections
	}
	return s.published()
}

func seesAll(c echo.Context) bool { return callerOf(c).Sees() == spatial.SeesAll }

// published are the collections that exist for everyone.
func (s *server) published() []spatial.Collection {
	return slices.DeleteFunc(slices.Clone(s.cfg.Collections), func(one spatial.Collection) bool { return one.AdminsOnly })
}

func (s *server) collectionByID(id string) (spatial.Collection, bool) {
	for _, one := range s.cfg.Collections {
		if one.ID == id {
			return one, true
		}
	}
	return spatial.Collection{}, false
}

// isKind says whether err is a spatial.Error of the kind.
func isKind(err error, kind spatial.Kind) bool {
	var e *spatial.Error
	return errors.As(err, &e) && e.Kind == kind
}
