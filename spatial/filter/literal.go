package filter

import (
	"math"
	"math/big"
	"strconv"
	"time"

	"quanyu/spatial"
)

// typed gives a literal the Go type of values of a type (see spatial.Expr), or
// says what would fit beside the thing it stands against.
func typed(beside string, of spatial.PropertyType, t term) (any, error) {
	value, ok := any(nil), false
	switch of {
	case spatial.String:
		value, ok = t.value, t.kind == textTerm
	case spatial.Integer:
		value, ok = asInteger(t)
	case spatial.Number:
		value, ok = asNumber(t)
	case spatial.Boolean:
		value, ok = t.value == "TRUE", t.kind == booleanTerm
	case spatial.Date:
		value, ok = asTime(t, dateTerm, time.DateOnly)
	case spatial.Timestamp:
		value, ok = asTime(t, timestampTerm, time.RFC3339Nano)
	}
	if !ok {
		return nil, t.at.fault("%s is %s, so %s was expected, not %s", beside, called(of).a, called(of).literal, t)
	}
	return value, nil
}

type naming struct{ a, literal string }

// called says how a type and its literals are named to a reader.
func called(of spatial.PropertyType) naming {
	switch of {
	case spatial.String:
		return naming{"text", "text in single quotes"}
	case spatial.Integer:
		return naming{"an integer", "a whole number that 64 bits hold"}
	case spatial.Number:
		return naming{"a number", "a finite number"}
	case spatial.Boolean:
		return naming{"a boolean", "TRUE or FALSE"}
	case spatial.Date:
		return naming{"a date", "DATE('YYYY-MM-DD') or 'YYYY-MM-DD'"}
	case spatial.Timestamp:
		return naming{"a timestamp", "TIMESTAMP('YYYY-MM-DDThh:mm:ssZ') or the same without TIMESTAMP()"}
	case spatial.StringList:
		return naming{"a list", "IS NULL, IS NOT NULL or a function such as A_CONTAINS"}
	case spatial.GeometryValue:
		return naming{"a geometry", "IS NULL, IS NOT NULL or a function such as S_INTERSECTS"}
	}
	return naming{"an interval", "IS NULL, IS NOT NULL or a function such as T_INTERSECTS"}
}

// natural gives a literal the type of its form, where nothing else tells.
func natural(t term) (spatial.Literal, error) {
	of := spatial.String
	switch t.kind {
	case numberTerm:
		of = spatial.Number
	case booleanTerm:
		of = spatial.Boolean
	case dateTerm:
		of = spatial.Date
	case timestampTerm:
		of = spatial.Timestamp
	}
	value, err := typed("the literal", of, t)
	return spatial.Literal{Type: of, Value: value}, err
}

// asInteger takes any spelling of a whole number (12, 12.0, 1.2e1) that fits.
// The exponent is bounded before big.Rat would write out its zeros.
func asInteger(t term) (any, bool) {
	if t.kind != numberTerm {
		return nil, false
	}
	if n, err := strconv.ParseInt(t.value, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(t.value, 64)
	if err != nil || math.Abs(f) >= 1e18 || (f != 0 && math.Abs(f) < 1) || len(t.value) > 64 {
		return nil, false
	}
	if f == 0 {
		return int64(0), !hasNonZeroDigit(t.value)
	}
	exact, ok := new(big.Rat).SetString(t.value)
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

func asNumber(t term) (any, bool) {
	if t.kind != numberTerm {
		return nil, false
	}
	f, err := strconv.ParseFloat(t.value, 64)
	return f, err == nil
}

// asTime takes a literal of the kind, or text of the same layout.
func asTime(t term, kind termKind, layout string) (any, bool) {
	if t.kind != kind && t.kind != textTerm {
		return nil, false
	}
	instant, err := time.Parse(layout, t.value)
	return instant.UTC(), err == nil
}
