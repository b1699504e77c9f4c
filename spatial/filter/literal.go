package filter

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	"quanyu/spatial"
)

type literalKind uint8

const (
	textLiteral literalKind = iota
	numberLiteral
	booleanLiteral
	dateLiteral
	timestampLiteral
)

// literal is a literal as written, before a property gives it a type.
type literal struct {
	kind  literalKind
	value string
	pos   int
}

func (l literal) String() string {
	switch l.kind {
	case numberLiteral:
		return "the number " + l.value
	case booleanLiteral:
		return l.value
	case dateLiteral:
		return "DATE('" + l.value + "')"
	case timestampLiteral:
		return "TIMESTAMP('" + l.value + "')"
	default:
		return token{kind: text, value: l.value}.String()
	}
}

// typed gives a literal the Go type of the property's values (see
// spatial.Expr), or says what would fit.
func typed(p spatial.Property, l literal) (any, error) {
	value, ok := any(nil), false
	switch p.Type {
	case spatial.String:
		value, ok = l.value, l.kind == textLiteral
	case spatial.Integer:
		value, ok = asInteger(l)
	case spatial.Number:
		value, ok = asNumber(l)
	case spatial.Boolean:
		value, ok = l.value == "TRUE", l.kind == booleanLiteral
	case spatial.Date:
		value, ok = asTime(l, dateLiteral, time.DateOnly)
	case spatial.Timestamp:
		value, ok = asTime(l, timestampLiteral, time.RFC3339Nano)
	}
	if !ok {
		return nil, faultAt(l.pos, fmt.Sprintf("%s is %s, so %s was expected, not %s", p.Name, called[p.Type].a, called[p.Type].literal, l))
	}
	return value, nil
}

// called says how a type and its literals are named to a reader.
var called = map[spatial.PropertyType]struct{ a, literal string }{
	spatial.String:     {"text", "text in single quotes"},
	spatial.Integer:    {"an integer", "a whole number that 64 bits hold"},
	spatial.Number:     {"a number", "a finite number"},
	spatial.Boolean:    {"a boolean", "TRUE or FALSE"},
	spatial.Date:       {"a date", "DATE('YYYY-MM-DD') or 'YYYY-MM-DD'"},
	spatial.Timestamp:  {"a timestamp", "TIMESTAMP('YYYY-MM-DDThh:mm:ssZ') or the same without TIMESTAMP()"},
	spatial.StringList: {"a list", "IS NULL or IS NOT NULL"},
}

// asInteger takes any spelling of a whole number (12, 12.0, 1.2e1) that fits.
// The exponent is bounded before big.Rat would write out its zeros.
func asInteger(l literal) (any, bool) {
	if l.kind != numberLiteral {
		return nil, false
	}
	if n, err := strconv.ParseInt(l.value, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(l.value, 64)
	if err != nil || math.Abs(f) >= 1e18 || (f != 0 && math.Abs(f) < 1) || len(l.value) > 64 {
		return nil, false
	}
	if f == 0 {
		return int64(0), !hasNonZeroDigit(l.value)
	}
	exact, ok := new(big.Rat).SetString(l.value)
	if !ok || !exact.IsInt() {
		return nil, false
	}
	return exact.Num().Int64(), true
}

// hasNonZeroDigit tells 1e-999, which is no whole number, from 0e-999.
func hasNonZeroDigit(number string) bool {
	for _, r := range number {
		if r == 'e' || r == 'E' {
			return false
		}
		if '1' <= r && r <= '9' {
			return true
		}
	}
	return false
}

func asNumber(l literal) (any, bool) {
	if l.kind != numberLiteral {
		return nil, false
	}
	f, err := strconv.ParseFloat(l.value, 64)
	return f, err == nil
}

// asTime takes a literal of the kind, or text of the same layout.
func asTime(l literal, kind literalKind, layout string) (any, bool) {
	if l.kind != kind && l.kind != textLiteral {
		return nil, false
	}
	t, err := time.Parse(layout, l.value)
	return t.UTC(), err == nil
}
