package filter

import "strings"

// factor = "(" ")" | "(" disjunction {"," disjunction} ")" | ["+" | "-"] number | "-" name
// | text | TRUE | FALSE | name | function "(" arguments ")" | a literal of parse_literal.go
func (p *parser) factor() (term, error) {
	t := p.peek()
	switch {
	case t.isSymbol("("):
		return p.parenthesis()
	case t.isSymbol("-"), t.isSymbol("+"):
		return p.signed()
	case t.kind == number:
		p.advance()
		return term{kind: numberTerm, value: t.value, at: t.place()}, nil
	case t.kind == text:
		p.advance()
		return term{kind: textTerm, value: t.value, at: t.place()}, nil
	case t.isKeyword("TRUE"), t.isKeyword("FALSE"):
		p.advance()
		return term{kind: booleanTerm, value: strings.ToUpper(t.value), at: t.place()}, nil
	case t.isKeyword("NULL"):
		return term{}, faultAt(t.pos, "nothing compares with NULL; write IS NULL or IS NOT NULL")
	case t.kind == word && p.ahead(1).isSymbol("("), p.atShapeWithZ():
		return p.function()
	case t.kind == quoted, t.kind == word && !isKeyword(t.value):
		p.advance()
		return term{kind: nameTerm, value: t.value, quoted: t.kind == quoted, at: t.place()}, nil
	}
	return term{}, p.expected("a property, a literal (text in single quotes, a number, TRUE, FALSE, DATE('…') or TIMESTAMP('…')) or a function")
}

// signed reads a number with its sign, or a property with a minus, which means
// -1 times the property since CQL2 JSON has no sign.
func (p *parser) signed() (term, error) {
	sign := p.advance()
	t := p.peek()
	switch {
	case t.kind == number:
		p.advance()
		return term{kind: numberTerm, value: sign.value + t.value, at: sign.place()}, nil
	case sign.value == "-" && (t.kind == quoted || t.kind == word && !isKeyword(t.value)):
		p.advance()
		minusOne := term{kind: numberTerm, value: "-1", at: sign.place()}
		return call("*", sign.place(), minusOne, term{kind: nameTerm, value: t.value, quoted: t.kind == quoted, at: t.place()}), nil
	}
	return term{}, p.expected("a number behind the sign")
}

// parenthesis reads a group of one, or a list.
func (p *parser) parenthesis() (term, error) {
	open := p.advance()
	if p.symbol(")") {
		return term{kind: listTerm, at: open.place()}, nil
	}
	done, err := p.deeper(open.pos)
	if err != nil {
		return term{}, err
	}
	first, err := p.disjunction()
	done()
	if err != nil {
		return term{}, err
	}
	if p.symbol(")") {
		first.grouped = true
		return first, nil
	}
	if !p.symbol(",") {
		return term{}, p.expected(behind(first, "the ) that closes") + closes(first, open))
	}
	rest, err := p.items(open.pos, p.disjunction)
	return term{kind: listTerm, args: append([]term{first}, rest...), at: open.place()}, err
}

func closes(t term, open token) string {
	if !t.isCondition() {
		return ", or the ) that closes " + open.place().String()
	}
	return " " + open.place().String()
}

// function reads a name and its arguments in parentheses.
func (p *parser) function() (term, error) {
	name := p.advance()
	upper := strings.ToUpper(name.value)
	switch upper {
	case "DATE", "TIMESTAMP":
		return p.instant(name)
	case "INTERVAL":
		return p.interval(name)
	case "BBOX":
		return p.box(name)
	}
	if isShape(upper) {
		return p.shape(name)
	}
	op, ok := functionNamed(name.value)
	if !ok {
		return term{}, noFunction(name.place(), name.value)
	}
	open := p.advance()
	if p.peek().isSymbol(")") {
		return term{}, p.expected("an argument")
	}
	args, err := p.items(open.pos, p.disjunction)
	if err != nil {
		return term{}, err
	}
	t := call(op, name.place(), args...)
	return t, checkArity(t)
}

// functionNamed finds the function of a name in any case; the operators that
// are written as symbols or between their arguments are none.
func functionNamed(name string) (string, bool) {
	for op := range operators {
		if strings.EqualFold(op, name) && (strings.Contains(op, "_") || op == "casei" || op == "accenti") {
			return op, true
		}
	}
	return "", false
}
