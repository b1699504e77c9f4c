package analysis

import (
	"context"
	"fmt"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/settlement"
)

// lists are the published lists that types rest on: rows of the collection
// zones, each a kind, the value that it gives its members (role), and the
// members (member_adcodes).
type lists struct {
	functions   list // main-function: urban, farming, ecological (主体功能区)
	counties    list // specialised-county
	towns       list // specialised-town
	countyTypes list // county-type: a type of county seats, which overrides the rule
	townTypes   list // town-type
}

// list is what the zones of one kind say of divisions.
type list struct {
	kind    string
	loaded  bool                // any zone of the kind has members
	values  map[string]string   // by code
	twofold map[string][]string // codes that got several values; they have none
	strange []string            // values that are not among those allowed
}

// of is the value of a division, "" for none.
func (l list) of(code string) string { return l.values[code] }

// has says whether a division is listed; nil where no list is loaded.
func (l list) has(code string) *bool {
	if !l.loaded {
		return nil
	}
	_, is := l.values[code]
	return &is
}

// listed is the value of the kinds that have none but membership.
const listed = "listed"

// readLists reads the zones of the kinds of lists.
func (r *typesRun) readLists(ctx context.Context, in Inputs) error {
	c, _ := spatial.CollectionByID("zones")
	kind, _ := c.Property("kind")
	var functions, counties, towns []string
	for _, f := range []settlement.MainFunction{settlement.UrbanFunction, settlement.FarmingFunction, settlement.EcologicalFunction} {
		functions = append(functions, string(f))
	}
	for _, t := range settlement.CountyTypes() {
		counties = append(counties, string(t))
	}
	for _, t := range settlement.TownTypes() {
		towns = append(towns, string(t))
	}
	all := []struct {
		kind    string
		to      *list
		allowed []string // nil: membership alone
	}{{"main-function", &r.lists.functions, functions}, {"specialised-county", &r.lists.counties, nil}, {"specialised-town", &r.lists.towns, nil},
		{"county-type", &r.lists.countyTypes, counties}, {"town-type", &r.lists.townTypes, towns}}
	var kinds []any
	for _, one := range all {
		kinds = append(kinds, one.kind)
	}
	zones, err := r.all(ctx, in, featureSet{collection: c, filter: spatial.In{Property: kind, Values: kinds}}, "kind", "role", "adcode", "member_adcodes")
	if err != nil {
		return err
	}
	for _, one := range all {
		*one.to = newList(one.kind, zones, one.allowed)
	}
	return nil
}

func newList(kind string, zones []spatial.Feature, allowed []string) list {
	l := list{kind: kind, values: map[string]string{}, twofold: map[string][]string{}}
	for _, z := range zones {
		if z.Properties["kind"] != kind {
			continue
		}
		value := listed
		if allowed != nil {
			if value, _ = z.Properties["role"].(string); !slices.Contains(allowed, value) {
				l.strange = append(l.strange, z.ID)
				continue
			}
		}
		for code := range zoneCodes(z) {
			l.loaded = true
			if old, twice := l.values[code]; twice && old != value {
				l.twofold[code] = append(l.twofold[code], old)
			}
			l.values[code] = value
		}
	}
	for code := range l.twofold {
		delete(l.values, code)
	}
	return l
}

// notes tell what a list lacks.
func (l list) notes() []string {
	var notes []string
	if !l.loaded {
		notes = append(notes, fmt.Sprintf("No zone of kind %s has members, so what it would tell is not known.", l.kind))
	}
	if n := len(l.twofold); n > 0 {
		notes = append(notes, fmt.Sprintf("Divisions that zones of kind %s give several values, which are taken as not known: %d.", l.kind, n))
	}
	if n := len(l.strange); n > 0 {
		notes = append(notes, fmt.Sprintf("Zones of kind %s whose role is no value of it, which are passed over: %d (first %s).", l.kind, n, l.strange[0]))
	}
	return notes
}
