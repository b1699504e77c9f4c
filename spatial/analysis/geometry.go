package analysis

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// maxVertices bounds one geometry of a request.
const maxVertices = 100_000

// roundedPoint is a point to the 7 decimals that every geometry is written
// with, so that equal text means an equal place.
func roundedPoint(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
}

// line reads a GeoJSON LineString.
func (o object) line(name string) orb.LineString {
	g, ok := o.object(name)
	if !ok {
		return nil
	}
	g.only("type", "coordinates", "bbox")
	if g.choice("type", "", []string{"LineString"}) == "" {
		g.require("type")
		return nil
	}
	var raw [][]float64
	if json.Unmarshal(g.members["coordinates"], &raw) != nil || len(raw) < 2 {
		g.fault("coordinates", "must be a list of at least two positions [longitude, latitude]", nil)
		return nil
	}
	return orb.LineString(g.positions(raw))
}

// area reads a GeoJSON Polygon or MultiPolygon.
func (o object) area(name string) orb.MultiPolygon {
	g, ok := o.object(name)
	if !ok {
		return nil
	}
	g.only("type", "coordinates", "bbox")
	var polygons [][][][]float64
	var err error
	switch g.choice("type", "", []string{"Polygon", "MultiPolygon"}) {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.members["coordinates"], &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.members["coordinates"], &polygons)
	default:
		g.require("type")
		return nil
	}
	if err != nil || len(polygons) == 0 {
		g.fault("coordinates", "must be rings of positions [longitude, latitude]", nil)
		return nil
	}
	return g.polygons(polygons)
}

func (o object) polygons(raw [][][][]float64) orb.MultiPolygon {
	var area orb.MultiPolygon
	for _, rings := range raw {
		var polygon orb.Polygon
		for _, ring := range rings {
			points := o.positions(ring)
			if len(points) < 4 || points[0] != points[len(points)-1] {
				o.fault("coordinates", "has a ring that is not closed or has fewer than four positions", nil)
				return nil
			}
			polygon = append(polygon, orb.Ring(points))
		}
		if len(polygon) == 0 {
			o.fault("coordinates", "has a polygon without rings", nil)
			return nil
		}
		area = append(area, polygon)
	}
	return area
}

// positions checks coordinates; a third one, the height, is passed over. It
// gives nil, and keeps one fault, when a position cannot be used.
func (o object) positions(raw [][]float64) []orb.Point {
	if len(raw) > maxVertices {
		o.fault("coordinates", fmt.Sprintf("has more than %d positions in a row", maxVertices), nil)
		return nil
	}
	points := make([]orb.Point, len(raw))
	for i, p := range raw {
		if len(p) < 2 || len(p) > 3 || !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			o.fault("coordinates", fmt.Sprintf("has a position that is not [longitude, latitude] in degrees: %v", p), nil)
			return nil
		}
		points[i] = roundedPoint(orb.Point{p[0], p[1]})
	}
	return points
}
