package spatial

import (
	"slices"
	"strings"
)

// GeometryType is the one geometry type of a collection, or NoGeometry.
type GeometryType string

// The geometry types that collections have.
const (
	NoGeometry   GeometryType = ""
	Point        GeometryType = "Point"
	LineString   GeometryType = "LineString"
	MultiPolygon GeometryType = "MultiPolygon"
	AnyGeometry  GeometryType = "Geometry" // of results: any of GeoJSON's, mixed
)

// PropertyType is the type of a property's values; each maps to one JSON
// Schema type and one PostgreSQL type.
type PropertyType string

// The property types.
const (
	String     PropertyType = "string"      // text
	Integer    PropertyType = "integer"     // bigint
	Number     PropertyType = "number"      // double precision
	Boolean    PropertyType = "boolean"     // boolean
	Date       PropertyType = "date"        // date; a civil date in UTC+8, "2006-01-02"
	Timestamp  PropertyType = "date-time"   // timestamptz; RFC 3339, UTC
	StringList PropertyType = "string-list" // text[]
	JSON       PropertyType = "json"        // jsonb, shown but not queryable
)

// Property is one attribute of a collection's features.
type Property struct {
	Name        string
	Column      string // column of the table, where it is not Name
	Type        PropertyType
	Many        bool // of JSON: an array of values, not one object
	Description string
	Unit        string   // UCUM or a plain word, "" when there is none
	Enum        []string // the allowed values of a closed list
}

// ColumnName is the name of the property's column.
func (p Property) ColumnName() string {
	if p.Column != "" {
		return p.Column
	}
	return p.Name
}

// TileRule says how a collection appears in vector tiles. A tile keeps at
// most MaxFeatures, those that come first by Rank (property names, a leading
// "-" for descending). Where a zoom is in reach of a detail, the detail's
// bounds hold instead.
type TileRule struct {
	MinZoom, MaxZoom int
	MaxFeatures      int
	Rank             []string
	Properties       []string // properties carried in tiles besides id
	Details          []TileDetail
}

// TileDetail lightens tiles of all zooms up to MaxZoom: they keep at most
// MaxFeatures, of which the numeric Property is at least AtLeast.
type TileDetail struct {
	MaxZoom     int
	MaxFeatures int
	Property    string // "": no such bound
	AtLeast     float64
}

// At gives the bounds that hold at a zoom: those of the detail with the
// smallest MaxZoom that reaches it, else the rule's own.
func (r TileRule) At(zoom int) TileDetail {
	at := TileDetail{MaxZoom: r.MaxZoom, MaxFeatures: r.MaxFeatures}
	for _, d := range r.Details {
		if zoom <= d.MaxZoom && d.MaxZoom < at.MaxZoom {
			at = d
		}
	}
	return at
}

// LimitLayer is the layer that a tile has besides those of its collections
// when MaxFeatures left features out: one point for each such collection, in
// the middle of the tile, with the properties collection and shown.
const LimitLayer = "limits"

// Collection describes one set of features: its name in the API, its table
// (the id with "-" replaced by "_"), its geometry and its properties. The
// common properties of every feature are not repeated in Properties; All
// gives the full list.
type Collection struct {
	ID          string
	Title       string
	TitleZH     string
	Description string
	Geometry    GeometryType
	Properties  []Property
	Tiles       *TileRule // nil when the collection has no tiles

	Writable     bool   // features can be created, replaced and removed by callers
	KeepsHistory bool   // of Writable: what a write supersedes stays, in force until the day of the write
	AdminsOnly   bool   // for everybody else the collection does not exist
	Relation     string // table of a result, with its schema; "" for all others, whose table Table names
}

// Table is the name of the collection's table.
func (c Collection) Table() string { return strings.ReplaceAll(c.ID, "-", "_") }

// CommonProperties are the first properties of every feature. source is the
// id of the row of the datasets collection that vouches for the feature.
func CommonProperties() []Property {
	return []Property{
		{Name: "id", Type: String, Description: "Stable identifier, made from a natural key and never reused."},
		{Name: "name_zh", Type: String, Description: "Chinese name."},
		{Name: "name_en", Type: String, Description: "English name; null where unknown."},
		{Name: "source", Column: "dataset", Type: String, Description: "Id of the dataset, in the datasets collection, that this feature comes from."},
		{Name: "visibility", Type: String, Enum: []string{"public", "internal", "restricted"}, Description: "Who may see the feature."},
	}
}

// evidenceProperties tell where a shipped fact comes from, row by row.
func evidenceProperties() []Property {
	return []Property{
		{Name: "source_ref", Type: String, Description: "Identifier or place of this record in its source."},
		{Name: "licence", Type: String, Description: "Licence of this record (SPDX identifier where there is one)."},
		{Name: "source_date", Type: Date, Description: "Date to which the source speaks of this record."},
		{Name: "confidence", Type: String, Enum: []string{"high", "medium", "low"}, Description: "How sure this record is, after checks against other sources."},
	}
}

// All lists the common properties, then the collection's own.
func (c Collection) All() []Property {
	return append(CommonProperties(), c.Properties...)
}

// Property finds a property by name, common ones included.
func (c Collection) Property(name string) (Property, bool) {
	all := c.All()
	i := slices.IndexFunc(all, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return Property{}, false
	}
	return all[i], true
}

// Queryables are the properties that a filter, a sort or a query parameter
// may name: all but JSON ones.
func (c Collection) Queryables() []Property {
	return slices.DeleteFunc(c.All(), func(p Property) bool { return p.Type == JSON })
}
