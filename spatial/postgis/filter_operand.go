package postgis

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"quanyu/spatial"
)

// value is the SQL of an operand, with its type and what it is made from.
type value struct {
	sql  string
	of   spatial.PropertyType
	from source
}

type source int

const (
	fromOther   source = iota // computed
	fromColumn                // a property as it is
	fromLiteral               // a bound value as it is
)

// operand gives the value of an operand that is no geometry, interval or list.
func (f *filterCompiler) operand(o spatial.Operand) (value, error) {
	done, err := f.level()
	if err != nil {
		return value{}, err
	}
	defer done()
	switch o := o.(type) {
	case spatial.Property:
		p, err := f.property(o)
		return value{sql: columnOf(p), of: p.Type, from: fromColumn}, err
	case spatial.Literal:
		v, err := literal(o.Type, o.Value)
		if err != nil {
			return value{}, err
		}
		return value{sql: f.s.bind(v, sqlTypes[o.Type]), of: o.Type, from: fromLiteral}, nil
	case spatial.Arithmetic:
		sql, err := f.arithmetic(o)
		return value{sql: sql, of: spatial.Number}, err
	case spatial.Folded:
		inner, err := f.operand(o.Of)
		if err == nil && inner.of != spatial.String {
			err = badFilter("folds what is no text")
		}
		return value{sql: foldSQL(inner.sql, o.Fold), of: spatial.String}, err
	case spatial.Condition:
		sql, err := f.node(o.Expr)
		return value{sql: sql, of: spatial.Boolean}, err
	}
	return value{}, badFilter("compares something (%T) that has no order", o)
}

// The letters that have a stroke or a bar through them, or are other forms of a
// letter, and the plain letter of each. Unicode does not take them apart.
const (
	strokes = "øØđĐðÐħĦıłŁŧŦ"
	plain   = "oOdDdDhHilLtT"
)

// foldSQL gives the form that texts share which differ only in case or accents.
//
// Case: to upper and back to lower case by Unicode's full mappings, which
// brings ß to ss and both sigmas to one, since PostgreSQL 15 has no casefold().
// Accents: taken apart (NFD), freed from the combining marks of European and
// other alphabets (U+0300 to U+036F; those of kana stay, as the standard
// recommends), freed from strokes, put together again (NFC). The extension
// unaccent does more, but has to be installed.
func foldSQL(sql string, f spatial.Fold) string {
	if f.Case {
		sql = fmt.Sprintf(`lower(upper(%s COLLATE "und-x-icu") COLLATE "und-x-icu")`, sql)
	}
	if f.Accent {
		sql = fmt.Sprintf(`normalize(translate(regexp_replace(normalize(%s COLLATE "C", NFD), '[\u0300-\u036F]+', '', 'g'), '%s', '%s'), NFC)`, sql, strokes, plain)
	}
	return sql
}

// literal checks that a value is of a type and can be bound.
func literal(of spatial.PropertyType, v any) (any, error) {
	switch of {
	case spatial.String, spatial.StringList:
		if text, ok := v.(string); ok {
			if !storable(text) {
				return nil, badFilter("has a text with a character that no value can have (U+0000, or not UTF-8)")
			}
			return text, nil
		}
	case spatial.Integer:
		if n, ok := v.(int64); ok {
			return n, nil
		}
	case spatial.Number:
		switch n := v.(type) {
		case float64:
			return n, nil
		case int64:
			return float64(n), nil
		}
	case spatial.Boolean:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case spatial.Date, spatial.Timestamp:
		if t, ok := v.(time.Time); ok {
			return t.UTC(), nil
		}
	}
	return nil, badFilter("compares something of type %s with a value of another type", of)
}

// storable: PostgreSQL's text holds any UTF-8 but U+0000.
func storable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
