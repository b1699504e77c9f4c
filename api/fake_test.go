package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/network"
)

// noon is when the tests' clock stands: 20 June 2025, 20:00 in UTC+8.
var noon = time.Date(2025, 6, 20, 12, 0, 0, 0, time.UTC)

// store is a tiny stand-in for PostGIS: features of "seats" by id, each valid
// always, and nothing in any other collection.
type store struct {
	mu      sync.Mutex
	version int
	seats   []spatial.ItemRow
	asked   spatial.ItemsQuery
	queries int
	fault   error // what Items gives after failAt rows
	failAt  int
	ready   error
}

func newStore(count int) *store {
	s := &store{version: 1, failAt: -1}
	for i := range count {
		properties := fmt.Sprintf(`{"id":"s%05d","name_zh":"城%d","name_en":null,"adcode":"%06d","level":"prefecture","resident_population":%d}`, i, i, i, i*1000)
		geometry := fmt.Sprintf(`{"type":"Point","coordinates":[%d.5,%d.5]}`, 80+i%40, 20+i%30)
		s.seats = append(s.seats, spatial.ItemRow{Position: spatial.Position{ID: fmt.Sprintf("s%05d", i), Version: int64(i + 1)}, Geometry: []byte(geometry), Properties: []byte(properties)})
	}
	return s
}

