package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// always are the headers of every answer. Their values are shared, and so must
// not be written to: Set and Add make others in their place.
var always = []struct {
	name   string
	values []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Access-Control-Allow-Origin", []string{"*"}},
	{"Access-Control-Expose-Headers", []string{"Accept-Patch, Allow, Content-Crs, ETag, Link, Location, OGC-NumberMatched, OGC-NumberReturned, Preference-Applied, Retry-After, WWW-Authenticate, X-Request-Id"}},
}

// headers sets what every answer carries: no sniffing of types, and leave for
// pages of other origins to read.
func (s *server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		for _, header := range always {
			h[header.name] = header.values
		}
		if c.Request().Method == http.MethodOptions {
			c.Response().Before(func() { preflight(c) })
		}
		return next(c)
	}
}

// preflight tells a browser what it may send, from the same Allow that any
// other client reads.
func preflight(c echo.Context) {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Methods", h.Get("Allow"))
	h.Set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Crs, Content-Type, If-Match, If-None-Match, Prefer, X-API-Key, X-Request-Id")
	h.Set("Access-Control-Max-Age", "600")
}
