package postgis_test

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quanyu/spatial"
)

// evaluate gives the value of an operand or literal for a feature, nil where
// it has none: the second evaluator, without SQL.
func evaluate(v any, f spatial.Feature) any {
	switch o := v.(type) {
	case spatial.Property:
		return f.Properties[o.Name]
	case spatial.Literal:
		return o.Value
	case spatial.Condition:
		if t := holds(o.Expr, f); t != unknown {
			return t == yes
		}
		return nil
	case spatial.Arithmetic:
		a, aKnown := number(evaluate(o.Left, f))
		b, bKnown := number(evaluate(o.Right, f))
		if !aKnown || !bKnown {
			return nil
		}
		if result, ok := compute(o.Op, a, b); ok {
			return result
		}
		return nil
	}
	return v
}

// number is a number that arithmetic takes.
func number(v any) (float64, bool) {
	n, ok := v.(float64)
	if i, whole := v.(int64); whole {
		n, ok = float64(i), true
	}
	return n, ok && math.Abs(n) <= 1e300
}

func compute(op spatial.ArithmeticOp, a, b float64) (float64, bool) {
	magnitude := func(v float64) bool { return math.Abs(v) <= 690 }
	switch op {
	case spatial.Add:
		return a + b, true
	case spatial.Subtract:
		return a - b, true
	case spatial.Multiply:
		return a * b, a == 0 || b == 0 || magnitude(logarithm(a)+logarithm(b))
	case spatial.Divide:
		return a / b, b != 0 && (a == 0 || magnitude(logarithm(a)-logarithm(b)))
	case spatial.Modulo, spatial.IntegerDivision:
		return whole(op, a, b)
	}
	panic(op)
}

// logarithm is that of the magnitude. math.Log is wrong for subnormal numbers
// on amd64; math.Log2 takes them apart first.
func logarithm(v float64) float64 { return math.Log2(math.Abs(v)) * math.Ln2 }

// whole computes with the decimals that the numbers are written with.
func whole(op spatial.ArithmeticOp, a, b float64) (float64, bool) {
	if math.Abs(b) < 1e-300 || op == spatial.Modulo && a != 0 && math.Abs(a) < 1e-300 ||
		op == spatial.IntegerDivision && a != 0 && logarithm(a)-logarithm(b) > 690 {
		return 0, false
	}
	x, y := decimalOf(a), decimalOf(b)
	quotient := new(big.Rat).Quo(x, y)
	cut := new(big.Rat).SetInt(new(big.Int).Quo(quotient.Num(), quotient.Denom()))
	if op == spatial.Modulo {
		cut = new(big.Rat).Sub(x, new(big.Rat).Mul(y, cut))
	}
	result, _ := cut.Float64()
	return result, true
}

func decimalOf(v float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(v, 'e', -1, 64))
	return r
}

func relates(e spatial.TemporalRelation, f spatial.Feature) truth {
	s1, e1 := span(e.Left, f)
	s2, e2 := span(e.Right, f)
	and := func(all ...truth) truth { return slices.Min(all) }
	is := compares
	switch e.Op {
	case spatial.TAfter:
		return is(">", s1, e2)
	case spatial.TBefore:
		return is("<", e1, s2)
	case spatial.TDisjoint:
		return max(is("<", e1, s2), is(">", s1, e2))
	case spatial.TIntersects:
		return yes - max(is("<", e1, s2), is(">", s1, e2))
	case spatial.TEquals:
		return and(is("=", s1, s2), is("=", e1, e2))
	case spatial.TContains:
		return and(is("<", s1, s2), is(">", e1, e2))
	case spatial.TDuring:
		return and(is(">", s1, s2), is("<", e1, e2))
	case spatial.TFinishedBy:
		return and(is("<", s1, s2), is("=", e1, e2))
	case spatial.TFinishes:
		return and(is(">", s1, s2), is("=", e1, e2))
	case spatial.TMeets:
		return is("=", e1, s2)
	case spatial.TMetBy:
		return is("=", s1, e2)
	case spatial.TOverlappedBy:
		return and(is(">", s1, s2), is("<", s1, e2), is(">", e1, e2))
	case spatial.TOverlaps:
		return and(is("<", s1, s2), is(">", e1, s2), is("<", e1, e2))
	case spatial.TStartedBy:
		return and(is("=", s1, s2), is(">", e1, e2))
	}
	return and(is("=", s1, s2), is("<", e1, e2))
}

