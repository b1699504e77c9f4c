package api

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// contextError is the key under which a request's context holds the error that
// its log line tells.
const contextError = "quanyu_error"

// headerRequestID is the header of the request id in its canonical form.
const headerRequestID = "X-Request-Id"

// observe gives the request an id, and writes its line of the access log and
// its metrics when it is over, aborted or not.
func (s *server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(headerRequestID)
		if !isRequestID(id) {
			id = newRequestID()
		}
		c.Response().Header()[headerRequestID] = []string{id}
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

// isRequestID takes the ids of a proxy before us that no log would trip over.
func isRequestID(id string) bool {
	for i := range len(id) {
		if !isNameByte(id[i]) {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// newRequestID tells requests apart; nothing rests on its being hard to guess.
func newRequestID() string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], rand.Uint64())
	return hex.EncodeToString(b[:])
}

// requestID is what observe gave the request.
func requestID(c echo.Context) string { return c.Response().Header().Get(headerRequestID) }

func (s *server) record(c echo.Context, took time.Duration, aborted bool) {
	r, w := c.Request(), c.Response()
	route := c.Path()
	if route == "" || w.Status == http.StatusNotFound && !strings.Contains(route, ":") {
		route = "none" // addresses that nobody registered would make a metric each
	}
	s.metrics.answered(route, r.Method, w.Status, took)
	err, _ := c.Get(contextError).(error)
	if s.cfg.NoAccessLog && err == nil && !aborted {
		return
	}
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
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
		if w.Status >= http.StatusInternalServerError || aborted && w.Status != statusClientGone {
			level = slog.LevelError
		}
	}
	s.cfg.Log.LogAttrs(r.Context(), level, "request", attrs...)
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

// maxAddress bounds the path and query of a request in bytes: the longest cursor
// and filter, which have bounds of their own, find room.
const maxAddress = 128 << 10

// limitAddress refuses longer addresses.
func limitAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u := c.Request().URL
		if length := len(u.Path) + len(u.RawQuery); length > maxAddress {
			return &refusal{status: http.StatusRequestURITooLong, code: "uri-too-long",
				detail: fmt.Sprintf("The address has %d bytes; at most %d are taken.", length, maxAddress)}
		}
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
		ctx, cancel := context.WithTimeout(spatial.WithRequestID(c.Request().Context(), requestID(c)), limit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		// A writer without a connection, as in some tests, has no deadline.
		_ = http.NewResponseController(c.Response().Writer).SetWriteDeadline(time.Now().Add(2 * limit))
		return next(c)
	}
}
