package analysis

// Spec describes the process: each input has an output of its name. The first
// input is plain text and has no format, which is what the OGC's suite sends its
// own text to, and object comes before bbox, since the suite takes the first
// object for one of any members. binary names no media type: the suite then
// sends no input of a wrong one, whose refusal it wants as application/json,
// while all errors here are application/problem+json.
func (p *echoProcess) Spec() Spec {
	spec := Spec{
		ID: "echo", Title: "Echo", TitleZH: "回显", Version: "1.0.0", Links: []string{"binary"}, Partial: true, Idle: true,
		Description: "Gives its inputs back, each as the output of its name, after a pause. For clients and test suites.",
		Examples: []Example{{Title: "Text and a box", Inputs: map[string]any{
			"string": "hello", "bbox": map[string]any{"bbox": []float64{102, 30, 105, 32}, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}},
	}
	for _, in := range []struct {
		id, title, about string
		schema           Schema
	}{
		{"string", "Text", "Any text.", Schema{"type": "string"}},
		{"number", "Number", "Any number.", Schema{"type": "number"}},
		{"boolean", "Truth", "True or false.", Schema{"type": "boolean"}},
		{"datetime", "Instant", "An instant of RFC 3339.", Schema{"type": "string", "format": "date-time"}},
		{"array", "List", "A list of whole numbers.", Schema{"type": "array", "items": Schema{"type": "integer"}}},
		{"object", "Object", "Any object, plain or as {\"value\": …}.", Schema{"type": "object"}},
		{"bbox", "Box", "A bounding box of the standard.", Schema{"type": "object", "format": "ogc-bbox", "required": []string{"bbox"}, "properties": Schema{
			"bbox": Schema{"type": "array", "items": Schema{"type": "number"}, "minItems": 4, "maxItems": 6},
			"crs":  Schema{"type": "string", "default": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}},
		{"binary", "Bytes", "Bytes in base64, or a link {\"href\": …} to them, which is given back and not followed.", Schema{"type": "string", "format": "byte"}},
		{"pause", "Pause", "Seconds to wait before the answer.", Schema{"type": "integer", "minimum": 0, "maximum": longestPause}},
	} {
		spec.Inputs = append(spec.Inputs, InputSpec{ID: in.id, Title: in.title, Description: in.about, Schema: in.schema})
		spec.Outputs = append(spec.Outputs, OutputSpec{ID: in.id, Title: in.title, Description: in.about + " Only where the input is given.", MediaType: mediaJSON, Schema: in.schema})
	}
	return spec
}