// The ends of time, beyond what any row has.
var (
	beginning = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC)
	ending    = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
)

func span(o spatial.Operand, f spatial.Feature) (start, end any) {
	p, ok := o.(spatial.Period)
	if !ok {
		return evaluate(o, f), evaluate(o, f)
	}
	start, end = beginning, ending
	if p.Start != nil {
		start = evaluate(p.Start, f)
	}
	if p.End != nil {
		end = evaluate(p.End, f)
	}
	return start, end
}

func contains(e spatial.ArrayRelation, f spatial.Feature) truth {
	a, aKnown := set(e.Left, f)
	b, bKnown := set(e.Right, f)
	if !aKnown || !bKnown {
		return unknown
	}
	within := func(a, b []string) bool {
		return !slices.ContainsFunc(a, func(item string) bool { return !slices.Contains(b, item) })
	}
	switch e.Op {
	case spatial.AContains:
		return truthOf(within(b, a))
	case spatial.AContainedBy:
		return truthOf(within(a, b))
	case spatial.AEquals:
		return truthOf(within(a, b) && within(b, a))
	}
	return truthOf(slices.ContainsFunc(a, func(item string) bool { return slices.Contains(b, item) }))
}

func set(o spatial.Operand, f spatial.Feature) ([]string, bool) {
	l, ok := o.(spatial.List)
	if !ok {
		items, known := evaluate(o, f).([]string)
		return items, known
	}
	var items []string
	for _, item := range l.Items {
		text, known := evaluate(item, f).(string)
		if !known {
			return nil, false
		}
		items = append(items, text)
	}
	return items, true
}

// What properties, arithmetic, times and lists mean to each other is the same
// to the database and to the second evaluator, and no row raises an error.
func TestOperandsMeanWhatTheySay(t *testing.T) {
	s, _ := openPlaces(t)
	found, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: places, AsOf: time.Now(), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		e := drawRelation(rt, 2)
		want := []string{}
		for _, f := range found.Features {
			if holds(e, f) == yes {
				want = append(want, f.ID)
			}
		}
		if got := matching(t, s, places, e); !slices.Equal(got, want) {
			rt.Fatalf("%#v:\n got %v\nwant %v", e, got, want)
		}
	})
}

func drawRelation(t *rapid.T, depth int) spatial.Expr {
	switch rapid.IntRange(0, 6).Draw(t, "relation") {
	case 0:
		return drawTemporal(t)
	case 1:
		ops := []spatial.ArrayOp{spatial.AEquals, spatial.AContains, spatial.AContainedBy, spatial.AOverlaps}
		return spatial.ArrayRelation{Op: rapid.SampledFrom(ops).Draw(t, "op"), Left: drawSet(t), Right: drawSet(t)}
	case 2:
		return spatial.Not{Item: drawRelation(t, depth)}
	case 3:
		return spatial.IsNull{Property: drawNumber(t, depth)}
	case 4:
		return spatial.Between{Property: drawNumber(t, depth), Low: drawNumber(t, depth), High: drawNumber(t, depth)}
	case 5:
		of := rapid.SampledFrom([]string{"kind", "open", "opened", "seen"}).Draw(t, "property")
		return spatial.In{Property: placesProperty(of), Values: []any{placesProperty(of), drawRight(t, of)}}
	}
	ops := []spatial.CompareOp{"=", "<>", "<", "<=", ">", ">="}
	return spatial.Compare{Op: rapid.SampledFrom(ops).Draw(t, "op"), Property: drawNumber(t, depth), Value: drawNumber(t, depth)}
}

func placesProperty(name string) spatial.Property {
	p, ok := places.Property(name)
	if !ok {
		panic(name)
	}
	return p
}

func drawRight(t *rapid.T, of string) any {
	switch of {
	case "kind":
		return rapid.SampledFrom([]any{placesProperty("name_en"), "city", spatial.Literal{Type: spatial.String, Value: "town"}}).Draw(t, "text")
	case "open":
		return rapid.SampledFrom([]any{true, spatial.Condition{Expr: spatial.Compare{Op: "<", Property: placesProperty("staff"), Value: int64(10)}}}).Draw(t, "truth")
	case "opened":
		return placesProperty("closed")
	}
	return placesProperty("gone")
}

// extremes are numbers at which double precision ends.
var extremes = []float64{0, 1, -1, 0.1, -2.5, 3, 1e15, 1e-300, -1e300, 1e301, math.MaxFloat64, 5e-324, 1e154, -1e-154, 0.3, 7}

