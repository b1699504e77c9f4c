package filter

import (
	"strings"
	"time"

	"quanyu/spatial"
)

func after(a, b spatial.Literal) bool {
	start, _ := a.Value.(time.Time)
	end, _ := b.Value.(time.Time)
	return start.After(end)
}

func (r *resolver) spatialRelation(t term) (spatial.Expr, error) {
	relation := spatial.SpatialRelation{Op: spatial.SpatialOp(t.value)}
	for i, side := range []*spatial.Operand{&relation.Left, &relation.Right} {
		operand, err := r.anything(t.args[i])
		if err != nil {
			return nil, err
		}
		if operand.ValueType() != spatial.GeometryValue {
			return nil, t.args[i].at.fault("%s takes geometries (%s, POINT(…), BBOX(…) and their like), not %s", strings.ToUpper(t.value), geometryName, t.args[i])
		}
		*side = operand
	}
	return relation, nil
}

func (r *resolver) temporalRelation(t term) (spatial.Expr, error) {
	relation := spatial.TemporalRelation{Op: spatial.TemporalOp(t.value)}
	var of spatial.PropertyType
	for i, side := range []*spatial.Operand{&relation.Left, &relation.Right} {
		arg := t.args[i]
		operand, err := r.anything(arg)
		if err != nil {
			return nil, err
		}
		period, isPeriod := operand.(spatial.Period)
		switch {
		case isPeriod:
		case !isTime(operand.ValueType()):
			return nil, arg.at.fault("%s takes dates, timestamps and INTERVAL(…); %s is %s", strings.ToUpper(t.value), subject(operand, arg), called(operand.ValueType()).a)
		case !relation.Op.TakesInstants():
			return nil, arg.at.fault("%s takes intervals only, and %s is an instant; write INTERVAL(start, end)", strings.ToUpper(t.value), subject(operand, arg))
		default:
			period = spatial.Period{Start: operand}
		}
		for _, end := range []spatial.Operand{period.Start, period.End} {
			if end == nil || end.ValueType() == of {
				continue
			}
			if of != "" {
				return nil, arg.at.fault("%s compares dates with dates and timestamps with timestamps; one of its sides is %s, the other %s", strings.ToUpper(t.value), called(of).a, called(end.ValueType()).a)
			}
			of = end.ValueType()
		}
		*side = operand
	}
	return relation, nil
}

func (r *resolver) arrayRelation(t term) (spatial.Expr, error) {
	relation := spatial.ArrayRelation{Op: spatial.ArrayOp(t.value)}
	sides := []*spatial.Operand{&relation.Left, &relation.Right}
	var of spatial.PropertyType // of the items, once a side has told
	for i, side := range sides {
		if arg := t.args[i]; arg.kind == nameTerm && !arg.grouped {
			operand, err := r.anything(arg)
			if err != nil {
				return nil, err
			}
			if operand.ValueType() != spatial.StringList {
				return nil, arg.at.fault("%s takes lists; %s is %s", strings.ToUpper(t.value), subject(operand, arg), called(operand.ValueType()).a)
			}
			*side, of = operand, spatial.String
		}
	}
	for i, side := range sides {
		if *side != nil {
			continue
		}
		list, err := r.list(t.args[i], of)
		if err != nil {
			return nil, err
		}
		if len(list.Items) > 0 {
			of = list.Type
		}
		*side = list
	}
	if left, ok := relation.Left.(spatial.List); ok && len(left.Items) == 0 && of != "" {
		relation.Left = spatial.List{Type: of} // an empty list is of the other's type
	}
	return relation, nil
}

// list resolves a list whose items are of a type; "" takes that of the first.
// In text a list of one looks like a group.
func (r *resolver) list(t term, of spatial.PropertyType) (spatial.List, error) {
	items := t.args
	switch {
	case t.kind == listTerm:
	case t.grouped:
		t.grouped = false
		items = []term{t}
	default:
		return spatial.List{}, t.at.fault("a list was expected, such as ('a', 'b'), or a property that is one, not %s", t)
	}
	list := spatial.List{Type: of}
	for _, item := range items {
		if err := r.count(item.at); err != nil {
			return list, err
		}
		operand, err := r.item(item, list.Type)
		if err != nil {
			return list, err
		}
		if list.Type == "" {
			list.Type = operand.ValueType()
		}
		list.Items = append(list.Items, operand)
	}
	if list.Type == "" {
		list.Type = spatial.String
	}
	return list, nil
}

func (r *resolver) item(t term, of spatial.PropertyType) (spatial.Operand, error) {
	if t.isLiteral() && of != "" {
		value, err := typed("the list", of, t)
		return spatial.Literal{Type: of, Value: value}, err
	}
	operand, err := r.scalar(t, "an item of a list")
	if err == nil && of != "" && operand.ValueType() != of {
		return nil, t.at.fault("the items of a list are of one type: %s is %s, not %s", subject(operand, t), called(operand.ValueType()).a, called(of).a)
	}
	return operand, err
}
