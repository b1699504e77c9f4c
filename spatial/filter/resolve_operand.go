package filter

import "quanyu/spatial"

// scalar resolves a term that is to be one text, number, boolean, date or
// timestamp; verb says in faults what it cannot be.
func (r *resolver) scalar(t term, verb string) (spatial.Operand, error) {
	operand, err := r.anything(t)
	if err != nil {
		return nil, err
	}
	switch of := operand.ValueType(); of {
	case spatial.String, spatial.Integer, spatial.Number, spatial.Boolean, spatial.Date, spatial.Timestamp:
		return operand, nil
	default:
		return nil, t.at.fault("%s is %s, which cannot be %s; write %s", subject(operand, t), called(of).a, verb, called(of).literal)
	}
}

// anything resolves a term that is no list.
func (r *resolver) anything(t term) (spatial.Operand, error) {
	switch t.kind {
	case nameTerm:
		return named(r.collection, t)
	case intervalTerm:
		return r.period(t)
	case shapeTerm:
		return r.shape(t)
	case boxTerm:
		return r.box(t)
	case listTerm:
		return nil, t.at.fault("a list has its place in IN and in functions such as A_CONTAINS only")
	}
	if t.isLiteral() {
		return natural(t)
	}
	done, err := r.level(t.at)
	if err != nil {
		return nil, err
	}
	defer done()
	switch {
	case isArithmetic(t.value):
		return r.arithmetic(t)
	case t.value == "casei", t.value == "accenti":
		return r.fold(t)
	}
	e, err := r.predicate(t)
	return spatial.Condition{Expr: e}, err
}

func (r *resolver) arithmetic(t term) (spatial.Operand, error) {
	left, err := r.numeric(t.args[0])
	if err != nil {
		return nil, err
	}
	right, err := r.numeric(t.args[1])
	return spatial.Arithmetic{Op: spatial.ArithmeticOp(t.value), Left: left, Right: right}, err
}

func (r *resolver) numeric(t term) (spatial.Operand, error) {
	operand, err := r.anything(t)
	if err == nil && !isNumeric(operand.ValueType()) {
		return nil, t.at.fault("arithmetic takes numbers; %s is %s", subject(operand, t), called(operand.ValueType()).a)
	}
	return operand, err
}

// fold resolves CASEI and ACCENTI. Either may stand in the other, and which
// comes first makes no difference, so that both are one Folded.
func (r *resolver) fold(t term) (spatial.Operand, error) {
	operand, err := r.anything(t.args[0])
	if err != nil {
		return nil, err
	}
	if of := operand.ValueType(); of != spatial.String {
		return nil, t.args[0].at.fault("CASEI and ACCENTI take text; %s is %s", subject(operand, t.args[0]), called(of).a)
	}
	if inner, ok := operand.(spatial.Folded); ok {
		return spatial.Folded{Of: inner.Of, Fold: folded(inner.Fold, t.value)}, nil
	}
	return spatial.Folded{Of: operand, Fold: folded(spatial.Fold{}, t.value)}, nil
}

// period resolves INTERVAL.
func (r *resolver) period(t term) (spatial.Operand, error) {
	start, err := r.end(t.args[0])
	if err != nil {
		return nil, err
	}
	end, err := r.end(t.args[1])
	if err != nil || start == nil || end == nil {
		return spatial.Period{Start: start, End: end}, err
	}
	if a, b := start.ValueType(), end.ValueType(); a != b {
		return nil, t.at.fault("both ends must be dates, or both timestamps; one is %s, the other %s", called(a).a, called(b).a)
	}
	a, aFixed := start.(spatial.Literal)
	b, bFixed := end.(spatial.Literal)
	if aFixed && bFixed && after(a, b) {
		return nil, t.at.fault("the interval begins after it ends")
	}
	return spatial.Period{Start: start, End: end}, nil
}

// end is an end of an interval; nil is open.
func (r *resolver) end(t term) (spatial.Operand, error) {
	if t.kind == openTerm {
		return nil, nil
	}
	operand, err := r.anything(t)
	if err != nil {
		return nil, err
	}
	if of := operand.ValueType(); !isTime(of) {
		return nil, t.at.fault("an interval has dates or timestamps as its ends; %s is %s", subject(operand, t), called(of).a)
	}
	return operand, nil
}

func isTime(t spatial.PropertyType) bool { return t == spatial.Date || t == spatial.Timestamp }
