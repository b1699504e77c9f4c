package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quanyu/spatial/filter"
)

// limit is one bound on what a client may ask: a request at it, which passes,
// and one beyond it, which is refused and told the bound.
type limit struct {
	name       string
	at, beyond string // path, or body where post is set
	post       bool
	status     int    // of the refusal
	names      string // part of the refusal that tells the bound
}

func repeated(part string, times int) string { return strings.Repeat(part, times) }

func filterPath(text string) string {
	return "/collections/seats/items?limit=1&filter=" + url.QueryEscape(text)
}

// deepBody is a body whose values stand so deep in one another.
func deepBody(depth int) string {
	return `{"inputs":{"numbers":[1]},"more":` + repeated("[", depth) + repeated("]", depth) + "}"
}

func limits() []limit {
	const seats = "/collections/seats/items?"
	sort := []string{"name_zh", "name_en", "adcode", "level", "division_type", "parent_adcode", "resident_population", "province_adcode", "seat_name_zh"}
	sum := `{"inputs":{"numbers":[1]}`
	fill := func(bytes int) string { return sum + repeated(" ", bytes-len(sum)-1) + "}" }
	address := func(bytes int) string {
		return "/?" + repeated("a", bytes-len("/"))
	}
	return []limit{
		{"address", address(128 << 10), address(128<<10 + 1), false, http.StatusRequestURITooLong, "at most 131072"},
		{"body", fill(1 << 20), fill(1<<20 + 1), true, http.StatusRequestEntityTooLarge, "1048576 bytes"},
		{"sort keys", seats + "sortby=" + strings.Join(sort[:8], ","), seats + "sortby=" + strings.Join(sort, ","), false, 400, "at most 8"},
		{"filter bytes", filterPath("level = '" + repeated("a", filter.MaxBytes-10) + "'"), filterPath("level = '" + repeated("a", filter.MaxBytes-9) + "'"), false, 400, fmt.Sprintf("at most %d", filter.MaxBytes)},
		{"filter depth", filterPath(repeated("NOT (", filter.MaxDepth-1) + "level = 'a'" + repeated(")", filter.MaxDepth-1)), filterPath(repeated("NOT (", filter.MaxDepth) + "level = 'a'" + repeated(")", filter.MaxDepth)), false, 400, fmt.Sprintf("more than %d levels", filter.MaxDepth)},
		{"filter parts", filterPath("level IN ('a'" + repeated(",'a'", filter.MaxNodes-2) + ")"), filterPath("level IN ('a'" + repeated(",'a'", filter.MaxNodes-1) + ")"), false, 400, fmt.Sprintf("more than %d parts", filter.MaxNodes)},
		{"filter vertices", filterPath("S_WITHIN(geometry, MULTIPOINT(1 1" + repeated(",1 1", filter.MaxVertices-1) + "))"), filterPath("S_WITHIN(geometry, MULTIPOINT(1 1" + repeated(",1 1", filter.MaxVertices) + "))"), false, 400, fmt.Sprintf("more than %d points", filter.MaxVertices)},
		{"bbox numbers", seats + "bbox=1,2,0,3,4,0", seats + "bbox=1,2,0,3,4,0,0", false, 400, "4 or 6"},
		{"bbox latitude", seats + "bbox=0,-90,1,90", seats + "bbox=0,-90,1,90.1", false, 400, "bbox"},
		{"tile zoom", "/collections/seats/tiles/WebMercatorQuad/14/6500/13500", "/collections/seats/tiles/WebMercatorQuad/15/13000/27000", false, 404, "tileMatrixSetLimits"},
		{"tile row", "/collections/seats/tiles/WebMercatorQuad/0/0/0", "/collections/seats/tiles/WebMercatorQuad/0/1/0", false, 404, "WebMercatorQuad"},
	}
}

// Every bound is met at its value and refused beyond it, with a 4xx that names it.
func TestEachLimitIsNamedWhereItRefuses(t *testing.T) {
	c := serve(t, config(newStore(3)))
	ask := func(l limit, what string) answer {
		if l.post {
			return c.do(http.MethodPost, "/processes/sum/execution", what, "Content-Type", "application/json")
		}
		return c.get(what)
	}
	for _, l := range limits() {
		if a := ask(l, l.at); a.status != http.StatusOK {
			t.Errorf("%s: at the limit %d: %.300s", l.name, a.status, a.body)
		}
		a := ask(l, l.beyond)
		if a.status != l.status || a.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(string(a.body), l.names) {
			t.Errorf("%s: beyond the limit %d, which does not say %q: %.600s", l.name, a.status, l.names, a.body)
		}
	}
}

// A body may be as deep as its bound, and no deeper; at it the fault is another.
func TestDepthOfABodyIsBounded(t *testing.T) {
	c := serve(t, config(newStore(3)))
	for depth, deep := range map[int]bool{64: false, 65: true} {
		a := c.do(http.MethodPost, "/processes/sum/execution", deepBody(depth), "Content-Type", "application/json").want(t, 400)
		if got := strings.Contains(string(a.body), "more than 64 deep"); got != deep {
			t.Errorf("depth %d: %s", depth, a.body)
		}
	}
}

// A page longer than the longest is cut to it, as the contract has it.
func TestPageSizeIsClamped(t *testing.T) {
	s := newStore(3)
	c := serve(t, config(s))
	for _, asked := range []int{10000, 10001, 1 << 40} {
		c.get(fmt.Sprintf("/collections/seats/items?limit=%d", asked)).want(t, 200)
		if s.asked.Limit != 10000 {
			t.Errorf("limit=%d asks the store for %d", asked, s.asked.Limit)
		}
	}
}
