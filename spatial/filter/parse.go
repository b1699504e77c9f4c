package filter

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"quanyu/spatial"
)

// Parse reads CQL2 text into an expression over the queryables of c. A fault
// is an Invalid *spatial.Error about the parameter "filter" that names the
// character, counted from 1, and what was expected there.
func Parse(input string, c spatial.Collection) (spatial.Expr, error) {
	switch {
	case len(input) > MaxBytes:
		return nil, spatial.BadParameter(Parameter, fmt.Sprintf("is %d bytes long; at most %d are read", len(input), MaxBytes), nil)
	case !utf8.ValidString(input) || strings.ContainsRune(input, 0):
		return nil, spatial.BadParameter(Parameter, "must be UTF-8 text without NUL", nil)
	}
	tokens, err := lex(input)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens, collection: c}
	e, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.expected("AND, OR or the end")
	}
	return e, nil
}

// parser walks the grammar of CQL2 by recursive descent. A method reads one
// rule and leaves the parser at the first token after it.
type parser struct {
	tokens     []token
	at         int
	depth      int
	nodes      int
	collection spatial.Collection
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) advance() token {
	t := p.peek()
	if t.kind != end {
		p.at++
	}
	return t
}

func (t token) isKeyword(keyword string) bool {
	return t.kind == word && strings.EqualFold(t.value, keyword)
}

func (t token) isSymbol(s string) bool { return t.kind == symbol && t.value == s }

// keyword and symbol go past the token if it is there.
func (p *parser) keyword(keyword string) bool {
	if p.peek().isKeyword(keyword) {
		p.at++
		return true
	}
	return false
}

func (p *parser) symbol(s string) bool {
	if p.peek().isSymbol(s) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expected(what string) error {
	return faultAt(p.peek().pos, fmt.Sprintf("%s was expected, not %s", what, p.peek()))
}

// count adds a node, and refuses the one that is too many.
func (p *parser) count() error {
	if p.nodes++; p.nodes > MaxNodes {
		return faultAt(p.peek().pos, fmt.Sprintf("the filter has more than %d parts", MaxNodes))
	}
	return nil
}

// disjunction = conjunction {"OR" conjunction}
func (p *parser) disjunction() (spatial.Expr, error) {
	return p.chain("OR", p.conjunction, func(items []spatial.Expr) spatial.Expr { return spatial.Or{Items: items} })
}

// conjunction = factor {"AND" factor}
func (p *parser) conjunction() (spatial.Expr, error) {
	return p.chain("AND", p.factor, func(items []spatial.Expr) spatial.Expr { return spatial.And{Items: items} })
}

func (p *parser) chain(joint string, item func() (spatial.Expr, error), join func([]spatial.Expr) spatial.Expr) (spatial.Expr, error) {
	var items []spatial.Expr
	for {
		e, err := item()
		if err != nil {
			return nil, err
		}
		if items = append(items, e); !p.keyword(joint) {
			break
		}
	}
	if len(items) == 1 {
		return items[0], nil
	}
	return join(items), p.count()
}

// factor = ["NOT"] ( "(" disjunction ")" | "TRUE" | "FALSE" | predicate )
func (p *parser) factor() (spatial.Expr, error) {
	if p.keyword("NOT") {
		e, err := p.primary()
		if err != nil {
			return nil, err
		}
		return spatial.Not{Item: e}, p.count()
	}
	return p.primary()
}

func (p *parser) primary() (spatial.Expr, error) {
	open := p.peek()
	if !p.symbol("(") {
		if err := p.count(); err != nil {
			return nil, err
		}
		if e, ok := p.constant(); ok {
			return e, nil
		}
		return p.predicate()
	}
	if p.depth++; p.depth > MaxDepth {
		return nil, faultAt(open.pos, fmt.Sprintf("parentheses stand more than %d deep", MaxDepth))
	}
	defer func() { p.depth-- }()
	e, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if !p.symbol(")") {
		return nil, p.expected(fmt.Sprintf("AND, OR or the ) that closes character %d", open.pos))
	}
	return e, nil
}

// constant reads TRUE or FALSE where no comparison follows: the And of nothing
// holds always, the Or of nothing never.
func (p *parser) constant() (spatial.Expr, bool) {
	t := p.peek()
	if !t.isKeyword("TRUE") && !t.isKeyword("FALSE") || p.tokens[p.at+1].isComparison() {
		return nil, false
	}
	p.advance()
	if t.isKeyword("TRUE") {
		return spatial.And{}, true
	}
	return spatial.Or{}, true
}
