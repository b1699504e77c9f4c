package api

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// query reads the parameters of a request and gathers every fault.
type query struct {
	values url.Values
	known  []string
	errs   []error
}

// newQuery parses the query string; net/url's own Query drops what it cannot
// read, and so would hide a client's mistake.
func newQuery(c echo.Context) *query {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.fault("query", "cannot be read: a percent sign or semicolon is not escaped", nil)
	}
	return q
}

func (q *query) fault(name, detail string, allowed any) {
	q.errs = append(q.errs, spatial.BadParameter(name, detail, allowed))
}

func (q *query) add(err error) {
	if err != nil {
		q.errs = append(q.errs, err)
	}
}

// get reads a parameter that may be given once; exact repeats are let pass,
// since clients that follow links send them. present is false for a faulty
// one.
func (q *query) get(name string) (value string, present bool) {
	q.known = append(q.known, name)
	values := slices.Compact(slices.Clone(q.values[name]))
	switch {
	case len(values) == 0:
		return "", false
	case len(values) > 1:
		q.fault(name, "is given more than once with different values", nil)
	case values[0] == "":
		q.fault(name, "has no value", nil)
	case !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0):
		q.fault(name, "must be UTF-8 text without NUL", nil)
	default:
		return values[0], true
	}
	return "", false
}

// finish reports all faults together, parameters that nothing asked for
// included.
func (q *query) finish() error {
	var unknown []string
	for name := range q.values {
		if !slices.Contains(q.known, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	slices.Sort(q.known)
	for _, name := range unknown {
		q.fault(clip(name), "is not a parameter of this address", q.known)
	}
	return spatial.JoinFaults(q.errs...)
}

// param reads a path parameter; echo leaves it escaped where the path as sent
// was.
func param(c echo.Context, name string) string {
	value := c.Param(name)
	if c.Request().URL.RawPath == "" {
		return value
	}
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}
