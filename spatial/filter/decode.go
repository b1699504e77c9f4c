package filter

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"quanyu/spatial"
)

// ParseJSON reads CQL2 JSON over the queryables of c, its geometries in the
// given CRS. A fault is an Invalid *spatial.Error about the parameter "filter"
// that names the JSON pointer of the part at fault.
func ParseJSON(input string, crs spatial.CRS, c spatial.Collection) (spatial.Expr, error) {
	if err := checkInput(input); err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(input))
	d.UseNumber()
	var value any
	err := d.Decode(&value)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = fmt.Errorf("more follows behind the end of the expression")
		}
	}
	if err != nil {
		return nil, spatial.BadParameter(Parameter, fmt.Sprintf("is not CQL2 JSON: at byte %d: %v", d.InputOffset(), err), nil)
	}
	var decoder decoder
	t, err := decoder.term(value, place{})
	if err != nil {
		return nil, err
	}
	r := resolver{collection: c, crs: crs}
	return r.predicate(t)
}

// decoder turns decoded JSON into terms.
type decoder struct {
	depth    int
	vertices int
}

// inside is the place of a member or element of what stands at p.
func (p place) inside(steps ...any) place {
	for _, step := range steps {
		p.pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(fmt.Sprint(step))
	}
	return p
}

func (d *decoder) term(value any, at place) (term, error) {
	if d.depth++; d.depth > maxNesting {
		return term{}, at.fault("operators and lists stand more than %d deep", maxNesting)
	}
	defer func() { d.depth-- }()
	switch v := value.(type) {
	case nil:
		return term{}, at.fault("nothing compares with null; write {\"op\":\"isNull\",\"args\":[…]}")
	case bool:
		return term{kind: booleanTerm, value: strings.ToUpper(strconv.FormatBool(v)), at: at}, nil
	case json.Number:
		return term{kind: numberTerm, value: v.String(), at: at}, nil
	case string:
		return textOf(v, at)
	case []any:
		items, err := d.terms(v, at)
		return term{kind: listTerm, args: items, at: at}, err
	case map[string]any:
		return d.object(v, at)
	}
	return term{}, at.fault("no part of a filter")
}

// textOf refuses the one character that no value can have.
func textOf(v string, at place) (term, error) {
	if strings.ContainsRune(v, 0) {
		return term{}, at.fault("text must be without NUL")
	}
	return term{kind: textTerm, value: v, at: at}, nil
}

func (d *decoder) terms(values []any, at place) ([]term, error) {
	var all []term
	for i, v := range values {
		t, err := d.term(v, at.inside(i))
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// object reads an operator, a property, a time or a geometry, told apart by a
// member that only one of them has.
func (d *decoder) object(o map[string]any, at place) (term, error) {
	switch {
	case o["op"] != nil:
		return d.operation(o, at)
	case o["property"] != nil:
		name, err := d.text(o, "property", at)
		return term{kind: nameTerm, value: name, at: at}, err
	case o["date"] != nil:
		value, err := d.text(o, "date", at)
		return term{kind: dateTerm, value: value, at: at}, err
	case o["timestamp"] != nil:
		value, err := d.text(o, "timestamp", at)
		return term{kind: timestampTerm, value: value, at: at}, err
	case o["interval"] != nil:
		return d.interval(o, at)
	case o["type"] != nil:
		g, err := d.shape(o, at)
		return term{kind: shapeTerm, shape: g, at: at}, err
	case o["bbox"] != nil:
		return d.box(o, at)
	}
	return term{}, at.fault("an object with op, property, date, timestamp, interval, bbox or type was expected, not one with %s", members(o))
}

func members(o map[string]any) string {
	var names []string
	for name := range o {
		names = append(names, clipped(name))
	}
	if len(names) == 0 {
		return "no member"
	}
	slices.Sort(names)
	return strings.Join(names[:min(len(names), 5)], ", ")
}

// only refuses members besides those named.
func only(o map[string]any, at place, names ...string) error {
	for name := range o {
		if !slices.Contains(names, name) {
			return at.faultWith(names, "the member %q has no meaning here", clipped(name))
		}
	}
	return nil
}

func (d *decoder) text(o map[string]any, name string, at place) (string, error) {
	if err := only(o, at, name); err != nil {
		return "", err
	}
	value, ok := o[name].(string)
	if !ok {
		return "", at.inside(name).fault("text was expected")
	}
	t, err := textOf(value, at.inside(name))
	return t.value, err
}

func (d *decoder) operation(o map[string]any, at place) (term, error) {
	if err := only(o, at, "op", "args"); err != nil {
		return term{}, err
	}
	op, ok := o["op"].(string)
	if !ok {
		return term{}, at.inside("op").fault("the name of an operator was expected")
	}
	if _, known := operators[op]; !known {
		return term{}, noFunction(at.inside("op"), op)
	}
	args, ok := o["args"].([]any)
	if !ok {
		return term{}, at.fault("a list args was expected beside op")
	}
	terms, err := d.terms(args, at.inside("args"))
	if err != nil {
		return term{}, err
	}
	t := call(op, at, terms...)
	return t, checkArity(t)
}

func (d *decoder) interval(o map[string]any, at place) (term, error) {
	if err := only(o, at, "interval"); err != nil {
		return term{}, err
	}
	ends, ok := o["interval"].([]any)
	if !ok || len(ends) != 2 {
		return term{}, at.inside("interval").fault("a list of two ends was expected")
	}
	t := term{kind: intervalTerm, at: at}
	for i, e := range ends {
		end, err := d.term(e, at.inside("interval", i))
		if err != nil {
			return term{}, err
		}
		if end.kind == textTerm {
			end = intervalEnd(end.value, end.at)
		} else if end.kind != nameTerm {
			return term{}, end.at.fault("a date or time as text, \"..\" or a property was expected, not %s", end)
		}
		t.args = append(t.args, end)
	}
	return t, nil
}

func (d *decoder) box(o map[string]any, at place) (term, error) {
	if err := only(o, at, "bbox"); err != nil {
		return term{}, err
	}
	numbers, ok := o["bbox"].([]any)
	if !ok || len(numbers) > 6 {
		return term{}, at.inside("bbox").fault("a list of 4 or 6 numbers was expected")
	}
	terms, err := d.terms(numbers, at.inside("bbox"))
	return term{kind: boxTerm, args: terms, at: at}, err
}
