package filter

import (
	"strings"

	"quanyu/spatial"
)

// resolver gives terms their types.
type resolver struct {
	collection spatial.Collection
	crs        spatial.CRS
	nodes      int
	depth      int
}

// level opens a level of the tree, which the caller closes by the function
// given, and counts a node.
func (r *resolver) level(at place) (done func(), err error) {
	if r.depth++; r.depth > MaxDepth {
		return nil, at.fault("the filter has more than %d levels", MaxDepth)
	}
	return func() { r.depth-- }, r.count(at)
}

// count adds a node, and refuses the one that is too many.
func (r *resolver) count(at place) error {
	if r.nodes++; r.nodes > MaxNodes {
		return at.fault("the filter has more than %d parts", MaxNodes)
	}
	return nil
}

// predicate resolves a term that is to be true or false.
func (r *resolver) predicate(t term) (spatial.Expr, error) {
	if t.kind == booleanTerm {
		if err := r.count(t.at); err != nil {
			return nil, err
		}
		if t.value == "TRUE" {
			return spatial.And{}, nil
		}
		return spatial.Or{}, nil
	}
	if !t.isCondition() {
		return nil, t.at.fault("%s is no condition; a comparison or a function that compares was expected", t)
	}
	done, err := r.level(t.at)
	if err != nil {
		return nil, err
	}
	defer done()
	switch t.value {
	case "and":
		items, err := r.predicates(t.args)
		return spatial.And{Items: items}, err
	case "or":
		items, err := r.predicates(t.args)
		return spatial.Or{Items: items}, err
	case "not":
		item, err := r.predicate(t.args[0])
		return spatial.Not{Item: item}, err
	case "like":
		return r.like(t)
	case "between":
		return r.between(t)
	case "in":
		return r.in(t)
	case "isNull":
		operand, err := r.anything(t.args[0])
		return spatial.IsNull{Property: operand}, err
	}
	switch family, _, _ := strings.Cut(t.value, "_"); family {
	case "s":
		return r.spatialRelation(t)
	case "t":
		return r.temporalRelation(t)
	case "a":
		return r.arrayRelation(t)
	}
	return r.compare(t)
}

func (r *resolver) predicates(terms []term) ([]spatial.Expr, error) {
	all := make([]spatial.Expr, len(terms))
	for i, t := range terms {
		var err error
		if all[i], err = r.predicate(t); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mirror is the operator that means the same with its sides exchanged.
func mirror(op spatial.CompareOp) spatial.CompareOp {
	switch op {
	case spatial.Less:
		return spatial.Greater
	case spatial.LessOrEqual:
		return spatial.GreaterOrEqual
	case spatial.Greater:
		return spatial.Less
	case spatial.GreaterOrEqual:
		return spatial.LessOrEqual
	}
	return op
}

// compare resolves a comparison; a literal on the left goes to the right,
// where an index can serve it.
func (r *resolver) compare(t term) (spatial.Expr, error) {
	op, left, right := spatial.CompareOp(t.value), t.args[0], t.args[1]
	if left.isLiteral() && !right.isLiteral() {
		op, left, right = mirror(op), right, left
	}
	operand, err := r.scalar(left, "compared")
	if err != nil {
		return nil, err
	}
	value, err := r.value(operand, left, right)
	return spatial.Compare{Op: op, Property: operand, Value: value}, err
}

// value resolves what stands against an operand: a literal takes its type.
func (r *resolver) value(operand spatial.Operand, of, t term) (any, error) {
	if t.isLiteral() {
		return typed(subject(operand, of), operand.ValueType(), t)
	}
	other, err := r.scalar(t, "compared")
	if err != nil {
		return nil, err
	}
	a, b := operand.ValueType(), other.ValueType()
	if a != b && !(isNumeric(a) && isNumeric(b)) {
		return nil, t.at.fault("%s is %s, so %s does not compare with it, which is %s", subject(operand, of), called(a).a, t, called(b).a)
	}
	return other, nil
}

func isNumeric(t spatial.PropertyType) bool { return t == spatial.Integer || t == spatial.Number }

// subject is how a fault calls an operand.
func subject(operand spatial.Operand, t term) string {
	switch operand := operand.(type) {
	case spatial.Property:
		return operand.Name
	case spatial.FeatureGeometry:
		return geometryName
	}
	return t.String()
}

func (r *resolver) in(t term) (spatial.Expr, error) {
	operand, err := r.scalar(t.args[0], "looked up in a list")
	if err != nil {
		return nil, err
	}
	if t.args[1].kind != listTerm || len(t.args[1].args) == 0 {
		return nil, t.args[1].at.fault("a list of values was expected, with something in it")
	}
	values := make([]any, len(t.args[1].args))
	for i, item := range t.args[1].args {
		if err := r.count(item.at); err != nil {
			return nil, err
		}
		if values[i], err = r.value(operand, t.args[0], item); err != nil {
			return nil, err
		}
	}
	return spatial.In{Property: operand, Values: values}, nil
}

// between takes dates and timestamps too, which the standard leaves to <= and
// >=.
func (r *resolver) between(t term) (spatial.Expr, error) {
	operand, err := r.scalar(t.args[0], "compared")
	if err != nil {
		return nil, err
	}
	if of := operand.ValueType(); of == spatial.Boolean || of == spatial.String {
		return nil, t.args[0].at.fault("BETWEEN takes numbers, dates and timestamps; %s is %s", subject(operand, t.args[0]), called(of).a)
	}
	low, err := r.value(operand, t.args[0], t.args[1])
	if err != nil {
		return nil, err
	}
	high, err := r.value(operand, t.args[0], t.args[2])
	return spatial.Between{Property: operand, Low: low, High: high}, err
}

func (r *resolver) like(t term) (spatial.Expr, error) {
	operand, err := r.scalar(t.args[0], "matched")
	if err != nil {
		return nil, err
	}
	if of := operand.ValueType(); of != spatial.String {
		return nil, t.args[0].at.fault("LIKE takes text; %s is %s", subject(operand, t.args[0]), called(of).a)
	}
	pattern, fold := t.args[1], spatial.Fold{}
	for pattern.kind == callTerm && (pattern.value == "casei" || pattern.value == "accenti") {
		fold = folded(fold, pattern.value)
		pattern = pattern.args[0]
	}
	if pattern.kind != textTerm {
		return nil, pattern.at.fault("a pattern in quotes was expected (%% for any run of characters, _ for one), not %s", pattern)
	}
	if n := trailingBackslashes(pattern.value); n%2 == 1 {
		return nil, pattern.at.fault("the pattern ends in a backslash that takes no character with it; write it twice to mean itself")
	}
	return spatial.Like{Property: operand, Pattern: pattern.value, Fold: fold}, nil
}

func folded(f spatial.Fold, op string) spatial.Fold {
	return spatial.Fold{Case: f.Case || op == "casei", Accent: f.Accent || op == "accenti"}
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
