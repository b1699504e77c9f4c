package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

const (
	serviceTitle   = "Quanyu"
	serviceTitleZH = "全域空间规划"
	serviceAbout   = "Spatial planning over open standards: the features that plans name, the analyses that plans ask for with the evidence they rest on, and tiles of the same collections."
)

// getLanding answers links as JSON, and the map page to browsers.
func (s *server) getLanding(c echo.Context) error {
	offers := []form{formJSON, formHTML}
	chosen, err := negotiate(c, offers...)
	if err != nil {
		return err
	}
	if chosen.name == formHTML.name && s.site.index != nil {
		return s.writeFile(c, *s.site.index)
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	links := s.landingLinks(c, chosen, offers)
	if chosen.name == formHTML.name {
		return s.html(c, "links.html", view{Title: serviceTitle, TitleZH: serviceTitleZH, Links: links, Body: map[string]any{"About": serviceAbout, "Links": links}})
	}
	return c.JSON(http.StatusOK, map[string]any{
		"title": serviceTitle, "title_zh": serviceTitleZH, "description": serviceAbout, "version": s.cfg.Version,
		"attribution": s.cfg.attribution(), "map_review_number": nullable(s.cfg.MapReview), "links": links,
	})
}

// nullable turns an empty string into null.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (s *server) landingLinks(c echo.Context, chosen form, offers []form) []link {
	links := append(s.selfLinks(c, chosen, offers...),
		link{Href: s.path(c, "api"), Rel: "service-desc", Type: mediaOpenAPI, Title: "OpenAPI document"},
		link{Href: s.path(c, "api") + "?f=html", Rel: "service-doc", Type: mediaHTML, Title: "API for people"},
		link{Href: s.path(c, "conformance"), Rel: "conformance", Type: mediaJSON, Title: "Conformance classes"},
		link{Href: s.path(c, "conformance"), Rel: relOGC + "conformance", Type: mediaJSON, Title: "Conformance classes"},
		link{Href: s.path(c, "collections"), Rel: "data", Type: mediaJSON, Title: "Collections"},
		link{Href: s.path(c, "collections"), Rel: relOGC + "data", Type: mediaJSON, Title: "Collections"},
		link{Href: s.path(c, "tiles"), Rel: relOGC + "tilesets-vector", Type: mediaJSON, Title: "Vector tiles of all collections"},
		link{Href: s.path(c, "tileMatrixSets"), Rel: relOGC + "tiling-schemes", Type: mediaJSON, Title: "Tile matrix sets"},
		link{Href: s.path(c, "styles"), Rel: relOGC + "styles", Type: mediaJSON, Title: "Styles"},
		link{Href: s.path(c, "processes"), Rel: relOGC + "processes", Type: mediaJSON, Title: "Processes"},
	)
	if s.cfg.Jobs != nil {
		links = append(links, link{Href: s.path(c, "jobs"), Rel: relOGC + "job-list", Type: mediaJSON, Title: "Your jobs"})
	}
	return links
}

func (s *server) getConformance(c echo.Context) error {
	offers := []form{formJSON, formHTML}
	chosen, err := negotiate(c, offers...)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	links := s.selfLinks(c, chosen, offers...)
	if chosen.name == formHTML.name {
		return s.html(c, "conformance.html", view{Title: "Conformance", TitleZH: "符合性", Links: links, Body: s.conformanceClasses(),
			Crumbs: s.crumbs(c, "conformance", "Conformance 符合性")})
	}
	return c.JSON(http.StatusOK, map[string]any{"conformsTo": s.conformanceClasses(), "links": links})
}

// conformanceClasses lists what is implemented and tested. Some classes have
// two spellings, of a draft and of the standard; clients look for either.
func (s *server) conformanceClasses() []string {
	const spec = "http://www.opengis.net/spec/"
	var writing []string
	if s.cfg.Writer != nil {
		writing = []string{"create-replace-delete", "update", "features", "optimistic-locking-etags"}
	}
	return prefixed(spec, map[string][]string{
		"ogcapi-common-1/1.0/conf/":    {"core", "landing-page", "json", "html", "oas30"},
		"ogcapi-common-2/1.0/conf/":    {"collections"},
		"ogcapi-common-3/1.0/conf/":    {"schemas", "queryables", "sortables"},
		"ogcapi-features-1/1.0/conf/":  {"core", "geojson", "html", "oas30"},
		"ogcapi-features-2/1.0/conf/":  {"crs"},
		"ogcapi-features-3/1.0/conf/":  {"queryables", "queryables-query-parameters", "filter", "features-filter"},
		"ogcapi-features-4/1.0/conf/":  writing,
		"ogcapi-features-5/1.0/conf/":  {"schemas", "core-roles-features", "queryables", "sortables"},
		"cql2/1.0/conf/":               cql2Classes(),
		"ogcapi-tiles-1/1.0/conf/":     {"core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "oas30", "mvt"},
		"json-fg-1/1.0/conf/":          {"core", "types-schemas"},
		"tms/2.0/conf/":                {"tilematrixset", "json-tilematrixset", "tilesetmetadata", "json-tilesetmetadata", "tilematrixsetlimits", "json-tilematrixsetlimits"},
		"ogcapi-processes-1/1.0/conf/": s.processClasses(),
	})
}

// processClasses are those of OGC API - Processes; without jobs a server is no
// core, which has addresses of jobs.
func (s *server) processClasses() []string {
	described := []string{"ogc-process-description", "json", "html", "oas30"}
	if s.cfg.Jobs == nil {
		return described
	}
	return append([]string{"core", "job-list", "dismiss"}, described...)
}

// cql2Classes are all of CQL2 1.0 but functions, since there are none besides
// those of the standard. basic-spatial-operators is what the draft called
// basic-spatial-functions, and what QGIS before 3.44 looks for.
func cql2Classes() []string {
	return []string{
		"cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
		"basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "array-functions",
		"property-property", "arithmetic", "basic-spatial-operators",
	}
}

// prefixed spells out classes by standard, in the order of their names.
func prefixed(spec string, classes map[string][]string) []string {
	var all []string
	for _, part := range sortedKeys(classes) {
		for _, class := range classes[part] {
			all = append(all, spec+part+class)
		}
	}
	return all
}
