package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

const mediaProblem = "application/problem+json"

// retryAfter is the wait, in seconds, that an overloaded server asks for.
const retryAfter = 5

// problem is the body of every error (RFC 9457). Code and Description repeat
// type and detail for readers of the older OGC exception form.
type problem struct {
	Type        string  `json:"type"`
	Title       string  `json:"title"`
	Status      int     `json:"status"`
	Detail      string  `json:"detail"`
	Instance    string  `json:"instance"`
	Errors      []fault `json:"errors,omitempty"`
	RequestID   string  `json:"request_id"`
	Code        string  `json:"code"`
	Description string  `json:"description"`
}

// fault is a spatial.Fault on the wire. The empty pointer, which means the
// whole body, is written out: one of pointer and parameter is always there.
type fault struct {
	Pointer   *string `json:"pointer,omitempty"`
	Parameter string  `json:"parameter,omitempty"`
	Detail    string  `json:"detail"`
	Allowed   any     `json:"allowed,omitempty"`
}

func faults(list []spatial.Fault) []fault {
	var out []fault
	for _, f := range list {
		one := fault{Parameter: f.Parameter, Detail: f.Detail, Allowed: f.Allowed}
		if f.Parameter == "" {
			one.Pointer = &f.Pointer
		}
		out = append(out, one)
	}
	return out
}

// refusal is an error of HTTP itself, for which spatial has no kind, or one
// whose problem type a standard prescribes.
type refusal struct {
	status   int
	code     string // last segment of the problem type
	typeURI  string // whole problem type, where a standard prescribes it
	detail   string
	faults   []spatial.Fault
	internal error

	challenge string        // WWW-Authenticate of a 401 or 403
	wait      time.Duration // Retry-After of a 429
}

func (r *refusal) Error() string { return r.detail }
func (r *refusal) Unwrap() error { return r.internal }

// statusOf maps the kinds of spatial.Error; it is the only such map.
func statusOf(k spatial.Kind) int {
	switch k {
	case spatial.Invalid:
		return http.StatusBadRequest
	case spatial.NotFound:
		return http.StatusNotFound
	case spatial.NotAcceptable:
		return http.StatusNotAcceptable
	case spatial.Conflict:
		return http.StatusConflict
	case spatial.Gone:
		return http.StatusGone
	case spatial.Stale:
		return http.StatusPreconditionFailed
	case spatial.TooLarge:
		return http.StatusRequestEntityTooLarge
	case spatial.Unprocessable, spatial.NeedsAsync:
		return http.StatusUnprocessableEntity
	case spatial.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// statusClientGone marks, in logs and metrics only, a client that left before
// its answer (the number is nginx's).
const statusClientGone = 499

// refuse sorts an error into what a client may know of it. Errors that are
// not ours to show become one plain sentence; the log has the rest.
func refuse(err error) *refusal {
	var r *refusal
	var known *spatial.Error
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &r):
		return r
	case errors.As(err, &known):
		return &refusal{status: statusOf(known.Kind), code: string(known.Kind), detail: known.Detail, faults: known.Faults, internal: err}
	case errors.Is(err, context.Canceled):
		return &refusal{status: statusClientGone, code: "client-gone", detail: "The client closed the connection.", internal: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &refusal{status: http.StatusServiceUnavailable, code: "unavailable", detail: "The answer took longer than this server allows; ask for less, or try again later.", internal: err}
	case errors.As(err, &routing) && routing.Code == http.StatusNotFound:
		return &refusal{status: http.StatusNotFound, code: "not-found", detail: "There is nothing at this address; / links to everything there is."}
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return &refusal{status: http.StatusMethodNotAllowed, code: "method-not-allowed", detail: "This address does not take that method; Allow lists those it takes."}
	default:
		return &refusal{status: http.StatusInternalServerError, code: "internal", detail: "Something went wrong here; the log has it under the request id.", internal: err}
	}
}

// fail answers with a problem, or aborts the connection when part of another
// answer is already out: a client must never take a cut answer for a whole one.
func (s *server) fail(c echo.Context, err error) {
	r := refuse(err)
	c.Set(contextError, err)
	if c.Response().Committed {
		panic(http.ErrAbortHandler)
	}
	h := c.Response().Header()
	for _, name := range []string{"ETag", "Content-Crs", "Link", "OGC-NumberMatched", "OGC-NumberReturned", "Content-Disposition", "Content-Length", "Content-Encoding"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	if r.status == statusClientGone {
		c.Response().Status = statusClientGone
		panic(http.ErrAbortHandler)
	}
	if r.status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if r.status == http.StatusMethodNotAllowed && (c.Path() == itemsPath || c.Path() == itemPath) {
		s.allow(c) // which differs by collection, as the router does not know
	}
	if r.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(r.wait.Seconds()))))
	}
	if r.challenge != "" {
		h.Set("WWW-Authenticate", r.challenge)
	}
	body, err := json.Marshal(s.problemBody(c, r))
	if err != nil {
		panic(err) // strings, numbers and faults always marshal
	}
	h.Set("Content-Type", mediaProblem)
	c.Response().WriteHeader(r.status)
	_, _ = c.Response().Write(append(body, '\n')) // a client that left needs no answer
}

