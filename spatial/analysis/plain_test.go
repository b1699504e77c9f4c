package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// plain is a country in memory: a grid of main roads on which everything
// stands, in place of the store.
type plain struct {
	tables  map[string][]spatial.Feature
	network *network.Network
	queries []spatial.FeatureQuery // as they came
}

func (p *plain) Features(_ context.Context, q spatial.FeatureQuery) (spatial.FeatureSet, error) {
	p.queries = append(p.queries, q)
	set := spatial.FeatureSet{Datasets: []spatial.DatasetVersion{{ID: q.Collection.ID + "-data", Version: "1"}}}
	for _, f := range p.tables[q.Collection.ID] {
		if q.Filter == nil || holds(q.Filter, f) {
			set.Features = append(set.Features, f)
		}
	}
	if len(set.Features) > q.Limit {
		return spatial.FeatureSet{}, spatial.Errorf(spatial.TooLarge, "more than %d", q.Limit)
	}
	return set, nil
}

func (p *plain) Network(_ context.Context, name string) (*network.Network, error) {
	if name != p.network.Name {
		return nil, spatial.Errorf(spatial.NotFound, "There is no network %q; there is %s.", name, p.network.Name)
	}
	return p.network, nil
}

func (p *plain) ChooseNetwork(_ context.Context, points []orb.Point) (*network.Network, string, error) {
	return p.network, fmt.Sprintf("the only one, for %d points", len(points)), nil
}

// holds evaluates the filters that the tests use.
func holds(e spatial.Expr, f spatial.Feature) bool {
	switch e := e.(type) {
	case spatial.And:
		for _, item := range e.Items {
			if !holds(item, f) {
				return false
			}
		}
		return true
	case spatial.Or:
		for _, item := range e.Items {
			if holds(item, f) {
				return true
			}
		}
		return false
	case spatial.IsNull:
		return f.Properties[e.Property.(spatial.Property).Name] == nil
	case spatial.In:
		return slices.Contains(e.Values, propertyOf(f, e.Property.(spatial.Property).Name))
	case spatial.Compare:
		if e.Property.(spatial.Property).Name == "id" {
			return e.Op == spatial.Equal && f.ID == e.Value
		}
		switch v := f.Properties[e.Property.(spatial.Property).Name].(type) {
		case string:
			return e.Op == spatial.Equal && v == e.Value
		case time.Time:
			want := e.Value.(time.Time)
			return e.Op == spatial.LessOrEqual && !v.After(want) || e.Op == spatial.Greater && v.After(want)
		case nil:
			return false
		}
	}
	panic(fmt.Sprintf("no test has needed %#v", e))
}

// propertyOf is a property of a feature, its id included.
func propertyOf(f spatial.Feature, name string) any {
	if name == "id" {
		return f.ID
	}
	return f.Properties[name]
}

// The grid has crossings a tenth of a degree apart, 10 to 11 km.
const columns, rows = 8, 4

func crossing(column, row int) orb.Point {
	return orb.Point{100 + float64(column)/10, 30 + float64(row)/10}
}

// newPlain builds the country: a seat at every other crossing of two
// provinces, three airports (one of them closed, one opened in 2022), a seat
// far from any road and one without residents.
func newPlain(fail func(...any)) *plain { return newCountry(network.KindCondensed, fail) }

