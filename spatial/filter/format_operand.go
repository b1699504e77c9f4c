package filter

import (
	"strconv"
	"strings"
	"time"

	"quanyu/spatial"
)

func (w *writer) operand(o spatial.Operand) {
	switch o := o.(type) {
	case spatial.Property:
		w.add(name(o))
	case spatial.Literal:
		w.add(literal(o.Type, o.Value))
	case spatial.Arithmetic:
		w.arithmetic(o)
	case spatial.Folded:
		w.fold(o.Fold, func() { w.operand(o.Of) })
	case spatial.Condition:
		w.add("(")
		w.expr(o.Expr)
		w.add(")")
	case spatial.FeatureGeometry:
		w.add(geometryName)
	case spatial.Shape:
		w.shape(o)
	case spatial.BBox:
		w.box(o)
	case spatial.Period:
		w.add("INTERVAL(", periodEnd(o.Start), ", ", periodEnd(o.End), ")")
	case spatial.List:
		w.add("(")
		for i, item := range o.Items {
			if i > 0 {
				w.add(", ")
			}
			w.operand(item)
		}
		w.add(")")
	}
}

// rank is how tightly an operator binds.
func rank(op spatial.ArithmeticOp) int {
	switch op {
	case spatial.Add, spatial.Subtract:
		return 1
	case spatial.Power:
		return 3
	}
	return 2
}

// arithmetic writes parentheses where the grammar would group otherwise: from
// the left within a rank, and not at all for powers.
func (w *writer) arithmetic(a spatial.Arithmetic) {
	side := func(o spatial.Operand, loosest int) {
		if inner, ok := o.(spatial.Arithmetic); ok && rank(inner.Op) < loosest {
			w.add("(")
			w.arithmetic(inner)
			w.add(")")
			return
		}
		w.operand(o)
	}
	own := rank(a.Op)
	left := own
	if a.Op == spatial.Power {
		left++
	}
	side(a.Left, left)
	w.add(" ", strings.ToUpper(string(a.Op)), " ")
	side(a.Right, own+1)
}

// periodEnd writes an end of an interval, which has no DATE or TIMESTAMP round it.
func periodEnd(o spatial.Operand) string {
	switch o := o.(type) {
	case spatial.Property:
		return name(o)
	case spatial.Literal:
		return "'" + instant(o.Type, o.Value) + "'"
	}
	return "'..'"
}

// name quotes what would not be read as a plain name.
func name(p spatial.Property) string {
	first, plain := true, p.Name != "" && !isKeyword(p.Name)
	for _, r := range p.Name {
		if plain = plain && (isNameStart(r) || !first && isNamePart(r)); !plain {
			break
		}
		first = false
	}
	if plain {
		return p.Name
	}
	return `"` + strings.ReplaceAll(p.Name, `"`, `""`) + `"`
}

func literal(of spatial.PropertyType, v any) string {
	switch v := v.(type) {
	case string:
		return quoteText(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return decimal(v)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case time.Time:
		if of == spatial.Date {
			return "DATE('" + instant(of, v) + "')"
		}
		return "TIMESTAMP('" + instant(of, v) + "')"
	}
	return "NULL"
}

func instant(of spatial.PropertyType, v any) string {
	t, _ := v.(time.Time)
	if of == spatial.Date {
		return t.UTC().Format(time.DateOnly)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// quoteText doubles quotes, and backslashes that would take the next character
// with them.
func quoteText(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for i := range len(s) {
		switch {
		case s[i] == '\'':
			b.WriteByte('\'')
		case s[i] == '\\' && (i+1 == len(s) || strings.IndexByte(escapes, s[i+1]) >= 0):
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('\'')
	return b.String()
}
