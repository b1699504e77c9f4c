package filter

import (
	"errors"
	"fmt"

	"quanyu/spatial"
)

// Parameter is the name of the query parameter that faults are about.
const Parameter = "filter"

// faultAt is a fault at a character of the text, counted from 1.
func faultAt(pos int, detail string) error { return faultWith(pos, detail, nil) }

func faultWith(pos int, detail string, allowed any) error {
	return spatial.BadParameter(Parameter, fmt.Sprintf("at character %d: %s", pos, detail), allowed)
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