func (s *store) Items(_ context.Context, q spatial.ItemsQuery, emit func(spatial.ItemRow) error) error {
	s.mu.Lock()
	s.asked, s.queries = q, s.queries+1
	rows := slices.Clone(s.matching(q))
	fault, failAt := s.fault, s.failAt
	s.mu.Unlock()
	if q.After != nil {
		rows = slices.DeleteFunc(rows, func(r spatial.ItemRow) bool {
			return q.Backward && r.Position.ID >= q.After.ID || !q.Backward && r.Position.ID <= q.After.ID
		})
	}
	if n := q.Limit + 1; len(rows) > n && q.Backward {
		rows = rows[len(rows)-n:]
	} else if len(rows) > n {
		rows = rows[:n]
	}
	for i, row := range rows {
		if i == failAt {
			return fault
		}
		row.Total = len(rows)
		for _, key := range q.Sort {
			var values map[string]any
			_ = json.Unmarshal(row.Properties, &values)
			text := fmt.Sprint(values[key.Property.Name])
			row.Position.Keys = append(row.Position.Keys, &text)
		}
		if q.SkipGeometry {
			row.Geometry = nil
		} else if q.Format == spatial.WKT {
			row.Geometry = []byte("POINT(80.5 20.5)")
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// matching knows one kind of filter: text that equals.
func (s *store) matching(q spatial.ItemsQuery) []spatial.ItemRow {
	if q.Collection.ID != "seats" {
		return nil
	}
	compare, ok := q.Filter.(spatial.Compare)
	if !ok {
		return s.seats
	}
	property, ok := compare.Property.(spatial.Property)
	if !ok {
		return s.seats
	}
	return slices.DeleteFunc(slices.Clone(s.seats), func(r spatial.ItemRow) bool {
		return !strings.Contains(string(r.Properties), fmt.Sprintf(`"%s":"%v"`, property.Name, compare.Value))
	})
}

func (s *store) Item(_ context.Context, c spatial.Collection, id string, _ spatial.CRS, _ *time.Time, _ spatial.GeometryFormat) (spatial.ItemRow, error) {
	for _, row := range s.seats {
		if c.ID == "seats" && row.Position.ID == id {
			return row, nil
		}
	}
	return spatial.ItemRow{}, spatial.Errorf(spatial.NotFound, "There is no feature %q in %s.", id, c.ID)
}

func (s *store) Count(_ context.Context, q spatial.ItemsQuery) (int64, error) {
	return int64(len(s.matching(q))), nil
}

func (s *store) Extent(_ context.Context, c spatial.Collection) (orb.Bound, bool, error) {
	return orb.Bound{Min: orb.Point{80.5, 20.5}, Max: orb.Point{119.5, 49.5}}, c.ID == "seats", nil
}

func (s *store) Tile(_ context.Context, _ spatial.Grid, collections []spatial.Collection, z, x, y int) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries++
	if collections[0].ID == "airports" {
		return nil, nil
	}
	return []byte(strings.Repeat(fmt.Sprintf("tile %d %d %d ", z, x, y), 50)), nil
}

func (s *store) DataVersion(...spatial.Collection) string { return fmt.Sprint(s.version) }

// TileVersion tells apart the two halves of the world.
func (s *store) TileVersion(grid spatial.Grid, _ []spatial.Collection, z, x, _ int) string {
	if columns, _ := grid.Size(z); x < columns/2 {
		return "west"
	}
	return fmt.Sprint(s.version)
}

func (s *store) Features(context.Context, spatial.FeatureQuery) (spatial.FeatureSet, error) {
	return spatial.FeatureSet{}, nil
}
func (s *store) Network(context.Context, string) (*network.Network, error) { return nil, nil }
func (s *store) ChooseNetwork(context.Context, []orb.Point) (*network.Network, string, error) {
	return nil, "", nil
}

// sum is a process that adds; it stands for all processes.
type sum struct{}

func (sum) Spec() analysis.Spec {
	return analysis.Spec{ID: "sum", Title: "Sum", TitleZH: "求和", Description: "Adds numbers.", Version: "1.0.0",
		Inputs: []analysis.InputSpec{{ID: "numbers", Title: "Numbers", Required: true, Schema: analysis.Schema{"type": "array", "items": map[string]any{"type": "number"}}}},
		Outputs: []analysis.OutputSpec{
			{ID: "total", Title: "Total", MediaType: "application/json", Schema: analysis.Schema{"type": "number"}},
			{ID: "evidence", Title: "Evidence", MediaType: "application/geo+json", Schema: analysis.Schema{"type": "object"}},
		}}
}

func (sum) Run(ctx context.Context, inputs map[string]json.RawMessage, _ analysis.Inputs) (analysis.Result, error) {
	var numbers []float64
	if json.Unmarshal(inputs["numbers"], &numbers) != nil {
		return analysis.Result{}, spatial.BadField("/inputs/numbers", "is not a list of numbers", nil)
	}
	if len(numbers) == 1 && numbers[0] == 666 {
		panic("the process broke")
	}
	if len(numbers) == 1 && numbers[0] == 777 {
		<-ctx.Done()
		return analysis.Result{}, ctx.Err()
	}
	total := 0.0
	for _, n := range numbers {
		total += n
	}
	return analysis.Result{Outputs: []analysis.Output{
		{ID: "total", Value: total, MediaType: "application/json"},
		{ID: "evidence", Value: spatial.FeatureCollection{}, MediaType: "application/geo+json"},
	}}, nil
}

func config(s *store) api.Config {
	return api.Config{
		Version: "test", Items: s, Tiles: s, Inputs: s, Processes: []analysis.Process{sum{}}, Ready: func(context.Context) error { return s.ready },
		Page: fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>map</title>")}, "app.js": {Data: []byte(strings.Repeat("let a;\n", 100))}},
		Now:  func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// client talks to a server and holds every answer against the server's own
// OpenAPI document.
type client struct {
	t       testing.TB
	base    string
	checker *checker
}

func serve(t testing.TB, cfg api.Config) *client {
	t.Helper()
	server := httptest.NewServer(api.New(cfg))
	t.Cleanup(server.Close)
	return &client{t: t, base: server.URL, checker: newChecker(t, server.URL)}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request; headers come in pairs.
func (c *client) do(method, path, body string, headers ...string) answer {
	c.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = c.base + path
	}
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: reading the body: %v", method, path, err)
	}
	a := answer{status: response.StatusCode, header: response.Header, body: content}
	c.checker.check(c.t, request, a)
	return a
}

func (c *client) get(path string, headers ...string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, path, "", headers...)
}

// want fails the test unless the answer has the status.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%v in %.300s", err, a.body)
	}
	return v
}

// faults lists the parameters and pointers that a problem names.
func (a answer) faults(t testing.TB) []string {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("an error of type %q: %s", got, a.body)
	}
	var names []string
	list, _ := a.json(t)["errors"].([]any)
	for _, one := range list {
		fault := one.(map[string]any)
		if name, ok := fault["parameter"].(string); ok {
			names = append(names, name)
		} else {
			names = append(names, fmt.Sprint(fault["pointer"]))
		}
	}
	return names
}

// rel finds the link of a relation in a document.
func rel(document map[string]any, name string) string {
	list, _ := document["links"].([]any)
	for _, one := range list {
		l := one.(map[string]any)
		if l["rel"] == name {
			return l["href"].(string)
		}
	}
	return ""
}
