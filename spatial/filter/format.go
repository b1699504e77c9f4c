package filter

import (
	"strings"

	"quanyu/spatial"
)

// Format writes an expression as CQL2 text, geometries in the axis order of
// their CRS. Whatever Parse gives is read back equal. An And or Or of one item
// is written as that item; of none, as TRUE or FALSE, which is what they mean.
func Format(e spatial.Expr) string {
	var w writer
	w.expr(e)
	return w.String()
}

type writer struct{ strings.Builder }

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

func (w *writer) expr(e spatial.Expr) {
	switch e := e.(type) {
	case spatial.And:
		w.chain(e.Items, " AND ", "TRUE")
	case spatial.Or:
		w.chain(e.Items, " OR ", "FALSE")
	case spatial.Not:
		w.not(e)
	case spatial.SpatialRelation:
		w.call(string(e.Op), e.Left, e.Right)
	case spatial.TemporalRelation:
		w.call(string(e.Op), e.Left, e.Right)
	case spatial.ArrayRelation:
		w.call(string(e.Op), e.Left, e.Right)
	default:
		w.comparison(e, "")
	}
}

// chain puts parentheses round every connective inside, so that the shape of
// the tree survives.
func (w *writer) chain(items []spatial.Expr, joint, none string) {
	if len(items) == 0 {
		w.add(none)
		return
	}
	for i, item := range items {
		if i > 0 {
			w.add(joint)
		}
		if len(items) > 1 && isChain(item) {
			w.add("(")
			w.expr(item)
			w.add(")")
		} else {
			w.expr(item)
		}
	}
}

func isChain(e spatial.Expr) bool {
	switch e.(type) {
	case spatial.And, spatial.Or:
		return true
	}
	return false
}

func (w *writer) not(e spatial.Not) {
	switch e.Item.(type) {
	case spatial.In, spatial.Between, spatial.Like, spatial.IsNull:
		w.comparison(e.Item, "NOT ")
	default:
		w.add("NOT (")
		w.expr(e.Item)
		w.add(")")
	}
}

func (w *writer) call(name string, args ...spatial.Operand) {
	w.add(strings.ToUpper(name), "(")
	for i, a := range args {
		if i > 0 {
			w.add(", ")
		}
		w.operand(a)
	}
	w.add(")")
}

func (w *writer) comparison(e spatial.Expr, not string) {
	switch e := e.(type) {
	case spatial.Compare:
		w.operand(e.Property)
		w.add(" ", string(e.Op), " ")
		w.value(e.Property, e.Value)
	case spatial.In:
		w.operand(e.Property)
		w.add(" ", not, "IN (")
		for i, v := range e.Values {
			if i > 0 {
				w.add(", ")
			}
			w.value(e.Property, v)
		}
		w.add(")")
	case spatial.Between:
		w.operand(e.Property)
		w.add(" ", not, "BETWEEN ")
		w.value(e.Property, e.Low)
		w.add(" AND ")
		w.value(e.Property, e.High)
	case spatial.Like:
		w.operand(e.Property)
		w.add(" ", not, "LIKE ")
		w.fold(e.Fold, func() { w.add(quoteText(e.Pattern)) })
	case spatial.IsNull:
		w.operand(e.Property)
		w.add(" IS ", not, "NULL")
	}
}

// value writes a literal of the operand's type, or another operand.
func (w *writer) value(of spatial.Operand, v any) {
	if o, ok := v.(spatial.Operand); ok {
		w.operand(o)
		return
	}
	w.add(literal(of.ValueType(), v))
}

func (w *writer) fold(f spatial.Fold, inside func()) {
	closing := ""
	if f.Accent {
		w.add("ACCENTI(")
		closing += ")"
	}
	if f.Case {
		w.add("CASEI(")
		closing += ")"
	}
	inside()
	w.add(closing)
}
