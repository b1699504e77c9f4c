package tiles

import "quanyu/spatial"

// MediaType is that of vector tiles.
const MediaType = "application/vnd.mapbox-vector-tile"

// Tileset is the metadata of one tileset (OGC 17-083r4, clause 7). Links are
// the caller's, who knows the addresses.
type Tileset struct {
	Title     string        `json:"title"`
	DataType  string        `json:"dataType"`
	CRS       string        `json:"crs"`
	MatrixSet string        `json:"tileMatrixSetId"`
	MatrixURI string        `json:"tileMatrixSetURI"`
	Limits    []Limits      `json:"tileMatrixSetLimits"`
	Bounds    *BoundingBox  `json:"boundingBox,omitempty"`
	Layers    []LayerSchema `json:"layers,omitempty"`
	Links     any           `json:"links"`
}

// BoundingBox is an extent in CRS84.
type BoundingBox struct {
	LowerLeft  [2]float64 `json:"lowerLeft"`
	UpperRight [2]float64 `json:"upperRight"`
	CRS        string     `json:"crs"`
}

// LayerSchema describes one layer of a tileset; GeometryDimension is 0 for
// points, 1 for lines, 2 for areas.
type LayerSchema struct {
	ID                string         `json:"id"`
	Title             string         `json:"title"`
	Description       string         `json:"description,omitempty"`
	DataType          string         `json:"dataType"`
	GeometryDimension int            `json:"geometryDimension"`
	MinTileMatrix     string         `json:"minTileMatrix"`
	MaxTileMatrix     string         `json:"maxTileMatrix"`
	PropertiesSchema  map[string]any `json:"propertiesSchema"`
}

// NewTileset describes the tiles of collections within a range.
func NewTileset(title string, collections []spatial.Collection, r Range, links any) Tileset {
	set := Tileset{
		Title: title, DataType: "vector", CRS: r.Grid.CRS.URI, MatrixSet: r.Grid.ID, MatrixURI: MatrixSetURI(r.Grid),
		Limits: r.All(), Links: links,
	}
	if r.Bounded {
		set.Bounds = &BoundingBox{LowerLeft: r.Bound.Min, UpperRight: r.Bound.Max, CRS: spatial.CRS84.URI}
	}
	for _, c := range collections {
		if c.Tiles != nil {
			set.Layers = append(set.Layers, layerSchema(c, r.Grid))
		}
	}
	return set
}

func layerSchema(c spatial.Collection, grid spatial.Grid) LayerSchema {
	first, last := c.Tiles.Zooms(grid)
	properties := map[string]any{}
	for _, p := range TileProperties(c) {
		properties[p.Name] = map[string]any{"type": jsonType(p.Type), "description": p.Description}
	}
	dimensions := map[spatial.GeometryType]int{spatial.Point: 0, spatial.LineString: 1, spatial.MultiPolygon: 2}
	return LayerSchema{
		ID: c.ID, Title: c.Title, Description: c.Description, DataType: "vector", GeometryDimension: dimensions[c.Geometry],
		MinTileMatrix: itoa(first), MaxTileMatrix: itoa(last),
		PropertiesSchema: map[string]any{"type": "object", "properties": properties},
	}
}

// jsonType is the JSON Schema type of a value as tiles carry it: dates and
// lists become text.
func jsonType(t spatial.PropertyType) string {
	switch t {
	case spatial.Integer:
		return "integer"
	case spatial.Number:
		return "number"
	case spatial.Boolean:
		return "boolean"
	default:
		return "string"
	}
}