func (s *server) problemBody(c echo.Context, r *refusal) problem {
	kind := r.typeURI
	if kind == "" {
		kind = s.base(c) + "/problems/" + r.code
	}
	return problem{
		Type: kind, Title: problemTitle(r), Status: r.status, Detail: r.detail,
		Instance: c.Request().URL.RequestURI(), Errors: faults(r.faults), RequestID: requestID(c),
		Code: r.code, Description: r.detail,
	}
}

func problemTitle(r *refusal) string {
	for _, k := range problemKinds() {
		if k.code == r.code {
			return k.title
		}
	}
	return http.StatusText(r.status)
}

type problemKind struct {
	code   string
	status int
	title  string
	about  string
}

// problemKinds explains each problem type; /problems/{code} serves it.
func problemKinds() []problemKind {
	return []problemKind{
		{"invalid", 400, "The request cannot be used as it is", "Each entry of errors names a parameter, or points into the body, and says what would have been right."},
		{"unauthorized", 401, "Credentials are missing or not right", "Send an API key or a token of the issuer in Authorization (Bearer), or an API key in X-API-Key."},
		{"forbidden", 403, "The caller may not do this", "The detail names the role or the scope that is needed."},
		{"not-found", 404, "Nothing is there", "The address, or an identifier in it, is unknown."},
		{"no-such-process", 404, "No such process", "/processes lists them."},
		{"no-such-job", 404, "No such job", "There is none of this id, or it is another caller's."},
		{"result-not-ready", 404, "The result is not ready", "The job waits or runs; its status says how far it is."},
		{"method-not-allowed", 405, "Wrong method", "The Allow header lists the methods of this address."},
		{"not-acceptable", 406, "No such representation", "The parameter f, or else the Accept header, asks for a form that this address does not have."},
		{"conflict", 409, "Conflict", "The request contradicts the present state."},
		{"gone", 410, "It was there, and was removed", "A job that was dismissed, or a result whose retention is over."},
		{"stale", 412, "Somebody else was quicker", "The feature is not of the version that If-Match names: read it again, and decide anew."},
		{"too-large", 413, "Too large", "The detail names the limit."},
		{"uri-too-long", 414, "The address is too long", "The detail names the limit."},
		{"unsupported-media-type", 415, "Unsupported media type", "The detail names the media types that are read."},
		{"unprocessable", 422, "It cannot be answered as asked", "The request is well-formed, but the data at hand cannot answer it."},
		{"needs-async", 422, "Over the synchronous budget", "The detail names the cost and the budget."},
		{"too-many-requests", 429, "Too many requests", "The caller's rate, or the queue for heavy work, is at its limit; Retry-After says when to try again."},
		{"unavailable", 503, "Try again later", "Retry-After says when."},
		{"internal", 500, "A fault of the server", "It is logged under the request id."},
	}
}
