package tiles

import (
	"slices"

	"quanyu/spatial"
)

// Style is a MapLibre style, version 8. Without glyphs GL JS 5.11 and later draw
// labels from the fonts of the reader's machine.
type Style struct {
	Version int               `json:"version"`
	Name    string            `json:"name"`
	Glyphs  string            `json:"glyphs,omitempty"` // address of letters, with {fontstack} and {range}
	Center  [2]float64        `json:"center"`
	Zoom    float64           `json:"zoom"`
	Sources map[string]Origin `json:"sources"`
	Layers  []Layer           `json:"layers"`
}

// Origin is a vector source of a style. PromoteID makes the id property the
// feature's id, since ids here are text and tiles hold numbers only.
type Origin struct {
	Type      string `json:"type"`
	URL       string `json:"url"`
	PromoteID string `json:"promoteId"`
}

// Layer is one drawn layer.
type Layer struct {
	ID          string         `json:"id"`
	Type        string         `json:"type"`
	Metadata    map[string]any `json:"metadata,omitempty"` // legend:zh, legend:en, legend:colour
	Source      string         `json:"source,omitempty"`
	SourceLayer string         `json:"source-layer,omitempty"`
	MinZoom     float64        `json:"minzoom,omitempty"`
	Filter      []any          `json:"filter,omitempty"`
	Layout      map[string]any `json:"layout,omitempty"`
	Paint       map[string]any `json:"paint,omitempty"`
}

// OverviewID is the style of all collections together.
const OverviewID = "overview"

// sourceName is the one source of every style.
const sourceName = "quanyu"

// The palette: a light ground, muted lines, and one strong tone for each kind
// of place. Labels reach a contrast of 7:1 on the ground, marks 3:1.
const (
	ground     = "#f7f6f2"
	labelColor = "#33383d"
	halo       = "#ffffff"
	roadMajor  = "#b08d57"
	roadMinor  = "#a9a9a4"
	airport    = "#1f5f99"
	seat       = "#8a3324"
	border     = "#4d6b3c"
	areaFill   = "#dfe3d6"
	areaLine   = "#7d8a74"
	plain      = "#5b5470"
)

// ChineseFonts are fonts that a reader's machine may have, best first; the
// last one every browser has.
func ChineseFonts() []string { return []string{"Noto Sans CJK SC", "Noto Sans SC", "sans-serif"} }

// CollectionStyle draws one collection. tileJSON is the absolute address of
// its TileJSON; ok is false when the collection has no tiles.
func CollectionStyle(c spatial.Collection, tileJSON string) (style Style, ok bool) {
	if c.Tiles == nil {
		return Style{}, false
	}
	return newStyle(c.ID, tileJSON, []spatial.Collection{c}), true
}

// Overview draws all collections that have tiles, areas below lines below
// points.
func Overview(collections []spatial.Collection, tileJSON string) Style {
	return newStyle(OverviewID, tileJSON, collections)
}

func newStyle(name, tileJSON string, collections []spatial.Collection) Style {
	style := Style{
		Version: 8, Name: name, Center: [2]float64{104, 36}, Zoom: 3,
		Sources: map[string]Origin{sourceName: {Type: "vector", URL: tileJSON, PromoteID: "id"}},
		Layers:  []Layer{{ID: "ground", Type: "background", Paint: map[string]any{"background-color": ground}}},
	}
	ordered := slices.Clone(collections)
	slices.SortStableFunc(ordered, func(a, b spatial.Collection) int { return depth(a) - depth(b) })
	var labels []Layer
	for _, c := range ordered {
		if c.Tiles == nil {
			continue
		}
		marks, names := layers(c)
		style.Layers = append(style.Layers, marks...)
		labels = append(labels, names...)
	}
	style.Layers = append(style.Layers, labels...)
	return style
}

// depth orders geometry types from the bottom of the map to its top.
// Results may hold all types, areas among them, and lie below.
func depth(c spatial.Collection) int {
	return slices.Index([]spatial.GeometryType{spatial.MultiPolygon, spatial.LineString, spatial.Point}, c.Geometry)
}
