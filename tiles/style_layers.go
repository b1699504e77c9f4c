package tiles

import "quanyu/spatial"

// layers draws one collection: its marks, and the labels that go above all
// marks of the map. There is a layer for each class, so that a legend can switch
// it, with its values in Layer.Metadata.
func layers(c spatial.Collection) (marks, labels []Layer) {
	if c.Relation != "" {
		return resultLayers(c)
	}
	l := lookOf(c)
	switch c.Geometry {
	case spatial.MultiPolygon:
		marks = areaLayers(c, l)
	case spatial.LineString:
		marks = lineLayers(c, l)
	default:
		marks = pointLayers(c, l)
	}
	if l.labels > 0 && carries(c, "name_zh") {
		labels = labelLayers(c, l)
	}
	return marks, labels
}

func carries(c spatial.Collection, name string) bool {
	for _, p := range TileProperties(c) {
		if p.Name == name {
			return true
		}
	}
	return false
}

// filter selects the features of a class; those of no class are what none of
// the others selects, null included.
func (l look) filter(k class) []any {
	switch {
	case l.by == "":
		return nil
	case k.value != "":
		return []any{"==", []any{"get", l.by}, k.value}
	}
	var known []any
	for _, k := range l.classes {
		known = append(known, k.value)
	}
	return []any{"!", []any{"in", []any{"get", l.by}, []any{"literal", known}}}
}

// layer makes a layer of a class.
func (l look) layer(c spatial.Collection, k class, kind, part string) Layer {
	id := c.ID + part
	if k.value != "" {
		id = c.ID + "-" + k.value + part
	}
	return Layer{ID: id, Type: kind, Source: sourceName, SourceLayer: c.ID, MinZoom: k.minZoom, Filter: l.filter(k)}
}

// legend tells what a layer shows, for whoever writes a key beside the map.
func (k class) legend() map[string]any {
	return map[string]any{"legend:zh": k.zh, "legend:en": k.en, "legend:colour": k.colour}
}

func areaLayers(c spatial.Collection, l look) (all []Layer) {
	var outlines []Layer
	for _, k := range l.drawn() {
		fill := l.layer(c, k, "fill", "-fill")
		fill.Metadata = k.legend()
		fill.Paint = map[string]any{"fill-color": k.colour, "fill-opacity": 0.22}
		if c.ID == "divisions" { // they lie upon each other, and are the ground of all else
			fill.Paint = map[string]any{"fill-color": areaFill, "fill-opacity": 0.25}
		}
		outline := l.layer(c, k, "line", "-outline")
		outline.stroke(k, 1.2)
		all, outlines = append(all, fill), append(outlines, outline)
	}
	return append(all, outlines...)
}

// lineLayers keep roads thin: they explain travel times and are not the subject.
// Only the car's rows are drawn, since each mode repeats the roads.
func lineLayers(c spatial.Collection, l look) (all []Layer) {
	for _, k := range l.drawn() {
		line := l.layer(c, k, "line", "-line")
		line.Metadata = k.legend()
		line.stroke(k, 1.6)
		if c.ID == "roads" {
			line.Filter = []any{"all", []any{"==", []any{"get", "mode"}, "car"}, line.Filter}
			line.Paint["line-opacity"] = 0.8
			if k.value == "motorway" || k.value == "trunk" { // with their ramps
				line.Filter[2] = []any{"in", []any{"get", "class"}, []any{"literal", []any{k.value, k.value + "_link"}}}
			}
		}
		all = append(all, line)
	}
	return all
}

// stroke draws a layer as lines of a class.
func (l *Layer) stroke(k class, width float64) {
	if k.width > 0 {
		width = k.width
	}
	l.Layout = map[string]any{"line-cap": "round", "line-join": "round"}
	l.Paint = map[string]any{"line-color": k.colour, "line-width": widths(3, width*0.5, 14, width*1.6)}
	if k.dashed {
		l.Layout["line-cap"] = "butt"
		l.Paint["line-dasharray"] = []any{3, 2}
	}
}

