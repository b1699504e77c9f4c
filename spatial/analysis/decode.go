package analysis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"quanyu/spatial"
)

// object reads the members of a JSON object strictly. Its readers give the
// zero value for a member that cannot be used and keep the fault, so that one
// pass finds every fault; null stands for a member left out.
type object struct {
	at      string // JSON pointer of the object
	members map[string]json.RawMessage
	faults  *[]error
}

func (o object) pointer(name string) string {
	return o.at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func (o object) fault(name, detail string, allowed any) {
	o.add(spatial.BadField(o.pointer(name), detail, allowed))
}

func (o object) add(err error) {
	if err != nil {
		*o.faults = append(*o.faults, err)
	}
}

// only refuses members of any other name.
func (o object) only(names ...string) {
	for _, name := range slices.Sorted(maps.Keys(o.members)) {
		if !slices.Contains(names, name) {
			o.fault(name, "there is no such member", names)
		}
	}
}

// raw gives a member that is present and not null.
func (o object) raw(name string) (json.RawMessage, bool) {
	raw := bytes.TrimSpace(o.members[name])
	return raw, len(raw) > 0 && string(raw) != "null"
}

// require keeps a fault when a member is absent or null.
func (o object) require(name string) bool {
	_, ok := o.raw(name)
	if !ok {
		o.fault(name, "is required", nil)
	}
	return ok
}

// text reads a string; false when it is absent or no string.
func (o object) text(name string) (string, bool) {
	raw, ok := o.raw(name)
	if !ok {
		return "", false
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		o.fault(name, "must be a string, not "+shown(raw), nil)
		return "", false
	}
	return text, true
}

// choice reads one of the allowed strings.
func (o object) choice(name, otherwise string, allowed []string) string {
	text, ok := o.text(name)
	if !ok {
		return otherwise
	}
	if !slices.Contains(allowed, text) {
		o.fault(name, fmt.Sprintf("%s is not among those allowed", shown(text)), allowed)
		return otherwise
	}
	return text
}

// span is a range of numbers; open leaves out its lower end.
type span struct {
	low, high float64
	open      bool
}

func (s span) String() string {
	if s.open {
		return fmt.Sprintf("a number greater than %v and at most %v", s.low, s.high)
	}
	return fmt.Sprintf("a number from %v to %v", s.low, s.high)
}

func (s span) holds(v float64) bool { return v <= s.high && (v > s.low || !s.open && v == s.low) }

// number reads a number within a span.
func (o object) number(name string, within span) float64 {
	raw, ok := o.raw(name)
	if !ok {
		return 0
	}
	var v float64
	if json.Unmarshal(raw, &v) != nil || !within.holds(v) {
		o.fault(name, fmt.Sprintf("must be %v, not %s", within, shown(raw)), nil)
		return 0
	}
	return v
}

// numbers reads a list of at least one and at most n numbers within a span.
func (o object) numbers(name string, otherwise []float64, n int, within span) []float64 {
	raw, ok := o.raw(name)
	if !ok {
		return otherwise
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || len(list) < 1 || len(list) > n {
		o.fault(name, fmt.Sprintf("must be a list of 1 to %d numbers, not %s", n, shown(raw)), nil)
		return otherwise
	}
	values, sound := make([]float64, len(list)), true
	for i, item := range list {
		if json.Unmarshal(item, &values[i]) != nil || !within.holds(values[i]) || string(item) == "null" {
			o.add(spatial.BadField(fmt.Sprintf("%s/%d", o.pointer(name), i), fmt.Sprintf("must be %v, not %s", within, shown(item)), nil))
			sound = false
		}
	}
	if !sound {
		return otherwise
	}
	return values
}

// date reads a civil date within the years that data can speak of.
func (o object) date(name string, otherwise time.Time) time.Time {
	text, ok := o.text(name)
	if !ok {
		return otherwise
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < firstYear || day.Year() > lastYear {
		o.fault(name, fmt.Sprintf("must be a date YYYY-MM-DD from %d-01-01 to %d-12-31, not %s", firstYear, lastYear, shown(text)), nil)
		return otherwise
	}
	return day
}

const firstYear, lastYear = 1900, 2100

// object reads an object; false when it is absent or something else.
func (o object) object(name string) (object, bool) {
	raw, ok := o.raw(name)
	if !ok {
		return object{}, false
	}
	inner := object{at: o.pointer(name), faults: o.faults}
	if json.Unmarshal(raw, &inner.members) != nil {
		o.fault(name, "must be an object, not "+shown(raw), nil)
		return object{}, false
	}
	return inner, true
}

// shown is a value as a fault quotes it, cut to a readable length.
func shown(v any) string {
	var text string
	switch v := v.(type) {
	case json.RawMessage:
		text = string(v)
	default:
		text = fmt.Sprintf("%q", v)
	}
	if runes := []rune(strings.ToValidUTF8(text, "�")); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return strings.ToValidUTF8(text, "�")
}
