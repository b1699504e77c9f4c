package filter

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"quanyu/spatial"
)

// Parse reads CQL2 text over the queryables of c, its geometries in CRS84. A
// fault is an Invalid *spatial.Error about the parameter "filter" that names
// the character, counted from 1, and what was expected there.
func Parse(input string, c spatial.Collection) (spatial.Expr, error) {
	return ParseText(input, spatial.CRS84, c)
}

// ParseText is Parse for geometries in another CRS.
func ParseText(input string, crs spatial.CRS, c spatial.Collection) (spatial.Expr, error) {
	if err := checkInput(input); err != nil {
		return nil, err
	}
	tokens, err := lex(input)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens}
	t, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != end || !t.isCondition() {
		return nil, p.expected(behind(t, "the end"))
	}
	r := resolver{collection: c, crs: crs}
	return r.predicate(t)
}

func checkInput(input string) error {
	switch {
	case len(input) > MaxBytes:
		return spatial.BadParameter(Parameter, fmt.Sprintf("is %d bytes long; at most %d are read", len(input), MaxBytes), nil)
	case !utf8.ValidString(input) || strings.ContainsRune(input, 0):
		return spatial.BadParameter(Parameter, "must be UTF-8 text without NUL", nil)
	}
	return nil
}

// behind says what may follow a term besides what closes it.
func behind(t term, closing string) string {
	if t.isCondition() {
		return "AND, OR or " + closing
	}
	return "=, <>, <, <=, >, >=, IN, BETWEEN, LIKE or IS"
}

// parser walks the grammar of CQL2 by recursive descent. A method reads one
// rule and leaves the parser at the first token after it. Conditions, numbers
// and lists all begin with the same parenthesis, so one set of rules reads
// them all, and the resolver says which of them has a meaning where.
type parser struct {
	tokens   []token
	at       int
	depth    int
	vertices int
}

func (p *parser) peek() token { return p.tokens[p.at] }

// ahead is the token n behind the next one.
func (p *parser) ahead(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

func (p *parser) advance() token {
	t := p.peek()
	if t.kind != end {
		p.at++
	}
	return t
}

func (t token) place() place { return place{character: t.pos} }

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
	return faultAt(p.peek().pos, "%s was expected, not %s", what, p.peek())
}

// deeper opens a level of nesting, which done closes.
func (p *parser) deeper(at int) (done func(), err error) {
	if p.depth++; p.depth > maxNesting {
		return nil, faultAt(at, "parentheses stand more than %d deep", maxNesting)
	}
	return func() { p.depth-- }, nil
}

// disjunction = conjunction {"OR" conjunction}
func (p *parser) disjunction() (term, error) { return p.chain("or", p.conjunction) }

// conjunction = negation {"AND" negation}
func (p *parser) conjunction() (term, error) { return p.chain("and", p.negation) }

func (p *parser) chain(joint string, item func() (term, error)) (term, error) {
	first, err := item()
	if err != nil || !p.peek().isKeyword(joint) {
		return first, err
	}
	whole := term{kind: callTerm, value: joint, args: []term{first}, at: first.at}
	for p.keyword(joint) {
		next, err := item()
		if err != nil {
			return term{}, err
		}
		whole.args = append(whole.args, next)
	}
	return whole, nil
}

// negation = ["NOT"] relation
func (p *parser) negation() (term, error) {
	start := p.peek()
	if !p.keyword("NOT") {
		return p.relation()
	}
	item, err := p.relation()
	return call("not", start.place(), item), err
}

func call(op string, at place, args ...term) term {
	return term{kind: callTerm, value: op, args: args, at: at}
}

// keywords cannot be property names unless quoted.
var keywords = []string{"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL", "TRUE", "FALSE", "DATE", "TIMESTAMP", "INTERVAL", "CASEI", "ACCENTI", "DIV"}

func isKeyword(name string) bool { return slices.Contains(keywords, strings.ToUpper(name)) }
