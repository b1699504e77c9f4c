package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// badCredentials refuses credentials that are there and not right.
func badCredentials(detail string) *refusal {
	return &refusal{status: http.StatusUnauthorized, code: "unauthorized", detail: detail, challenge: `Bearer realm="quanyu", error="invalid_token"`}
}

// needsCredentials refuses a caller that has to say who it is.
func needsCredentials(detail string) *refusal {
	return &refusal{status: http.StatusUnauthorized, code: "unauthorized", detail: detail, challenge: `Bearer realm="quanyu"`}
}

func forbidden(detail string) *refusal {
	return &refusal{status: http.StatusForbidden, code: "forbidden", detail: detail, challenge: `Bearer realm="quanyu", error="insufficient_scope"`}
}

// needsRole refuses a caller below a role: 401 when it is anonymous, 403 when
// it is known and may not.
func (s *server) needsRole(c echo.Context, least spatial.Role) error {
	caller := callerOf(c)
	switch {
	case caller.Role.AtLeast(least):
		return nil
	case caller.ID == "":
		return needsCredentials(fmt.Sprintf("This needs the role %s: send an API key or a token.", least))
	}
	return forbidden(fmt.Sprintf("This needs the role %s, which the caller does not have.", least))
}

// needsScope refuses a key that is narrowed to other things.
func needsScope(caller spatial.Caller, action string) error {
	if caller.May(action) {
		return nil
	}
	return forbidden(fmt.Sprintf("The scopes of the key are %q; this needs %q.", caller.Scopes, action))
}

// openPaths are those that anonymous callers may read although reads are
// closed: they tell what the server is, and have no row of any collection.
var openPaths = []string{"/", "/conformance", "/api", "/problems/:code", "/health/live", "/health/ready"}

// admit decides, by the route alone, whether a caller may use it: before its
// media type, its parameters and its body are looked at, so that a refusal
// tells nothing of them. Which rows a caller sees is not decided here but in
// the database.
func (s *server) admit(c echo.Context, caller spatial.Caller) error {
	path, method := c.Path(), c.Request().Method
	switch {
	case !s.known[method+path] || slices.Contains(openPaths, path):
		return nil
	case s.cfg.ClosedReads && caller.ID == "":
		return needsCredentials("This server answers nobody it does not know: send an API key or a token.")
	case ownJobs(path):
		return nil // a caller's own, and what it could have run within a request
	case method == http.MethodGet || method == http.MethodHead:
		return s.admitRead(caller)
	case strings.Contains(path, ":collectionId"):
		return nil // mayWrite decides, once it is known that the collection can be written
	case strings.Contains(path, ":processID"):
		return needsScope(caller, "process:"+param(c, "processID"))
	}
	return s.admitRead(caller)
}

// needsPlanner says whether a route changes a collection.
func (r route) needsPlanner() bool {
	return r.method != http.MethodGet && strings.Contains(r.path, "{collectionId}")
}

// admitRead lets everyone read while reads are open. A key without the scope
// read then sees public rows, as it would without credentials.
func (s *server) admitRead(caller spatial.Caller) error {
	if !s.cfg.ClosedReads {
		return nil
	}
	return needsScope(caller, "read")
}
