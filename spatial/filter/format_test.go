package filter

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quanyu/spatial"
)

// expressions draws trees of the shapes that Parse makes: connectives of two
// or more items (or of none: TRUE, FALSE), literals of their property's type.
func expressions(depth int) *rapid.Generator[spatial.Expr] {
	return rapid.Custom(func(t *rapid.T) spatial.Expr {
		shape := rapid.IntRange(0, 9).Draw(t, "shape")
		if depth == 0 || shape > 2 {
			return predicates().Draw(t, "predicate")
		}
		inner := expressions(depth - 1)
		switch shape {
		case 0:
			return spatial.And{Items: rapid.SliceOfN(inner, 2, 4).Draw(t, "items")}
		case 1:
			return spatial.Or{Items: rapid.SliceOfN(inner, 2, 4).Draw(t, "items")}
		default:
			return spatial.Not{Item: inner.Draw(t, "item")}
		}
	})
}

func predicates() *rapid.Generator[spatial.Expr] {
	return rapid.Custom(func(t *rapid.T) spatial.Expr {
		if rapid.IntRange(0, 19).Draw(t, "constant") == 0 {
			return rapid.SampledFrom([]spatial.Expr{spatial.And{}, spatial.Or{}}).Draw(t, "truth")
		}
		p := rapid.SampledFrom(shops.Queryables()).Draw(t, "property")
		shape := rapid.SampledFrom([]string{"null", "compare", "in", "between", "like"}).Draw(t, "shape")
		switch {
		case p.Type == spatial.StringList || shape == "null":
			return spatial.IsNull{Property: p}
		case shape == "in":
			return spatial.In{Property: p, Values: rapid.SliceOfN(values(p), 1, 3).Draw(t, "values")}
		case shape == "between" && p.Type != spatial.String && p.Type != spatial.Boolean:
			return spatial.Between{Property: p, Low: values(p).Draw(t, "low"), High: values(p).Draw(t, "high")}
		case shape == "like" && p.Type == spatial.String:
			pattern := rapid.StringMatching(`([a-z%_' 成都]|\\[%_\\])*`).Draw(t, "pattern")
			return spatial.Like{Property: p, Pattern: pattern}
		}
		ops := []spatial.CompareOp{spatial.Equal, spatial.NotEqual, spatial.Less, spatial.LessOrEqual, spatial.Greater, spatial.GreaterOrEqual}
		if p.Type == spatial.Boolean {
			ops = ops[:2]
		}
		return spatial.Compare{Op: rapid.SampledFrom(ops).Draw(t, "op"), Property: p, Value: values(p).Draw(t, "value")}
	})
}

func values(p spatial.Property) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch p.Type {
		case spatial.Integer:
			return rapid.Int64().Draw(t, "integer")
		case spatial.Number:
			return rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "number")
		case spatial.Boolean:
			return rapid.Bool().Draw(t, "boolean")
		case spatial.Date:
			return time.Unix(86400*rapid.Int64Range(-700000, 2900000).Draw(t, "day"), 0).UTC()
		case spatial.Timestamp:
			return time.Unix(rapid.Int64Range(-1<<35, 1<<35).Draw(t, "second"), rapid.Int64Range(0, 999999999).Draw(t, "nano")).UTC()
		}
		return strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", "")
	})
}

func TestFormatThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := expressions(3).Draw(t, "expression")
		text := Format(e)
		if len(text) > MaxBytes {
			t.Skip("longer than a filter may be")
		}
		back, err := Parse(text, shops)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(e, back) {
			t.Fatalf("%s: was %#v, came back %#v", text, e, back)
		}
	})
}

func TestFormatDegenerateChains(t *testing.T) {
	one := cmp("staff", "=", int64(1))
	for want, e := range map[string]spatial.Expr{
		"staff = 1":        and(or(one)),
		"TRUE":             and(),
		"FALSE":            or(),
		"NOT (staff = 1)":  not(one),
		`"in" IS NOT NULL`: not(spatial.IsNull{Property: prop("in")}),
	} {
		if got := Format(e); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// FuzzParse holds that no text panics, and that whatever is read is within
// the limits and is written and read back as the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "kind = 'it''s'", "NOT (staff BETWEEN -1 AND 1e3 OR open = TRUE)", `"odd ""name" LIKE '\%_'`,
		"DATE('2020-12-31') <= opened", "seen IN (TIMESTAMP('2020-12-31T12:00:00.5Z'))", "名称 IS NOT NULL",
		"((((", "staff = 1e999999999", "area = -.5e-7", "kind = '", "tags = ''", "TRUE = open",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text, shops)
		if err != nil {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Fatalf("%q: %v is not the client's fault", text, err)
			}
			return
		}
		if nodes, depth := size(e); nodes > MaxNodes || depth > 3*MaxDepth+4 {
			t.Fatalf("%q: %d nodes, %d deep", text, nodes, depth)
		}
		printed := Format(e)
		back, err := Parse(printed, shops)
		if err != nil && len(printed) <= MaxBytes {
			t.Fatalf("%q printed as %q: %v", text, printed, err)
		}
		if err == nil && !reflect.DeepEqual(e, back) {
			t.Fatalf("%q: was %#v, came back %#v", text, e, back)
		}
	})
}

func size(e spatial.Expr) (nodes, depth int) {
	var inner []spatial.Expr
	nodes = 1
	switch e := e.(type) {
	case spatial.And:
		inner = e.Items
	case spatial.Or:
		inner = e.Items
	case spatial.Not:
		inner = []spatial.Expr{e.Item}
	case spatial.In:
		nodes += len(e.Values)
	}
	for _, i := range inner {
		n, d := size(i)
		nodes, depth = nodes+n, max(depth, d)
	}
	return nodes, depth + 1
}
