package spatial

import (
	"encoding/json"

	"github.com/paulmach/orb"
)

// Feature is a geometry with attributes. Property values are nil or of the Go
// types listed at Expr, int and nested maps and slices included.
type Feature struct {
	ID         string
	Geometry   orb.Geometry // nil for none
	Properties map[string]any
}

// FeatureCollection is a list of features in a meaningful order.
type FeatureCollection struct{ Features []Feature }

// MarshalJSON writes GeoJSON (RFC 7946); members of properties are sorted by
// name, so equal features give equal bytes.
func (f Feature) MarshalJSON() ([]byte, error) {
	geometry, err := MarshalGeometry(f.Geometry)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Type       string          `json:"type"`
		ID         string          `json:"id,omitempty"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties map[string]any  `json:"properties"`
	}{"Feature", f.ID, geometry, f.Properties})
}

// MarshalJSON writes a GeoJSON FeatureCollection; no features give an empty
// list, never null.
func (c FeatureCollection) MarshalJSON() ([]byte, error) {
	features := c.Features
	if features == nil {
		features = []Feature{}
	}
	return json.Marshal(struct {
		Type     string    `json:"type"`
		Features []Feature `json:"features"`
	}{"FeatureCollection", features})
}
