package filter

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

type termKind uint8

const (
	nameTerm      termKind = iota // a property; value is its name
	textTerm                      // the literals: value is what they say
	numberTerm                    // with its sign
	booleanTerm                   // TRUE or FALSE
	dateTerm                      //
	timestampTerm                 //
	openTerm                      // '..', an open end of an interval
	intervalTerm                  // args: start and end
	shapeTerm                     // a geometry literal, in shape
	boxTerm                       // args: 4 or 6 numbers
	listTerm                      // args: its items
	callTerm                      // an operator or function, value, with its args
)

// term is a part of a filter as written, before anything has a type. Operators
// and functions are named as in CQL2 JSON, so "and", "isNull", "t_metBy", "+".
type term struct {
	kind    termKind
	value   string
	args    []term
	shape   orb.Geometry // axes as written
	grouped bool         // alone in parentheses
	quoted  bool         // a name in double quotes
	at      place
}

// String names the term to a reader.
func (t term) String() string {
	switch t.kind {
	case nameTerm:
		return "the property " + clipped(t.value)
	case textTerm:
		return "the text '" + clipped(t.value) + "'"
	case openTerm:
		return "the text '..'"
	case numberTerm:
		return "the number " + clipped(t.value)
	case dateTerm:
		return "DATE('" + clipped(t.value) + "')"
	case timestampTerm:
		return "TIMESTAMP('" + clipped(t.value) + "')"
	case intervalTerm:
		return "an interval"
	case shapeTerm, boxTerm:
		return "a geometry"
	case listTerm:
		return "a list"
	case callTerm:
		return "an expression with " + strings.ToUpper(clipped(t.value))
	}
	return t.value
}

func clipped(text string) string {
	if shown := []rune(text); len(shown) > 40 {
		return string(shown[:40]) + "…"
	}
	return text
}

// isLiteral says whether the term takes its type from what it stands against.
func (t term) isLiteral() bool {
	switch t.kind {
	case textTerm, openTerm, numberTerm, booleanTerm, dateTerm, timestampTerm:
		return true
	}
	return false
}

// isCondition says whether the term is true or false by its form.
func (t term) isCondition() bool {
	if t.kind != callTerm {
		return t.kind == booleanTerm
	}
	_, known := operators[t.value]
	return known && !isArithmetic(t.value) && t.value != "casei" && t.value != "accenti"
}

func isArithmetic(op string) bool {
	switch op {
	case "+", "-", "*", "/", "%", "div", "^":
		return true
	}
	return false
}

// arity is how many arguments an operator or function takes; most is 0 where
// there is no upper bound but MaxNodes.
type arity struct{ least, most int }

// operators are those of CQL2 JSON, those of text being the same.
var operators = map[string]arity{
	"and": {2, 0}, "or": {2, 0}, "not": {1, 1},
	"=": {2, 2}, "<>": {2, 2}, "<": {2, 2}, "<=": {2, 2}, ">": {2, 2}, ">=": {2, 2},
	"like": {2, 2}, "between": {3, 3}, "in": {2, 2}, "isNull": {1, 1},
	"casei": {1, 1}, "accenti": {1, 1},
	"s_intersects": {2, 2}, "s_equals": {2, 2}, "s_disjoint": {2, 2}, "s_touches": {2, 2},
	"s_within": {2, 2}, "s_overlaps": {2, 2}, "s_crosses": {2, 2}, "s_contains": {2, 2},
	"t_after": {2, 2}, "t_before": {2, 2}, "t_disjoint": {2, 2}, "t_equals": {2, 2}, "t_intersects": {2, 2},
	"t_contains": {2, 2}, "t_during": {2, 2}, "t_finishedBy": {2, 2}, "t_finishes": {2, 2}, "t_meets": {2, 2},
	"t_metBy": {2, 2}, "t_overlappedBy": {2, 2}, "t_overlaps": {2, 2}, "t_startedBy": {2, 2}, "t_starts": {2, 2},
	"a_equals": {2, 2}, "a_contains": {2, 2}, "a_containedBy": {2, 2}, "a_overlaps": {2, 2},
	"+": {2, 2}, "-": {2, 2}, "*": {2, 2}, "/": {2, 2}, "%": {2, 2}, "div": {2, 2}, "^": {2, 2},
}

// checkArity holds the number of arguments against the operator's.
func checkArity(t term) error {
	n, want := len(t.args), operators[t.value]
	if n >= want.least && (n <= want.most || want.most == 0) {
		return nil
	}
	wanted := fmt.Sprintf("%d arguments", want.least)
	switch {
	case want.most == 0:
		wanted = fmt.Sprintf("%d or more arguments", want.least)
	case want.least == 1:
		wanted = "1 argument"
	}
	return t.at.fault("%s takes %s, not %d", strings.ToUpper(t.value), wanted, n)
}
