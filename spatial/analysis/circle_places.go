package analysis

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// townPlace is a place that circles tell of, and how far it is.
type townPlace struct {
	collection string
	feature    spatial.Feature
	at         orb.Point
	weight     network.Weight // Never where it is not within the largest limit
}

// placeCollections are those whose places circles list: what a plan measures
// its circles by.
var placeCollections = []string{"seats", "airports", "border-places"}

// read fetches the divisions, and the places that may be on the network.
func (r *circleRun) read(ctx context.Context, in Inputs) error {
	near := r.network.Extent.Pad(float64(r.profile.MaxSnap) / metersPerDegree * 2)
	r.positioned = map[string]bool{}
	for _, id := range placeCollections {
		c, _ := spatial.CollectionByID(id)
		set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: r.today(), Limit: maxPoints,
			Properties: existing(c, "name_zh", "name_en", "adcode", "level", "kind", "tier")})
		if err != nil {
			return fmt.Errorf("reading places: %w", err)
		}
		r.cite(set.Datasets)
		for _, f := range set.Features {
			p := pointOf(f)
			if p == nil {
				continue
			}
			if code, ok := f.Properties["adcode"].(string); ok && id == "seats" {
				r.positioned[code] = true
			}
			if near.Contains(*p) {
				r.places = append(r.places, townPlace{id, f, *p, network.Never})
			}
		}
	}
	c, _ := spatial.CollectionByID("divisions")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: r.today(), Limit: maxPoints,
		Properties: []string{"name_zh", "name_en", "adcode", "level", "parent_adcode", "resident_population"}})
	if err != nil {
		return fmt.Errorf("reading divisions: %w", err)
	}
	r.cite(set.Datasets)
	r.divisions = set.Features
	return nil
}

// metersPerDegree is the length of a degree of latitude, and about the most
// that one of longitude has; twice the snap radius in it is enough up to 60
// degrees of latitude.
const metersPerDegree = 111_320

// timePlaces reads the times of places off a field.
func (r *circleRun) timePlaces(field *network.Field) {
	field.Each(r.at, func(i int, w network.Weight, state network.ReachState) {
		if state == network.Reached {
			r.places[i].weight = w
		}
	})
}

// reached gives the places within the largest limit, the seats first, each
// collection by id.
func (r *circleRun) reached() spatial.FeatureCollection {
	var list spatial.FeatureCollection
	for _, p := range r.places {
		if p.weight == network.Never {
			continue
		}
		properties := map[string]any{"collection": p.collection, "minutes": minutesOf(p.weight)}
		for name, value := range p.feature.Properties {
			properties[name] = value
		}
		list.Features = append(list.Features, spatial.Feature{ID: p.feature.ID, Geometry: p.feature.Geometry, Properties: properties})
	}
	return list
}
