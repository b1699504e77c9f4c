package api

import (
	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// identify puts into the request's context who asks, and the request's id,
// under which the audit log notes what the request changes.
func (s *server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx := spatial.WithRequestID(r.Context(), requestID(c))
		if s.cfg.Authenticate != nil {
			caller, err := s.cfg.Authenticate(r)
			if err != nil {
				return err
			}
			ctx = spatial.WithCaller(ctx, caller)
		}
		c.SetRequest(r.WithContext(ctx))
		return next(c)
	}
}
