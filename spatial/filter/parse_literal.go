package filter

import (
	"strconv"
	"strings"
)

// instant = ("DATE" | "TIMESTAMP") "(" text ")"
func (p *parser) instant(name token) (term, error) {
	p.symbol("(")
	t := p.peek()
	if t.kind != text {
		return term{}, p.expected("a date or time in single quotes")
	}
	p.advance()
	if !p.symbol(")") {
		return term{}, p.expected(")")
	}
	kind := dateTerm
	if name.isKeyword("TIMESTAMP") {
		kind = timestampTerm
	}
	return term{kind: kind, value: t.value, at: name.place()}, nil
}

// interval = "INTERVAL" "(" end "," end ")"; end = text | name
func (p *parser) interval(name token) (term, error) {
	open := p.advance()
	ends, err := p.items(open.pos, func() (term, error) {
		t := p.peek()
		if t.kind != text && t.kind != quoted && (t.kind != word || isKeyword(t.value)) {
			return term{}, p.expected("a date or time in single quotes, '..' or a property")
		}
		p.advance()
		if t.kind != text {
			return term{kind: nameTerm, value: t.value, quoted: t.kind == quoted, at: t.place()}, nil
		}
		return intervalEnd(t.value, t.place()), nil
	})
	if err != nil {
		return term{}, err
	}
	if len(ends) != 2 {
		return term{}, faultAt(name.pos, "INTERVAL takes 2 ends, not %d", len(ends))
	}
	return term{kind: intervalTerm, args: ends, at: name.place()}, nil
}

// intervalEnd is the term of text in an interval: a time of day makes it a
// timestamp.
func intervalEnd(value string, at place) term {
	switch {
	case value == "..":
		return term{kind: openTerm, value: value, at: at}
	case strings.Contains(value, "T"):
		return term{kind: timestampTerm, value: value, at: at}
	}
	return term{kind: dateTerm, value: value, at: at}
}

// box = "BBOX" "(" number {"," number} ")"
func (p *parser) box(name token) (term, error) {
	open := p.advance()
	numbers, err := p.items(open.pos, func() (term, error) {
		t := p.peek()
		v, err := p.signedNumber()
		return term{kind: numberTerm, value: strconv.FormatFloat(v, 'g', -1, 64), at: t.place()}, err
	})
	return term{kind: boxTerm, args: numbers, at: name.place()}, err
}

func (p *parser) signedNumber() (float64, error) {
	start, sign := p.peek(), ""
	if start.isSymbol("-") || start.isSymbol("+") {
		sign = p.advance().value
	}
	if p.peek().kind != number {
		return 0, p.expected("a number")
	}
	v, err := strconv.ParseFloat(sign+p.advance().value, 64)
	if err != nil {
		return 0, faultAt(start.pos, "the number is too large")
	}
	return v, nil
}
