package spatial

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of fault an Error is; each kind has one HTTP status.
type Kind string

// The kinds of fault, with the HTTP status that api gives each.
const (
	Invalid       Kind = "invalid"        // 400: the request is malformed or a value is not allowed
	NotFound      Kind = "not-found"      // 404
	NotAcceptable Kind = "not-acceptable" // 406
	Conflict      Kind = "conflict"       // 409
	Gone          Kind = "gone"           // 410: it was there, and was removed
	Stale         Kind = "stale"          // 412: the row is not as the writer expected
	TooLarge      Kind = "too-large"      // 413: body or geometry above a stated limit
	Unprocessable Kind = "unprocessable"  // 422: well-formed, but it cannot be answered as asked
	NeedsAsync    Kind = "needs-async"    // 422: over the synchronous budget
	Unavailable   Kind = "unavailable"    // 503: try again later
	Internal      Kind = "internal"       // 500: ours to mend
)

// Fault is one thing wrong with a request. Pointer is a JSON pointer into the
// body (RFC 6901, such as "/inputs/minutes"), Parameter a query or path
// parameter; one of the two is set. Allowed tells what would have been right.
type Fault struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail"`
	Allowed   any    `json:"allowed,omitempty"`
}

// Error is the one error vocabulary above the store. Err, when set, is the
// cause; it is logged and never shown to a client.
type Error struct {
	Kind   Kind
	Detail string
	Faults []Fault
	Err    error
}

// Error joins the detail and every fault into one line for logs and terminals.
func (e *Error) Error() string {
	var b strings.Builder
	detail := e.Detail
	if len(e.Faults) > 0 {
		detail = strings.TrimSuffix(detail, ".")
	}
	b.WriteString(detail)
	for i, f := range e.Faults {
		sep := "; "
		if i == 0 && e.Detail != "" {
			sep = ": "
		} else if i == 0 {
			sep = ""
		}
		fmt.Fprintf(&b, "%s%s %s", sep, f.where(), f.Detail)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func (f Fault) where() string {
	if f.Parameter != "" {
		return f.Parameter
	}
	return f.Pointer
}

// Errorf makes an Error of the given kind with a detail that a client may read.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// BadParameter is an Invalid error about one query or path parameter.
func BadParameter(name, detail string, allowed any) *Error {
	return &Error{Kind: Invalid, Detail: "The request has a parameter that cannot be used.",
		Faults: []Fault{{Parameter: name, Detail: detail, Allowed: allowed}}}
}

// BadField is an Invalid error about one member of a JSON body.
func BadField(pointer, detail string, allowed any) *Error {
	return &Error{Kind: Invalid, Detail: "The request body has a member that cannot be used.",
		Faults: []Fault{{Pointer: pointer, Detail: detail, Allowed: allowed}}}
}

// KindOf gives the kind of the first Error in err's chain, Internal for any
// other error and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// JoinFaults collects the faults of several errors into one Invalid error, so
// that a client learns of every fault at once. Nil errors are left out; nil is
// returned when nothing is wrong. An error that is not an Invalid *Error is
// returned as it is, since it is not the client's.
func JoinFaults(errs ...error) error {
	joined := &Error{Kind: Invalid}
	for _, err := range errs {
		if err == nil {
			continue
		}
		var e *Error
		if !errors.As(err, &e) || e.Kind != Invalid {
			return err
		}
		joined.Detail = e.Detail
		joined.Faults = append(joined.Faults, e.Faults...)
	}
	if joined.Detail == "" && len(joined.Faults) == 0 {
		return nil
	}
	if len(joined.Faults) > 1 {
		joined.Detail = fmt.Sprintf("The request has %d faults.", len(joined.Faults))
	}
	return joined
}
