package tiles

import "quanyu/spatial"

// TileJSON is a TileJSON 3.0.0 document.
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Version      string        `json:"version"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	Center       [3]float64    `json:"center"`
	Attribution  string        `json:"attribution,omitempty"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer tells the fields of one layer.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// formatVersion is the version of our TileJSON content: it has to be a
// semantic version, so the data version cannot stand here.
const formatVersion = "1.0.0"

// Describe makes the TileJSON of collections that have tiles, in
// WebMercatorQuad, which is the only grid that TileJSON knows. template is the
// absolute address of a tile with {z}, {x} and {y}; it stays the same when
// the data changes, so that a page left open keeps working.
func Describe(name string, collections []spatial.Collection, r Range, template, attribution string) TileJSON {
	bound := r.Grid.LonLat(r.Grid.World)
	if r.Bounded {
		bound = r.Bound
	}
	doc := TileJSON{
		TileJSON: "3.0.0", Name: name, Version: formatVersion, Scheme: "xyz", Tiles: []string{template},
		MinZoom: r.MinZoom, MaxZoom: r.MaxZoom, Attribution: attribution,
		Bounds:       [4]float64{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]},
		Center:       [3]float64{bound.Center()[0], bound.Center()[1], float64(min(max(3, r.MinZoom), r.MaxZoom))},
		VectorLayers: []VectorLayer{},
	}
	if len(collections) == 1 {
		doc.Description = collections[0].Description
	}
	for _, c := range collections {
		if c.Tiles != nil {
			doc.VectorLayers = append(doc.VectorLayers, vectorLayer(c))
		}
	}
	doc.VectorLayers = append(doc.VectorLayers, limitLayer(r))
	return doc
}

// limitLayer tells of the layer in which a tile says what it left out.
func limitLayer(r Range) VectorLayer {
	return VectorLayer{
		ID: spatial.LimitLayer, Description: "One point for each collection of which the tile holds only the first features.",
		MinZoom: r.MinZoom, MaxZoom: r.MaxZoom, Fields: map[string]string{"collection": "String", "shown": "Number"},
	}
}

func vectorLayer(c spatial.Collection) VectorLayer {
	layer := VectorLayer{ID: c.ID, Description: c.Description, MinZoom: c.Tiles.MinZoom, MaxZoom: c.Tiles.MaxZoom, Fields: map[string]string{}}
	for _, p := range TileProperties(c) {
		layer.Fields[p.Name] = fieldType(p.Type)
	}
	return layer
}

// TileProperties lists the properties that a collection's tiles carry: id
// first, then those of its tile rule.
func TileProperties(c spatial.Collection) []spatial.Property {
	id, _ := c.Property("id")
	list := []spatial.Property{id}
	if c.Tiles == nil {
		return list
	}
	for _, name := range c.Tiles.Properties {
		if p, ok := c.Property(name); ok {
			list = append(list, p)
		}
	}
	return list
}

// fieldType names a type as vector tiles know it.
func fieldType(t spatial.PropertyType) string {
	switch t {
	case spatial.Integer, spatial.Number:
		return "Number"
	case spatial.Boolean:
		return "Boolean"
	default:
		return "String"
	}
}
