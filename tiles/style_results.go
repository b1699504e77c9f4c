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
	colour := resultColour(c)
	add := func(drawn spatial.GeometryType, geometry, kind, part string, paint map[string]any) {
		if c.Geometry == drawn || c.Geometry == spatial.AnyGeometry {
			marks = append(marks, Layer{ID: c.ID + part, Type: kind, Source: sourceName, SourceLayer: c.ID,
				Filter: []any{"==", []any{"geometry-type"}, geometry}, Paint: paint})
		}
	}
	add(spatial.MultiPolygon, "Polygon", "fill", "-fill", map[string]any{"fill-color": colour, "fill-opacity": 0.35})
	add(spatial.MultiPolygon, "Polygon", "line", "-outline", map[string]any{"line-color": colour, "line-width": widths(4, 0.4, 12, 1.5)})
	add(spatial.LineString, "LineString", "line", "-line", map[string]any{"line-color": colour, "line-width": widths(3, 0.8, 12, 2.5)})
	add(spatial.Point, "Point", "circle", "-point", map[string]any{"circle-color": colour, "circle-radius": widths(3, 2.5, 12, 6),
		"circle-stroke-color": halo, "circle-stroke-width": 1})
	if carries(c, "name_zh") {
		labels = []Layer{label(c, look{}, class{colour: labelColor}, 7)}
	}
	return marks, labels
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
