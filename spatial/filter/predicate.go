package filter

import (
	"fmt"
	"slices"
	"strings"

	"quanyu/spatial"
)

// keywords cannot be property names unless quoted.
var keywords = []string{"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL", "TRUE", "FALSE", "DATE", "TIMESTAMP", "INTERVAL", "CASEI", "ACCENTI", "DIV"}

func isKeyword(name string) bool { return slices.Contains(keywords, strings.ToUpper(name)) }

// predicate = property relation | literal comparison property
func (p *parser) predicate() (spatial.Expr, error) {
	if p.literalAhead() {
		return p.swapped()
	}
	prop, err := p.property()
	if err != nil {
		return nil, err
	}
	negated := p.keyword("NOT")
	e, err := p.relation(prop, negated)
	if err != nil || !negated {
		return e, err
	}
	return spatial.Not{Item: e}, p.count()
}

// relation is what stands behind a property; after NOT only a word can.
func (p *parser) relation(prop spatial.Property, negated bool) (spatial.Expr, error) {
	if !negated {
		if p.keyword("IS") {
			return p.isNull(prop)
		}
		if op, at, ok, err := p.operator(); ok || err != nil {
			if err != nil {
				return nil, err
			}
			l, err := p.literal()
			if err != nil {
				return nil, err
			}
			return compare(prop, op, at, l)
		}
	}
	switch {
	case p.keyword("IN"):
		return p.in(prop)
	case p.keyword("BETWEEN"):
		return p.between(prop)
	case p.keyword("LIKE"):
		return p.like(prop)
	case negated:
		return nil, p.expected("IN, BETWEEN or LIKE")
	}
	return nil, p.expected("=, <>, <, <=, >, >=, IN, BETWEEN, LIKE or IS")
}

// property reads a name that is no keyword.
func (p *parser) property() (spatial.Property, error) {
	t := p.peek()
	if t.kind != quoted && (t.kind != word || isKeyword(t.value)) {
		return spatial.Property{}, p.expected("a property, a literal, NOT or (")
	}
	p.advance()
	if t.kind == word && p.peek().isSymbol("(") {
		return spatial.Property{}, faultAt(t.pos, fmt.Sprintf("functions such as %s are not understood yet", t))
	}
	return property(p.collection, t)
}

// operator reads a comparison operator, if one stands here, with its place.
func (p *parser) operator() (op spatial.CompareOp, at int, ok bool, err error) {
	t := p.peek()
	if t.kind != symbol {
		return "", 0, false, nil
	}
	switch op := spatial.CompareOp(t.value); op {
	case spatial.Equal, spatial.NotEqual, spatial.Less, spatial.LessOrEqual, spatial.Greater, spatial.GreaterOrEqual:
		p.advance()
		return op, t.pos, true, nil
	case "!=":
		return "", 0, false, p.expected("<>")
	case "==":
		return "", 0, false, p.expected("=")
	}
	return "", 0, false, nil
}

func (t token) isComparison() bool {
	_, known := mirror[spatial.CompareOp(t.value)]
	return t.kind == symbol && known
}

// mirror is the operator that means the same with its sides exchanged.
var mirror = map[spatial.CompareOp]spatial.CompareOp{
	spatial.Equal: spatial.Equal, spatial.NotEqual: spatial.NotEqual,
	spatial.Less: spatial.Greater, spatial.Greater: spatial.Less,
	spatial.LessOrEqual: spatial.GreaterOrEqual, spatial.GreaterOrEqual: spatial.LessOrEqual,
}

// swapped reads literal comparison property, and turns it round.
func (p *parser) swapped() (spatial.Expr, error) {
	l, err := p.literal()
	if err != nil {
		return nil, err
	}
	op, at, ok, err := p.operator()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.expected("=, <>, <, <=, > or >=")
	}
	if p.literalAhead() {
		return nil, p.expected("a property")
	}
	prop, err := p.property()
	if err != nil {
		return nil, err
	}
	return compare(prop, mirror[op], at, l)
}

func compare(prop spatial.Property, op spatial.CompareOp, at int, l literal) (spatial.Expr, error) {
	if prop.Type == spatial.Boolean && op != spatial.Equal && op != spatial.NotEqual {
		return nil, faultAt(at, fmt.Sprintf("%s is a boolean, so = or <> was expected, not %s", prop.Name, op))
	}
	value, err := typed(prop, l)
	if err != nil {
		return nil, err
	}
	return spatial.Compare{Op: op, Property: prop, Value: value}, nil
}
