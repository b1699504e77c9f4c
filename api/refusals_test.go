package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
)

// TestBadInputNamesTheField is the table of what clients get wrong.
func TestBadInputNamesTheField(t *testing.T) {
	c := serve(t, config(newStore(3)))
	const items = "/collections/seats/items?"
	escape := url.QueryEscape
	for _, one := range []struct {
		path   string
		status int
		faults []string
	}{
		{"/collections/nowhere", 404, []string{"collectionId"}},
		{"/collections/nowhere/items", 404, []string{"collectionId"}},
		{"/collections/nowhere/tiles/WebMercatorQuad/0/0/0", 404, []string{"collectionId"}},
		{"/nowhere", 404, nil},
		{"/collections/seats/nowhere", 404, nil},
		{items + "limit=unlimited", 400, []string{"limit"}},
		{items + "limit=0", 400, []string{"limit"}},
		{items + "limit=-5", 400, []string{"limit"}},
		{items + "limit=1e3", 400, []string{"limit"}},
		{items + "limit=", 400, []string{"limit"}},
		{items + "limit=3&limit=4", 400, []string{"limit"}},
		{items + "LIMIT=3", 400, []string{"LIMIT"}}, // names are told apart by case
		{items + "resident_population=null", 400, []string{"resident_population"}},
		{items + "skipGeometry=1", 400, []string{"skipGeometry"}},
		{items + "unknown=1", 400, []string{"unknown"}},
		{items + "bbox=1,2,3", 400, []string{"bbox"}},
		{items + "bbox=1,2,3,4,5", 400, []string{"bbox"}},
		{items + "bbox=a,b,c,d", 400, []string{"bbox"}},
		{items + "bbox=NaN,0,1,1", 400, []string{"bbox"}},
		{items + "bbox=0,0,1e400,1", 400, []string{"bbox"}},
		{items + "bbox=0,50,1,40", 400, []string{"bbox"}},
		{items + "bbox=0,-91,1,40", 400, []string{"bbox"}},
		{items + "bbox=-190,0,1,40", 400, []string{"bbox"}},
		{items + "bbox=9,0,1,1&bbox-crs=" + escape("http://www.opengis.net/def/crs/EPSG/0/3857"), 400, []string{"bbox"}},
		{items + "bbox-crs=EPSG:4326", 400, []string{"bbox-crs"}},
		{items + "crs=" + escape("http://www.opengis.net/def/crs/EPSG/0/27700"), 400, []string{"crs"}},
		{items + "datetime=yesterday", 400, []string{"datetime"}},
		{items + "datetime=2020-13-01", 400, []string{"datetime"}},
		{items + "datetime=2020-02-30", 400, []string{"datetime"}},
		{items + "datetime=..", 400, []string{"datetime"}},
		{items + "datetime=/", 400, []string{"datetime"}},
		{items + "datetime=2021-01-01/2020-01-01", 400, []string{"datetime"}},
		{items + "datetime=2020-01-01T00:00:00", 400, []string{"datetime"}},
		{items + "filter=" + escape("nothing = 1"), 400, []string{"filter"}},
		{items + "filter=" + escape("level = "), 400, []string{"filter"}},
		{items + "filter=" + escape(strings.Repeat("(", 500)), 400, []string{"filter"}},
		{items + "filter-lang=cql-text", 400, []string{"filter-lang"}},
		{items + "filter=" + escape(`{"op":"=","args":[{"property":"level"},"county"]}`), 400, []string{"filter"}},
		{items + "filter-lang=cql2-json&filter=" + escape(`level = 'county'`), 400, []string{"filter"}},
		{items + "filter-lang=cql2-json&filter=" + escape(`{"op":"=","args":[{"property":"level"},5]}`), 400, []string{"filter"}},
		{items + "filter-lang=cql2-json&filter=" + escape(`{"op":"avg","args":[{"property":"level"}]}`), 400, []string{"filter"}},
		{items + "filter-lang=cql2-json&filter=" + escape(strings.Repeat(`{"op":"not","args":[`, 500)), 400, []string{"filter"}},
		{items + "filter=" + escape("S_INTERSECTS(geometry, POINT(90 180))"), 400, []string{"filter"}},
		{items + "filter=" + escape("S_INTERSECTS(geometry, MULTIPOINT(7.02 49.92, 90 180))"), 400, []string{"filter"}},
		{items + "filter=" + escape("S_INTERSECTS(geometry, POINT(100 30))") + "&filter-crs=" + escape("http://www.opengis.net/def/crs/EPSG/0/4326"), 400, []string{"filter"}},
		{items + "filter=" + escape("T_DURING(source_date, INTERVAL('2020-01-01', '..'))"), 400, []string{"filter"}},
		{items + "filter=" + escape("A_CONTAINS(level, ('a'))"), 400, []string{"filter"}},
		{items + "filter=" + escape("avg(resident_population) > 5"), 400, []string{"filter"}},
		{items + "filter=" + escape("level + 1 = 2"), 400, []string{"filter"}},
		{items + "filter-crs=wgs84", 400, []string{"filter-crs"}},
		{items + "sortby=nothing", 400, []string{"sortby"}},
		{items + "sortby=name_zh,-name_zh", 400, []string{"sortby"}},
		{items + "properties=name_zh,nothing", 400, []string{"properties"}},
		{items + "skipGeometry=maybe", 400, []string{"skipGeometry"}},
		{items + "resident_population=many", 400, []string{"resident_population"}},
		{items + "level=village", 400, []string{"level"}},
		{items + "name_zh=%ff", 400, []string{"name_zh"}},
		{items + "name_zh=%00", 400, []string{"name_zh"}},
		{items + "name_zh=%zz", 400, []string{"query"}},
		{items + "limit=0&bbox=1&datetime=x&sortby=y&zzz=1", 400, []string{"limit", "bbox", "datetime", "sortby", "zzz"}},
		{items + "f=shapefile", 406, []string{"f"}},
		{"/collections/seats/tiles/WebMercatorQuad/0/0/0?limit=3", 400, []string{"limit"}},
		{"/tiles/WebMercatorQuad/0/0/0?collections=seats,nowhere", 400, []string{"collections"}},
		{"/tiles/WebMercatorQuad?collections=", 400, []string{"collections"}},
		{"/collections/seats/tiles/WorldMercator", 404, nil},
		{"/collections/targets/tiles", 404, nil},
		{"/collections/seats/tiles/WebMercatorQuad/15/0/0", 404, nil},
		{"/collections/seats/tiles/WebMercatorQuad/1/2/0", 404, nil},
		{"/collections/seats/tiles/WebMercatorQuad/4/0/0", 404, nil}, // outside the extent
		{"/collections/seats/tiles/WebMercatorQuad/x/0/0", 404, nil},
		{"/collections/seats/tiles/WebMercatorQuad/-1/0/0", 404, nil},
		{"/collections/seats/tiles/WebMercatorQuad/00/0/0", 404, nil},
		{"/collections/seats/tiles/WebMercatorQuad/99999999999999999999/0/0", 404, nil},
		{"/styles/nowhere", 404, nil},
		{"/processes/nowhere", 404, []string{"processID"}},
		{"/processes?limit=many", 400, []string{"limit"}},
	} {
		a := c.get(one.path)
		if a.status != one.status {
			t.Errorf("%s: status %d, want %d: %s", one.path, a.status, one.status, a.body)
			continue
		}
		if got := a.faults(t); !slices.Equal(got, one.faults) {
			t.Errorf("%s: faults of %v, want %v", one.path, got, one.faults)
		}
	}
}

