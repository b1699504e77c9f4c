package analysis

import (
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// pairIn says whether a pair counts for a group: both its cities lie in it, or
// the one that there is beside a centre of no group.
func (r *citiesRun) pairIn(p cityPair, at int, g cityGroup, of [][]int) bool {
	if r.in.pairs == toCentre && r.in.centre == nil {
		return p.group == g.id
	}
	for _, i := range []int{p.from, p.to} {
		if i >= 0 && !slices.Contains(of[i], at) {
			return false
		}
	}
	return true
}

// evidence gives each city, by id: how many others it reaches and is reached
// from within the limit or, for pairs to a centre, its time.
func (r *citiesRun) evidence() spatial.FeatureCollection {
	features, of := make([]spatial.Feature, len(r.cities.Features)), r.groupsOf()
	for i, f := range r.cities.Features {
		groups := []string{}
		for _, at := range of[i] {
			groups = append(groups, r.groups[at].id)
		}
		p := map[string]any{"name_zh": f.Properties["name_zh"], "name_en": f.Properties["name_en"], "adcode": f.Properties["adcode"],
			"groups": groups, "snap_state": string(r.snaps[i].State), "snap_m": nil}
		if r.snaps[i].State == network.Snapped {
			p["snap_m"] = float64(r.snaps[i].Distance)
		}
		features[i] = spatial.Feature{ID: f.ID, Geometry: f.Geometry, Properties: p}
	}
	if r.in.pairs == allPairs {
		r.countReached(features)
	} else {
		r.timeToCentre(features)
	}
	return spatial.FeatureCollection{Features: features}
}

func (r *citiesRun) countReached(features []spatial.Feature) {
	reached, reachedFrom := make([]int, len(features)), make([]int, len(features))
	for _, p := range r.pairs {
		if p.first <= r.band.Base {
			reached[p.from]++
			reachedFrom[p.to]++
		}
	}
	for i := range features {
		features[i].Properties["cities_reached"], features[i].Properties["cities_reached_from"] = reached[i], reachedFrom[i]
		features[i].Properties["others"] = len(features) - 1
	}
}

// timeToCentre fills in the pair of each city; of a city in several groups,
// that of the first.
func (r *citiesRun) timeToCentre(features []spatial.Feature) {
	for i := range features {
		p := features[i].Properties
		p["centre"], p["state"], p["within"], p["minutes"], p["margin_minutes"] = nil, nil, nil, nil, nil
	}
	for k := len(r.pairs) - 1; k >= 0; k-- {
		pair := r.pairs[k]
		city, centre := pair.from, pair.to
		if r.in.direction == "from" {
			city, centre = centre, city
		}
		p := features[city].Properties
		p["centre"] = r.centre.ID
		if centre >= 0 {
			p["centre"] = r.cities.Features[centre].ID
		} else if r.centre.ID == "" {
			p["centre"] = nil
		}
		p["state"], p["within"] = r.stateOf(pair), pair.first <= r.band.Base
		p["minutes"], p["margin_minutes"] = nil, nil
		if minutes, margin := r.minutes(pair); minutes != nil {
			p["minutes"], p["margin_minutes"] = *minutes, *margin
		}
	}
}
