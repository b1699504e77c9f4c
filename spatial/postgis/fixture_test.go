package postgis_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// open gives a store on a database of its own.
func open(t testing.TB) (*postgis.Store, string) {
	t.Helper()
	url := postgistest.New(t)
	return openAt(t, url), url
}

func openAt(t testing.TB, url string) *postgis.Store {
	t.Helper()
	s, err := postgis.Open(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func collection(t testing.TB, id string) spatial.Collection {
	t.Helper()
	c, ok := spatial.CollectionByID(id)
	if !ok {
		t.Fatalf("no collection %s", id)
	}
	return c
}

func property(t testing.TB, c spatial.Collection, name string) spatial.Property {
	t.Helper()
	p, ok := c.Property(name)
	if !ok {
		t.Fatalf("%s has no %s", c.ID, name)
	}
	return p
}

func day(text string) *time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return &d
}

var testDataset = spatial.Dataset{ID: "test-set", Title: "Test set", TitleZH: "测试", Licence: "CC0-1.0", Retrieved: *day("2025-01-02"),
	Version: "v1", Kind: spatial.Measured, Report: map[string]any{"kept": 3}}

// record makes a feature with a value for every property: each is null for
// some rows, and several rows share a value, so that paging meets both.
func record(c spatial.Collection, i int) spatial.Record {
	r := spatial.Record{Feature: spatial.Feature{ID: fmt.Sprintf("%s-%03d", c.Table(), i), Properties: map[string]any{"source": testDataset.ID}}}
	for n, p := range c.All() {
		if p.Name == "id" || p.Name == "source" || p.Name == "visibility" || strings.HasPrefix(p.Name, "valid_") || (i+n)%4 == 0 {
			continue
		}
		r.Properties[p.Name] = sampleValue(p, (i*7+n)%5)
	}
	switch {
	case c.Geometry == spatial.NoGeometry || i%6 == 5:
	case c.Geometry == spatial.Point:
		r.Geometry = place(i)
	case c.Geometry == spatial.LineString:
		r.Geometry = orb.LineString{place(i), {place(i)[0] + 0.5, place(i)[1] + 0.25}}
	case c.Geometry == spatial.MultiPolygon:
		p := place(i)
		r.Geometry = orb.MultiPolygon{{{p, {p[0] + 1, p[1]}, {p[0] + 1, p[1] + 1}, p}}}
	}
	return r
}

// place spreads features over China.
func place(i int) orb.Point { return orb.Point{75 + float64(i*37%60), 18 + float64(i*11%35)} }

func sampleValue(p spatial.Property, k int) any {
	switch p.Type {
	case spatial.String:
		if len(p.Enum) > 0 {
			return p.Enum[k%len(p.Enum)]
		}
		return []string{"成都市", "it's 100% \\ \"q\"", "阿坝州", "b_c", "B"}[k]
	case spatial.Integer:
		return int64(k*k) - 3
	case spatial.Number:
		return []float64{-1.5, 0.1, 1e20, 1.0 / 3, 0}[k]
	case spatial.Boolean:
		return k%2 == 0
	case spatial.Date:
		return day("2001-02-03").AddDate(k, k, k)
	case spatial.Timestamp:
		return day("2001-02-03").Add(time.Duration(k) * 1234567 * time.Microsecond)
	case spatial.StringList:
		return []string{"a", fmt.Sprint(k)}
	case spatial.JSON:
		return map[string]any{"k": float64(k)}
	}
	panic("a property type without sample")
}

// readable are the collections that are there for everyone.
func readable() []spatial.Collection {
	return slices.DeleteFunc(spatial.Collections(), func(c spatial.Collection) bool { return c.AdminsOnly })
}

// loadable are the collections that a loader may fill by tables: datasets are
// told apart, and nobody loads the audit log.
func loadable() []spatial.Collection {
	return slices.DeleteFunc(readable(), func(c spatial.Collection) bool { return c.ID == "datasets" })
}

// sampleLoad has n features in every collection that can be loaded.
func sampleLoad(n int) spatial.Load {
	l := spatial.Load{Name: "sample", Hash: fmt.Sprint("hash of ", n), Datasets: []spatial.Dataset{testDataset}}
	for _, c := range loadable() {
		t := spatial.TableLoad{Collection: c}
		for i := range n {
			t.Records = append(t.Records, record(c, i))
		}
		l.Tables = append(l.Tables, t)
	}
	return l
}

func load(t testing.TB, s *postgis.Store, l spatial.Load) {
	t.Helper()
	if changed, err := s.Load(t.Context(), l, nil); err != nil || !changed {
		t.Fatalf("loading %s: changed %v, %v", l.Name, changed, err)
	}
}

// exec runs SQL beside the store, as another program would.
func exec(t testing.TB, url, sql string, args ...any) {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// ask runs SQL that gives one value.
func ask[T any](t testing.TB, url, sql string, args ...any) T {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}
