package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// trace makes a span of each request, named by its route, below the span that
// the client's traceparent names (W3C Trace Context). Attributes are those of
// OpenTelemetry's conventions for HTTP servers. Without a tracer it is not
// there at all.
func (s *server) trace(next echo.HandlerFunc) echo.HandlerFunc {
	if s.cfg.Tracer == nil {
		return next
	}
	return func(c echo.Context) error {
		r := c.Request()
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := s.cfg.Tracer.Start(ctx, methodLabel(r.Method)+" "+c.Path(), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", methodLabel(r.Method)), attribute.String("http.route", c.Path()),
			attribute.String("url.path", r.URL.Path), attribute.String("url.query", clip(r.URL.RawQuery)), attribute.String("quanyu.request_id", requestID(c))))
		defer func() {
			status := c.Response().Status
			span.SetAttributes(attribute.Int("http.response.status_code", status), attribute.Int64("http.response.body.size", c.Response().Size))
			if status >= http.StatusInternalServerError {
				span.SetStatus(codes.Error, "")
			}
			span.End()
		}()
		c.SetRequest(r.WithContext(ctx))
		return next(c)
	}
}
