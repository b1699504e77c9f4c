package postgis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// kept is a row whose bytes are its own; those of Items are lent.
func kept(r spatial.ItemRow) spatial.ItemRow {
	r.Geometry, r.Properties = bytes.Clone(r.Geometry), bytes.Clone(r.Properties)
	return r
}

// collect gives the rows of a page without the one that tells of more, and
// whether there was one.
func collect(t testing.TB, s *postgis.Store, q spatial.ItemsQuery) (rows []spatial.ItemRow, more bool) {
	t.Helper()
	if err := s.Items(t.Context(), q, func(r spatial.ItemRow) error {
		rows = append(rows, kept(r))
		return nil
	}); err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	if more = len(rows) > q.Limit; more && q.Backward {
		rows = rows[1:]
	} else if more {
		rows = rows[:q.Limit]
	}
	return rows, more
}

func names(rows []spatial.ItemRow) []string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = fmt.Sprintf("%s/%d", r.Position.ID, r.Position.Version)
	}
	return list
}

// allPages walks a query page by page, forward or backward.
func allPages(t *testing.T, s *postgis.Store, q spatial.ItemsQuery) []string {
	t.Helper()
	var all []string
	for {
		rows, more := collect(t, s, q)
		if more && len(rows) != q.Limit {
			t.Fatalf("a page of %d rows where %d were asked for and there are more", len(rows), q.Limit)
		}
		if q.Backward {
			all = append(names(rows), all...)
		} else {
			all = append(all, names(rows)...)
		}
		if !more {
			return all
		}
		next := rows[len(rows)-1].Position
		if q.Backward {
			next = rows[0].Position
		}
		q.After = roundTrip(t, next)
	}
}

// roundTrip takes a position the way of a cursor.
func roundTrip(t *testing.T, p spatial.Position) *spatial.Position {
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var q spatial.Position
	if err := json.Unmarshal(b, &q); err != nil {
		t.Fatal(err)
	}
	return &q
}

// withHistory adds rows of the past, so that an id has several rows.
func withHistory(l spatial.Load) spatial.Load {
	for i := range 11 {
		d := spatial.Dataset{ID: fmt.Sprintf("set-%02d", i), Kind: spatial.Modelled, Version: fmt.Sprint(i % 3), TitleZH: []string{"城市", "", "地"}[i%3]}
		if i%4 > 0 {
			d.Retrieved, d.Title = day("2020-01-01").AddDate(0, 0, i%3), "a set"
		}
		l.Datasets = append(l.Datasets, d)
	}
	for i := range l.Tables {
		t := &l.Tables[i]
		for k := range 3 {
			past := record(t.Collection, k)
			past.ValidFrom, past.ValidTo = day("2001-01-01"), day("2010-01-01")
			t.Records[k].ValidFrom = day("2010-01-01")
			t.Records = append(t.Records, past)
		}
	}
	return l
}

func TestPagesHoldEveryRowOnce(t *testing.T) {
	s, _ := open(t)
	load(t, s, withHistory(sampleLoad(17)))
	limit := 0
	for _, c := range readable() {
		filters := []spatial.Expr{nil,
			spatial.Not{Item: spatial.IsNull{Property: property(t, c, "name_en")}},
			spatial.Or{Items: []spatial.Expr{spatial.Like{Property: property(t, c, "name_zh"), Pattern: "%市"}, spatial.IsNull{Property: property(t, c, "name_zh")}}}}
		sortables := slices.DeleteFunc(c.Queryables(), func(p spatial.Property) bool { return p.Type == spatial.StringList })
		for n, p := range sortables {
			for _, descending := range []bool{false, true} {
				limit = limit%7 + 1
				second := sortables[(n*5+3)%len(sortables)]
				q := spatial.ItemsQuery{Collection: c, Limit: limit, CRS: spatial.CRS84, Filter: filters[(n+limit)%3],
					Datetime: &spatial.Interval{}, // all history
					Sort:     []spatial.SortKey{{Property: p, Descending: descending}, {Property: second, Descending: !descending}}}
				checkPages(t, s, q)
			}
		}
		for limit := 1; limit <= 7; limit++ {
			for _, filter := range filters {
				checkPages(t, s, spatial.ItemsQuery{Collection: c, Limit: limit, CRS: spatial.CRS84, Filter: filter, Properties: []string{}, SkipGeometry: true})
			}
		}
	}
}

func checkPages(t *testing.T, s *postgis.Store, q spatial.ItemsQuery) {
	t.Helper()
	whole := q
	whole.Limit = 1000
	rows, more := collect(t, s, whole)
	want := names(rows)
	if more || len(want) == 0 {
		t.Fatalf("%s %v: %d rows at once, more %v", q.Collection.ID, q.Filter, len(want), more)
	}
	checkOrder(t, q.Sort, rows)
	if n, err := s.Count(t.Context(), q); err != nil || n != int64(len(want)) {
		t.Errorf("%s: counted %d, %v, want %d", q.Collection.ID, n, err, len(want))
	}
	for _, q.Backward = range []bool{false, true} {
		if got := allPages(t, s, q); !slices.Equal(got, want) {
			t.Errorf("%s by %v, limit %d, backward %v:\n got %v\nwant %v", q.Collection.ID, q.Sort, q.Limit, q.Backward, got, want)
		}
	}
}

