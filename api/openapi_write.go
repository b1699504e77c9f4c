package api

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"quanyu/spatial"
)

// featureBody describes the body of a write: a feature by the schema of its
// collection, or some members of one as a merge patch.
func featureBody(one spatial.Collection, medias []string) *openapi3.RequestBodyRef {
	patch := slices.Contains(medias, mediaMergePatch)
	properties := openapi3.NewObjectSchema()
	properties.AdditionalProperties = openapi3.AdditionalProperties{Has: new(bool)}
	for _, p := range one.All() {
		properties.WithProperty(p.Name, writtenSchema(p))
	}
	feature := openapi3.NewObjectSchema().WithProperty("type", openapi3.NewStringSchema().WithEnum("Feature")).
		WithProperty("id", openapi3.NewStringSchema().WithPattern(spatial.IDPattern)).
		WithProperty("properties", properties)
	feature.Properties["geometry"] = &openapi3.SchemaRef{Ref: "#/components/schemas/geometryGeoJSON"}
	if !patch {
		feature.Required = []string{"type", "properties"}
		if one.Geometry != spatial.NoGeometry {
			feature.Required = append(feature.Required, "geometry")
		}
	}
	content := openapi3.Content{}
	for _, media := range medias {
		content[media] = openapi3.NewMediaType().WithSchema(feature)
	}
	return &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithContent(content)}
}

// writtenSchema is the schema of a property as it is written; null is unknown.
func writtenSchema(p spatial.Property) *openapi3.Schema {
	schema := queryableSchema(p)
	switch p.Type {
	case spatial.StringList:
		schema = openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema().WithMaxLength(maxText)).WithMaxItems(maxList)
	case spatial.JSON:
		schema = openapi3.NewObjectSchema()
		if p.Many {
			schema = openapi3.NewArraySchema().WithItems(openapi3.NewSchema())
		}
	case spatial.String:
		if len(p.Enum) == 0 {
			schema.WithMaxLength(maxText)
		}
	}
	schema.Description = p.Description
	schema.Nullable = true
	if len(schema.Enum) > 0 {
		schema.Enum = append(schema.Enum, nil)
	}
	return schema
}
