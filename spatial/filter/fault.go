package filter

import (
	"errors"
	"fmt"

	"quanyu/spatial"
)

// Parameter is the name of the query parameter that faults are about.
const Parameter = "filter"

// place is where a part of a filter stands: at a character of the text,
// counted from 1, or at a JSON pointer (RFC 6901).
type place struct {
	character int // 0: in JSON
	pointer   string
}

func (p place) String() string {
	switch {
	case p.character > 0:
		return fmt.Sprintf("character %d", p.character)
	case p.pointer == "":
		return "the top of the JSON"
	}
	return p.pointer
}

func (p place) fault(format string, args ...any) error {
	return p.faultWith(nil, format, args...)
}

func (p place) faultWith(allowed any, format string, args ...any) error {
	return spatial.BadParameter(Parameter, fmt.Sprintf("at %s: %s", p, fmt.Sprintf(format, args...)), allowed)
}

func faultAt(character int, format string, args ...any) error {
	return place{character: character}.fault(format, args...)
}

// AtPointer turns a fault of Parse, which speaks of the query parameter
// filter, into one about a member of a JSON body, such as
// "/inputs/demand/filter". Other errors, and nil, stay as they are.
func AtPointer(err error, pointer string) error {
	var e *spatial.Error
	if !errors.As(err, &e) || e.Kind != spatial.Invalid {
		return err
	}
	moved := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		moved[i] = spatial.BadField(pointer, f.Detail, f.Allowed)
	}
	return spatial.JoinFaults(moved...)
}
