package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// The paths of a collection's features, as the router has them.
const (
	itemsPath = "/collections/:collectionId/items"
	itemPath  = itemsPath + "/:featureId"
)

// registerOptions answers OPTIONS and wrong methods on features by what the
// collection at hand takes. The router knows methods by path only, and would
// offer writes to every collection; QGIS edits where OPTIONS says so.
func (s *server) registerOptions(e *echo.Echo) {
	for _, path := range []string{itemsPath, itemPath} {
		e.OPTIONS(path, s.options)
		e.TRACE(path, s.notAllowed)
	}
	e.Match([]string{http.MethodPut, http.MethodPatch, http.MethodDelete}, itemsPath, s.notAllowed)
	e.POST(itemPath, s.notAllowed)
}

func (s *server) options(c echo.Context) error {
	if _, err := s.collection(c); err != nil {
		return err
	}
	s.allow(c)
	return c.NoContent(http.StatusNoContent)
}

// notAllowed is the answer to a method that the collection does not take.
func (s *server) notAllowed(c echo.Context) error {
	if _, err := s.collection(c); err != nil {
		return err
	}
	return &refusal{status: http.StatusMethodNotAllowed, code: "method-not-allowed", detail: "This address does not take that method; Allow lists those it takes."}
}

// allow names the methods of a collection's features and what they read.
func (s *server) allow(c echo.Context) {
	methods := []string{http.MethodOptions, http.MethodGet, http.MethodHead}
	h := c.Response().Header()
	if collection, err := s.collection(c); err == nil && s.takesWrites(collection) {
		if c.Path() == itemPath {
			methods = append(methods, http.MethodPut, http.MethodPatch, http.MethodDelete)
			h.Set("Accept-Patch", mediaMergePatch)
		} else {
			methods = append(methods, http.MethodPost)
			h.Set("Accept-Post", mediaGeoJSON+", "+mediaJSON)
		}
	}
	h.Set("Allow", strings.Join(methods, ", "))
}
