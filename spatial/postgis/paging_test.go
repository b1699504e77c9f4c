package postgis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// churner inserts and deletes rows of a collection beside a reader. Its rows
// are copies of others under ids of their own, so that they tie with them in
// every sort key, and some are what the reader's cursor stands on.
type churner struct {
	conn   *pgx.Conn
	c      spatial.Collection
	copies string
	made   []string
	count  int
}

func newChurner(conn *pgx.Conn, c spatial.Collection) *churner {
	columns := []string{"valid_from", "valid_to"}
	for _, p := range c.All() {
		if p.Name != "id" && !slices.Contains(columns, p.Name) {
			columns = append(columns, pgx.Identifier{p.ColumnName()}.Sanitize())
		}
	}
	list := strings.Join(columns, ", ")
	table := pgx.Identifier{c.Table()}.Sanitize()
	return &churner{conn: conn, c: c, copies: fmt.Sprintf("INSERT INTO %[1]s (id, %[2]s) SELECT $1, %[2]s FROM (SELECT * FROM %[1]s ORDER BY id, version OFFSET $2 LIMIT 1) t", table, list)}
}

func (w *churner) delete(t *rapid.T, id string) {
	sql := "DELETE FROM " + pgx.Identifier{w.c.Table()}.Sanitize() + " WHERE id = $1"
	if _, err := w.conn.Exec(context.Background(), sql, id); err != nil {
		t.Fatal(err)
	}
	w.made = slices.DeleteFunc(w.made, func(one string) bool { return one == id })
}

// write does some of everything. last is the id that the cursor stands on.
func (w *churner) write(t *rapid.T, last string) {
	for range rapid.IntRange(0, 2).Draw(t, "inserts") {
		w.count++
		id := fmt.Sprintf("%schurn-%d", rapid.SampledFrom([]string{"", "0", "zz", "m"}).Draw(t, "prefix"), w.count)
		if _, err := w.conn.Exec(context.Background(), w.copies, id, rapid.IntRange(0, 15).Draw(t, "copy of")); err != nil {
			t.Fatal(err)
		}
		w.made = append(w.made, id)
	}
	if slices.Contains(w.made, last) && rapid.Bool().Draw(t, "delete the cursor's row") {
		w.delete(t, last)
	}
	if len(w.made) > 0 && rapid.Bool().Draw(t, "delete") {
		w.delete(t, rapid.SampledFrom(w.made).Draw(t, "which"))
	}
}

func (w *churner) clear(t *rapid.T) {
	for _, id := range slices.Clone(w.made) {
		w.delete(t, id)
	}
}

// For every collection, the shipped and the hostile ones, and any filter, sort
// and limit, pages in either direction hold each row once that was there all
// the time, and none twice, while other rows come and go between any two.
func TestPagesHoldEveryRowOnceWhileOthersWrite(t *testing.T) {
	s, url := open(t)
	load(t, s, withHistory(sampleLoad(13)))
	conn := connect(t, url)
	defer conn.Close(context.Background())
	for _, c := range append(readable(), postgistest.Hostile(t, url)...) {
		t.Run(c.ID, func(t *testing.T) {
			w := newChurner(conn, c)
			rapid.Check(t, func(t *rapid.T) {
				defer w.clear(t)
				walkBesideWriter(t, s, w, drawQuery(t, c))
			})
			if w.count < 50 {
				t.Errorf("only %d rows were written beside the reader", w.count)
			}
		})
	}
}

func drawQuery(t *rapid.T, c spatial.Collection) spatial.ItemsQuery {
	q := spatial.ItemsQuery{Collection: c, CRS: spatial.CRS84, SkipGeometry: true, Properties: []string{},
		Limit: rapid.IntRange(1, 7).Draw(t, "limit"), Backward: rapid.Bool().Draw(t, "backward"), Datetime: rapid.SampledFrom([]*spatial.Interval{nil, {}}).Draw(t, "datetime")}
	name, _ := c.Property("name_zh")
	q.Filter = rapid.SampledFrom([]spatial.Expr{nil, spatial.Not{Item: spatial.IsNull{Property: name}},
		spatial.Or{Items: []spatial.Expr{spatial.Like{Property: name, Pattern: "%市"}, spatial.IsNull{Property: name}}}}).Draw(t, "filter")
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(sortable(c)), 0, 3, func(p spatial.Property) string { return p.Name }).Draw(t, "sort") {
		q.Sort = append(q.Sort, spatial.SortKey{Property: p, Descending: rapid.Bool().Draw(t, "descending")})
	}
	return q
}

func sortable(c spatial.Collection) []spatial.Property {
	return slices.DeleteFunc(c.Queryables(), func(p spatial.Property) bool { return p.Type == spatial.StringList })
}

func walkBesideWriter(t *rapid.T, s *postgis.Store, w *churner, q spatial.ItemsQuery) {
	stable := names(onePage(t, s, atOnce(q)))
	seen := map[string]int{}
	for {
		w.write(t, lastID(q.After))
		rows := onePage(t, s, q)
		more := len(rows) > q.Limit
		switch {
		case more && q.Backward:
			rows = rows[1:]
		case more:
			rows = rows[:q.Limit]
		}
		for _, name := range names(rows) {
			seen[name]++
		}
		if !more {
			break
		}
		end := rows[len(rows)-1]
		if q.Backward {
			end = rows[0]
		}
		text, err := json.Marshal(end.Position) // the way of a cursor
		q.After = &spatial.Position{}
		if err != nil || json.Unmarshal(text, q.After) != nil || len(text) > 6<<10 {
			t.Fatalf("a position of %d bytes, %v", len(text), err)
		}
	}
	for _, name := range stable {
		if seen[name] != 1 {
			t.Errorf("%s was there all the time and came %d times", name, seen[name])
		}
	}
	for name, n := range seen {
		if n > 1 || !strings.Contains(name, "churn") && !slices.Contains(stable, name) {
			t.Errorf("%s came %d times", name, n)
		}
	}
}

// atOnce is a query for all rows on one page.
func atOnce(q spatial.ItemsQuery) spatial.ItemsQuery {
	q.Limit, q.Backward = 1000, false
	return q
}

func lastID(p *spatial.Position) string {
	if p == nil {
		return ""
	}
	return p.ID
}

func onePage(t *rapid.T, s *postgis.Store, q spatial.ItemsQuery) (rows []spatial.ItemRow) {
	if err := s.Items(context.Background(), q, func(r spatial.ItemRow) error { rows = append(rows, kept(r)); return nil }); err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return rows
}
