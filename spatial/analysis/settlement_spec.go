package analysis

// Spec describes the process.
func (p *classesProcess) Spec() Spec {
	return Spec{
		ID: "settlement-classes", Title: "Size classes of cities", TitleZH: "城市规模等级", Version: "1.0.0",
		Description: "The size class of every city by permanent residents of its urban district (State Council notice 2014 No. 51), the settlement policy that the class triggers in each plan, changes of class between years, how the cities are ordered by size, and the plans' own counts of cities held against the data. " +
			"A city without a count has no class.",
		Inputs: []InputSpec{
			{"filter", "Filter", "Which cities (CQL2 text or a CQL2 JSON object over the collection cities); all where left out.", false, filterSchema("province_adcode = '510000'")},
			{"as_of", "As of", "Cities and counts as of that day; counts of later years are not used. Default today (UTC+8).", false, Schema{"type": "string", "format": "date"}},
			targetInput("a count of cities that a plan states, which is held against all cities whatever the filter"),
		},
		Outputs: classesOutputs(),
		Examples: []Example{
			{Title: "Cities of Sichuan", Inputs: map[string]any{"filter": "province_adcode = '510000'"}},
			{Title: "Sichuan's four large cities (article 1 of its plan)", Inputs: map[string]any{"filter": "province_adcode = '510000'", "target": "s01-large-cities"}},
			{Title: "All cities at the end of 2020", Inputs: map[string]any{"as_of": "2020-12-31"}},
		},
	}
}

func classesOutputs() []OutputSpec {
	rows := func(properties Schema) Schema {
		return Schema{"type": "array", "items": Schema{"type": "object", "properties": properties}}
	}
	text, number := Schema{"type": "string", "nullable": true}, Schema{"type": "integer", "nullable": true}
	return []OutputSpec{
		{"metric", "Cities", "How many cities there are and how many have a class; what a target makes of them.", mediaJSON, judgedSchema(Schema{"cities": number, "classed": number})},
		{"counts", "Cities by class", "One row a class from large to small, and one without class for the cities whose residents are not known.", mediaJSON,
			rows(Schema{"class": text, "title_zh": text, "from": number, "cities": number, "residents": number, "share_of_cities": share("of the cities"), "share_of_residents": share("of the residents counted"), "settlement_policy": text})},
		{"cities", "Cities", "Every city, by id: size_class with the count and year that it rests on, stated_class (of the collection) and class_differs, the classes above and below with the residents between, settlement_policy (national plan), province_plan and province_policy, and state (known, not-counted, counted-later).", mediaGeoJSON,
			Schema{"type": "object", "format": "geojson-feature-collection"}},
		{"policies", "Settlement policies", "One row for each step of each plan, with the plan's words and the cities that it is for; limit null counts those that the plan covers and of which it cannot be told.", mediaJSON,
			rows(Schema{"plan": text, "article": number, "limit": Schema{"type": "string", "nullable": true, "enum": []any{"abolished", "relaxed", "points", "adjusted", nil}}, "cities": number, "quote_zh": text})},
		{"changes", "Changes of class", "One row for each move between two years with a count; nothing is made up in between.", mediaJSON,
			rows(Schema{"city": text, "adcode": text, "name_zh": text, "from_year": number, "to_year": number, "from": text, "to": text, "grew": Schema{"type": "boolean"}, "residents_before": number, "residents_after": number, "settlement_policy_before": text, "settlement_policy_after": text})},
		{"structure", "Order by size", "Rank-size rule, primacy and polycentricity of the cities.", mediaJSON, Schema{"type": "object", "properties": structureSchema()}},
		{"checks", "The plans' own counts", "What a plan counts against what the data counts, over all cities whatever the filter: difference, the cities without class (not_classed) and those within 2 % of a bound that would change the count (close_to_a_bound). Towns are not in the data: no-data.", mediaJSON,
			rows(Schema{"target": text, "plan": text, "stated": number, "counted": number, "difference": number, "state": Schema{"type": "string", "enum": []string{countEqual, countDiffers, countNoData}}, "not_classed": Schema{"type": "array"}, "close_to_a_bound": Schema{"type": "array"}})},
		provenanceOutput(),
	}
}
