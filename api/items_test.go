package api_test

import (
	"encoding/csv"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"quanyu/api"
	"quanyu/spatial"
)

func TestItemsHaveTheEnvelopeOfTheStandard(t *testing.T) {
	c := serve(t, config(newStore(3)))
	a := c.get("/collections/seats/items?limit=2").want(t, 200)
	document := a.json(t)
	if document["type"] != "FeatureCollection" || document["numberReturned"] != 2.0 || document["numberMatched"] != 3.0 || document["timeStamp"] != "2025-06-20T12:00:00Z" {
		t.Errorf("envelope: %.300s", a.body)
	}
	for _, name := range []string{"self", "alternate", "next", "collection"} {
		if rel(document, name) == "" {
			t.Errorf("no link %s", name)
		}
	}
	want := map[string]string{"Content-Type": "application/geo+json", "Content-Crs": "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>",
		"OGC-NumberMatched": "3", "OGC-NumberReturned": "2", "Vary": "Accept, Accept-Encoding, Authorization, X-API-Key", "Cache-Control": "no-cache"}
	for name, value := range want {
		if got := a.header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if got := c.get("/collections/airports/items").want(t, 200); !strings.Contains(string(got.body), `"features":[]`) {
		t.Errorf("QGIS looks for a compact empty list: %s", got.body)
	}
}

func TestParametersReachTheStore(t *testing.T) {
	s := newStore(3)
	c := serve(t, config(s))
	query := url.Values{"bbox": {"30,100,40,110"}, "bbox-crs": {"http://www.opengis.net/def/crs/EPSG/0/4326"}, "crs": {"http://www.opengis.net/def/crs/EPSG/0/3857"},
		"datetime": {"2020-01-01/2020-12-31"}, "limit": {"99999"}, "sortby": {"-resident_population,name_zh"}, "properties": {"name_zh,adcode"}, "skipGeometry": {"true"},
		"filter": {"resident_population > 5"}, "filter-lang": {"cql2-text"}, "level": {"prefecture"}, "resident_population": {"7"}}
	a := c.get("/collections/seats/items?"+query.Encode()).want(t, 200)
	q := s.asked
	if q.BBox.Bound.Min != [2]float64{100, 30} || q.BBox.Bound.Max != [2]float64{110, 40} {
		t.Errorf("bbox in latitude-first order became %v", q.BBox.Bound)
	}
	if q.CRS.SRID != 3857 || !strings.Contains(a.header.Get("Content-Crs"), "EPSG/0/3857") {
		t.Errorf("CRS %v, header %q", q.CRS, a.header.Get("Content-Crs"))
	}
	if start := q.Datetime.Start.Format(time.RFC3339); start != "2020-01-01T00:00:00+08:00" || q.Datetime.End.Format(time.RFC3339) != "2021-01-01T00:00:00+08:00" {
		t.Errorf("interval %v to %v; the last day belongs to it", q.Datetime.Start, q.Datetime.End)
	}
	if q.Limit != 10000 || !q.SkipGeometry || !slices.Equal(q.Properties, []string{"name_zh", "adcode"}) {
		t.Errorf("limit %d, skip %v, properties %v", q.Limit, q.SkipGeometry, q.Properties)
	}
	if len(q.Sort) != 2 || !q.Sort[0].Descending || q.Sort[1].Descending || q.Sort[1].Property.Name != "name_zh" {
		t.Errorf("sort %v", q.Sort)
	}
	if and, ok := q.Filter.(spatial.And); !ok || len(and.Items) != 3 {
		t.Errorf("filter %#v", q.Filter)
	} else if number := and.Items[2].(spatial.Compare); number.Value != int64(7) {
		t.Errorf("the queryable became %#v", number)
	}
}

func TestDatetimeTakesWhatClientsSend(t *testing.T) {
	s := newStore(1)
	c := serve(t, config(s))
	text := func(at *time.Time) string {
		if at == nil {
			return ".."
		}
		return at.UTC().Format(time.RFC3339Nano)
	}
	for given, want := range map[string]string{
		"2020-06-30":                                    "2020-06-29T16:00:00Z 2020-06-30T16:00:00Z",
		"2020-06-30T01:02:03Z":                          "2020-06-30T01:02:03Z 2020-06-30T01:02:03.000001Z",
		"2020-06-30T00:00:00+08:00/..":                  "2020-06-29T16:00:00Z ..",
		"../2020-06-30":                                 ".. 2020-06-30T16:00:00Z",
		"/2020-06-30":                                   ".. 2020-06-30T16:00:00Z",
		"0000-01-01T00:00:00Z/2020-06-30T00:00:00Z":     ".. 2020-06-30T00:00:00.000001Z",
		"2020-06-30T00:00:00Z/9999-12-31T00:00:00Z":     "2020-06-30T00:00:00Z ..",
		"0000-01-01T00:00:00Z/9999-12-31T23:59:59.999Z": ".. ..",
		"../..": ".. ..",
	} {
		c.get("/collections/seats/items?datetime="+url.QueryEscape(given)).want(t, 200)
		if got := text(s.asked.Datetime.Start) + " " + text(s.asked.Datetime.End); got != want {
			t.Errorf("%s became %s, want %s", given, got, want)
		}
	}
}

func TestPagesHoldEveryRowOnceBothWays(t *testing.T) {
	c := serve(t, config(newStore(23)))
	for _, query := range []string{"limit=5", "limit=1", "limit=23", "limit=5&sortby=id", "limit=5&level=prefecture&skipGeometry=true&properties=name_zh"} {
		var seen []string
		var pages [][]string
		next, last := c.base+"/collections/seats/items?"+query, ""
		for next != "" {
			document := c.get(next).want(t, 200).json(t)
			ids := featureIDs(document)
			seen, pages, last = append(seen, ids...), append(pages, ids), next
			next = rel(document, "next")
			if next != "" && !containsAll(next, strings.Split(query, "&")) {
				t.Fatalf("the next link %s lost a parameter of %s", next, query)
			}
		}
		if len(seen) != 23 || !slices.IsSorted(seen) || len(slices.Compact(seen)) != 23 {
			t.Errorf("%s: pages hold %v", query, seen)
		}
		i := len(pages) - 1
		for back := last; back != ""; i-- {
			document := c.get(back).want(t, 200).json(t)
			if got := featureIDs(document); !slices.Equal(got, pages[i]) {
				t.Fatalf("%s: page %d backwards holds %v, forwards %v", query, i, got, pages[i])
			}
			back = rel(document, "prev")
		}
		if i != -1 {
			t.Errorf("%s: prev links end %d pages before the first", query, i+1)
		}
	}
}

func containsAll(text string, parts []string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(text, p) })
}