func drawNumber(t *rapid.T, depth int) spatial.Operand {
	if depth > 0 && rapid.Bool().Draw(t, "arithmetic") {
		ops := []spatial.ArithmeticOp{spatial.Add, spatial.Subtract, spatial.Multiply, spatial.Divide, spatial.Modulo, spatial.IntegerDivision}
		return spatial.Arithmetic{Op: rapid.SampledFrom(ops).Draw(t, "op"), Left: drawNumber(t, depth-1), Right: drawNumber(t, depth-1)}
	}
	if rapid.Bool().Draw(t, "literal") {
		return spatial.Literal{Type: spatial.Number, Value: rapid.SampledFrom(extremes).Draw(t, "number")}
	}
	return placesProperty(rapid.SampledFrom([]string{"staff", "area", "rate"}).Draw(t, "property"))
}

func drawTemporal(t *rapid.T) spatial.Expr {
	ops := []spatial.TemporalOp{spatial.TAfter, spatial.TBefore, spatial.TDisjoint, spatial.TEquals, spatial.TIntersects, spatial.TContains, spatial.TDuring,
		spatial.TFinishedBy, spatial.TFinishes, spatial.TMeets, spatial.TMetBy, spatial.TOverlappedBy, spatial.TOverlaps, spatial.TStartedBy, spatial.TStarts}
	of := rapid.SampledFrom([]spatial.PropertyType{spatial.Date, spatial.Timestamp}).Draw(t, "type")
	names := map[spatial.PropertyType][]string{spatial.Date: {"opened", "closed"}, spatial.Timestamp: {"seen", "gone"}}[of]
	instant := func() spatial.Operand {
		if rapid.Bool().Draw(t, "literal") {
			text := rapid.SampledFrom([]string{"1999-12-31", "2000-01-01", "2005-06-15", "2010-01-01", "2020-01-01", "2020-01-02"}).Draw(t, "day")
			return spatial.Literal{Type: of, Value: *day(text)}
		}
		return placesProperty(rapid.SampledFrom(names).Draw(t, "property"))
	}
	side := func() spatial.Operand {
		if rapid.IntRange(0, 3).Draw(t, "instant") == 0 {
			return instant()
		}
		var p spatial.Period
		if rapid.IntRange(0, 3).Draw(t, "bounded") > 0 {
			p.Start = instant()
		}
		if rapid.IntRange(0, 3).Draw(t, "bounded") > 0 {
			p.End = instant()
		}
		return p
	}
	return spatial.TemporalRelation{Op: rapid.SampledFrom(ops).Draw(t, "op"), Left: side(), Right: side()}
}

func drawSet(t *rapid.T) spatial.Operand {
	if rapid.Bool().Draw(t, "property") {
		return placesProperty("tags")
	}
	l := spatial.List{Type: spatial.String}
	for range rapid.IntRange(0, 3).Draw(t, "items") {
		if rapid.IntRange(0, 4).Draw(t, "item") == 0 {
			l.Items = append(l.Items, placesProperty(rapid.SampledFrom([]string{"name_zh", "kind"}).Draw(t, "name")))
			continue
		}
		l.Items = append(l.Items, spatial.Literal{Type: spatial.String, Value: rapid.SampledFrom([]string{"a", "b", "c", "", "it's", "成都"}).Draw(t, "text")})
	}
	return l
}

// Powers have no error either, whatever they are of.
func TestPowersRaiseNoError(t *testing.T) {
	s, _ := openPlaces(t)
	for _, a := range extremes {
		for _, b := range extremes {
			for _, side := range []spatial.Operand{placesProperty("rate"), spatial.Literal{Type: spatial.Number, Value: b}} {
				power := spatial.Arithmetic{Op: spatial.Power, Left: spatial.Literal{Type: spatial.Number, Value: a}, Right: side}
				nested := spatial.Arithmetic{Op: spatial.Power, Left: side, Right: power}
				for _, o := range []spatial.Operand{power, nested} {
					known := matching(t, s, places, spatial.Compare{Op: "=", Property: o, Value: o})
					null := matching(t, s, places, spatial.IsNull{Property: o})
					if len(known)+len(null) != 12 {
						t.Fatalf("%#v: known for %v, null for %v", o, known, null)
					}
				}
			}
		}
	}
}
