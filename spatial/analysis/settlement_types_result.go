package analysis

import (
	"fmt"
	"math"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/settlement"
)

// typeCount is a row of the output counts: a type and how many places have it;
// type null for those of which it cannot be told or that fit none.
type typeCount struct {
	Of       string  `json:"of"` // county or town
	Type     *string `json:"type"`
	Places   int     `json:"places"`
	Held     int     `json:"tests_held"` // places whose test for the type holds, whatever their type
	Computed int     `json:"computed"`   // by the rule alone
	Listed   int     `json:"listed"`     // by a published list
	Differ   int     `json:"differ"`     // listed, and the rule says otherwise
}

// result puts the outputs together, in the order of the Spec.
func (r *typesRun) result() Result {
	places := spatial.FeatureCollection{}
	counts := newTypeCounts()
	for _, t := range r.places {
		f := r.show(t)
		places.Features = append(places.Features, f)
		counts.add(t.town, f.Properties)
	}
	return Result{Outputs: []Output{
		{"counts", counts.rows, mediaJSON},
		{"places", places, mediaGeoJSON},
		{"provenance", r.provenance(), mediaJSON},
	}}
}

// typeCounts counts places by type.
type typeCounts struct{ rows []typeCount }

func newTypeCounts() typeCounts {
	var c typeCounts
	for _, t := range settlement.CountyTypes() {
		name := string(t)
		c.rows = append(c.rows, typeCount{Of: "county", Type: &name})
	}
	c.rows = append(c.rows, typeCount{Of: "county"})
	for _, t := range settlement.TownTypes() {
		name := string(t)
		c.rows = append(c.rows, typeCount{Of: "town", Type: &name})
	}
	c.rows = append(c.rows, typeCount{Of: "town"})
	return c
}

func (c typeCounts) add(town bool, p map[string]any) {
	of := map[bool]string{true: "town", false: "county"}[town]
	for i := range c.rows {
		row := &c.rows[i]
		is := func(v any) bool {
			return row.Of == of && (row.Type == nil && v == nil || row.Type != nil && v == *row.Type)
		}
		if is(p["type"]) {
			row.Places++
			if p["differs"] == true {
				row.Differ++
			}
		}
		if is(p["computed_type"]) {
			row.Computed++
		}
		if held, _ := p["tests_held"].([]string); row.Of == of && row.Type != nil && slices.Contains(held, *row.Type) {
			row.Held++
		}
		if row.Type != nil && is(p["listed_type"]) {
			row.Listed++
		}
	}
}

// show gives a place with its type and every figure that it rests on.
func (r *typesRun) show(t typedPlace) spatial.Feature {
	f := t.division.Properties
	p := map[string]any{"adcode": f["adcode"], "name_zh": f["name_zh"], "name_en": f["name_en"], "level": f["level"], "division_type": f["division_type"], "parent_adcode": f["parent_adcode"],
		"population_change": nil, "change_from_year": nil, "change_to_year": nil, "minutes_to_city": nil, "city": nil, "city_name_zh": nil, "city_state": t.state}
	if change, from, to := t.change(r.in.years); change != nil {
		p["population_change"], p["change_from_year"], p["change_to_year"] = *change, from, to
	}
	if t.city != nil {
		p["minutes_to_city"], p["city"], p["city_name_zh"] = *t.minutes, t.city.ID, t.city.Properties["name_zh"]
	}
	if t.town {
		p["main_function"], p["specialised"] = nil, anyBool(r.lists.towns.has(t.code))
		describe(p, r.townVerdict(t))
	} else {
		p["main_function"], p["specialised"] = anyText(orNull(r.lists.functions.of(t.code))), anyBool(r.lists.counties.has(t.code))
		describe(p, r.countyVerdict(t))
	}
	shown := spatial.Feature{ID: t.division.ID, Properties: p}
	if t.seat != nil {
		shown.Geometry = t.seat.Geometry
	}
	return shown
}

// describe writes a verdict into properties.
func describe[T ~string](p map[string]any, v settlement.Verdict[T]) {
	text := func(t T) any {
		if t == "" {
			return nil
		}
		return string(t)
	}
	names := func(list []T) []string {
		all := make([]string, len(list))
		for i, t := range list {
			all[i] = string(t)
		}
		return all
	}
	p["type"], p["computed_type"], p["listed_type"], p["differs"] = text(v.Type), text(v.Computed), text(v.Official), v.Differs()
	p["tests_held"], p["tests_unknown"] = names(v.Holds), names(v.Unknown)
}

func anyBool(v *bool) any {
	if v == nil {
		return nil
	}
	return *v
}

func (r *typesRun) provenance() spatial.Provenance {
	notes := []string{
		fmt.Sprintf("County seats: the first test that holds gives the type, in the order %v, unless an earlier one is not known; the order and the limits (%v minutes to a city of class large-ii or above, %v of the residents lost in at least %d years) are settings, which the plans do not give. Towns: satellite within the same minutes, else specialised, else comprehensive.",
			settlement.CountyTypes(), r.in.minutes, r.in.loss, r.in.years),
		"A published list (zones of kind county-type and town-type) overrides the rule; differs says where the two disagree.",
	}
	if len(r.large) == 0 {
		notes = append(notes, "No large city is loaded, so nearness to one is not known.")
	}
	towns, counted, far := 0, 0, 0
	for _, t := range r.places {
		if t.town {
			towns++
		}
		if change, _, _ := t.change(r.in.years); change != nil {
			counted++
		}
		if t.minutes != nil && math.IsInf(*t.minutes, 1) {
			far++
		}
	}
	if towns == 0 {
		notes = append(notes, "No town is among the divisions, so nothing is said on towns.")
	}
	notes = append(notes, fmt.Sprintf("Places of which a change of residents over %d years is known: %d of %d. Places from which no way leads to any large city: %d.", r.in.years, counted, len(r.places), far))
	l := r.lists
	return r.explain(r.shared, r.in.parameters(&r.journey), notes, slices.Concat(l.functions.notes(), l.counties.notes(), l.towns.notes(), l.countyTypes.notes(), l.townTypes.notes()), r.scenario.facilityNote())
}
