package analysis

import (
	"errors"
	"strings"
	"testing"

	"quanyu/spatial"
)

func checkFault(t *testing.T, err error, c fault, kind spatial.Kind) {
	t.Helper()
	var e *spatial.Error
	if !errors.As(err, &e) || e.Kind != kind || len(e.Faults) != 1 {
		t.Errorf("%s %s: got %v, want one fault of kind %s", c.name, c.value, err, kind)
	} else if f := e.Faults[0]; f.Pointer != c.pointer || !strings.Contains(f.Detail, c.says) {
		t.Errorf("%s %s: got %q at %s, want %q at %s", c.name, c.value, f.Detail, f.Pointer, c.says, c.pointer)
	}
}

// journeyFaults are those of the inputs that all processes by road have.
var journeyFaults = []fault{
	{"mode", `"rocket"`, "/inputs/mode", `"rocket" is not among those allowed`},
	{"profile", `"rocket"`, "/inputs/profile", `"rocket" is not among those allowed`},
	{"network", `"moon"`, "/inputs/network", `There is no network "moon"; there is plain.`},
	{"network", `["plain"]`, "/inputs/network", "must be a string"},
	{"scenario", `5`, "/inputs/scenario", "must be an object, not 5"},
	{"scenario", `""`, "/inputs/scenario", "must not be empty"},
	{"scenario", `"more-roads"`, "/inputs/scenario", `there is no scenario "more-roads"`},
	{"scenario", `"broken"`, "/inputs/scenario", "the row broken cannot be used"},
	{"scenario", `{}`, "/inputs/scenario/edits", "is required"},
	{"scenario", `{"edits":[],"base":"x"}`, "/inputs/scenario/base", "there is no such member"},
	{"wind/~", `1`, "/inputs/wind~1~0", "there is no such member"},
}

// placeFaults are those of a point input.
func placeFaults(name, at string) []fault {
	return []fault{
		{name, `"510100"`, at, `must be an object, not "510100"`},
		{name, `{}`, at, "exactly one of these forms"},
		{name, `{"adcode":"510000","lon":1}`, at, "exactly one of these forms"},
		{name, `{"adcode":510000}`, at + "/adcode", "must be a string"},
		{name, `{"adcode":"999999"}`, at, `there is no feature of seats whose adcode is "999999"`},
		{name, `{"adcode":"512003"}`, at, "the position of seat-512003 in seats is not known"},
		{name, `{"adcode":"510000","name":"x"}`, at + "/name", "there is no such member"},
		{name, `{"feature":"AAA"}`, at + "/feature", "must be an object"},
		{name, `{"feature":{"collection":"divisions","id":"510000"}}`, at + "/feature/collection", "not among those allowed"},
		{name, `{"feature":{"collection":"airports"}}`, at + "/feature/id", "is required"},
		{name, `{"feature":{"collection":"airports","id":"ZZZ"}}`, at, `there is no feature of airports whose id is "ZZZ"`},
		{name, `{"lon":181,"lat":30}`, at + "/lon", "must be a number from -180 to 180, not 181"},
		{name, `{"lon":100}`, at + "/lat", "is required"},
		{name, `{"lon":"100","lat":30}`, at + "/lon", "must be a number"},
	}
}
