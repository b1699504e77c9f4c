package postgis

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"quanyu/spatial"
)

// Bounds of a filter; a person's is far below them.
const (
	maxFilterDepth = 64
	maxFilterNodes = 2000
	maxFilterList  = 10000
)

// filterCompiler turns an Expr into SQL over alias t.
type filterCompiler struct {
	s     *statement
	c     spatial.Collection
	nodes int
}

// compileFilter gives the SQL of an expression, "true" for nil. Properties are
// looked up in the collection by name, so an Expr of another collection is
// refused and no column but the catalog's is named.
func compileFilter(s *statement, c spatial.Collection, e spatial.Expr) (string, error) {
	if e == nil {
		return "true", nil
	}
	f := filterCompiler{s: s, c: c}
	return f.node(e, 0)
}

func badFilter(format string, args ...any) error {
	return spatial.BadParameter("filter", fmt.Sprintf(format, args...), nil)
}

func (f *filterCompiler) node(e spatial.Expr, depth int) (string, error) {
	if f.nodes++; depth > maxFilterDepth || f.nodes > maxFilterNodes {
		return "", badFilter("is too large: at most %d levels and %d terms are allowed", maxFilterDepth, maxFilterNodes)
	}
	switch e := e.(type) {
	case spatial.And:
		return f.join(e.Items, " AND ", "true", depth)
	case spatial.Or:
		return f.join(e.Items, " OR ", "false", depth)
	case spatial.Not:
		inner, err := f.node(e.Item, depth+1)
		return "(NOT " + inner + ")", err
	case spatial.Compare:
		return f.compare(e)
	case spatial.In:
		return f.in(e)
	case spatial.Between:
		return f.between(e)
	case spatial.Like:
		return f.like(e)
	case spatial.IsNull:
		p, err := f.property(e.Property)
		return "(" + columnOf(p) + " IS NULL)", err
	}
	return "", badFilter("has a term of a kind (%T) that cannot be searched for", e)
}

func (f *filterCompiler) join(items []spatial.Expr, word, empty string, depth int) (string, error) {
	if len(items) == 0 {
		return empty, nil
	}
	parts := make([]string, len(items))
	for i, item := range items {
		var err error
		if parts[i], err = f.node(item, depth+1); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(parts, word) + ")", nil
}

func (f *filterCompiler) property(p spatial.Property) (spatial.Property, error) {
	found, ok := f.c.Property(p.Name)
	if !ok || found.Type == spatial.JSON {
		return spatial.Property{}, badFilter("names %q, which %s cannot be searched by", p.Name, f.c.ID)
	}
	return found, nil
}

var compareOps = map[spatial.CompareOp]bool{
	spatial.Equal: true, spatial.NotEqual: true, spatial.Less: true,
	spatial.LessOrEqual: true, spatial.Greater: true, spatial.GreaterOrEqual: true,
}

func (f *filterCompiler) compare(e spatial.Compare) (string, error) {
	p, err := f.property(e.Property)
	if err != nil {
		return "", err
	}
	v, err := literal(p, e.Value)
	if err != nil {
		return "", err
	}
	if !compareOps[e.Op] {
		return "", badFilter("has the operator %q, which is not known", string(e.Op))
	}
	if p.Type == spatial.StringList { // one element of the list is meant
		if e.Op != spatial.Equal && e.Op != spatial.NotEqual {
			return "", badFilter("orders %s, which is a list", p.Name)
		}
		text := fmt.Sprintf("(%s = ANY (%s))", f.s.bind(v, "text"), columnOf(p))
		if e.Op == spatial.NotEqual {
			text = "(NOT " + text + ")"
		}
		return text, nil
	}
	return fmt.Sprintf("(%s %s %s)", columnOf(p), e.Op, f.s.bind(v, sqlTypes[p.Type])), nil
}

func (f *filterCompiler) in(e spatial.In) (string, error) {
	p, err := f.property(e.Property)
	if err != nil {
		return "", err
	}
	if len(e.Values) > maxFilterList {
		return "", badFilter("lists %d values for %s: at most %d are allowed", len(e.Values), p.Name, maxFilterList)
	}
	values := make([]any, len(e.Values))
	for i, v := range e.Values {
		if values[i], err = literal(p, v); err != nil {
			return "", err
		}
	}
	if p.Type == spatial.StringList {
		return fmt.Sprintf("(%s && %s)", columnOf(p), f.s.bind(values, "text[]")), nil
	}
	return fmt.Sprintf("(%s = ANY (%s))", columnOf(p), f.s.bind(values, sqlTypes[p.Type]+"[]")), nil
}

func (f *filterCompiler) between(e spatial.Between) (string, error) {
	p, err := f.property(e.Property)
	if err != nil {
		return "", err
	}
	low, err := literal(p, e.Low)
	if err != nil {
		return "", err
	}
	high, err := literal(p, e.High)
	if err != nil {
		return "", err
	}
	if p.Type == spatial.StringList {
		return "", badFilter("orders %s, which is a list", p.Name)
	}
	t := sqlTypes[p.Type]
	return fmt.Sprintf("(%s BETWEEN %s AND %s)", columnOf(p), f.s.bind(low, t), f.s.bind(high, t)), nil
}

func (f *filterCompiler) like(e spatial.Like) (string, error) {
	p, err := f.property(e.Property)
	if err != nil {
		return "", err
	}
	if p.Type != spatial.String {
		return "", badFilter("matches %s, which is no text, with like", p.Name)
	}
	if _, err := literal(p, e.Pattern); err != nil {
		return "", err
	}
	if trailing := len(e.Pattern) - len(strings.TrimRight(e.Pattern, `\`)); trailing%2 == 1 {
		return "", badFilter("has a pattern that ends in a backslash with nothing to follow it")
	}
	return fmt.Sprintf("(%s LIKE %s)", columnOf(p), f.s.bind(e.Pattern, "text")), nil
}

// literal checks that a value is of the property's type and can be bound.
func literal(p spatial.Property, v any) (any, error) {
	switch p.Type {
	case spatial.String, spatial.StringList:
		if text, ok := v.(string); ok {
			if !storable(text) {
				return nil, badFilter("has a value for %s with a character that no value can have (U+0000, or not UTF-8)", p.Name)
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
	return nil, badFilter("compares %s, of type %s, with a value of another type", p.Name, p.Type)
}

// storable: PostgreSQL's text holds any UTF-8 but U+0000.
func storable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