// checkOrder judges the order of the first sort key without the database: null
// is greatest, and of two numbers or dates the order is plain.
func checkOrder(t *testing.T, sort []spatial.SortKey, rows []spatial.ItemRow) {
	t.Helper()
	for i := 1; len(sort) > 0 && i < len(rows); i++ {
		a, b := rows[i-1].Position.Keys[0], rows[i].Position.Keys[0]
		if sort[0].Descending {
			a, b = b, a
		}
		if a == nil && b != nil {
			t.Fatalf("sorted by %v, null stands before %s", sort[0], *b)
		}
		if b == nil {
			continue
		}
		wrong := false
		switch sort[0].Property.Type {
		case spatial.Integer, spatial.Number:
			x, _ := strconv.ParseFloat(*a, 64)
			y, _ := strconv.ParseFloat(*b, 64)
			wrong = x > y
		case spatial.Date, spatial.Timestamp:
			wrong = *a > *b
		}
		if wrong {
			t.Fatalf("sorted by %v, %s stands before %s", sort[0], *a, *b)
		}
	}
}

func TestChineseNamesSortBySound(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(5)
	seats := seatsOf(&l)
	for i, name := range []string{"重庆", "北京", "上海", "安康", "成都"} {
		seats.Records[i].Properties["name_zh"] = name
	}
	load(t, s, l)
	rows, _ := collect(t, s, spatial.ItemsQuery{Collection: seats.Collection, Limit: 9, Sort: []spatial.SortKey{{Property: property(t, seats.Collection, "name_zh")}}})
	var got []string
	for _, r := range rows {
		got = append(got, *r.Position.Keys[0])
	}
	if want := []string{"安康", "北京", "成都", "上海", "重庆"}; !slices.Equal(got, want) && !slices.Equal(got, []string{"安康", "北京", "成都", "重庆", "上海"}) {
		t.Errorf("got %v", got)
	}
}

func TestPropertiesComeInTheirOrder(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(9))
	for _, c := range readable() {
		rows, _ := collect(t, s, spatial.ItemsQuery{Collection: c, Limit: 50})
		set, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: c, AsOf: time.Now(), Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			checkMembers(t, c, row, set.Features[i])
		}
	}
	airports := collection(t, "airports")
	rows, _ := collect(t, s, spatial.ItemsQuery{Collection: airports, Limit: 1, Properties: []string{"opened", "id"}})
	if got := string(rows[0].Properties); got != `{"id":"airports-000","opened":"2004-05-06"}` && got != `{"id":"airports-000","opened":null}` {
		t.Errorf("two properties: %s", got)
	}
	rows, _ = collect(t, s, spatial.ItemsQuery{Collection: airports, Limit: 1, Properties: []string{}})
	if got := string(rows[0].Properties); got != `{}` {
		t.Errorf("no properties: %s", got)
	}
}

// checkMembers compares the JSON of a row with the typed feature.
func checkMembers(t *testing.T, c spatial.Collection, row spatial.ItemRow, f spatial.Feature) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(row.Properties)))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	for _, p := range c.All() {
		name, err := decoder.Token()
		if err != nil || name != p.Name {
			t.Fatalf("%s: member %v, want %s: %s", c.ID, name, p.Name, row.Properties)
		}
		var got, want any
		if err := decoder.Decode(&got); err != nil {
			t.Fatal(err)
		}
		v := f.Properties[p.Name]
		if d, ok := v.(time.Time); ok && p.Type == spatial.Date {
			v = d.Format(time.DateOnly)
		}
		if at, ok := v.(time.Time); ok {
			v = at.UTC().Format("2006-01-02T15:04:05.000000Z")
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s.%s is %v, want %v", f.ID, p.Name, got, want)
		}
	}
}

