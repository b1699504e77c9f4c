package tiles

import "quanyu/spatial"

// layers draws one collection: its marks, and the labels that go above all
// marks of the map.
func layers(c spatial.Collection) (marks, labels []Layer) {
	switch c.ID {
	case "roads":
		return roadLayers(), nil
	case "seats":
		return seatLayers()
	case "airports":
		return pointLayers(c.ID, airport, 4.5, 5)
	case "border-places":
		return pointLayers(c.ID, border, 3.5, 6)
	}
	if c.Relation != "" {
		return resultLayers(c)
	}
	switch c.Geometry {
	case spatial.MultiPolygon:
		return areaLayers(c.ID), []Layer{label(c.ID, 5, labelColor)}
	case spatial.LineString:
		return []Layer{line(c.ID+"-line", c.ID, plain, widths(3, 0.5, 12, 2), nil)}, nil
	default:
		return pointLayers(c.ID, plain, 4, 7)
	}
}

// roadLayers keep roads thin: they explain travel times and are not the
// subject. Only the car's rows are drawn, since each mode repeats the roads.
func roadLayers() []Layer {
	car := []any{"==", []any{"get", "mode"}, "car"}
	major := []any{"in", []any{"get", "class"}, []any{"literal", []any{"motorway", "trunk", "motorway_link", "trunk_link"}}}
	minor := line("roads-minor", "roads", roadMinor, widths(4, 0.2, 12, 1.4), []any{"all", car, []any{"!", major}})
	minor.Paint["line-opacity"] = 0.7
	main := line("roads-major", "roads", roadMajor, widths(3, 0.4, 12, 2.4), []any{"all", car, major})
	main.Paint["line-opacity"] = 0.8
	return []Layer{minor, main}
}

// seatLayers show counties only from zoom 6, prefectures from the start. A
// province row stands at its capital's place and would only cover it.
func seatLayers() (marks, labels []Layer) {
	level := func(name string) []any { return []any{"==", []any{"get", "level"}, name} }
	county := circle("seats-county", "seats", seat, 2, level("county"))
	county.MinZoom = 6
	county.Paint["circle-opacity"] = 0.6
	prefecture := circle("seats-prefecture", "seats", seat, 4, level("prefecture"))
	names := label("seats", 4, labelColor)
	names.ID, names.Filter = "seats-prefecture-label", level("prefecture")
	countyNames := label("seats", 8, labelColor)
	countyNames.ID, countyNames.Filter = "seats-county-label", level("county")
	return []Layer{county, prefecture}, []Layer{names, countyNames}
}

func pointLayers(id, colour string, radius, labelZoom float64) (marks, labels []Layer) {
	return []Layer{circle(id+"-point", id, colour, radius, nil)}, []Layer{label(id, labelZoom, colour)}
}

func areaLayers(id string) []Layer {
	fill := Layer{ID: id + "-fill", Type: "fill", Source: sourceName, SourceLayer: id,
		Paint: map[string]any{"fill-color": areaFill, "fill-opacity": 0.5}}
	return []Layer{fill, line(id+"-outline", id, areaLine, widths(4, 0.4, 12, 1.5), nil)}
}

func circle(id, layer, colour string, radius float64, filter []any) Layer {
	return Layer{ID: id, Type: "circle", Source: sourceName, SourceLayer: layer, Filter: filter, Paint: map[string]any{
		"circle-color": colour, "circle-radius": widths(3, radius*0.6, 10, radius*1.5),
		"circle-stroke-color": halo, "circle-stroke-width": 1,
	}}
}

func line(id, layer, colour string, width, filter []any) Layer {
	return Layer{ID: id, Type: "line", Source: sourceName, SourceLayer: layer, Filter: filter,
		Layout: map[string]any{"line-cap": "round", "line-join": "round"},
		Paint:  map[string]any{"line-color": colour, "line-width": width}}
}

// label writes the Chinese name, or the English one where that is all there is.
func label(layer string, minZoom float64, colour string) Layer {
	return Layer{ID: layer + "-label", Type: "symbol", Source: sourceName, SourceLayer: layer, MinZoom: minZoom,
		Layout: map[string]any{
			"text-field": []any{"coalesce", []any{"get", "name_zh"}, []any{"get", "name_en"}, ""},
			"text-font":  ChineseFonts(), "text-size": 12, "text-anchor": "top", "text-offset": []any{0, 0.6}, "text-optional": true,
		},
		Paint: map[string]any{"text-color": colour, "text-halo-color": halo, "text-halo-width": 1.4}}
}

// widths grows a size between two zooms.
func widths(fromZoom, from, toZoom, to float64) []any {
	return []any{"interpolate", []any{"linear"}, []any{"zoom"}, fromZoom, from, toZoom, to}
}