func featureIDs(document map[string]any) []string {
	var ids []string
	for _, one := range document["features"].([]any) {
		ids = append(ids, one.(map[string]any)["id"].(string))
	}
	return ids
}

func TestCursorIsBoundToItsQuery(t *testing.T) {
	c := serve(t, config(newStore(23)))
	next, err := url.Parse(rel(c.get("/collections/seats/items?limit=5&level=prefecture").want(t, 200).json(t), "next"))
	if err != nil {
		t.Fatal(err)
	}
	cursor := next.Query().Get("cursor")
	c.get("/collections/seats/items?limit=7&level=prefecture&cursor="+cursor).want(t, 200) // another page size is no other query
	for _, query := range []string{"level=county&cursor=" + cursor, "cursor=" + cursor, "level=prefecture&sortby=name_zh&cursor=" + cursor,
		"level=prefecture&cursor=" + cursor[:len(cursor)-4], "level=prefecture&cursor=e30", "cursor=%00", "cursor=" + strings.Repeat("A", 9000)} {
		if got := c.get("/collections/seats/items?"+query).want(t, 400).faults(t); !slices.Contains(got, "cursor") {
			t.Errorf("%.80s: faults %v", query, got)
		}
	}
	c.get("/collections/airports/items?level=prefecture&cursor="+cursor).want(t, 400)
}

