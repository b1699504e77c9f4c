package tiles_test

import (
	"encoding/json"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/tiles"
)

// A result is painted by the property that answers its question, and drawn in
// each of the shapes that it may have.
func TestStylesOfResults(t *testing.T) {
	of := func(geometry spatial.GeometryType, properties ...spatial.Property) string {
		c := spatial.Collection{ID: "result-x-y", Relation: "results.x", Geometry: geometry, Properties: properties, Tiles: &spatial.TileRule{MaxZoom: 14}}
		for _, p := range properties {
			c.Tiles.Properties = append(c.Tiles.Properties, p.Name)
		}
		style, ok := tiles.CollectionStyle(c, "https://host.test/tilejson")
		if !ok {
			t.Fatal("no style")
		}
		text, err := json.Marshal(style)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	covered, minutes := spatial.Property{Name: "covered", Type: spatial.Boolean}, spatial.Property{Name: "minutes", Type: spatial.Number}
	for name, one := range map[string]struct {
		style     string
		has, lack []string
	}{
		"covered before minutes": {of(spatial.Point, minutes, covered), []string{`"circle-color":["case",["==",["get","covered"],true]`}, []string{`"step"`, `"fill"`}},
		"minutes":                {of(spatial.MultiPolygon, minutes), []string{`"fill-color":["case",["has","minutes"],["step",["get","minutes"]`}, []string{`"circle"`}},
		"neither":                {of(spatial.LineString, spatial.Property{Name: "minutes", Type: spatial.String}), []string{`"line-color":"#`}, []string{`"case"`}},
		"any geometry":           {of(spatial.AnyGeometry), []string{`"fill"`, `"line"`, `"circle"`, `["geometry-type"],"Polygon"`}, nil},
	} {
		for _, want := range one.has {
			if !strings.Contains(one.style, want) {
				t.Errorf("%s: no %s in %s", name, want, one.style)
			}
		}
		for _, lack := range one.lack {
			if strings.Contains(one.style, lack) {
				t.Errorf("%s: %s in %s", name, lack, one.style)
			}
		}
	}
}
