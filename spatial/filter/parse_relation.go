package filter

// relation = sum [ comparison sum | ["NOT"] ("IN" list | "BETWEEN" sum "AND" sum | "LIKE" sum)
// | "IS" ["NOT"] "NULL" ]
func (p *parser) relation() (term, error) {
	left, err := p.sum()
	if err != nil {
		return term{}, err
	}
	if op, ok, err := p.comparison(); ok || err != nil {
		if err != nil {
			return term{}, err
		}
		right, err := p.sum()
		return call(op, left.at, left, right), err
	}
	if p.keyword("IS") {
		return p.isNull(left)
	}
	negated := p.keyword("NOT")
	var t term
	switch {
	case p.keyword("IN"):
		t, err = p.in(left)
	case p.keyword("BETWEEN"):
		t, err = p.between(left)
	case p.keyword("LIKE"):
		var pattern term
		pattern, err = p.sum()
		t = call("like", left.at, left, pattern)
	case negated:
		return term{}, p.expected("IN, BETWEEN or LIKE")
	default:
		return left, nil
	}
	if negated {
		t = call("not", left.at, t)
	}
	return t, err
}

// comparison reads a comparison operator, if one stands here.
func (p *parser) comparison() (op string, ok bool, err error) {
	t := p.peek()
	if t.kind != symbol {
		return "", false, nil
	}
	switch t.value {
	case "=", "<>", "<", "<=", ">", ">=":
		p.advance()
		return t.value, true, nil
	case "!=":
		return "", false, p.expected("<>")
	case "==":
		return "", false, p.expected("=")
	}
	return "", false, nil
}

func (p *parser) isNull(left term) (term, error) {
	negated := p.keyword("NOT")
	if !p.keyword("NULL") {
		if negated {
			return term{}, p.expected("NULL")
		}
		return term{}, p.expected("NULL or NOT NULL")
	}
	t := call("isNull", left.at, left)
	if negated {
		t = call("not", left.at, t)
	}
	return t, nil
}

// in = "(" item {"," item} ")"
func (p *parser) in(left term) (term, error) {
	open := p.peek()
	if !p.symbol("(") {
		return term{}, p.expected("(")
	}
	if p.peek().isSymbol(")") {
		return term{}, p.expected("a value")
	}
	items, err := p.items(open.pos, p.sum)
	return call("in", left.at, left, term{kind: listTerm, args: items, at: open.place()}), err
}

// items reads what stands between commas up to the parenthesis that closes the
// one at the character open.
func (p *parser) items(open int, item func() (term, error)) ([]term, error) {
	done, err := p.deeper(open)
	if err != nil {
		return nil, err
	}
	defer done()
	var all []term
	for {
		t, err := item()
		if err != nil {
			return nil, err
		}
		all = append(all, t)
		if p.symbol(")") {
			return all, nil
		}
		if !p.symbol(",") {
			return nil, p.expected("a comma or )")
		}
	}
}

func (p *parser) between(left term) (term, error) {
	low, err := p.sum()
	if err != nil {
		return term{}, err
	}
	if !p.keyword("AND") {
		return term{}, p.expected("AND and the upper end of BETWEEN")
	}
	high, err := p.sum()
	return call("between", left.at, left, low, high), err
}

// sum = product {("+" | "-") product}
func (p *parser) sum() (term, error) { return p.operations(p.product, "+", "-") }

// product = power {("*" | "/" | "%" | "DIV") power}
func (p *parser) product() (term, error) { return p.operations(p.power, "*", "/", "%", "div") }

// operations reads operations of one rank, which group from the left.
func (p *parser) operations(item func() (term, error), ops ...string) (term, error) {
	left, err := item()
	for err == nil {
		op := ""
		for _, one := range ops {
			if p.symbol(one) || one == "div" && p.keyword("DIV") {
				op = one
				break
			}
		}
		if op == "" {
			return left, nil
		}
		var right term
		right, err = item()
		left = call(op, left.at, left, right)
	}
	return term{}, err
}

// power = factor ["^" factor]
func (p *parser) power() (term, error) {
	base, err := p.factor()
	if err != nil || !p.symbol("^") {
		return base, err
	}
	exponent, err := p.factor()
	if err == nil && p.peek().isSymbol("^") {
		return term{}, faultAt(p.peek().pos, "a second ^ needs parentheses round one of the two")
	}
	return call("^", base.at, base, exponent), err
}