func TestCSVCanBeReadBack(t *testing.T) {
	c := serve(t, config(newStore(7)))
	a := c.get("/collections/seats/items?f=csv&limit=5&properties=name_zh,resident_population").want(t, 200)
	if got := a.header.Get("Content-Type"); got != "text/csv; charset=utf-8; header=present" {
		t.Errorf("media type %q", got)
	}
	lines, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 6 || !slices.Equal(lines[0], []string{"id", "name_zh", "resident_population", "WKT"}) || !slices.Equal(lines[2], []string{"s00001", "城1", "1000", "POINT(80.5 20.5)"}) {
		t.Errorf("lines %q", lines)
	}
	if links := strings.Join(a.header.Values("Link"), "\n"); !strings.Contains(links, `rel="next"`) || a.header.Get("OGC-NumberReturned") != "5" || a.header.Get("OGC-NumberMatched") != "7" {
		t.Errorf("headers %v", a.header)
	}
	if got := c.get("/collections/seats/items?f=csv&skipGeometry=true").want(t, 200); strings.Contains(string(got.body), "WKT") {
		t.Error("a geometry column without geometries")
	}
}

func TestOneFeature(t *testing.T) {
	c := serve(t, config(newStore(3)))
	a := c.get("/collections/seats/items/s00001").want(t, 200)
	document := a.json(t)
	if document["id"] != "s00001" || rel(document, "self") == "" || rel(document, "alternate") == "" || rel(document, "collection") != c.base+"/collections/seats" {
		t.Errorf("feature %s", a.body)
	}
	if !strings.HasPrefix(a.header.Get("ETag"), `"2-`) || a.header.Get("Content-Crs") == "" {
		t.Errorf("headers %v: the tag begins with the row's version", a.header)
	}
	c.get("/collections/seats/items/s00001", "If-None-Match", a.header.Get("ETag")).want(t, 304)
	c.get("/collections/seats/items/nobody").want(t, 404)
	c.get("/collections/seats/items/s00001?limit=3").want(t, 400)
	c.get("/collections/seats/items/%00%2f").want(t, 404)
}

func TestAFaultBeforeTheFirstByteIsAProblem(t *testing.T) {
	s := newStore(10)
	s.fault, s.failAt = spatial.Errorf(spatial.Unavailable, "The database is busy."), 5
	c := serve(t, config(s))
	a := c.get("/collections/seats/items").want(t, 503)
	if a.header.Get("Retry-After") == "" || a.header.Get("ETag") != "" || a.json(t)["detail"] != "The database is busy." {
		t.Errorf("problem %s with %v", a.body, a.header)
	}
	s.fault = errors.New("secret of the database")
	if a := c.get("/collections/seats/items").want(t, 500); strings.Contains(string(a.body), "secret") {
		t.Errorf("the problem tells %s", a.body)
	}
}

func TestAFaultAfterTheFirstByteAbortsTheConnection(t *testing.T) {
	s := newStore(9000)
	s.fault, s.failAt = errors.New("the connection to the database broke"), 8500
	server := httptest.NewServer(api.New(config(s)))
	defer server.Close()
	for _, encoding := range []string{"identity", "gzip", "zstd"} {
		request, err := http.NewRequest(http.MethodGet, server.URL+"/collections/seats/items?limit=10000", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", encoding)
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			continue // aborted before the headers were out of the buffer
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil {
			t.Errorf("%s: %d bytes came as a whole answer of status %d", encoding, len(body), response.StatusCode)
		}
	}
}

func TestAClientThatStopsReadingLosesItsConnection(t *testing.T) {
	s := newStore(9000)
	long := []byte(`{"name_zh":"` + strings.Repeat("城", 20000) + `"}`)
	for i := range s.seats {
		s.seats[i].Properties = long // half a gigabyte in all, more than sockets hold
	}
	cfg := config(s)
	cfg.Timeout = 200 * time.Millisecond
	server := httptest.NewServer(api.New(cfg))
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, "GET /collections/seats/items?limit=9000 HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // until the request is under way
	closed := make(chan struct{})
	go func() { server.Close(); close(closed) }() // waits for requests under way
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Fatal("the answer still waits for a reader")
	}
}
