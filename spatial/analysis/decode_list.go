package analysis

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// flag reads a boolean; false when it is absent.
func (o object) flag(name string) bool {
	raw, ok := o.raw(name)
	if !ok {
		return false
	}
	var v bool
	if json.Unmarshal(raw, &v) != nil {
		o.fault(name, "must be true or false, not "+shown(raw), nil)
	}
	return v
}

// list reads a list of at least one and at most n values.
func (o object) list(name string, n int) []json.RawMessage {
	raw, ok := o.raw(name)
	if !ok {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || len(items) < 1 || len(items) > n {
		o.fault(name, fmt.Sprintf("must be a list of 1 to %d values, not %s", n, shown(raw)), nil)
		return nil
	}
	return items
}

// objects reads a list of at least one and at most n objects.
func (o object) objects(name string, n int) []object {
	items := o.list(name, n)
	all := make([]object, 0, len(items))
	for i, item := range items {
		inner := object{at: o.pointer(name) + "/" + strconv.Itoa(i), faults: o.faults}
		if json.Unmarshal(item, &inner.members) != nil || inner.members == nil {
			o.item(name, i, "must be an object, not "+shown(item))
			continue
		}
		all = append(all, inner)
	}
	return all
}

// texts reads a list of at least one and at most n strings.
func (o object) texts(name string, n int) []string {
	items := o.list(name, n)
	all := make([]string, len(items))
	for i, item := range items {
		if json.Unmarshal(item, &all[i]) != nil || all[i] == "" {
			o.item(name, i, "must be a string that is not empty, not "+shown(item))
		}
	}
	return all
}

// item keeps a fault of one value of a list.
func (o object) item(name string, i int, detail string) {
	object{at: o.pointer(name), faults: o.faults}.fault(strconv.Itoa(i), detail, nil)
}
