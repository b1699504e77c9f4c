package filter

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// expressions draws trees of the shapes that Parse makes: connectives of two
// or more items (or of none: TRUE, FALSE), literals of the type that they
// stand against, on the right where they can.
func expressions(depth int) *rapid.Generator[spatial.Expr] {
	return rapid.Custom(func(t *rapid.T) spatial.Expr {
		shape := rapid.IntRange(0, 9).Draw(t, "shape")
		if depth == 0 || shape > 2 {
			return predicates(depth).Draw(t, "predicate")
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

func predicates(depth int) *rapid.Generator[spatial.Expr] {
	return rapid.Custom(func(t *rapid.T) spatial.Expr {
		switch rapid.IntRange(0, 9).Draw(t, "family") {
		case 0:
			return rapid.SampledFrom([]spatial.Expr{spatial.And{}, spatial.Or{}}).Draw(t, "truth")
		case 1:
			places := geometries()
			return spatial.SpatialRelation{Op: sample[spatial.SpatialOp](t, "s_"), Left: places.Draw(t, "left"), Right: places.Draw(t, "right")}
		case 2:
			return temporal(t)
		case 3:
			return arrays(t)
		case 4:
			return spatial.IsNull{Property: anyOperand(t, depth)}
		}
		return comparisons(t, depth)
	})
}

// sample draws an operator of a family.
func sample[T ~string](t *rapid.T, prefix string) T {
	return T(rapid.SampledFrom(family(prefix)).Draw(t, "op"))
}

func family(prefix string) []string {
	var ops []string
	for op := range operators {
		if strings.HasPrefix(op, prefix) {
			ops = append(ops, op)
		}
	}
	slices.Sort(ops)
	return ops
}

func comparisons(t *rapid.T, depth int) spatial.Expr {
	of := rapid.SampledFrom([]spatial.PropertyType{spatial.String, spatial.Integer, spatial.Number, spatial.Boolean, spatial.Date, spatial.Timestamp}).Draw(t, "type")
	left := scalars(t, of, depth)
	fixed := isLiteral(left)
	right := func() any {
		// Two literals keep their sides; otherwise a literal goes right.
		if rapid.Bool().Draw(t, "literal") {
			return values(left.ValueType()).Draw(t, "value")
		}
		other := scalars(t, left.ValueType(), depth)
		if l, ok := other.(spatial.Literal); ok {
			return l.Value
		}
		return other
	}
	switch rapid.SampledFrom([]string{"compare", "in", "between", "like"}).Draw(t, "shape") {
	case "in":
		return spatial.In{Property: left, Values: rapid.SliceOfN(rapid.Custom(func(*rapid.T) any { return right() }), 1, 3).Draw(t, "values")}
	case "between":
		if of != spatial.String && of != spatial.Boolean {
			return spatial.Between{Property: left, Low: right(), High: right()}
		}
	case "like":
		if of == spatial.String {
			pattern := rapid.StringMatching(`([a-z%_' 成都]|\\[%_\\])*`).Draw(t, "pattern")
			return spatial.Like{Property: left, Pattern: pattern, Fold: folds().Draw(t, "fold")}
		}
	}
	ops := []spatial.CompareOp{spatial.Equal, spatial.NotEqual, spatial.Less, spatial.LessOrEqual, spatial.Greater, spatial.GreaterOrEqual}
	value := right()
	if _, operand := value.(spatial.Operand); fixed && operand { // the literal goes right
		value = values(left.ValueType()).Draw(t, "value")
	}
	return spatial.Compare{Op: rapid.SampledFrom(ops).Draw(t, "op"), Property: left, Value: value}
}

func isLiteral(o spatial.Operand) bool {
	_, ok := o.(spatial.Literal)
	return ok
}

func folds() *rapid.Generator[spatial.Fold] {
	return rapid.SampledFrom([]spatial.Fold{{}, {Case: true}, {Accent: true}, {Case: true, Accent: true}})
}

// scalars draws an operand of a type, or of Number for Integer.
func scalars(t *rapid.T, of spatial.PropertyType, depth int) spatial.Operand {
	kind := rapid.IntRange(0, 5).Draw(t, "operand")
	numeric := of == spatial.Integer || of == spatial.Number
	switch {
	case kind == 0 && of != spatial.Integer: // a number by itself is a Number
		return spatial.Literal{Type: of, Value: values(of).Draw(t, "literal")}
	case kind < 3 && numeric && depth > 0:
		side := func() spatial.Operand {
			return scalars(t, rapid.SampledFrom([]spatial.PropertyType{spatial.Integer, spatial.Number}).Draw(t, "side"), depth-1)
		}
		ops := []spatial.ArithmeticOp{spatial.Add, spatial.Subtract, spatial.Multiply, spatial.Divide, spatial.Modulo, spatial.IntegerDivision, spatial.Power}
		return spatial.Arithmetic{Op: rapid.SampledFrom(ops).Draw(t, "arithmetic"), Left: side(), Right: side()}
	case kind < 3 && of == spatial.String:
		fold := rapid.SampledFrom([]spatial.Fold{{Case: true}, {Accent: true}, {Case: true, Accent: true}}).Draw(t, "fold")
		inner := scalars(t, of, 0)
		if f, ok := inner.(spatial.Folded); ok {
			inner = f.Of
		}
		return spatial.Folded{Of: inner, Fold: fold}
	case kind < 3 && of == spatial.Boolean && depth > 0:
		inner := expressions(depth-1).Draw(t, "condition")
		switch e := inner.(type) { // TRUE and FALSE alone are literals
		case spatial.And:
			if e.Items == nil {
				return spatial.Literal{Type: of, Value: true}
			}
		case spatial.Or:
			if e.Items == nil {
				return spatial.Literal{Type: of, Value: false}
			}
		}
		return spatial.Condition{Expr: inner}
	}
	var fitting []spatial.Operand
	for _, p := range shops.Queryables() {
		if p.Type == of {
			fitting = append(fitting, p)
		}
	}
	return rapid.SampledFrom(fitting).Draw(t, "property")
}

func anyOperand(t *rapid.T, depth int) spatial.Operand {
	switch rapid.IntRange(0, 3).Draw(t, "anything") {
	case 0:
		return geometries().Draw(t, "geometry")
	case 1:
		return times(t, rapid.SampledFrom([]spatial.PropertyType{spatial.Date, spatial.Timestamp}).Draw(t, "time"), true)
	case 2:
		return prop("tags")
	}
	return scalars(t, rapid.SampledFrom([]spatial.PropertyType{spatial.String, spatial.Number, spatial.Boolean}).Draw(t, "type"), depth)
}

func geometries() *rapid.Generator[spatial.Operand] {
	point := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "x"), rapid.Float64Range(-90, 90).Draw(t, "y")}
	})
	line := rapid.Map(rapid.SliceOfN(point, 2, 4), func(p []orb.Point) orb.LineString { return p })
	polygon := rapid.Custom(func(t *rapid.T) orb.Polygon {
		return rapid.SliceOfN(rapid.Map(rapid.SliceOfN(point, 3, 5), func(p []orb.Point) orb.Ring { return append(p, p[0]) }), 1, 2).Draw(t, "rings")
	})
	single := rapid.OneOf(
		rapid.Map(point, func(p orb.Point) orb.Geometry { return p }),
		rapid.Map(line, func(l orb.LineString) orb.Geometry { return l }),
		rapid.Map(polygon, func(p orb.Polygon) orb.Geometry { return p }),
		rapid.Map(rapid.SliceOfN(point, 1, 3), func(p []orb.Point) orb.Geometry { return orb.MultiPoint(p) }),
		rapid.Map(rapid.SliceOfN(line, 1, 3), func(l []orb.LineString) orb.Geometry { return orb.MultiLineString(l) }),
		rapid.Map(rapid.SliceOfN(polygon, 1, 3), func(p []orb.Polygon) orb.Geometry { return orb.MultiPolygon(p) }))
	collection := rapid.Map(rapid.SliceOfN(single, 1, 3), func(g []orb.Geometry) orb.Geometry { return orb.Collection(g) })
	return rapid.Custom(func(t *rapid.T) spatial.Operand {
		switch rapid.IntRange(0, 4).Draw(t, "geometry") {
		case 0:
			return spatial.FeatureGeometry{}
		case 1:
			low, high := point.Draw(t, "low"), point.Draw(t, "high")
			low[1], high[1] = min(low[1], high[1]), max(low[1], high[1])
			return spatial.BBox{Bound: orb.Bound{Min: low, Max: high}, CRS: spatial.CRS84}
		case 2:
			return spatial.Shape{Geometry: collection.Draw(t, "collection"), CRS: spatial.CRS84}
		}
		return spatial.Shape{Geometry: single.Draw(t, "single"), CRS: spatial.CRS84}
	})
}

