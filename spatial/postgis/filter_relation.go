package postgis

import (
	"fmt"
	"strings"

	"quanyu/spatial"
)

// temporalSQL says what each temporal function asks of two spans of time with
// starts s1, s2 and ends e1, e2 (OWL-Time; ends belong to their span).
func temporalSQL(op spatial.TemporalOp) (string, bool) {
	switch op {
	case spatial.TAfter:
		return "s1 > e2", true
	case spatial.TBefore:
		return "e1 < s2", true
	case spatial.TDisjoint:
		return "e1 < s2 OR s1 > e2", true
	case spatial.TIntersects:
		return "e1 >= s2 AND s1 <= e2", true
	case spatial.TEquals:
		return "s1 = s2 AND e1 = e2", true
	case spatial.TContains:
		return "s1 < s2 AND e1 > e2", true
	case spatial.TDuring:
		return "s1 > s2 AND e1 < e2", true
	case spatial.TFinishedBy:
		return "s1 < s2 AND e1 = e2", true
	case spatial.TFinishes:
		return "s1 > s2 AND e1 = e2", true
	case spatial.TMeets:
		return "e1 = s2", true
	case spatial.TMetBy:
		return "s1 = e2", true
	case spatial.TOverlappedBy:
		return "s1 > s2 AND s1 < e2 AND e1 > e2", true
	case spatial.TOverlaps:
		return "s1 < s2 AND e1 > s2 AND e1 < e2", true
	case spatial.TStartedBy:
		return "s1 = s2 AND e1 > e2", true
	case spatial.TStarts:
		return "s1 = s2 AND e1 < e2", true
	}
	return "", false
}

func (f *filterCompiler) temporalRelation(e spatial.TemporalRelation) (string, error) {
	condition, ok := temporalSQL(e.Op)
	if !ok {
		return "", badFilter("has the function %q, which is not known", string(e.Op))
	}
	left, right := asPeriod(e.Left), asPeriod(e.Right)
	of := timeType(left, right)
	var names []string // of the ends, each followed by its SQL
	for i, end := range []spatial.Operand{left.Start, left.End, right.Start, right.End} {
		name := []string{"s1", "e1", "s2", "e2"}[i]
		if !strings.Contains(condition, name) { // PostgreSQL refuses values that are bound and not used
			continue
		}
		sql, err := f.end(end, i%2 == 0, of)
		if err != nil {
			return "", err
		}
		names = append(names, name, sql)
	}
	return "(" + strings.NewReplacer(names...).Replace(condition) + ")", nil
}

// timeType is the type of the ends that are not open; where all are, any does.
func timeType(periods ...spatial.Period) spatial.PropertyType {
	for _, p := range periods {
		for _, end := range []spatial.Operand{p.Start, p.End} {
			if end != nil {
				return end.ValueType()
			}
		}
	}
	return spatial.Date
}

// asPeriod makes an instant a period of no length.
func asPeriod(o spatial.Operand) spatial.Period {
	if p, ok := o.(spatial.Period); ok {
		return p
	}
	return spatial.Period{Start: o, End: o}
}

// end gives a start or end of a period whose ends are of a type; open ones lie
// at infinity.
func (f *filterCompiler) end(o spatial.Operand, start bool, of spatial.PropertyType) (string, error) {
	switch {
	case o == nil && start:
		return "'-infinity'::" + sqlTypes[of], nil
	case o == nil:
		return "'infinity'::" + sqlTypes[of], nil
	}
	v, err := f.operand(o)
	if err == nil && (v.of != of || of != spatial.Date && of != spatial.Timestamp) {
		err = badFilter("compares times of different types")
	}
	return v.sql, err
}

func (f *filterCompiler) arrayRelation(e spatial.ArrayRelation) (string, error) {
	left, of, err := f.list(e.Left)
	if err != nil {
		return "", err
	}
	right, other, err := f.list(e.Right)
	if err != nil {
		return "", err
	}
	if of != other {
		return "", badFilter("compares lists of %s and of %s", of, other)
	}
	switch e.Op {
	case spatial.AEquals:
		return fmt.Sprintf("(%[1]s @> %[2]s AND %[1]s <@ %[2]s)", left, right), nil
	case spatial.AContains:
		return fmt.Sprintf("(%s @> %s)", left, right), nil
	case spatial.AContainedBy:
		return fmt.Sprintf("(%s <@ %s)", left, right), nil
	case spatial.AOverlaps:
		return fmt.Sprintf("(%s && %s)", left, right), nil
	}
	return "", badFilter("has the function %q, which is not known", string(e.Op))
}

// list gives an array and the type of its items. One with an item that is null
// is null as a whole, since nobody knows what is in it.
func (f *filterCompiler) list(o spatial.Operand) (string, spatial.PropertyType, error) {
	l, ok := o.(spatial.List)
	if !ok {
		v, err := f.operand(o)
		if err == nil && v.of != spatial.StringList {
			err = badFilter("compares what is no list with one")
		}
		return v.sql, spatial.String, err
	}
	if len(l.Items) > maxFilterList {
		return "", "", badFilter("lists %d values: at most %d are allowed", len(l.Items), maxFilterList)
	}
	var items, unsure []string
	for _, item := range l.Items {
		v, err := f.operand(item)
		if err != nil {
			return "", "", err
		}
		if v.of != l.Type {
			return "", "", badFilter("lists values of different types")
		}
		if v.of == spatial.String {
			v.sql = byCodePoint(v.sql)
		}
		if v.from != fromLiteral {
			unsure = append(unsure, v.sql+" IS NULL")
		}
		items = append(items, v.sql)
	}
	sql := fmt.Sprintf("ARRAY[%s]::%s[]", strings.Join(items, ", "), sqlTypes[l.Type])
	if len(unsure) > 0 {
		sql = fmt.Sprintf("(CASE WHEN %s THEN NULL ELSE %s END)", strings.Join(unsure, " OR "), sql)
	}
	return sql, l.Type, nil
}
