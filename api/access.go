package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// needsRole refuses callers below a role: 401 when nobody said who asks, 403
// when who asks may not.
func (s *server) needsRole(c echo.Context, least spatial.Role) error {
	caller := spatial.CallerOf(c.Request().Context())
	switch {
	case caller.Role.AtLeast(least):
		return nil
	case caller.Role == spatial.Anonymous:
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="quanyu"`)
		return &refusal{status: http.StatusUnauthorized, code: "unauthorized", detail: "This takes the role " + string(least) + "; the request says not who asks."}
	}
	return &refusal{status: http.StatusForbidden, code: "forbidden", detail: "This takes the role " + string(least) + "; yours is " + string(caller.Role) + "."}
}