func temporal(t *rapid.T) spatial.Expr {
	op := sample[spatial.TemporalOp](t, "t_")
	of := rapid.SampledFrom([]spatial.PropertyType{spatial.Date, spatial.Timestamp}).Draw(t, "type")
	return spatial.TemporalRelation{Op: op, Left: times(t, of, !op.TakesInstants()), Right: times(t, of, !op.TakesInstants())}
}

// times draws an instant or an interval.
func times(t *rapid.T, of spatial.PropertyType, interval bool) spatial.Operand {
	instant := func() spatial.Operand {
		if rapid.Bool().Draw(t, "property") {
			return map[spatial.PropertyType]spatial.Operand{spatial.Date: prop("opened"), spatial.Timestamp: prop("seen")}[of]
		}
		return spatial.Literal{Type: of, Value: values(of).Draw(t, "instant")}
	}
	if !interval && rapid.Bool().Draw(t, "single") {
		return instant()
	}
	ends := []spatial.Operand{nil, nil}
	for i := range ends {
		if rapid.IntRange(0, 3).Draw(t, "open") > 0 {
			ends[i] = instant()
		}
	}
	a, aFixed := ends[0].(spatial.Literal)
	b, bFixed := ends[1].(spatial.Literal)
	if aFixed && bFixed && after(a, b) {
		ends[0], ends[1] = b, a
	}
	return spatial.Period{Start: ends[0], End: ends[1]}
}