func TestProblemHasTheMembersOfTheRFC(t *testing.T) {
	c := serve(t, config(newStore(3)))
	a := c.get("/collections/seats/items?limit=0", "X-Request-Id", "abc-1").want(t, 400)
	p := a.json(t)
	for name, want := range map[string]any{"type": c.base + "/problems/invalid", "status": 400.0, "instance": "/collections/seats/items?limit=0", "request_id": "abc-1"} {
		if p[name] != want {
			t.Errorf("%s is %v, want %v", name, p[name], want)
		}
	}
	c.get(p["type"].(string)).want(t, 200) // the type leads to its explanation
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Request-Id") != "abc-1" {
		t.Errorf("headers %v", a.header)
	}
	if got := c.get("/nowhere", "X-Request-Id", "a\tb<script>").header.Get("X-Request-Id"); len(got) != 16 {
		t.Errorf("a made-up request id came back as %q", got)
	}
}

func TestRefusalNamesTheMaximumOfFaults(t *testing.T) {
	c := serve(t, config(newStore(3)))
	var query []string
	for i := range 50 {
		query = append(query, fmt.Sprintf("unknown%02d=1", i))
	}
	if got := c.get("/collections/seats/items?"+strings.Join(query, "&")).want(t, 400).faults(t); len(got) != 50 {
		t.Errorf("%d faults of 50", len(got))
	}
}

