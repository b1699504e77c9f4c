package analysis

import (
	"fmt"

	"quanyu/spatial/coverage"
)

// Spec describes the process.
func (p *circleProcess) Spec() Spec {
	return Spec{
		ID: "commute-circle", Title: "Commute circle", TitleZH: "通勤圈", Version: "1.0.0",
		Description: "What a centre reaches by road, or is reached from, within each of some limits: the area around the reached roads, their length, the residents inside, the places reached, and the divisions that belong to the largest circle. " +
			"A smaller limit's area lies within a larger one's. On the condensed network, whose links are no roads, circles have no geometry and are indicative.",
		Inputs: append([]InputSpec{
			{"centre", "Centre", "A division's seat by code, a feature, or a position.", true, placeSchema()},
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
		}, journeyInputs()...),
		Outputs: circleOutputs(),
		Examples: []Example{
			{Title: "One hour to the seat of Chengdu", Inputs: map[string]any{"centre": map[string]any{"adcode": "510100"}, "minutes": []int{30, 60}, "direction": "to",
				"membership": map[string]any{"level": "county", "measure": byPopulation, "threshold": 0.5}}},
			{Title: "What a position reaches within half an hour at half the speed of trunk roads", Inputs: map[string]any{"centre": map[string]any{"lon": 104.07, "lat": 30.66}, "minutes": []int{30}, "direction": "from",
				"scenario": map[string]any{"edits": []any{map[string]any{"type": setSpeed, "class": "trunk", "factor": 0.5}}}}},
		},
	}
}

func circleOutputs() []OutputSpec {
	features := Schema{"type": "object", "format": "geojson-feature-collection"}
	return []OutputSpec{
		{"circles", "Circles", "One MultiPolygon a limit with minutes, area_km2 (on the ellipsoid), reached_road_km, closed_holes, population, population_stand_in (the part of it counted by the seat of the division above), places (how many are reached) and indicative.", mediaGeoJSON, features},
		{"members", "Members", "The divisions that the largest limit touches, by id: population_share, area_share (null without polygons), minutes of their seat, member (null where the measure is not known), seat (the id of the seat they are counted at) and stand_in (that is the one of the division above, and minutes are null, since the position of their own is not known).", mediaGeoJSON, features},
		{"places", "Places reached", "Seats, airports and border places within the largest limit, with minutes.", mediaGeoJSON, features},
		{"snap", "Snap", "Where the centre met the road.", mediaJSON, snapSchema()},
		provenanceOutput(),
	}
}
