package analysis

import (
	"fmt"

	"quanyu/spatial/coverage"
)

// Spec describes the process.
func (p *circleProcess) Spec() Spec {
	return Spec{
		ID: "commute-circle", Title: "Commute circle", TitleZH: "通勤圈", Version: "1.1.0",
		Description: "What a centre reaches by road, or is reached from, within each of some limits: the area around the reached roads, their length, the residents inside, the places reached, and the divisions that belong to the largest circle, held against the members that a plan gives the metropolitan area of that centre. With areas in place of a centre, one circle for each metropolitan area. " +
			"A smaller limit's area lies within a larger one's. On the condensed network, whose links are no roads, circles have no geometry and are indicative.",
		Inputs: append([]InputSpec{
			{"centre", "Centre", "A division's seat by code, a feature, or a position. Required, unless areas is given.", false, placeSchema()},
			{"areas", "Metropolitan areas", "In place of centre: the metropolitan areas that pass a filter, one circle around the seat of each centre.", false,
				Schema{"type": "object", "required": []string{"collection"}, "additionalProperties": false, "properties": Schema{
					"collection": Schema{"type": "string", "enum": []string{metroCollection}}, "filter": filterSchema("approved IS NOT NULL")}}},
			{"minutes", "Limits in minutes", "Travel times, ascending.", true, Schema{"type": "array", "minItems": 1, "maxItems": maxCircles, "example": []int{30, 60},
				"items": Schema{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": maxCircleMinutes}}},
			{"direction", "Direction", "to: trips to the centre. from: trips from it.", false,
				Schema{"type": "string", "enum": directions, "default": string(coverage.To)}},
			{"membership", "Membership", "Which divisions belong to the circle: those of a level of whose residents, or of whose area, at least the threshold lies within the largest limit.", false,
				Schema{"type": "object", "additionalProperties": false, "default": byHalf, "properties": Schema{
					"level":     Schema{"type": "string", "enum": memberLevels, "default": byHalf.Level},
					"measure":   Schema{"type": "string", "enum": []string{byPopulation, byArea}, "default": byHalf.Measure, "description": "By area only where the divisions have polygons."},
					"threshold": Schema{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1, "default": byHalf.Threshold}}}},
			{"detail_m", "Detail in metres", fmt.Sprintf("How far around a reached road the area goes. Its border is within %v %% of that of where it would be with all its vertices.", thinShare*100), false,
				Schema{"type": "number", "minimum": float64(minDetail), "maximum": float64(maxDetail), "default": float64(defaultDetail)}},
			targetInput("a time that a plan allows, which the longest time of a planned member's seat is held against whatever minutes is"),
			{"speed_factors", "Speed factors", "Factors on all speeds, for the output sensitivity and the verdict on a target alone.", false, factorsSchema()},
		}, journeyInputs()...),
		Outputs: circleOutputs(),
		Examples: []Example{
			{Title: "One hour to the seat of Chengdu", Inputs: map[string]any{"centre": map[string]any{"adcode": "510100"}, "minutes": []int{30, 60}, "direction": "to",
				"membership": map[string]any{"level": "county", "measure": byPopulation, "threshold": 0.5}}},
			{Title: "What a position reaches within half an hour at half the speed of trunk roads", Inputs: map[string]any{"centre": map[string]any{"lon": 104.07, "lat": 30.66}, "minutes": []int{30}, "direction": "from",
				"scenario": map[string]any{"edits": []any{map[string]any{"type": setSpeed, "class": "trunk", "factor": 0.5}}}}},
			{Title: "Every metropolitan area by its hour, against its plan", Inputs: map[string]any{"areas": map[string]any{"collection": metroCollection}, "minutes": []int{60}, "target": "n14-commute-circle",
				"membership": map[string]any{"level": "county", "measure": byPopulation, "threshold": 0.5}}},
		},
	}
}

func circleOutputs() []OutputSpec {
	features := Schema{"type": "object", "format": "geojson-feature-collection"}
	return []OutputSpec{
		{"metric", "Metropolitan areas and target", "How many areas are compared, and in how many each speed factor, or what is not known, leaves the target met, not-met or uncertain; value and verdict are of all their planned members.", mediaJSON,
			judgedSchema(Schema{"areas": Schema{"type": "integer"}, "verdicts": Schema{"type": "object"}, "members_judged": Schema{"type": "integer"}, "members_unknown": Schema{"type": "integer"}})},
		{"circles", "Circles", "One MultiPolygon a limit with minutes, area_km2 (on the ellipsoid), reached_road_km, closed_holes, population, population_stand_in (the part of it counted by the seat of the division above), places (how many are reached) and indicative.", mediaGeoJSON, features},
		{"members", "Members", "The divisions that the largest limit touches, by id: population_share, area_share (null without polygons), minutes of their seat, member (null where the measure is not known), seat (the id of the seat they are counted at) and stand_in (that is the one of the division above, and minutes are null, since the position of their own is not known).", mediaGeoJSON, features},
		{"places", "Places reached", "Seats, airports and border places within the largest limit, with minutes.", mediaGeoJSON, features},
		{"areas", "Metropolitan areas", "One row a metropolitan area (of the centre asked for, or of areas) and extent (members; core, where its plan draws one within them): its planned members against those found, as divisions of the level of membership. in_plan_not_in_reach, in_reach_not_in_plan and in_plan_not_judged list them with the minutes of their own seat, over_minutes (beyond the largest limit; negative is within) the share inside, partial where the plan takes an unknown part of it, and stand_in_member where the position of its seat is not known and the seat above would make it a member or not; members_below_level and members_unknown are codes of the plan that the level, or the data, cannot tell of. contiguous is null where contiguity is not known (no-polygons). value and verdict are those of the target. state: compared, no-members, centre-unknown, not-snapped.", mediaJSON,
			Schema{"type": "array", "items": Schema{"type": "object"}}},
		{"sensitivity", "Sensitivity", "How many members there are, and how well they agree with the plan (jaccard: both / either), at other thresholds and speed factors; by area at the speeds as they are only.", mediaJSON,
			Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{"area": Schema{"type": "string", "nullable": true}, "extent": Schema{"type": "string", "nullable": true}, "threshold": Schema{"type": "number"}, "speed_factor": Schema{"type": "number"}, "members": Schema{"type": "integer"}, "jaccard": share("null without planned members")}}}},
		{"snap", "Snap", "Where the centre met the road; null with areas, whose rows have it each.", mediaJSON, snapSchema()},
		provenanceOutput(),
	}
}
