package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Keys under which a request's context holds what its log line tells.
const (
	contextError     = "quanyu_error"
	contextRequestID = "quanyu_request_id"
)

var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// observe gives the request an id, and writes its line of the access log and
// its metrics when it is over, aborted or not.
func (s *server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get("X-Request-Id")
		if !requestIDPattern.MatchString(id) {
			id = newRequestID()
		}
		c.Set(contextRequestID, id)
		c.Response().Header().Set("X-Request-Id", id)
		started := time.Now()
		s.metrics.inFlight.Inc()
		aborted := true
		defer func() {
			s.metrics.inFlight.Dec()
			s.record(c, time.Since(started), aborted)
		}()
		if err := next(c); err != nil {
			s.fail(c, err)
		}
		aborted = false
		return nil
	}
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return hex.EncodeToString(b[:])
}

func requestID(c echo.Context) string {
	id, _ := c.Get(contextRequestID).(string)
	return id
}

func (s *server) record(c echo.Context, took time.Duration, aborted bool) {
	r, w := c.Request(), c.Response()
	route := c.Path()
	if route == "" || w.Status == http.StatusNotFound && !strings.Contains(route, ":") {
		route = "none" // addresses that nobody registered would make a metric each
	}
	s.metrics.requests.WithLabelValues(route, methodLabel(r.Method), strconv.Itoa(w.Status)).Inc()
	s.metrics.durations.WithLabelValues(route).Observe(took.Seconds())
	level, attrs := slog.LevelInfo, []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("query", clip(r.URL.RawQuery)),
		slog.String("route", route), slog.Int("status", w.Status), slog.Int64("bytes", w.Size),
		slog.Duration("took", took), slog.String("remote", r.RemoteAddr), slog.String("request_id", requestID(c)),
	}
	if caller := callerOf(c); caller.ID != "" {
		attrs = append(attrs, slog.String("caller", caller.ID))
	}
	if aborted {
		attrs = append(attrs, slog.Bool("aborted", true))
	}
	if err, ok := c.Get(contextError).(error); ok {
		attrs = append(attrs, slog.String("error", err.Error()))
		if w.Status >= http.StatusInternalServerError || aborted && w.Status != statusClientGone {
			level = slog.LevelError
		}
	}
	s.cfg.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// methodLabel keeps made-up methods out of the metrics.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// recoverFault turns a panic into a 500, or into an aborted connection when
// part of the answer is out.
func (s *server) recoverFault(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if fault, ok := cause.(error); ok && errors.Is(fault, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}()
		return next(c)
	}
}

// deadline bounds the time of a request: queries under way are cancelled, and
// a client that stops reading loses its connection, after as long again.
func (s *server) deadline(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		limit := s.cfg.Timeout
		if c.Request().Method == http.MethodPost {
			limit = s.cfg.RunTimeout
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		// A writer without a connection, as in some tests, has no deadline.
		_ = http.NewResponseController(c.Response().Writer).SetWriteDeadline(time.Now().Add(2 * limit))
		return next(c)
	}
}