func TestMetadataPagesIgnoreWhatTheyDoNotKnow(t *testing.T) {
	c := serve(t, config(newStore(3)))
	for _, path := range []string{"/", "/conformance", "/api", "/collections", "/collections/seats", "/collections/seats/schema", "/collections/seats/queryables",
		"/collections/seats/tiles", "/collections/seats/tiles/WebMercatorQuad", "/tileMatrixSets", "/styles", "/processes", "/processes/sum"} {
		c.get(path+"?user_key=1").want(t, 200)
		c.get(path+"?f=nothing").want(t, 406)
	}
}

func TestMethodsAreThoseThatOptionsTells(t *testing.T) {
	c := serve(t, config(newStore(3)))
	for path, want := range map[string][]string{
		"/": {"GET", "HEAD", "OPTIONS"}, "/collections/seats/items": {"GET", "HEAD", "OPTIONS"}, "/collections/seats/items/s00001": {"GET", "HEAD", "OPTIONS"},
		"/processes/sum/execution": {"OPTIONS", "POST"},
	} {
		a := c.do(http.MethodOptions, path, "", "Origin", "http://elsewhere.test", "Access-Control-Request-Method", "GET").want(t, 204)
		allow := strings.Split(a.header.Get("Allow"), ", ")
		slices.Sort(allow)
		if !slices.Equal(allow, want) {
			t.Errorf("%s allows %v, want %v", path, allow, want)
		}
		if a.header.Get("Access-Control-Allow-Methods") != a.header.Get("Allow") || a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: preflight %v", path, a.header)
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
			if slices.Contains(want, method) {
				continue
			}
			refused := c.do(method, path, "{}").want(t, 405)
			if refused.header.Get("Allow") != a.header.Get("Allow") {
				t.Errorf("%s %s: Allow %q", method, path, refused.header.Get("Allow"))
			}
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	c := serve(t, config(newStore(3)))
	for _, path := range []string{"/", "/collections", "/collections/seats/items", "/collections/seats/tiles/WebMercatorQuad/0/0/0", "/health/live", "/app.js"} {
		head, get := c.do(http.MethodHead, path, "").want(t, 200), c.get(path).want(t, 200)
		if len(head.body) != 0 || head.header.Get("ETag") != get.header.Get("ETag") || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("%s: HEAD gives %v, GET %v", path, head.header, get.header)
		}
	}
}

func TestCrossOriginReadersSeeTheHeadersTheyNeed(t *testing.T) {
	c := serve(t, config(newStore(3)))
	a := c.get("/collections/seats/items", "Origin", "http://elsewhere.test").want(t, 200)
	if a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("other origins may not read")
	}
	for _, name := range []string{"ETag", "Link", "Content-Crs", "OGC-NumberMatched", "OGC-NumberReturned"} {
		if !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), name) {
			t.Errorf("%s is hidden from scripts", name)
		}
	}
}

func TestReadiness(t *testing.T) {
	s := newStore(1)
	c := serve(t, config(s))
	c.get("/health/live").want(t, 200)
	c.get("/health/ready").want(t, 200)
	s.ready = spatial.Errorf(spatial.Unavailable, "no network is loaded")
	if a := c.get("/health/ready").want(t, 503); !strings.Contains(string(a.body), "no network is loaded") {
		t.Errorf("the answer hides why: %s", a.body)
	}
	c.get("/health/live").want(t, 200)
}
