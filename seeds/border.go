package seeds

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quanyu/spatial"
)

// maxBorderFile bounds a border layer in bytes: three times the countries of
// the world to 10 m. One feature at a time is held in memory.
const maxBorderFile = 512 << 20

// BorderLayer says which features of a border file are foreign: those whose
// property is none of Own. With Property "" every feature is a border line.
type BorderLayer struct {
	Property string
	Own      []string
}

// BorderDistance is how far a place is from the nearest border of a layer.
type BorderDistance struct {
	Place   string         // id of the place
	Meters  spatial.Meters // to the nearest point of a line or ring
	At      orb.Point      // that point, longitude and latitude
	Nearest string         // value of the layer's property there
}

// BorderDistances reads a GeoJSON FeatureCollection of lines or polygons in
// CRS84 and gives each place's distance to the nearest line or ring that the
// layer counts, in the order of ids. Foreign countries are measured, not the
// own outline, since that has the coast in it. A file that is not such a
// collection, is larger than 512 MiB or has no border in it is an Invalid error.
//
// A place is put in the middle of its own plane with the radii of curvature of
// WGS 84 at its latitude; at 100 km that is off by less than 0.2 %.
func BorderDistances(r io.Reader, layer BorderLayer, places map[string]orb.Point) ([]BorderDistance, error) {
	near := make([]*nearest, 0, len(places))
	for id, p := range places {
		near = append(near, newNearest(id, p))
	}
	slices.SortFunc(near, func(a, b *nearest) int { return strings.Compare(a.found.Place, b.found.Place) })
	limited := &io.LimitedReader{R: r, N: maxBorderFile + 1}
	err := eachBorder(limited, layer, func(value string, line []orb.Point) {
		for _, n := range near {
			n.line(value, line)
		}
	})
	if limited.N == 0 {
		return nil, spatial.Errorf(spatial.Invalid, "The border layer has more than %d bytes.", maxBorderFile)
	}
	if err != nil {
		return nil, spatial.Errorf(spatial.Invalid, "The border layer is not a GeoJSON collection of lines or polygons: %s.", err)
	}
	out := make([]BorderDistance, len(near))
	for i, n := range near {
		if math.IsInf(n.best, 1) {
			return nil, spatial.Errorf(spatial.Invalid, "The border layer has no border that counts.")
		}
		n.found.Meters = spatial.Meters(math.Sqrt(n.best))
		out[i] = n.found
	}
	return out, nil
}

// eachBorder calls f with every line and ring of the features that count.
func eachBorder(r io.Reader, layer BorderLayer, f func(value string, line []orb.Point)) error {
	decoder := json.NewDecoder(r)
	if err := toFeatures(decoder); err != nil {
		return err
	}
	for decoder.More() {
		var feature struct {
			Properties map[string]any    `json:"properties"`
			Geometry   *geojson.Geometry `json:"geometry"`
		}
		if err := decoder.Decode(&feature); err != nil {
			return err
		}
		value := ""
		if layer.Property != "" {
			var named bool
			if value, named = feature.Properties[layer.Property].(string); !named {
				return fmt.Errorf("a feature has no text in the property %q", layer.Property)
			}
		}
		if feature.Geometry == nil || slices.Contains(layer.Own, value) && layer.Property != "" {
			continue
		}
		if err := eachLine(feature.Geometry.Geometry(), func(line []orb.Point) { f(value, line) }); err != nil {
			return err
		}
	}
	_, err := decoder.Token()
	return err
}

// toFeatures reads up to the first of the features.
func toFeatures(decoder *json.Decoder) error {
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return errors.New("it has no features")
	}
	for decoder.More() {
		member, err := decoder.Token()
		if err != nil {
			return err
		}
		if member != "features" {
			var skipped json.RawMessage
			if err := decoder.Decode(&skipped); err != nil {
				return err
			}
			continue
		}
		if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
			return errors.New("its features are no list")
		}
		return nil
	}
	return errors.New("it has no features")
}

func eachLine(g orb.Geometry, f func([]orb.Point)) error {
	switch g := g.(type) {
	case orb.LineString:
		f(g)
	case orb.MultiLineString:
		for _, line := range g {
			f(line)
		}
	case orb.Polygon:
		for _, ring := range g {
			f(ring)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			for _, ring := range polygon {
				f(ring)
			}
		}
	default:
		return fmt.Errorf("a feature is a %s", g.GeoJSONType())
	}
	return nil
}
