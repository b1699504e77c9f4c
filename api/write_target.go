package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// target reads which row a request is about, and what it expects of it.
func (s *server) target(c echo.Context) (spatial.Target, error) {
	collection, err := s.writable(c)
	if err != nil {
		return spatial.Target{}, err
	}
	t := spatial.Target{Collection: collection, ID: param(c, "featureId"), If: precondition(c.Request().Header)}
	q := newQuery(c)
	if text, ok := q.get("datetime"); ok {
		t.AsOf, err = parseAsOf(text)
		q.add(err)
	}
	return t, q.finish()
}

// precondition reads If-Match and If-None-Match. The tags of one row's
// representations all begin with its version, so a tag is good whatever form,
// coding or CRS the feature was read in.
func precondition(h http.Header) spatial.Precondition {
	match, anyMatch := versions(h.Values("If-Match"))
	none, anyNone := versions(h.Values("If-None-Match"))
	p := spatial.Precondition{NoneMatch: none, Absent: anyNone}
	if len(h.Values("If-Match")) > 0 && !anyMatch {
		p.Match = match
	}
	return p
}

// versions are the row versions in headers of tags, and whether one is "*". A
// tag that is none of ours has a version that no row has.
func versions(headers []string) (list []int64, wildcard bool) {
	list = []int64{}
	for _, tag := range strings.Split(strings.Join(headers, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" {
			wildcard = true
		}
		text, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`), "-")
		if v, err := strconv.ParseInt(text, 10, 64); err == nil {
			list = append(list, v)
		}
	}
	return list, wildcard
}

// versionTag is the tag of a row without one of its representations.
func versionTag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }
