package filter

import (
	"fmt"

	"quanyu/spatial"
)

// isNull = ["NOT"] "NULL", behind IS
func (p *parser) isNull(prop spatial.Property) (spatial.Expr, error) {
	negated := p.keyword("NOT")
	if !p.keyword("NULL") {
		if negated {
			return nil, p.expected("NULL")
		}
		return nil, p.expected("NULL or NOT NULL")
	}
	if negated {
		return spatial.Not{Item: spatial.IsNull{Property: prop}}, p.count()
	}
	return spatial.IsNull{Property: prop}, nil
}

// in = "(" literal {"," literal} ")"
func (p *parser) in(prop spatial.Property) (spatial.Expr, error) {
	if !p.symbol("(") {
		return nil, p.expected("(")
	}
	var values []any
	for {
		value, err := p.value(prop)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		if p.symbol(")") {
			return spatial.In{Property: prop, Values: values}, nil
		}
		if !p.symbol(",") {
			return nil, p.expected("a comma or )")
		}
	}
}

// between = literal "AND" literal
func (p *parser) between(prop spatial.Property) (spatial.Expr, error) {
	if prop.Type == spatial.Boolean || prop.Type == spatial.String {
		return nil, faultAt(p.peek().pos, fmt.Sprintf("BETWEEN takes numbers, dates and timestamps; %s is %s", prop.Name, called[prop.Type].a))
	}
	low, err := p.value(prop)
	if err != nil {
		return nil, err
	}
	if !p.keyword("AND") {
		return nil, p.expected("AND and the upper end of BETWEEN")
	}
	high, err := p.value(prop)
	if err != nil {
		return nil, err
	}
	return spatial.Between{Property: prop, Low: low, High: high}, nil
}

func (p *parser) like(prop spatial.Property) (spatial.Expr, error) {
	t := p.peek()
	if prop.Type != spatial.String {
		return nil, faultAt(t.pos, fmt.Sprintf("LIKE takes text; %s is %s", prop.Name, called[prop.Type].a))
	}
	if t.kind != text {
		return nil, p.expected("a pattern in single quotes (% for any run of characters, _ for one)")
	}
	p.advance()
	if n := trailingBackslashes(t.value); n%2 == 1 {
		return nil, faultAt(t.pos, "the pattern ends in a backslash that takes no character with it; write it twice to mean itself")
	}
	return spatial.Like{Property: prop, Pattern: t.value}, nil
}

// trailingBackslashes counts them: an odd number leaves the last one without
// a character to quote, which PostgreSQL refuses while it runs.
func trailingBackslashes(pattern string) int {
	n := 0
	for n < len(pattern) && pattern[len(pattern)-1-n] == '\\' {
		n++
	}
	return n
}

// value reads a literal and gives it the property's type.
func (p *parser) value(prop spatial.Property) (any, error) {
	if err := p.count(); err != nil {
		return nil, err
	}
	l, err := p.literal()
	if err != nil {
		return nil, err
	}
	return typed(prop, l)
}

// literalAhead tells a literal from a property by its first token or two.
func (p *parser) literalAhead() bool {
	t := p.peek()
	switch {
	case t.kind == text, t.kind == number, t.isSymbol("-"), t.isSymbol("+"):
		return true
	case t.isKeyword("TRUE"), t.isKeyword("FALSE"), t.isKeyword("NULL"):
		return true
	}
	return (t.isKeyword("DATE") || t.isKeyword("TIMESTAMP")) && p.tokens[p.at+1].isSymbol("(")
}

// literal = text | ["+"|"-"] number | TRUE | FALSE | DATE(text) | TIMESTAMP(text)
func (p *parser) literal() (literal, error) {
	t := p.peek()
	switch {
	case t.isKeyword("NULL"):
		return literal{}, faultAt(t.pos, "nothing compares with NULL; write IS NULL or IS NOT NULL")
	case !p.literalAhead():
		return literal{}, p.expected("a literal (text in single quotes, a number, TRUE, FALSE, DATE('…') or TIMESTAMP('…'))")
	}
	p.advance()
	switch {
	case t.kind == text:
		return literal{textLiteral, t.value, t.pos}, nil
	case t.kind == number:
		return literal{numberLiteral, t.value, t.pos}, nil
	case t.isKeyword("TRUE"):
		return literal{booleanLiteral, "TRUE", t.pos}, nil
	case t.isKeyword("FALSE"):
		return literal{booleanLiteral, "FALSE", t.pos}, nil
	case t.isKeyword("DATE"):
		return p.instant(dateLiteral, t.pos)
	case t.isKeyword("TIMESTAMP"):
		return p.instant(timestampLiteral, t.pos)
	}
	if p.peek().kind != number {
		return literal{}, p.expected("a number behind the sign")
	}
	return literal{numberLiteral, t.value + p.advance().value, t.pos}, nil
}

// instant = "(" text ")"
func (p *parser) instant(kind literalKind, pos int) (literal, error) {
	p.symbol("(")
	t := p.peek()
	if t.kind != text {
		return literal{}, p.expected("a date or time in single quotes")
	}
	p.advance()
	if !p.symbol(")") {
		return literal{}, p.expected(")")
	}
	return literal{kind, t.value, pos}, nil
}
