package postgis

import (
	"fmt"
	"strings"

	"quanyu/spatial"
)

func isCompareOp(op spatial.CompareOp) bool {
	switch op {
	case spatial.Equal, spatial.NotEqual, spatial.Less, spatial.LessOrEqual, spatial.Greater, spatial.GreaterOrEqual:
		return true
	}
	return false
}

func (f *filterCompiler) compare(e spatial.Compare) (string, error) {
	if !isCompareOp(e.Op) {
		return "", badFilter("has the operator %q, which is not known", string(e.Op))
	}
	left, err := f.operand(e.Property)
	if err != nil {
		return "", err
	}
	if left.of == spatial.StringList { // one element of the list is meant
		return f.compareElement(e, left)
	}
	right, err := f.right(left, e.Value)
	if err != nil {
		return "", err
	}
	all := []value{left, right}
	if err := alike(all); err != nil {
		return "", err
	}
	return fmt.Sprintf("(%s %s %s)", all[0].sql, e.Op, all[1].sql), nil
}

func (f *filterCompiler) compareElement(e spatial.Compare, list value) (string, error) {
	text, ok := e.Value.(string)
	if !ok || !storable(text) || e.Op != spatial.Equal && e.Op != spatial.NotEqual {
		return "", badFilter("compares a list with something that is no element of one")
	}
	sql := fmt.Sprintf("(%s = ANY (%s))", f.s.bind(text, "text"), list.sql)
	if e.Op == spatial.NotEqual {
		sql = "(NOT " + sql + ")"
	}
	return sql, nil
}

// right gives the value of a literal of the left side's type, or of an operand.
func (f *filterCompiler) right(left value, v any) (value, error) {
	if o, ok := v.(spatial.Operand); ok {
		return f.operand(o)
	}
	bound, err := literal(left.of, v)
	if err != nil {
		return value{}, err
	}
	return value{sql: f.s.bind(bound, sqlTypes[left.of]), of: left.of, from: fromLiteral}, nil
}

// alike brings values to one type. Integers beside numbers become numbers.
// Texts keep the order of the column where one column meets literals, so that
// its index serves; texts of other make are in the order of their code points,
// since two columns may be ordered by two languages.
func alike(values []value) error {
	columns, computed, numbers := 0, 0, 0
	for _, v := range values {
		if v.of != values[0].of && !(isNumeric(v.of) && isNumeric(values[0].of)) {
			return badFilter("compares %s with %s", values[0].of, v.of)
		}
		switch {
		case v.from == fromColumn:
			columns++
		case v.from == fromOther:
			computed++
		}
		if v.of == spatial.Number {
			numbers++
		}
	}
	for i := range values {
		v := &values[i]
		switch {
		case v.of == spatial.String && (columns != 1 || computed > 0):
			v.sql = byCodePoint(v.sql)
		case v.of == spatial.Integer && numbers > 0:
			v.sql += "::double precision"
		}
	}
	return nil
}

func isNumeric(t spatial.PropertyType) bool { return t == spatial.Integer || t == spatial.Number }

func byCodePoint(sql string) string { return "(" + sql + ` COLLATE "C")` }

func (f *filterCompiler) in(e spatial.In) (string, error) {
	if len(e.Values) > maxFilterList {
		return "", badFilter("lists %d values: at most %d are allowed", len(e.Values), maxFilterList)
	}
	left, err := f.operand(e.Property)
	if err != nil {
		return "", err
	}
	for _, v := range e.Values {
		if _, ok := v.(spatial.Operand); ok {
			return f.inOperands(left, e.Values)
		}
	}
	values := make([]any, len(e.Values))
	for i, v := range e.Values {
		if values[i], err = literal(left.of, v); err != nil {
			return "", err
		}
	}
	if left.of == spatial.StringList {
		return fmt.Sprintf("(%s && %s)", left.sql, f.s.bind(values, "text[]")), nil
	}
	if left.of == spatial.String && left.from != fromColumn {
		left.sql = byCodePoint(left.sql)
	}
	return fmt.Sprintf("(%s = ANY (%s))", left.sql, f.s.bind(values, sqlTypes[left.of]+"[]")), nil
}

func (f *filterCompiler) inOperands(left value, values []any) (string, error) {
	if left.of == spatial.StringList {
		return "", badFilter("compares a list with something that is no element of one")
	}
	all, err := f.beside(left, values...)
	if err != nil {
		return "", err
	}
	texts := make([]string, len(values))
	for i := range values {
		texts[i] = all[i+1].sql
	}
	return fmt.Sprintf("(%s IN (%s))", all[0].sql, strings.Join(texts, ", ")), nil
}

// beside gives the left side and all that it is compared with, alike.
func (f *filterCompiler) beside(left value, values ...any) ([]value, error) {
	all := []value{left}
	for _, v := range values {
		right, err := f.right(left, v)
		if err != nil {
			return nil, err
		}
		all = append(all, right)
	}
	return all, alike(all)
}

func (f *filterCompiler) between(e spatial.Between) (string, error) {
	left, err := f.operand(e.Property)
	if err != nil {
		return "", err
	}
	if left.of == spatial.StringList {
		return "", badFilter("orders a list")
	}
	all, err := f.beside(left, e.Low, e.High)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("(%s BETWEEN %s AND %s)", all[0].sql, all[1].sql, all[2].sql), nil
}

func (f *filterCompiler) like(e spatial.Like) (string, error) {
	left, err := f.operand(e.Property)
	if err != nil {
		return "", err
	}
	if left.of != spatial.String {
		return "", badFilter("matches what is no text with like")
	}
	if !storable(e.Pattern) {
		return "", badFilter("has a pattern with a character that no value can have (U+0000, or not UTF-8)")
	}
	if trailing := len(e.Pattern) - len(strings.TrimRight(e.Pattern, `\`)); trailing%2 == 1 {
		return "", badFilter("has a pattern that ends in a backslash with nothing to follow it")
	}
	if left.from == fromColumn && e.Fold == (spatial.Fold{}) {
		return fmt.Sprintf("(%s LIKE %s)", left.sql, f.s.bind(e.Pattern, "text")), nil
	}
	pattern := foldSQL(f.s.bind(plainEscapes(e.Pattern), "text"), e.Fold)
	return fmt.Sprintf("(%s LIKE %s)", byCodePoint(left.sql), byCodePoint(pattern)), nil
}

// plainEscapes takes backslashes away that quote an ordinary character, since
// folding may take that character away and leave them with nothing to quote.
func plainEscapes(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
			if strings.IndexByte(`\%_`, pattern[i]) >= 0 {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}
