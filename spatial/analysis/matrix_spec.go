package analysis

// Spec describes the process.
func (p *matrixProcess) Spec() Spec {
	return Spec{
		ID: "travel-time-matrix", Title: "Travel-time matrix", TitleZH: "出行时间矩阵", Version: "1.0.0",
		Description: "The fastest time by road from every origin to every destination, exact and without a limit, with the place on the road that each point was tied to. " +
			"A time that does not exist is null and has a state: unreachable (no way leads there) or not-snapped (one of the two is too far from any road, or has no position).",
		Inputs: append([]InputSpec{
			{"origins", "Origins", "Where trips begin: the features of a collection, by id, or a list of points, in its order.", true, endpointsSchema()},
			{"destinations", "Destinations", "Where trips end, likewise.", true, endpointsSchema()},
		}, journeyInputs()...),
		Outputs: []OutputSpec{
			{"minutes", "Minutes", "A row for each origin, in it a time for each destination; null where there is none.", mediaJSON,
				rowsOf(Schema{"type": "number", "nullable": true, "minimum": 0})},
			{"states", "States of the nulls", "Rows as those of minutes: null where there is a time, else the state.", mediaJSON,
				rowsOf(Schema{"type": "string", "nullable": true, "enum": []any{"unreachable", "not-snapped", nil}})},
			{"origins", "Origins", "In the order of the rows, with their snap.", mediaJSON, endsSchema()},
			{"destinations", "Destinations", "In the order of the columns, with their snap.", mediaJSON, endsSchema()},
			provenanceOutput(),
		},
		Examples: []Example{{
			Title: "Three cities of Sichuan to each other and to an airport's position",
			Inputs: map[string]any{
				"origins": map[string]any{"collection": "seats", "filter": "level = 'prefecture' AND adcode IN ('510100', '510600', '511400')"},
				"destinations": map[string]any{"points": []any{
					map[string]any{"adcode": "510100"}, map[string]any{"feature": map[string]any{"collection": "seats", "id": "seat-510600"}}, map[string]any{"lon": 104.441, "lat": 30.312}}},
			},
		}},
	}
}

func rowsOf(cell Schema) Schema {
	return Schema{"type": "array", "items": Schema{"type": "array", "items": cell}}
}

func endpointsSchema() Schema {
	return Schema{"oneOf": []any{
		pointsSchema(nil, "seats", "level = 'prefecture'"),
		Schema{"type": "object", "required": []string{"points"}, "additionalProperties": false, "properties": Schema{
			"points": Schema{"type": "array", "minItems": 1, "maxItems": maxPoints, "items": placeSchema()}}},
	}}
}

func endsSchema() Schema {
	return Schema{"type": "array", "items": Schema{"type": "object", "properties": Schema{
		"id": Schema{"type": "string", "nullable": true}, "point": positionSchema(), "snap": snapSchema()}}}
}
