package analysis

import (
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// place is a point as a request gives it: a division's seat by its code, a
// feature, or a position.
type place struct {
	at         string             // JSON pointer
	collection spatial.Collection // of adcode and feature
	property   string             // adcode or id, "" for a position
	value      string             // of that property
	point      orb.Point
	shown      placeShown
}

// placeShown repeats a place for provenance.
type placeShown struct {
	Adcode  string        `json:"adcode,omitempty"`
	Feature *featureShown `json:"feature,omitempty"`
	Lon     *float64      `json:"lon,omitempty"`
	Lat     *float64      `json:"lat,omitempty"`
}

type featureShown struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
}

// spot is a place found: its point, and who it is where it is a feature.
type spot struct {
	ID     string // of the feature, "" for a position
	Adcode any
	NameZH any
	NameEN any
	Point  orb.Point
	Placed bool // Point is known
}

// spotOf is a feature as a spot.
func spotOf(f spatial.Feature) spot {
	s := spot{ID: f.ID, Adcode: f.Properties["adcode"], NameZH: f.Properties["name_zh"], NameEN: f.Properties["name_en"]}
	if p := pointOf(f); p != nil {
		s.Point, s.Placed = *p, true
	}
	return s
}

// spotPoints are the known points of spots.
func spotPoints(lists ...[]spot) []orb.Point {
	var points []orb.Point
	for _, list := range lists {
		for _, s := range list {
			if s.Placed {
				points = append(points, s.Point)
			}
		}
	}
	return points
}

// placeForms are the forms of a point input.
var placeForms = []string{`{"adcode": "510100"}`, `{"feature": {"collection": "airports", "id": "…"}}`, `{"lon": 104.07, "lat": 30.66}`}

// place reads a required point input.
func (o object) place(name string) place {
	if !o.require(name) {
		return place{}
	}
	inner, ok := o.object(name)
	if !ok {
		return place{}
	}
	return readPlace(inner)
}

func readPlace(o object) place {
	p := place{at: o.at}
	_, byCode := o.raw("adcode")
	_, byFeature := o.raw("feature")
	_, byLon := o.raw("lon")
	_, byLat := o.raw("lat")
	switch {
	case byCode && !byFeature && !byLon && !byLat:
		o.only("adcode")
		p.value, _ = o.text("adcode")
		p.collection, _ = spatial.CollectionByID("seats")
		p.property, p.shown.Adcode = "adcode", p.value
	case byFeature && !byCode && !byLon && !byLat:
		o.only("feature")
		readFeature(o, &p)
	case (byLon || byLat) && !byCode && !byFeature:
		o.only("lon", "lat")
		if point, ok := readLonLat(o); ok {
			p.point = point
			p.shown.Lon, p.shown.Lat = &p.point[0], &p.point[1]
		}
	default:
		o.add(spatial.BadField(o.at, "must be a point in exactly one of these forms", placeForms))
	}
	return p
}

func readFeature(o object, p *place) {
	f, ok := o.object("feature")
	if !ok {
		return
	}
	f.only("collection", "id")
	p.collection, _ = spatial.CollectionByID(readCollection(f))
	if f.require("id") {
		p.value, _ = f.text("id")
	}
	p.property, p.shown.Feature = "id", &featureShown{p.collection.ID, p.value}
}

// readLonLat reads a position; false when it cannot be used.
func readLonLat(o object) (orb.Point, bool) {
	before := len(*o.faults)
	o.require("lon")
	o.require("lat")
	at := orb.Point{o.number("lon", span{low: -180, high: 180}), o.number("lat", span{low: -90, high: 90})}
	return at, len(*o.faults) == before
}