func TestValidityIsHalfOpen(t *testing.T) {
	s, _ := open(t)
	l := withHistory(sampleLoad(5))
	load(t, s, l)
	c := collection(t, "seats")
	at := func(span *spatial.Interval) int {
		rows, _ := collect(t, s, spatial.ItemsQuery{Collection: c, Limit: 100, Datetime: span})
		return len(rows)
	}
	instant := func(text string) *time.Time {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	cases := []struct {
		name       string
		start, end *time.Time
		want       int
	}{
		{"all", nil, nil, 8},
		{"before history", nil, day("2001-01-01"), 2},
		{"first day", day("2001-01-01"), day("2001-01-02"), 5},
		{"last day", day("2009-12-31"), day("2010-01-01"), 5},
		{"over the change", day("2009-12-31"), day("2010-01-02"), 8},
		{"day of change", day("2010-01-01"), day("2010-01-02"), 5},
		{"instant", day("2010-01-01"), day("2010-01-01"), 5},
		{"before midnight in China", instant("2009-12-31T15:59:59Z"), instant("2009-12-31T16:00:00Z"), 5},
		{"over midnight in China", instant("2009-12-31T15:59:59Z"), instant("2009-12-31T16:00:01Z"), 8},
		{"year 0000 on", instant("0000-01-01T00:00:00Z"), nil, 8},
		{"to 9999", day("2010-01-01"), instant("9999-12-31T00:00:00Z"), 5},
	}
	for _, c := range cases {
		if got := at(&spatial.Interval{Start: c.start, End: c.end}); got != c.want {
			t.Errorf("%s: %d rows, want %d", c.name, got, c.want)
		}
	}
	if got := at(nil); got != 5 {
		t.Errorf("now: %d rows", got)
	}
	past, err := s.Item(t.Context(), c, "seats-000", spatial.CRS84, day("2005-05-05"), "")
	now, err2 := s.Item(t.Context(), c, "seats-000", spatial.CRS84, nil, "")
	if err != nil || err2 != nil || past.Position.Version == now.Position.Version {
		t.Errorf("%v %v, %v %v", past.Position, now.Position, err, err2)
	}
	if _, err := s.Item(t.Context(), c, "seats-000", spatial.CRS84, day("1999-01-01"), ""); spatial.KindOf(err) != spatial.NotFound {
		t.Errorf("before history: %v", err)
	}
	for _, id := range []string{"nobody", "a\x00b", "' OR true --", ""} {
		if _, err := s.Item(t.Context(), c, id, spatial.CRS84, nil, ""); spatial.KindOf(err) != spatial.NotFound {
			t.Errorf("item %q: %v", id, err)
		}
	}
}

func TestOnlyPublicRowsAreShown(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(6)
	seatsOf(&l).Records[2].Properties["visibility"] = "internal"
	seatsOf(&l).Records[3].Properties["visibility"] = "restricted"
	load(t, s, l)
	c := collection(t, "seats")
	rows, _ := collect(t, s, spatial.ItemsQuery{Collection: c, Limit: 9})
	n, err := s.Count(t.Context(), spatial.ItemsQuery{Collection: c, Limit: 9})
	set, err2 := s.Features(t.Context(), spatial.FeatureQuery{Collection: c, AsOf: time.Now(), Limit: 9})
	if len(rows) != 4 || n != 4 || len(set.Features) != 4 || err != nil || err2 != nil {
		t.Errorf("%d rows, counted %d, %d features, %v %v", len(rows), n, len(set.Features), err, err2)
	}
	if _, err := s.Item(t.Context(), c, "seats-002", spatial.CRS84, nil, ""); spatial.KindOf(err) != spatial.NotFound {
		t.Errorf("an internal row by id: %v", err)
	}
	if ids := tileIDs(t, s, c, 0, 0, 0); slices.Contains(ids, "seats-002") || slices.Contains(ids, "seats-003") || len(ids) != 3 { // one has no place
		t.Errorf("the tile shows %v", ids)
	}
}

func TestBadPagesAreRefused(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(3))
	c := collection(t, "airports")
	opened, text := property(t, c, "opened"), func(s string) *string { return &s }
	byOpened := []spatial.SortKey{{Property: opened}}
	cases := map[string]spatial.ItemsQuery{
		"limit 0":            {Collection: c},
		"limit of a million": {Collection: c, Limit: 1_000_000},
		"unknown sort":       {Collection: c, Limit: 1, Sort: []spatial.SortKey{{Property: spatial.Property{Name: "colour", Column: "id; DROP TABLE seats"}}}},
		"unknown property":   {Collection: c, Limit: 1, Properties: []string{"colour"}},
		"keys of another":    {Collection: c, Limit: 1, After: &spatial.Position{ID: "a", Keys: []*string{text("x")}}},
		"missing keys":       {Collection: c, Limit: 1, Sort: byOpened, After: &spatial.Position{ID: "a"}},
		"forged date":        {Collection: c, Limit: 1, Sort: byOpened, After: &spatial.Position{ID: "a", Keys: []*string{text("soon")}}},
		"NUL in cursor":      {Collection: c, Limit: 1, After: &spatial.Position{ID: "a\x00"}},
	}
	for name, q := range cases {
		err := s.Items(t.Context(), q, func(spatial.ItemRow) error { return nil })
		if spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestItemsEndWithTheirReader(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(50))
	c := collection(t, "seats")
	stop := errors.New("reader left")
	if err := s.Items(t.Context(), spatial.ItemsQuery{Collection: c, Limit: 50}, func(spatial.ItemRow) error { return stop }); err != stop {
		t.Errorf("got %v", err)
	}
	// A lock makes the query wait, so that it can only end by being cancelled.
	blocker := connect(t, url)
	defer blocker.Close(context.Background())
	tx, err := blocker.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE seats IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err = s.Items(ctx, spatial.ItemsQuery{Collection: c, Limit: 50}, func(spatial.ItemRow) error { return nil })
	if spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("over its time: %v", err)
	}
	var waiting int
	for range 20 {
		if err := blocker.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND application_name = 'quanyu' AND wait_event_type = 'Lock'`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if waiting != 0 {
		t.Error("the query goes on although nobody waits for it")
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Items(given, spatial.ItemsQuery{Collection: c, Limit: 5}, func(spatial.ItemRow) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
