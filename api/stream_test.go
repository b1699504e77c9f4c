package api_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// storeOf serves collections from a real PostGIS that make has filled.
func storeOf(t testing.TB, make func(url string) []spatial.Collection) (c *client, url string) {
	t.Helper()
	url = postgistest.New(t)
	collections := make(url)
	store, err := postgis.Open(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return serve(t, api.Config{Version: "test", Collections: collections, Items: store, Tiles: store, Inputs: newStore(0),
		Ready: func(context.Context) error { return nil }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}), url
}

const bigRows = 4000

// bigCollection has polygons of 500 vertices: about 60 MB as GeoJSON.
func bigCollection(t testing.TB) func(url string) []spatial.Collection {
	return func(url string) []spatial.Collection {
		big := spatial.Collection{ID: "big", Title: "Big", Geometry: spatial.MultiPolygon, Properties: []spatial.Property{{Name: "n", Type: spatial.Integer}}}
		postgistest.Table(t, url, big, "geometry(MultiPolygon, 4326)")
		postgistest.Exec(t, url, `INSERT INTO big (id, n, geom) SELECT 'b' || lpad(i::text, 6, '0'), i, ST_Translate(g, i / 1000.0, 0)
			FROM generate_series(1, $1::int) i, (SELECT ST_Multi(ST_Buffer('SRID=4326;POINT(100 30)'::geometry, 0.1234567, 125)) g) shape`, bigRows+1)
		return []spatial.Collection{big}
	}
}

// A page of any size is written from a bounded buffer, forwards and backwards:
// what lives on the heap does not grow while the body goes out.
func TestMemoryStaysFlatWhileAPageStreams(t *testing.T) {
	c, _ := storeOf(t, bigCollection(t))
	forward := fmt.Sprintf("%s/collections/big/items?limit=%d", c.base, bigRows)
	second := c.get(fmt.Sprintf("/collections/big/items?limit=%d&skipGeometry=true", bigRows)).want(t, 200).json(t)
	last := c.get(rel(second, "next")).want(t, 200).json(t)
	backward := strings.Replace(rel(last, "prev"), "&skipGeometry=true", "", 1)
	for _, address := range []string{forward, backward} {
		least, most, size := liveWhileReading(t, address)
		if size < 40<<20 {
			t.Fatalf("a body of %d bytes proves nothing", size)
		}
		if grown := most - least; grown > 4<<20 {
			t.Errorf("%s: the heap grew by %d bytes while %d went out", address, grown, size)
		}
	}
}

// liveWhileReading reads a body and measures, every 4 MiB, what a collection
// of garbage leaves on the heap; client and server are the same process.
func liveWhileReading(t *testing.T, address string) (least, most, size uint64) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for {
		n, err := io.CopyN(io.Discard, response.Body, 4<<20)
		size += uint64(n)
		if err == io.EOF {
			return least, most, size
		}
		if err != nil {
			t.Fatal(err)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if least == 0 || m.HeapAlloc < least {
			least = m.HeapAlloc
		}
		most = max(most, m.HeapAlloc)
	}
}

var nextLink = regexp.MustCompile(`<([^>]*)>; rel="(next|prev)"`)

// linkHeader finds a relation among the Link headers.
func linkHeader(a answer, rel string) string {
	for _, m := range nextLink.FindAllStringSubmatch(strings.Join(a.header.Values("Link"), "\n"), -1) {
		if m[2] == rel {
			return m[1]
		}
	}
	return ""
}

// A page of CSV that would be too large ends early, and pages still hold every
// row once, both ways.
func TestLargePagesOfCSVEndEarly(t *testing.T) {
	c, _ := storeOf(t, bigCollection(t))
	read := func(address string) (ids []string, a answer) {
		a = c.get(address).want(t, 200)
		if len(a.body) > 9<<20 {
			t.Fatalf("a page of %d bytes", len(a.body))
		}
		lines, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
		if err != nil || len(lines) < 2 || lines[0][0] != "id" {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		if got := a.header.Get("OGC-NumberReturned"); got != fmt.Sprint(len(lines)-1) {
			t.Errorf("OGC-NumberReturned %s of %d", got, len(lines)-1)
		}
		for _, line := range lines[1:] {
			ids = append(ids, line[0])
		}
		return ids, a
	}
	var forward, backward []string
	last := ""
	for next := c.base + "/collections/big/items?f=csv&limit=10000"; next != ""; {
		ids, a := read(next)
		forward, last = append(forward, ids...), next
		next = linkHeader(a, "next")
	}
	ids, a := read(last)
	backward = ids
	for prev := linkHeader(a, "prev"); prev != ""; {
		ids, a := read(prev)
		backward = append(ids, backward...)
		prev = linkHeader(a, "prev")
	}
	if len(forward) != bigRows+1 || !slices.IsSorted(forward) || len(slices.Compact(slices.Clone(forward))) != len(forward) {
		t.Errorf("pages hold %d rows, sorted %v", len(forward), slices.IsSorted(forward))
	}
	if !slices.Equal(forward, backward) {
		t.Errorf("%d rows backwards, %d forwards", len(backward), len(forward))
	}
}

// The SQL of a request ends with its client, whatever was asked for.
func TestAClientThatLeavesCancelsItsSQL(t *testing.T) {
	url := postgistest.New(t)
	store, err := postgis.Open(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	c := serve(t, api.Config{Version: "test", Items: store, Tiles: store, Inputs: store, Processes: analysis.Processes("test", time.Now),
		Ready: store.Ready, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	lock, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close(context.Background())
	look, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer look.Close(context.Background())
	if _, err := lock.Exec(t.Context(), "BEGIN; LOCK TABLE seats, networks IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	const coverage = `{"inputs":{"demand":{"collection":"seats"},"facilities":{"collection":"airports"},"minutes":60}}`
	t.Run("process", func(t *testing.T) {
		leaveWhileItWaits(t, look, c.base+"/processes/coverage/execution", coverage, false)
	})
	for name, path := range map[string]string{
		"count of a page": "/collections/seats/items?limit=10&level=county", "rows of a page": "/collections/seats/items?limit=10", "CSV": "/collections/seats/items?f=csv",
		"one feature": "/collections/seats/items/seat-510100", "tile": "/collections/seats/tiles/WebMercatorQuad/5/13/25", "extent": "/collections/seats",
	} {
		t.Run(name, func(t *testing.T) { leaveWhileItWaits(t, look, c.base+path, "", name == "rows of a page") })
	}
}

// leaveWhileItWaits sends a request whose SQL waits for a lock, and goes away.
func leaveWhileItWaits(t *testing.T, look *pgx.Conn, address, body string, counted bool) {
	waiting := func(want int64) bool {
		for range 400 {
			var n int64
			if err := look.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'quanyu' AND wait_event_type = 'Lock'`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n == want {
				return true
			}
			time.Sleep(25 * time.Millisecond)
		}
		return false
	}
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	done := make(chan error, 1)
	go func() {
		response, err := http.DefaultTransport.RoundTrip(request)
		if err == nil {
			response.Body.Close()
		}
		done <- err
	}()
	if !waiting(1) {
		t.Fatal("the request never came to its SQL")
	}
	if counted { // counting has a budget of its own; after it, it is the rows that are waited for
		time.Sleep(700 * time.Millisecond)
		if !waiting(1) {
			t.Fatal("the request does not wait for its rows")
		}
	}
	leave()
	if err := <-done; err == nil {
		t.Error("an answer in spite of the lock")
	}
	if !waiting(0) {
		t.Error("the SQL goes on although nobody waits for it")
	}
}