// newCountry is the same with roads of a kind.
func newCountry(kind string, fail func(...any)) *plain {
	var ways []network.Way
	road := func(a, b int64) {
		ways = append(ways, network.Way{ID: int64(len(ways) + 1), Class: network.Primary, Refs: []int64{a, b}, Forward: network.Car, Backward: network.Car})
	}
	for c := range columns {
		for r := range rows {
			at := int64(r*columns + c)
			if c+1 < columns {
				road(at, at+1)
			}
			if r+1 < rows {
				road(at, at+columns)
			}
		}
	}
	for _, corner := range [][2]int64{{0, columns + 1}, {columns - 1, 2*columns - 2}, {(rows - 1) * columns, (rows-2)*columns + 1}, {rows*columns - 1, (rows-1)*columns - 2}} {
		road(corner[0], corner[1]) // a third road, or the corner would be a bend and no vertex
	}
	graph, _, err := network.Build(network.Source{Ways: ways}, func(id int64) (orb.Point, bool) { return crossing(int(id%columns), int(id/columns)), true })
	if err != nil {
		fail(err)
	}
	n, err := network.New("plain", kind, graph, spatial.DatasetVersion{ID: "roads-data", Version: "7"})
	if err != nil {
		fail(err)
	}
	p := &plain{network: n, tables: map[string][]spatial.Feature{}}
	p.tables["seats"], p.tables["airports"] = plainSeats(), plainAirports()
	p.tables["divisions"] = plainDivisions()
	p.tables["scenarios"] = []spatial.Feature{
		{ID: "closing", Properties: map[string]any{"edits": []any{map[string]any{"type": "remove-facility", "collection": "airports", "id": "BBB"}}}},
		{ID: "nothing", Properties: map[string]any{"edits": []any{}}},
		{ID: "broken", Properties: map[string]any{"edits": []any{map[string]any{"type": "set-speed", "factor": -1.0}}}},
		{ID: "blank", Properties: map[string]any{"edits": nil}},
	}
	target := func(id, comparator string, value any, unit string) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"plan": "national-14fyp", "article": int64(22), "comparator": comparator, "value": value, "unit": unit, "target_year": int64(2025)}}
	}
	p.tables["targets"] = []spatial.Feature{target("half", ">=", 50.0, "percent"), target("minutes", "<=", 60.0, "minutes"), target("vague", "increase", nil, "percent")}
	return p
}

func plainSeats() []spatial.Feature {
	seat := func(code, province string, at orb.Point, residents any) spatial.Feature {
		return spatial.Feature{ID: "seat-" + code, Geometry: at, Properties: map[string]any{
			"adcode": code, "province_adcode": orNil(province), "level": "prefecture", "name_zh": "市" + code, "name_en": nil, "resident_population": residents}}
	}
	var seats []spatial.Feature
	for c := 0; c < columns; c += 2 {
		for r := 0; r < rows; r += 2 {
			seats = append(seats, seat(fmt.Sprintf("51%02d00", 10*c+r), "510000", crossing(c, r), int64(1000*(c+1))))
		}
	}
	return append(seats,
		seat("530100", "", crossing(columns-1, rows-1), nil), // its province follows from its code
		seat("530200", "530000", orb.Point{80, 45}, int64(500)),
		spatial.Feature{ID: "seat-512001", Properties: map[string]any{"adcode": "512001", "level": "county"}, Geometry: crossing(3, 0)},
		spatial.Feature{ID: "seat-512003", Properties: map[string]any{"adcode": "512003", "level": "county"}},
		spatial.Feature{ID: "zz-county", Properties: map[string]any{"level": "county"}, Geometry: crossing(0, 0)})
}

// plainDivisions are the provinces and prefectures of the seats, and three
// counties: one with a seat of its own, one without any, and one whose seat is
// at a place that nobody knows. The two latter are counted at the seat of
// their prefecture, 512000.
func plainDivisions() []spatial.Feature {
	division := func(id, level, parent string, residents any) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"adcode": id[:6], "level": level, "parent_adcode": parent, "name_zh": "区" + id, "name_en": nil, "resident_population": residents}}
	}
	list := []spatial.Feature{
		{ID: "510000", Properties: map[string]any{"adcode": "510000", "level": "province", "name_zh": "四川省", "name_en": "Sichuan"}},
		{ID: "510100", Properties: map[string]any{"adcode": "510100", "level": "prefecture", "name_zh": "成都市", "name_en": nil}},
	}
	for c := 0; c < columns; c += 2 {
		for r := 0; r < rows; r += 2 {
			if c+r > 0 {
				list = append(list, division(fmt.Sprintf("51%02d00", 10*c+r), "prefecture", "510000", int64(1000*(c+1))))
			}
		}
	}
	return append(list, division("512001", "county", "512000", int64(1700)), division("512002", "county", "512000", int64(800)), division("512003", "county", "512000", int64(500)))
}

func plainAirports() []spatial.Feature {
	airport := func(id string, at orb.Point, opened, closed any) spatial.Feature {
		return spatial.Feature{ID: id, Geometry: at, Properties: map[string]any{
			"kind": "transport", "name_zh": id + "机场", "name_en": id + " Airport", "opened": opened, "closed": closed}}
	}
	day := func(year int) time.Time { return time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC) }
	return []spatial.Feature{
		airport("AAA", crossing(0, 0), nil, nil),
		airport("BBB", crossing(4, 2), day(2022), nil),
		airport("CCC", crossing(6, 0), day(1990), day(2010)),
		airport("DDD", orb.Point{math.Nextafter(80, 81), 46}, day(2000), nil),
	}
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