func pointLayers(c spatial.Collection, l look) (all []Layer) {
	for _, k := range l.drawn() {
		if k.width == 0 {
			k.width = 4
		}
		point := l.layer(c, k, "circle", "-point")
		point.Metadata = k.legend()
		point.Paint = map[string]any{
			"circle-color": k.colour, "circle-radius": widths(3, k.width*0.5, 12, k.width*1.4),
			"circle-stroke-color": halo, "circle-stroke-width": 1,
		}
		if l.size != "" {
			point.Metadata["legend:sizes"] = l.legendSizes()
			point.Paint["circle-radius"] = l.radius(k.width)
			point.Paint["circle-opacity"] = 0.85
			point.Layout = map[string]any{"circle-sort-key": []any{"-", 0, rankOf(l.size)}} // the small above the large
		}
		all = append(all, point)
	}
	return all
}

// radius grows by steps of the number; unknown is that of what is not known.
func (l look) radius(unknown float64) []any {
	at := func(scale float64) []any {
		steps := []any{"step", rankOf(l.size), unknown * scale, 0.0}
		for i, s := range l.sizes {
			if i > 0 {
				steps = append(steps, s.from)
			}
			steps = append(steps, s.radius*scale)
		}
		return steps
	}
	return []any{"interpolate", []any{"linear"}, []any{"zoom"}, 3, at(0.5), 12, at(1.4)}
}

func (l look) legendSizes() (all []map[string]any) {
	for _, s := range l.sizes {
		all = append(all, map[string]any{"zh": s.zh, "en": s.en, "from": s.from, "radius": s.radius})
	}
	return all
}

// rankOf is a number of a feature, -1 where it is not known.
func rankOf(property string) []any {
	return []any{"to-number", []any{"get", property}, -1}
}

// labelLayers write names as late as the mark of their class is drawn.
func labelLayers(c spatial.Collection, l look) (all []Layer) {
	if l.by == "" || c.Geometry == spatial.LineString {
		return []Layer{label(c, l, l.other, l.labels)}
	}
	late := map[float64]bool{}
	for _, k := range l.drawn() {
		if k.minZoom > 0 {
			late[k.minZoom] = true
		}
	}
	if len(late) == 0 {
		text := label(c, l, class{colour: labelColor}, l.labels)
		text.Filter = nil
		return []Layer{text}
	}
	for _, k := range l.drawn() {
		all = append(all, label(c, l, k, max(l.labels, k.minZoom+1)))
	}
	return all
}

// label writes the Chinese name, or the English one where that is all there is.
// Where names are too many, those of the greatest features stay.
func label(c spatial.Collection, l look, k class, minZoom float64) Layer {
	text := l.layer(c, k, "symbol", "-label")
	text.MinZoom = minZoom
	text.Layout = map[string]any{
		"text-field": []any{"coalesce", []any{"get", "name_zh"}, []any{"get", "name_en"}, ""},
		"text-font":  ChineseFonts(), "text-size": widths(4, 11, 12, 14), "text-padding": 3, "text-max-width": 8,
	}
	switch c.Geometry {
	case spatial.Point:
		text.Layout["text-anchor"], text.Layout["text-offset"], text.Layout["text-optional"] = "top", []any{0, 0.6}, true
	case spatial.LineString:
		text.Layout["symbol-placement"], text.Layout["symbol-spacing"] = "line", 400
		text.Filter = nil
	}
	if l.first != "" {
		text.Layout["symbol-sort-key"] = []any{"-", 0, rankOf(l.first)}
	}
	colour := labelColor
	if c.Geometry == spatial.Point && l.by == "" || c.Geometry == spatial.MultiPolygon && c.ID != "divisions" && k.colour != "" {
		colour = k.colour
	}
	text.Paint = map[string]any{"text-color": colour, "text-halo-color": halo, "text-halo-width": 1.4}
	return text
}

// widths grows a size between two zooms.
func widths(fromZoom, from, toZoom, to float64) []any {
	return []any{"interpolate", []any{"linear"}, []any{"zoom"}, fromZoom, from, toZoom, to}
}
