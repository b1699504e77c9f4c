package tiles

import (
	"slices"

	"quanyu/spatial"
)

// The colours of results: what meets a limit and what misses it, told apart by
// lightness as well as by hue, and minutes from near to far.
const (
	resultMet     = "#2b6f9e"
	resultMissed  = "#c8553d"
	resultUnknown = "#8a8a86"
)

// minuteStep is the colour of minutes from a number on.
type minuteStep struct {
	from   float64
	colour string
}

// minuteSteps are a ramp of one hue that grows lighter, in the manner of maps of
// travel time.
func minuteSteps() []minuteStep {
	return []minuteStep{{0, "#0b3c5d"}, {30, "#1f6f8b"}, {60, "#4fa3a5"}, {120, "#a3c9a8"}, {240, "#e3d8b0"}}
}

// resultLayers draws a result by the property that answers its question.
func resultLayers(c spatial.Collection) (marks, labels []Layer) {
	paint := resultColour(c)
	has := func(kind spatial.GeometryType) bool { return c.Geometry == kind || c.Geometry == spatial.AnyGeometry }
	only := func(kind string) []any { return []any{"==", []any{"geometry-type"}, kind} }
	if has(spatial.MultiPolygon) {
		marks = append(marks,
			Layer{ID: c.ID + "-fill", Type: "fill", Source: sourceName, SourceLayer: c.ID, Filter: only("Polygon"), Paint: map[string]any{"fill-color": paint, "fill-opacity": 0.35}},
			line(c.ID+"-outline", c.ID, areaLine, widths(4, 0.4, 12, 1.5), only("Polygon")))
	}
	if has(spatial.LineString) {
		l := line(c.ID+"-line", c.ID, plain, widths(3, 0.8, 12, 2.5), only("LineString"))
		l.Paint["line-color"] = paint
		marks = append(marks, l)
	}
	if has(spatial.Point) {
		p := circle(c.ID+"-point", c.ID, plain, 4.5, only("Point"))
		p.Paint["circle-color"] = paint
		marks = append(marks, p)
	}
	return marks, []Layer{label(c.ID, 7, labelColor)}
}

// resultColour is an expression of a truth such as covered, else of minutes,
// else one colour.
func resultColour(c spatial.Collection) any {
	of := func(name string, kind spatial.PropertyType) bool {
		p, ok := c.Property(name)
		return ok && p.Type == kind && slices.Contains(c.Tiles.Properties, name)
	}
	for _, name := range []string{"covered", "member", "within"} {
		if of(name, spatial.Boolean) {
			return []any{"case", []any{"==", []any{"get", name}, true}, resultMet, []any{"==", []any{"get", name}, false}, resultMissed, resultUnknown}
		}
	}
	if !of("minutes", spatial.Number) && !of("minutes", spatial.Integer) {
		return plain
	}
	ramp := minuteSteps()
	step := []any{"step", []any{"get", "minutes"}, ramp[0].colour}
	for _, s := range ramp[1:] {
		step = append(step, s.from, s.colour)
	}
	return []any{"case", []any{"has", "minutes"}, step, resultUnknown}
}
