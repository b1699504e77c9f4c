package api

import (
	_ "embed"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
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
		for _, one := range s.published() {
			if r.writes && !s.takesWrites(one) {
				continue
			}
			path := strings.Replace(r.path, "{collectionId}", url.PathEscape(one.ID), 1)
			document.AddOperation(path, r.method, s.operation(r, r.id+"."+one.ID, &one))
		}
		if s.cfg.Jobs != nil && !r.writes { // for results, whose ids nobody can list here
			document.AddOperation(r.path, r.method, s.operation(r, r.id, nil))
		}
	}
	if err := loader.ResolveRefsIn(document, nil); err != nil {
		panic("api: the OpenAPI document: " + err.Error())
	}
	return document
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
