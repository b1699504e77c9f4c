package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// schemaDialect is the JSON Schema version that OGC API schemas are written in.
const schemaDialect = "https://json-schema.org/draft/2020-12/schema"

// getSchema describes all properties of a collection's features; as GeoJSON,
// the features as they are written, which is what GDAL reads for the fields of
// a collection that holds nothing.
func (s *server) getSchema(c echo.Context) error {
	if chosen, err := negotiate(c, formSchema, formHTML, formGeoJSONSchema); err == nil && chosen.name == formGeoJSONSchema.name {
		return s.geoJSONSchema(c, chosen)
	}
	return s.schemaPage(c, "Schema", "结构", func(one spatial.Collection) []spatial.Property { return one.All() }, true)
}

// getQueryables describes the properties that filters and parameters may name.
func (s *server) getQueryables(c echo.Context) error {
	return s.schemaPage(c, "Queryables", "可查询属性", spatial.Collection.Queryables, true)
}

// getSortables describes the properties that sortby may name.
func (s *server) getSortables(c echo.Context) error {
	return s.schemaPage(c, "Sortables", "可排序属性", sortables, false)
}

func (s *server) schemaPage(c echo.Context, title, titleZH string, of func(spatial.Collection) []spatial.Property, withGeometry bool) error {
	collection, err := s.collection(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formSchema, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	properties := of(collection)
	if chosen.name == formHTML.name {
		return s.html(c, "schema.html", view{Title: collection.Title + ": " + title, TitleZH: titleZH, Links: s.selfLinks(c, chosen, formSchema, formHTML), Body: properties,
			Crumbs: s.crumbs(c, "collections", "Collections 数据集合", collection.ID, collection.Title)})
	}
	document := map[string]any{
		"$schema": schemaDialect, "$id": s.base(c) + c.Request().URL.EscapedPath(), "type": "object", "title": collection.Title,
		"description": collection.Description, "properties": schemaProperties(collection, properties, withGeometry), "additionalProperties": false,
	}
	return c.Blob(http.StatusOK, mediaSchema, append(mustJSON(document), '\n'))
}

func (s *server) geoJSONSchema(c echo.Context, chosen form) error {
	one, err := s.collection(c)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	// The id is told as that of the feature: GDAL would show it twice.
	properties := slices.DeleteFunc(one.All(), func(p spatial.Property) bool { return p.Name == "id" })
	text := func(values ...string) map[string]any { return map[string]any{"type": "string", "enum": values} }
	document := map[string]any{
		"$schema": schemaDialect, "$id": s.self(c, "f", chosen.name), "type": "object", "title": one.Title, "description": one.Description,
		"required": []string{"type", "geometry", "properties"},
		"properties": map[string]any{
			"type": text("Feature"), "id": map[string]any{"type": "string"},
			"geometry":   map[string]any{"type": "object", "description": "A " + string(one.Geometry) + ", or null."},
			"properties": map[string]any{"type": "object", "properties": schemaProperties(one, properties, false)},
		},
	}
	return c.Blob(http.StatusOK, mediaSchema, append(mustJSON(document), '\n'))
}

// geometryNote says how filters see geometries.
const geometryNote = "Where the feature is. Filters relate it to other geometries on the plane of longitude and latitude, where lines are straight."

func schemaProperties(c spatial.Collection, list []spatial.Property, withGeometry bool) map[string]any {
	properties := map[string]any{}
	for i, p := range list {
		properties[p.Name] = propertySchema(p, i+1)
	}
	if withGeometry && c.Geometry != spatial.NoGeometry {
		format := map[spatial.GeometryType]string{spatial.Point: "geometry-point", spatial.LineString: "geometry-linestring", spatial.MultiPolygon: "geometry-multipolygon", spatial.AnyGeometry: "geometry-any"}
		properties["geometry"] = map[string]any{"title": "geometry", "description": geometryNote, "x-ogc-role": "primary-geometry", "format": format[c.Geometry], "x-ogc-propertySeq": len(list) + 1}
	}
	return properties
}

// propertySchema is the JSON Schema of one property; null stands for unknown
// and is not part of the type, as OGC API Features Part 5 has it.
func propertySchema(p spatial.Property, sequence int) map[string]any {
	schema := map[string]any{"title": p.Name, "description": p.Description, "x-ogc-propertySeq": sequence}
	switch p.Type {
	case spatial.Integer, spatial.Number, spatial.Boolean:
		schema["type"] = string(p.Type)
	case spatial.Date, spatial.Timestamp:
		schema["type"], schema["format"] = "string", string(p.Type)
	case spatial.StringList:
		schema["type"], schema["items"] = "array", map[string]any{"type": "string"}
	case spatial.JSON:
		schema["type"] = "object"
		if p.Many {
			schema["type"] = "array"
		}
	default:
		schema["type"] = "string"
	}
	if p.Name == "id" {
		schema["x-ogc-role"] = "id"
	}
	if p.Unit != "" {
		schema["x-ogc-unit"] = p.Unit
	}
	if len(p.Enum) > 0 {
		schema["enum"] = p.Enum
	}
	return schema
}
