package analysis

import (
	"quanyu/spatial/coverage"
	"quanyu/spatial/settlement"
)

// Spec describes the process.
func (p *typesProcess) Spec() Spec {
	return Spec{
		ID: "settlement-types", Title: "Types of county seats and towns", TitleZH: "县城与小城镇分类", Version: "1.0.0",
		Description: "The type of each county seat (near a large city, specialised, farm-producing, ecological, losing people: Sichuan's plan, article 10) and town (satellite, specialised, comprehensive: national plan, article 20) by a rule whose every figure is shown. " +
			"What is not known leaves the type unknown; a published list overrides the rule, and the difference is told.",
		Inputs: append([]InputSpec{
			{"filter", "Filter", "Which divisions (CQL2 text or a CQL2 JSON object over the collection divisions); those of level township are towns, all others county seats. Left out, counties, county-level cities, banners and towns.", false, withDefault(filterSchema("level = 'county' AND parent_adcode = '510700'"), defaultTypes)},
			{"minutes", "Minutes to a large city", "A place is near a city of a million and more residents that is no farther by road; the limit itself is near.", false,
				Schema{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": coverage.MaxMinutes, "default": settlement.DefaultCountyRule().Minutes}},
			{"loss", "Loss of residents", "A county loses people where this share of its residents, or more, is gone.", false, Schema{"type": "number", "minimum": 0, "maximum": 1, "default": defaultLoss}},
			{"years", "Years of the loss", "Between its latest count and the latest one at least so many years before.", false, Schema{"type": "integer", "minimum": 1, "maximum": 50, "default": defaultYears}},
			{"as_of", "As of", "Divisions, counts and lists as of that day. Default today (UTC+8).", false, Schema{"type": "string", "format": "date"}},
		}, journeyInputs()...),
		Outputs: []OutputSpec{
			{"counts", "Places by type", "One row a type; type null counts those of which it cannot be told, or that fit none. tests_held counts the places whose test for the type holds, whatever their type; computed is by the rule alone, listed by a published list, differ where the two disagree.", mediaJSON,
				Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{"of": Schema{"type": "string", "enum": []string{"county", "town"}}, "type": Schema{"type": "string", "nullable": true},
					"places": Schema{"type": "integer"}, "tests_held": Schema{"type": "integer"}, "computed": Schema{"type": "integer"}, "listed": Schema{"type": "integer"}, "differ": Schema{"type": "integer"}}}}},
			{"places", "Places", "Every county seat and town, by id, at its seat: type, computed_type, listed_type, differs, tests_held and tests_unknown, and the figures: population_change with its years, minutes_to_city with the city and city_state (reached, unreachable, not-snapped, position-unknown, no-large-cities), main_function, specialised.", mediaGeoJSON,
				Schema{"type": "object", "format": "geojson-feature-collection"}},
			provenanceOutput(),
		},
		Examples: []Example{
			{Title: "County seats of Mianyang", Inputs: map[string]any{"filter": "level = 'county' AND parent_adcode = '510700'"}},
			{Title: "Every county seat and town", Inputs: map[string]any{}},
		},
	}
}
