package analysis

import "quanyu/spatial/coverage"

// Spec describes the process.
func (p *citiesProcess) Spec() Spec {
	return Spec{
		ID: "city-reach", Title: "Reach between cities", TitleZH: "城市通达", Version: "1.1.0",
		Description: "Which share of the trips between cities is within a time by road: of all ordered pairs, or of each city and its centre; overall, in each city cluster (in each province while no cluster is loaded), and with every pair and city behind it. Each group with its structure: residents, area, rank-size rule, primacy and polycentricity, share on development axes, overlap with metropolitan areas, and which special places (border, old-industrial and lagging areas) its cities reach first. " +
			"A city without road stays in the denominator as not within.",
		Inputs: append([]InputSpec{
			{"cities", "Cities", "A filter of seats (CQL2 text, or a CQL2 JSON object), or a collection with a filter.", false, Schema{"default": defaultCities, "oneOf": []any{
				Schema{"type": "string", "example": defaultCities}, Schema{"type": "object", "required": []string{"op"}}, pointsSchema(nil, "seats", defaultCities)}}},
			{"minutes", "Limit in minutes", "Travel time that still counts; the limit itself is within.", false,
				Schema{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": coverage.MaxMinutes, "default": defaultReachMinutes}},
			{"pairs", "Pairs", "all: every city to every other, both directions. to-centre: every city and the centre, or the centre of its group.", false,
				Schema{"type": "string", "enum": []string{allPairs, toCentre}, "default": allPairs}},
			{"centre", "Centre", "For pairs to-centre: the one centre of all cities. Left out, each group has its own: of a cluster the nearest of the central cities of its plan, or the city with the most residents, of a province the city nearest to the province's seat.", false, placeSchema()},
			{"direction", "Direction", "For pairs to-centre: to the centre, or from it.", false,
				Schema{"type": "string", "enum": directions, "default": string(coverage.To)}},
			targetInput("a time that a plan allows, which the longest time of a pair is held against whatever minutes is (of pairs inside groups with pairs all), or its number of city clusters"),
			{"speed_factors", "Speed factors", "Factors on all speeds, in any order: low, base and high are the shares at the slowest, the middle and the fastest.", false,
				factorsSchema()},
		}, journeyInputs()...),
		Outputs: citiesOutputs(),
		Examples: []Example{
			{Title: "Prefecture seats of Sichuan within two hours of each other", Inputs: map[string]any{"cities": "level = 'prefecture' AND province_adcode = '510000'", "minutes": 120}},
			{Title: "Chengdu to the sub-centres and node cities of Sichuan's plan within two hours (articles 5, 8 and 12)", Inputs: map[string]any{"minutes": 120, "pairs": toCentre, "direction": "from", "target": "s12-two-hours", "centre": map[string]any{"adcode": "510100"},
				"cities": "adcode IN ('510400', '510500', '510600', '510700', '510800', '510900', '511000', '511100', '511300', '511400', '511500', '511600', '511700', '511800', '511900', '512000', '513400') AND level = 'prefecture'"}},
			{Title: "Chengdu to the cities of five million and more within three hours (article 12)", Inputs: map[string]any{"minutes": 180, "pairs": toCentre, "direction": "from", "target": "s12-three-hours", "centre": map[string]any{"adcode": "510100"},
				"cities": map[string]any{"collection": "cities", "filter": "urban_resident_population >= 5000000"}}},
			{Title: "Every prefecture seat within three hours of its province's centre", Inputs: map[string]any{"minutes": 180, "pairs": toCentre, "direction": "to"}},
		},
	}
}

func factorsSchema() Schema {
	return Schema{"type": "array", "minItems": 1, "maxItems": coverage.MaxFactors, "default": coverage.DefaultFactors(),
		"items": Schema{"type": "number", "minimum": coverage.MinFactor, "maximum": coverage.MaxFactor}}
}

// pairCounts describes the members of pairsShown.
func pairCounts(more Schema) Schema {
	count := Schema{"type": "integer", "minimum": 0}
	all := Schema{"numerator": count, "denominator": count, "share": share("numerator / denominator, at the base factor"),
		"low": share("at the slowest factor"), "base": share("at the middle factor"), "high": share("at the fastest factor")}
	for name, schema := range more {
		all[name] = schema
	}
	return Schema{"type": "object", "properties": all}
}

func citiesOutputs() []OutputSpec {
	text := Schema{"type": "string", "nullable": true}
	return []OutputSpec{
		{"metric", "Share of pairs", "Shares as fractions, unrounded; null without pairs.", mediaJSON, pairCounts(judgedMembers(Schema{
			"states":     Schema{"type": "object", "description": "Pairs by state: within, beyond, unreachable, not-snapped."},
			"in_groups":  Schema{"type": "object", "description": "The same of the pairs inside groups."},
			"grouped_by": Schema{"type": "string", "enum": []string{byCluster, byProvince}},
			"band":       Schema{"type": "array", "items": Schema{"type": "object"}, "description": "The answer at each speed factor, ascending."}}))},
		{"groups", "By group", "One row a city cluster or province: the pairs inside it, or those of its cities to the centre; with a target of a time, value and verdict of these pairs.", mediaJSON,
			Schema{"type": "array", "items": pairCounts(Schema{"id": Schema{"type": "string"}, "centre": text, "other_centres": Schema{"type": "array", "items": Schema{"type": "string"}}})}},
		{"evidence", "Evidence", "Every city, by id: for all pairs with cities_reached, cities_reached_from (within the limit) and others; for to-centre with centre, state, within, minutes and margin_minutes.", mediaGeoJSON,
			Schema{"type": "object", "format": "geojson-feature-collection"}},
		{"pairs", "Pairs", "Every pair with its time at the base factor: from and to are ids of cities (null: the centre, where it is none of them), margin_minutes is negative where the limit is missed.", mediaJSON,
			Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{"from": text, "from_name_zh": text, "to": text, "to_name_zh": text, "group": text,
				"state":  Schema{"type": "string", "enum": []string{"within", "beyond", "unreachable", "not-snapped"}},
				"within": Schema{"type": "boolean"}, "minutes": Schema{"type": "number", "nullable": true}, "margin_minutes": Schema{"type": "number", "nullable": true}}}}},
		{"structure", "Structure of groups", "One row a group: population, urbanization, area_km2 (null where any of its divisions has no area), the order of its cities by size (size_measure says of what), share_on_axes, the axes and metropolitan areas that it shares residents with, and radiates: special places by kind that its cities reach first and within the limit. What nothing is loaded of is null or left out, and the notes say so.", mediaJSON,
			Schema{"type": "array", "items": Schema{"type": "object", "properties": groupSchema()}}},
		{"radiation", "Radiation", "Every special place, by kind (border, or the id of a zone of kind special-type-region: article 13 of the national plan), with the city in any group that reaches it first, its minutes and state.", mediaJSON,
			Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{"kind": text, "place": text, "name_zh": text, "state": Schema{"type": "string"}, "within": Schema{"type": "boolean"},
				"minutes": Schema{"type": "number", "nullable": true}, "city": text, "city_name_zh": text, "groups": Schema{"type": "array", "items": Schema{"type": "string"}}}}}},
		provenanceOutput(),
	}
}

func groupSchema() Schema {
	all, number := structureSchema(), Schema{"type": "number", "nullable": true}
	for _, name := range []string{"population", "urban_population", "area_km2", "people_per_km2"} {
		all[name] = number
	}
	all["urbanization"], all["share_of_country"], all["share_on_axes"] = share("urban_population / population"), share("population / that of all divisions"), share("residents in divisions that an axis names / population")
	all["size_measure"] = Schema{"type": "string", "enum": []string{byUrbanResidents, byResidents}}
	all["axes"], all["metropolitan_areas"], all["radiates"] = Schema{"type": "array"}, Schema{"type": "array"}, Schema{"type": "object"}
	return all
}
