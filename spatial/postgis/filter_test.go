package postgis_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

func matching(t testing.TB, s *postgis.Store, c spatial.Collection, e spatial.Expr) []string {
	t.Helper()
	rows, _ := collect(t, s, spatial.ItemsQuery{Collection: c, Limit: 1000, Filter: e, SkipGeometry: true, Properties: []string{}})
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Position.ID
	}
	return ids
}

var hostile = []string{
	"'", "''", `"`, `\`, `\\`, "%", "_", "a%b_c", "'; DROP TABLE seats; --", "$1", "{}", "NULL", "\n", "\t", "é", "成都", "🚄",
	`') OR ('1'='1`, "/* x */", "--", strings.Repeat("x", 5000),
}

func TestHostileValuesAreJustValues(t *testing.T) {
	s, url := open(t)
	l := spatial.Load{Name: "hostile", Hash: "1", Datasets: []spatial.Dataset{testDataset}}
	seats := spatial.TableLoad{Collection: collection(t, "seats")}
	for i, text := range hostile {
		seats.Records = append(seats.Records, spatial.Record{Feature: spatial.Feature{ID: fmt.Sprintf("h%02d", i), Properties: map[string]any{"source": testDataset.ID, "name_en": text}}})
	}
	l.Tables = append(l.Tables, seats)
	load(t, s, l)
	name := property(t, seats.Collection, "name_en")
	escape := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
	for i, text := range hostile {
		want := []string{fmt.Sprintf("h%02d", i)}
		for kind, e := range map[string]spatial.Expr{
			"=":       spatial.Compare{Op: spatial.Equal, Property: name, Value: text},
			"in":      spatial.In{Property: name, Values: []any{text, "nothing of the kind"}},
			"between": spatial.Between{Property: name, Low: text, High: text},
			"like":    spatial.Like{Property: name, Pattern: escape.Replace(text)},
		} {
			if got := matching(t, s, seats.Collection, e); !slices.Equal(got, want) {
				t.Errorf("%s %.20q found %v, want %v", kind, text, got, want)
			}
		}
	}
	for _, bad := range []spatial.Expr{
		spatial.Compare{Op: spatial.Equal, Property: name, Value: "a\x00b"},
		spatial.Compare{Op: spatial.Equal, Property: name, Value: "a\xff"},
		spatial.Compare{Op: spatial.Equal, Property: name, Value: 5.0},
		spatial.Compare{Op: "= 1 OR 1", Property: name, Value: "a"},
		spatial.Compare{Op: spatial.Equal, Property: spatial.Property{Name: "name_en; DROP TABLE seats"}, Value: "a"},
		spatial.In{Property: name, Values: []any{"a", "\x00"}},
		spatial.Like{Property: name, Pattern: `ends in \`},
		spatial.Like{Property: name, Pattern: "\x00"},
		spatial.Like{Property: property(t, seats.Collection, "resident_population"), Pattern: "1%"},
		deep(100, name),
	} {
		err := s.Items(t.Context(), spatial.ItemsQuery{Collection: seats.Collection, Limit: 1, Filter: bad}, func(spatial.ItemRow) error { return nil })
		if spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%.80v: %v", bad, err)
		}
	}
	// The column of a property is the catalog's, whatever the expression says.
	sly := spatial.Property{Name: "name_en", Column: "id) = '' OR (t.id", Type: spatial.Integer}
	if got := matching(t, s, seats.Collection, spatial.Compare{Op: spatial.Equal, Property: sly, Value: "成都"}); !slices.Equal(got, []string{"h15"}) {
		t.Errorf("a forged column: %v", got)
	}
	if n := ask[int](t, url, "SELECT count(*) FROM seats"); n != len(hostile) {
		t.Errorf("%d rows are left", n)
	}
}

func deep(n int, p spatial.Property) spatial.Expr {
	var e spatial.Expr = spatial.IsNull{Property: p}
	for range n {
		e = spatial.Not{Item: e}
	}
	return e
}

// Filters mean the same to the database and to a second evaluator written
// here, with three-valued logic.
func TestFiltersMeanWhatTheySay(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(30))
	airports := collection(t, "airports")
	roads := collection(t, "roads")
	for _, c := range []spatial.Collection{airports, roads} {
		set, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: c, AsOf: time.Now(), Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(rt *rapid.T) {
			e := drawExpr(rt, c, 3)
			var want []string
			for _, f := range set.Features {
				if holds(e, f) == yes {
					want = append(want, f.ID)
				}
			}
			if got := matching(t, s, c, e); !slices.Equal(got, want) {
				rt.Fatalf("%#v:\n got %v\nwant %v", e, got, want)
			}
			found, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: c, Filter: e, AsOf: time.Now(), Limit: 100})
			if err != nil || len(found.Features) != len(want) {
				rt.Fatalf("analyses see %d features, %v", len(found.Features), err)
			}
		})
	}
}

func drawExpr(t *rapid.T, c spatial.Collection, depth int) spatial.Expr {
	kind := rapid.IntRange(0, 7).Draw(t, "kind")
	if depth == 0 {
		kind = min(kind, 4)
	}
	p := rapid.SampledFrom(c.Queryables()).Draw(t, "property")
	value := func() any { return sampleValue(p, rapid.IntRange(0, 4).Draw(t, "value")) }
	items := func() []spatial.Expr {
		var list []spatial.Expr
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			list = append(list, drawExpr(t, c, depth-1))
		}
		return list
	}
	switch kind {
	case 0:
		return spatial.IsNull{Property: p}
	case 1:
		return spatial.In{Property: p, Values: []any{value(), value()}}
	case 2:
		return spatial.Compare{Op: rapid.SampledFrom([]spatial.CompareOp{"=", "<>"}).Draw(t, "op"), Property: p, Value: value()}
	case 3, 4:
		if p.Type == spatial.String { // its order depends on the language
			return spatial.Compare{Op: spatial.Equal, Property: p, Value: value()}
		}
		if kind == 3 {
			return spatial.Between{Property: p, Low: value(), High: value()}
		}
		return spatial.Compare{Op: rapid.SampledFrom([]spatial.CompareOp{"<", "<=", ">", ">="}).Draw(t, "op"), Property: p, Value: value()}
	case 5:
		return spatial.Not{Item: drawExpr(t, c, depth-1)}
	case 6:
		return spatial.And{Items: items()}
	}
	return spatial.Or{Items: items()}
}

type truth int

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func holds(e spatial.Expr, f spatial.Feature) truth {
	switch e := e.(type) {
	case spatial.And:
		all := yes
		for _, item := range e.Items {
			all = min(all, holds(item, f))
		}
		return all
	case spatial.Or:
		any := no
		for _, item := range e.Items {
			any = max(any, holds(item, f))
		}
		return any
	case spatial.Not:
		return yes - holds(e.Item, f)
	case spatial.IsNull:
		return truthOf(evaluate(e.Property, f) == nil)
	case spatial.Compare:
		return compares(e.Op, evaluate(e.Property, f), evaluate(e.Value, f))
	case spatial.In:
		any := no
		for _, v := range e.Values {
			any = max(any, compares(spatial.Equal, evaluate(e.Property, f), evaluate(v, f)))
		}
		return any
	case spatial.Between:
		v := evaluate(e.Property, f)
		return min(compares(spatial.GreaterOrEqual, v, evaluate(e.Low, f)), compares(spatial.LessOrEqual, v, evaluate(e.High, f)))
	case spatial.TemporalRelation:
		return relates(e, f)
	case spatial.ArrayRelation:
		return contains(e, f)
	}
	panic("unknown node")
}

func compares(op spatial.CompareOp, a, b any) truth {
	if a == nil || b == nil {
		return unknown
	}
	order := compareValues(a, b)
	return truthOf(map[spatial.CompareOp]bool{"=": order == 0, "<>": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op])
}

// compareValues orders as PostgreSQL does, NaN above all other numbers.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
		return compareValues(float64(a), b)
	case float64:
		number, ok := b.(float64)
		if !ok {
			number = float64(b.(int64))
		}
		if math.IsNaN(a) || math.IsNaN(number) {
			return cmp.Compare(fmt.Sprint(math.IsNaN(a)), fmt.Sprint(math.IsNaN(number)))
		}
		return cmp.Compare(a, number)
	case bool:
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	case time.Time:
		return a.Compare(b.(time.Time))
	}
	panic(fmt.Sprintf("%T", a))
}
