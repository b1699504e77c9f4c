package analysis

import "quanyu/spatial/coverage"

// Spec describes the process.
func (p *borderProcess) Spec() Spec {
	return Spec{
		ID: "border-chain", Title: "Border chain", TitleZH: "边境城镇体系", Version: "1.0.0",
		Description: "The chain of places along the land border (national plan, article 21): for each its county seat, prefecture seat and nearest port, airport, hospital and railway station with minutes by road, the next tiers above and below, its distance to the border where the row has one, and the links that are weak or broken, the worst first.",
		Inputs: append([]InputSpec{
			{"filter", "Filter", "Which border places (CQL2 text or a CQL2 JSON object over the collection border-places); all where left out.", false, filterSchema("tier = 'town'")},
			{"minutes", "Limit in minutes", "A link that takes longer is weak; the limit itself is sound.", false,
				Schema{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": coverage.MaxMinutes, "default": defaultLinkMinutes}},
			{"as_of", "As of", "Places and facilities as of that day. Default today (UTC+8).", false, Schema{"type": "string", "format": "date"}},
			targetInput("a number of border places that a plan names in a role, which is held against all places whatever the filter"),
		}, journeyInputs()...),
		Outputs: borderOutputs(),
		Examples: []Example{
			{Title: "Every border place", Inputs: map[string]any{}},
			{Title: "The nine towns to support (article 21)", Inputs: map[string]any{"filter": "role = 'support'", "target": "n21-border-towns"}},
			{Title: "Ports to be built or upgraded, within two hours", Inputs: map[string]any{"filter": "tier = 'port' AND role IN ('build', 'upgrade')", "minutes": 120}},
		},
	}
}

func borderOutputs() []OutputSpec {
	text, minutes := Schema{"type": "string", "nullable": true}, Schema{"type": "number", "nullable": true}
	link := Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{
		"place": text, "place_name_zh": text, "tier": text, "kind": Schema{"type": "string", "enum": linkKinds}, "state": Schema{"type": "string", "enum": linkStates},
		"minutes": minutes, "excess_minutes": minutes, "target": text, "target_name_zh": text, "target_collection": text, "distance_km": minutes, "reason": text}}}
	return []OutputSpec{
		{"metric", "Links", "Places by tier, and the share of judged links (sound, weak or broken) that are sound.", mediaJSON, judgedSchema(Schema{
			"places": Schema{"type": "integer"}, "tiers": Schema{"type": "object"}, "judged": Schema{"type": "integer"}, "sound": Schema{"type": "integer"}, "share": share("sound / judged")})},
		{"kinds", "Links by kind", "One row a kind of link, by state.", mediaJSON, Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{
			"kind": Schema{"type": "string", "enum": linkKinds}, "sound": Schema{"type": "integer"}, "weak": Schema{"type": "integer"}, "broken": Schema{"type": "integer"},
			"unknown": Schema{"type": "integer"}, "no_data": Schema{"type": "integer"}, "not_due": Schema{"type": "integer"}, "share": share("sound / those judged")}}}},
		{"places", "Places", "Every border place, by id: tier, role, its county and prefecture, up and down (ids of the next tiers: border places, or seats where none is listed), minutes by kind of link, how many links are weak and broken, and border_distance_km (null where not known).", mediaGeoJSON,
			Schema{"type": "object", "format": "geojson-feature-collection"}},
		{"links", "Links", "Every place and kind of link. sound, weak and broken are judged; unknown: a position or a division is not known; no-data: nothing of the kind is loaded; not-due: the place is itself what the link leads to.", mediaJSON, link},
		{"broken", "Weak and broken links", "The broken links, then the weak ones by how far they are over the limit.", mediaJSON, link},
		provenanceOutput(),
	}
}