func arrays(t *rapid.T) spatial.Expr {
	list := func(of spatial.PropertyType, least int) spatial.Operand {
		l := spatial.List{Type: of}
		for range rapid.IntRange(least, 3).Draw(t, "items") {
			l.Items = append(l.Items, spatial.Literal{Type: of, Value: values(of).Draw(t, "item")})
		}
		return l
	}
	r := spatial.ArrayRelation{Op: sample[spatial.ArrayOp](t, "a_"), Left: prop("tags"), Right: list(spatial.String, 0)}
	switch rapid.IntRange(0, 2).Draw(t, "sides") {
	case 0:
		r.Left, r.Right = r.Right, r.Left
	case 1: // of a type that a literal by itself has
		of := rapid.SampledFrom([]spatial.PropertyType{spatial.String, spatial.Number, spatial.Boolean, spatial.Date, spatial.Timestamp}).Draw(t, "type")
		r.Left, r.Right = list(of, 1), list(of, 0)
	}
	return r
}

func values(of spatial.PropertyType) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch of {
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
		checkRoundTrip(t, expressions(3).Draw(t, "expression"), shops)
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
// the limits and is written and read back as the same, in both languages.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "kind = 'it''s'", "NOT (staff BETWEEN -1 AND 1e3 OR open = TRUE)", `"odd ""name" LIKE '\%_'`,
		"DATE('2020-12-31') <= opened", "seen IN (TIMESTAMP('2020-12-31T12:00:00.5Z'))", "名称 IS NOT NULL",
		"((((", "staff = 1e999999999", "area = -.5e-7", "kind = '", "tags = ''", "TRUE = open", `kind='\n\'\\'`, "(((1))) = ((staff+1)*2)^2",
	} {
		f.Add(seed)
	}
	for _, pair := range standardPairs {
		f.Add(pair.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text, fuzzed)
		checkFuzzed(t, text, e, err)
	})
}

// FuzzParseJSON holds the same of JSON.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{"", "null", "[]", "{}", `{"op":"not","args":[null]}`, `{"op":"=","args":[{"property":"kind"},"\u0000"]}`,
		`{"op":"s_within","args":[{"type":"Point","coordinates":[1e999,2]},{"bbox":[]}]}`, `true false`, `{"op":"and","args":[true,true],"x":1}`} {
		f.Add(seed)
	}
	for _, pair := range standardPairs {
		f.Add(pair.json)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseJSON(text, spatial.CRS84, fuzzed)
		checkFuzzed(t, text, e, err)
	})
}

// fuzzed has the properties of both collections of these tests, so that the
// seeds have a meaning.
var fuzzed = spatial.Collection{ID: "all", Geometry: spatial.Point, Properties: append(slices.Clone(shops.Properties), house.Properties...)}

func checkFuzzed(t *testing.T, text string, e spatial.Expr, err error) {
	if err != nil {
		if spatial.KindOf(err) != spatial.Invalid {
			t.Fatalf("%q: %v is not the client's fault", text, err)
		}
		return
	}
	if nodes, depth := size(reflect.ValueOf(e)); nodes > 2*MaxNodes || depth > MaxDepth+1 {
		t.Fatalf("%q: %d nodes, %d deep", text, nodes, depth)
	}
	checkRoundTrip(t, e, fuzzed)
}

// size counts the expressions and operands of a tree, and its levels.
// Properties and literals are leaves of what they stand in.
func size(v reflect.Value) (nodes, depth int) {
	switch v.Kind() {
	case reflect.Interface:
		return size(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			n, d := size(v.Index(i))
			nodes, depth = nodes+n, max(depth, d)
		}
		return nodes, depth
	case reflect.Struct:
		switch v.Interface().(type) {
		case spatial.Property, spatial.Literal, spatial.Shape, spatial.BBox, time.Time:
			return 1, 0
		}
		for i := range v.NumField() {
			n, d := size(v.Field(i))
			nodes, depth = nodes+n, max(depth, d)
		}
		return nodes + 1, depth + 1
	}
	return 0, 0
}
