package analysis

import (
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// journeyInputs describes the inputs that readJourney reads, in its order.
func journeyInputs() []InputSpec {
	return []InputSpec{
		{"mode", "Mode of travel", "Implied by profile where that is given.", false,
			Schema{"type": "string", "enum": []string{"car", "bike", "walk"}, "default": defaultMode}},
		{"profile", "Speed profile", "Speeds by road class; the default is that of the mode.", false, profileSchema()},
		{"network", "Road network", "Name of a network; default the newest imported one whose extent covers all points, else condensed.", false,
			Schema{"type": "string", "nullable": true, "example": "condensed"}},
		{"scenario", "Scenario", "Edits to compute under: {\"edits\": […]}, or the id of a row of the collection scenarios. Roads: set-speed (class, area or both, or roads; factor), close-road (roads or area), add-road (geometry, class, speed_kmh, one_way). Facilities, which bear on coverage: add-facility (collection, lon, lat, id, properties), remove-facility (collection, id).", false,
			scenarioSchema()},
	}
}

func scenarioSchema() Schema {
	return Schema{"nullable": true, "default": nil, "oneOf": []any{
		Schema{"type": "string", "description": "Id of a row of the collection scenarios."},
		Schema{"type": "object", "required": []string{"edits"}, "additionalProperties": false, "properties": Schema{
			"edits": Schema{"type": "array", "maxItems": maxEdits, "items": Schema{"oneOf": []any{
				editSchema(setSpeed, []string{"factor"}, Schema{"class": classSchema(), "area": areaSchema(), "roads": roadsSchema(),
					"factor": Schema{"type": "number", "minimum": coverage.MinFactor, "maximum": coverage.MaxFactor, "description": "Of all speeds; 0.5 halves them."}}),
				editSchema(closeRoad, nil, Schema{"roads": roadsSchema(), "area": areaSchema()}),
				editSchema(addRoad, []string{"geometry", "class", "speed_kmh"}, Schema{"geometry": Schema{"type": "object", "format": "geojson-linestring"}, "class": classSchema(),
					"speed_kmh": Schema{"type": "number", "minimum": speedSpan.low, "maximum": speedSpan.high}, "one_way": Schema{"type": "boolean", "default": false}}),
				editSchema(addFacility, []string{"collection", "lon", "lat"}, Schema{"collection": Schema{"type": "string", "enum": pointCollections()},
					"lon": Schema{"type": "number", "minimum": -180, "maximum": 180}, "lat": Schema{"type": "number", "minimum": -90, "maximum": 90}, "id": Schema{"type": "string"}, "properties": Schema{"type": "object"}}),
				editSchema(removeFacility, []string{"collection", "id"}, Schema{"collection": Schema{"type": "string", "enum": pointCollections()}, "id": Schema{"type": "string"}}),
			}}}}},
	}}
}

// editSchema describes one type of edit.
func editSchema(kind string, required []string, properties Schema) Schema {
	properties["type"] = Schema{"type": "string", "enum": []string{kind}}
	return Schema{"type": "object", "required": append([]string{"type"}, required...), "additionalProperties": false, "properties": properties}
}

func classSchema() Schema { return Schema{"type": "string", "enum": roadClasses()} }

func roadsSchema() Schema {
	return Schema{"type": "array", "minItems": 1, "maxItems": maxRoadIDs, "items": Schema{"type": "string"}, "description": "Ids in the collection roads."}
}

func areaSchema() Schema { return Schema{"type": "object", "format": "geojson-multipolygon"} }

// placeSchema describes a point input.
func placeSchema() Schema {
	return Schema{"oneOf": []any{
		Schema{"type": "object", "required": []string{"adcode"}, "additionalProperties": false, "properties": Schema{
			"adcode": Schema{"type": "string", "description": "Code of a division, whose seat is meant.", "example": "510100"}}},
		Schema{"type": "object", "required": []string{"feature"}, "additionalProperties": false, "properties": Schema{
			"feature": Schema{"type": "object", "required": []string{"collection", "id"}, "additionalProperties": false, "properties": Schema{
				"collection": Schema{"type": "string", "enum": pointCollections()}, "id": Schema{"type": "string"}}}}},
		Schema{"type": "object", "required": []string{"lon", "lat"}, "additionalProperties": false, "properties": Schema{
			"lon": Schema{"type": "number", "minimum": -180, "maximum": 180}, "lat": Schema{"type": "number", "minimum": -90, "maximum": 90}}},
	}}
}

func positionSchema() Schema {
	return Schema{"type": "array", "nullable": true, "minItems": 2, "maxItems": 2, "items": Schema{"type": "number"}, "description": "Longitude and latitude."}
}

func snapSchema() Schema {
	return Schema{"type": "object", "properties": Schema{
		"state":          Schema{"type": "string", "enum": []string{string(network.Snapped), string(network.NotSnapped)}},
		"distance_m":     Schema{"type": "number", "nullable": true, "description": "Metres from the point to its place on the road."},
		"access_seconds": Schema{"type": "number", "nullable": true, "description": "Time over that distance, part of every travel time."},
		"point":          positionSchema(),
		"edge":           Schema{"type": "string", "nullable": true, "description": "Id in the collection roads, where the place is in the middle of a road."},
		"vertex":         Schema{"type": "integer", "nullable": true, "description": "from_node or to_node in the collection roads, where the place is the end of a road."},
		"component":      Schema{"type": "integer", "nullable": true, "description": "Vertices that are connected with the place, there and back."},
		"passed_island":  Schema{"type": "boolean", "nullable": true, "description": "A nearer road was passed over, since it is cut off from the rest."},
	}}
}

func profileSchema() Schema {
	names := []string{}
	for _, p := range network.Profiles() {
		names = append(names, p.Name)
	}
	byDefault, _ := network.DefaultProfile(defaultMode)
	return Schema{"type": "string", "enum": names, "default": byDefault.Name}
}

func provenanceOutput() OutputSpec {
	return OutputSpec{"provenance", "Provenance", "Program, network, profile with the hash of its figures, datasets, scenario with its edits and their hash, parameters with defaults filled in, and notes.", mediaJSON, Schema{"type": "object"}}
}
