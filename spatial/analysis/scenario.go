package analysis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// maxEdits bounds the edits of one scenario.
const maxEdits = 1000

// scenario is what a run changes: roads, which the engine overlays on the
// network, and facilities, which coverage adds and removes. The zero value
// changes nothing, and a scenario without edits is the zero value.
type scenario struct {
	id    string // of a row of the scenarios collection, "" for one given inline
	edits []edit // in order, in canonical form
	roads []network.Edit
	from  []int // for each of roads, its index in edits
}

// readScenario reads the input of that name: null, an object {"edits": […]},
// or the id of a row, whose edits are read by fetch.
func readScenario(o object, name string) scenario {
	raw, given := o.raw(name)
	if !given {
		return scenario{}
	}
	if raw[0] == '"' {
		id, _ := o.text(name)
		if id == "" {
			o.fault(name, "must not be empty", nil)
		}
		return scenario{id: id}
	}
	inner, ok := o.object(name)
	if !ok {
		return scenario{}
	}
	inner.only("edits")
	inner.require("edits")
	return readEdits(inner)
}

// readEdits reads the list of edits; an empty one is allowed.
func readEdits(o object) scenario {
	if raw, ok := o.raw("edits"); ok {
		var none []json.RawMessage
		if json.Unmarshal(raw, &none) == nil && len(none) == 0 {
			return scenario{}
		}
	}
	var s scenario
	for i, one := range o.objects("edits", maxEdits) {
		e, road := readEdit(one)
		s.edits = append(s.edits, e)
		if road != nil {
			s.roads, s.from = append(s.roads, *road), append(s.from, i)
		}
	}
	return s
}

// fetch reads the edits of the row that the scenario names.
func (s *scenario) fetch(ctx context.Context, in Inputs, asOf time.Time) ([]spatial.DatasetVersion, error) {
	c, _ := spatial.CollectionByID("scenarios")
	id, _ := c.Property("id")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: 1, Properties: []string{"edits"},
		Filter: spatial.Compare{Op: spatial.Equal, Property: id, Value: s.id}})
	if err != nil {
		return nil, fmt.Errorf("reading the scenario: %w", err)
	}
	if len(set.Features) == 0 {
		return nil, spatial.BadField("/inputs/scenario", fmt.Sprintf("there is no scenario %s in the collection scenarios", shown(s.id)), nil)
	}
	edits, err := json.Marshal(set.Features[0].Properties["edits"])
	if err != nil {
		return nil, fmt.Errorf("reading the scenario: %w", err)
	}
	var faults []error
	read := readEdits(object{members: map[string]json.RawMessage{"edits": edits}, faults: &faults})
	if err := spatial.JoinFaults(faults...); err != nil {
		return nil, spatial.BadField("/inputs/scenario", fmt.Sprintf("the row %s cannot be used. %v", s.id, err), nil)
	}
	read.id = s.id
	*s = read
	return set.Datasets, nil
}

// hash identifies the edits: 16 hex digits.
func (s scenario) hash() string {
	sum := sha256.Sum256(s.canonical())
	return hex.EncodeToString(sum[:])[:16]
}

// canonical is the one JSON text of the edits.
func (s scenario) canonical() json.RawMessage {
	text, err := json.Marshal(s.edits)
	if err != nil {
		panic(fmt.Sprintf("edits that were read from JSON do not marshal: %v", err)) // numbers are finite, geometry was checked
	}
	return text
}

// used is the scenario as provenance tells of it, nil when nothing is edited.
func (s scenario) used() *spatial.ScenarioUse {
	if len(s.edits) == 0 {
		return nil
	}
	return &spatial.ScenarioUse{ID: orNull(s.id), Hash: s.hash(), Edits: s.canonical()}
}

// shown repeats the input: a row's id, the edits, or null where there are none.
func (s scenario) shown() any {
	switch {
	case s.id != "":
		return s.id
	case len(s.edits) == 0:
		return nil
	}
	return map[string]any{"edits": s.canonical()}
}

// pointer points to a member of an edit, "" for the edit itself, as far as the
// request holds it.
func (s scenario) pointer(edit int, member string) string {
	if s.id != "" {
		return "/inputs/scenario"
	}
	return strings.TrimSuffix("/inputs/scenario/edits/"+strconv.Itoa(edit)+"/"+member, "/")
}

// pointed brings the faults that the engine finds in edits of roads, named by
// their place among those, to their place in the request.
func (s scenario) pointed(err error) error {
	var e *spatial.Error
	if !errors.As(err, &e) || e.Kind != spatial.Invalid {
		return err
	}
	moved := *e
	moved.Faults = slices.Clone(e.Faults)
	for i := range moved.Faults {
		f := &moved.Faults[i]
		at, member, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/edits/"), "/")
		if k, err := strconv.Atoi(at); err == nil && k >= 0 && k < len(s.from) {
			f.Pointer = s.pointer(s.from[k], member)
			if s.id != "" {
				f.Detail = fmt.Sprintf("edit %d of %s: %s", s.from[k]+1, s.id, f.Detail)
			}
		}
	}
	return &moved
}

// CheckEdits says what is wrong with the edits of a scenario that is about to
// be stored, by the rules that runs read them with: nil when a run would take
// them. at is the JSON pointer of the object whose member edits is. Whether
// roads and facilities that the edits name exist shows only in a run.
func CheckEdits(edits json.RawMessage, at string) error {
	if len(edits) == 0 {
		return nil
	}
	var faults []error
	readEdits(object{at: at, members: map[string]json.RawMessage{"edits": edits}, faults: &faults})
	return spatial.JoinFaults(faults...)
}
