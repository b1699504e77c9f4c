package analysis

import (
	"fmt"

	"quanyu/spatial/coverage"
)

// Spec describes the process. Its first example is the national plan's
// question: 80 % of prefecture seats within 60 minutes of a transport airport.
func (c *coverageProcess) Spec() Spec {
	return Spec{
		ID: "coverage", Title: "Facility coverage", TitleZH: "设施覆盖率", Version: "1.0.0",
		Description: "Which demand points reach a facility by road within a time: the share with its band under speed factors, the share weighted by a property, the same by province, the verdict on a plan's target, and for every point its fastest facility with minutes, margin and distance. " +
			"A point without road stays in the denominator as not covered. At speed factor f a travel time of w milliseconds, access legs included, becomes round(w / f); the point is covered when that is at most the limit.",
		Inputs: c.inputs(), Outputs: coverageOutputs(),
		Examples: []Example{{
			Title: "Prefecture seats within 60 minutes of a transport airport (national plan, article 22)",
			Inputs: map[string]any{
				"demand":     map[string]any{"collection": "seats", "filter": "level = 'prefecture'", "weight": "resident_population"},
				"facilities": map[string]any{"collection": "airports", "filter": "kind = 'transport'"},
				"minutes":    60, "direction": "to", "mode": "car", "target": "n22-airport-coverage",
			},
		}},
	}
}

func (c *coverageProcess) inputs() []InputSpec {
	return append([]InputSpec{
		{"demand", "Demand", "Points that should be covered. weight names a numeric property for the weighted share; points without it are left out of that share and counted.", true,
			pointsSchema(map[string]any{"weight": Schema{"type": "string", "nullable": true, "example": "resident_population"}}, "seats", "level = 'prefecture'")},
		{"facilities", "Facilities", "Points that cover: those open at as_of (opened null or not after it, closed null or after it).", true,
			pointsSchema(nil, "airports", "kind = 'transport'")},
		{"minutes", "Limit in minutes", "Travel time that still counts as covered; the limit itself is within.", true,
			Schema{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": coverage.MaxMinutes, "example": 60}},
		{"direction", "Direction", "to: from demand to facility. from: from facility to demand.", false,
			Schema{"type": "string", "enum": directions, "default": string(coverage.To)}},
		{"as_of", "Date", fmt.Sprintf("Civil date (UTC+8) that the answer is for, from %d to %d; default today. Features valid and facilities open on it are used.", firstYear, lastYear), false,
			Schema{"type": "string", "format": "date", "example": "2020-12-31"}},
		{"target", "Target", "Id of a row of the targets collection that states a share; gives a verdict.", false,
			Schema{"type": "string", "nullable": true, "example": "n22-airport-coverage"}},
		{"speed_factors", "Speed factors", "Factors on all speeds, in any order: low, base and high are the shares at the slowest, the middle (of an even number, the slower of the two) and the fastest.", false,
			factorsSchema()},
	}, journeyInputs()...)
}

func pointsSchema(more map[string]any, collection, filter string) Schema {
	properties := Schema{
		"collection": Schema{"type": "string", "enum": pointCollections(), "example": collection},
		"filter":     filterSchema(filter),
	}
	for name, schema := range more {
		properties[name] = schema
	}
	return Schema{"type": "object", "required": []string{"collection"}, "additionalProperties": false, "properties": properties}
}

// filterSchema takes CQL2 text or CQL2 JSON.
func filterSchema(example string) Schema {
	return Schema{"description": "CQL2 text, or a CQL2 JSON object, over the collection's queryables.", "nullable": true, "example": example,
		"oneOf": []any{Schema{"type": "string"}, Schema{"type": "object"}}}
}

// share is a fraction, null where there is nothing to share in.
func share(description string) Schema {
	return Schema{"type": "number", "minimum": 0, "maximum": 1, "nullable": true, "description": description}
}

func coverageOutputs() []OutputSpec {
	count := Schema{"type": "integer", "minimum": 0}
	return []OutputSpec{
		{"metric", "Coverage", "Shares as fractions, unrounded; null where there is no demand.", mediaJSON, Schema{"type": "object", "properties": Schema{
			"numerator": count, "denominator": count, "share": share("numerator / denominator, at the base factor"),
			"weighted_share": share("by the weight; null without one"), "low": share("at the slowest factor"), "base": share("at the middle factor"), "high": share("at the fastest factor"),
			"target":           Schema{"type": "object", "nullable": true, "description": "The target's row, with the share that it means."},
			"verdict":          Schema{"type": "string", "nullable": true, "enum": []string{string(coverage.Met), string(coverage.NotMet), string(coverage.Uncertain)}},
			"without_position": Schema{"type": "integer", "description": "Demand features whose position is not known; part of the denominator, in state not-snapped."},
			"states":           Schema{"type": "object", "description": "Demand points by state."},
			"band":             Schema{"type": "array", "items": Schema{"type": "object"}, "description": "The answer at each speed factor, ascending."},
		}}},
		{"breakdown", "By province", "One row a province of the demand, by code; ratios of sums.", mediaJSON, Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{
			"province": Schema{"type": "string", "nullable": true}, "numerator": count, "denominator": count, "share": share(""), "weighted_share": share("")}}}},
		{"evidence", "Evidence", "Every demand point, by id, with covered, state, minutes, margin_minutes (negative: misses by), facility, facility_name_zh, distance_km along the fastest way and snap_m; what is not known is null.", mediaGeoJSON,
			Schema{"type": "object", "format": "geojson-feature-collection"}},
		provenanceOutput(),
	}
}

func withDefault(s Schema, value any) Schema {
	s["default"] = value
	return s
}
