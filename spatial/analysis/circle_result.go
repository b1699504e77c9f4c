package analysis

import (
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// result puts the outputs together, in the order of the Spec.
func (r *circleRun) result(runs []*circleRun) Result {
	circles, members, places := spatial.FeatureCollection{}, spatial.FeatureCollection{}, spatial.FeatureCollection{}
	areas, swing := []areaShown{}, []swingShown{}
	for _, one := range runs {
		found := spatial.FeatureCollection{}
		for _, m := range one.members {
			found.Features = append(found.Features, m.show())
		}
		one.add(&circles, one.circleFeatures())
		one.add(&members, found)
		one.add(&places, one.reached())
		areas, swing = append(areas, one.rows...), append(swing, one.swing...)
	}
	var snap any
	if r.in.areas == nil {
		snap = showSnap(r.router, r.snap)
	}
	return Result{Outputs: []Output{
		{"metric", r.metric(runs), mediaJSON},
		{"circles", circles, mediaGeoJSON},
		{"members", members, mediaGeoJSON},
		{"places", places, mediaGeoJSON},
		{"areas", areas, mediaJSON},
		{"sensitivity", swing, mediaJSON},
		{"snap", snap, mediaJSON},
		{"provenance", r.provenance(runs), mediaJSON},
	}}
}

// add puts features of a run to those of others. In a run for areas each tells
// whose it is, and its id begins with that.
func (r *circleRun) add(to *spatial.FeatureCollection, list spatial.FeatureCollection) {
	for _, f := range list.Features {
		if r.area != nil {
			f.Properties["area"] = r.area.feature.ID
			f.ID = r.area.feature.ID + "." + f.ID
		}
		to.Features = append(to.Features, f)
	}
}

// circleFeatures gives one feature a limit. On a condensed network, whose
// roads are models, there is no area and no length.
func (r *circleRun) circleFeatures() spatial.FeatureCollection {
	var list spatial.FeatureCollection
	for i, c := range r.circles {
		p := map[string]any{"minutes": r.in.minutes[i], "area_km2": nil, "reached_road_km": nil, "closed_holes": nil,
			"population": nil, "population_stand_in": nil, "places": r.within(c.limit), "indicative": r.indicative()}
		f := spatial.Feature{ID: fmt.Sprintf("%v-minutes", r.in.minutes[i]), Properties: p}
		if !r.indicative() {
			f.Geometry = c.area.Polygon
			p["area_km2"], p["reached_road_km"], p["closed_holes"] = c.area.SquareMeters/1e6, c.meters.Kilometers(), c.area.ClosedHoles
		}
		if r.people.placed > 0 {
			people, standIn := r.people.inside(c.limit)
			p["population"], p["population_stand_in"] = people, standIn
		}
		list.Features = append(list.Features, f)
	}
	return list
}

// within counts the places within a limit.
func (r *circleRun) within(limit network.Weight) int {
	n := 0
	for _, p := range r.places {
		if p.weight != network.Never && p.weight <= limit {
			n++
		}
	}
	return n
}

func (r *circleRun) provenance(runs []*circleRun) spatial.Provenance {
	notes := []string{"Speeds are a model; the limits include the access leg between the centre and the road."}
	if r.indicative() {
		notes = append(notes, "Links of the network are not roads, so no area and no length of road is given: the circles are indicative, and the places reached say what they hold.")
	} else {
		notes = append(notes, fmt.Sprintf("The area of a limit is what lies within %v m of the reached parts of roads; holes smaller than that squared are closed and counted. Vertices that its border passes within %v m of are left out.", float64(r.in.detail), float64(thinShare*r.in.detail)))
	}
	return r.explain(r.shared, r.in.parameters(&r.journey), notes, censusNotes(runs), r.memberNotes(runs), r.areaNotes(), r.target.notes(), r.scenario.facilityNote())
}

// censusNotes tell how residents were counted, which is the same for every
// centre.
func censusNotes(runs []*circleRun) []string {
	var c census
	for _, r := range runs {
		if len(r.people.finest) > 0 {
			c = r.people
			break
		}
	}
	if c.placed == 0 {
		return []string{"No division's seat lies on the network, so there is no population and no member."}
	}
	return []string{fmt.Sprintf("Population: residents (resident_population) of the finest divisions with a count whose seat is within the limit. Of %d such divisions, %d have a seat near the network; for %d of these it is the seat of the division above, which stands in for one whose position is not known (population_stand_in). %d have no seat whose position is known, and are left out.",
		len(c.finest), c.placed, c.standIn, c.lost)}
}

func (r *circleRun) memberNotes(runs []*circleRun) []string {
	rule := r.in.membership
	note := fmt.Sprintf("Members: divisions of level %s of which at least %v of the %s lies within the largest limit, %v minutes.",
		rule.Level, rule.Threshold, map[string]string{byPopulation: "residents", byArea: "area"}[rule.Measure], r.in.minutes[len(r.in.minutes)-1])
	unknown, listed := 0, 0
	for _, one := range runs {
		listed += len(one.members)
		for _, m := range one.members {
			if m.belongs == nil {
				unknown++
			}
		}
	}
	if unknown > 0 {
		note += fmt.Sprintf(" Of %d divisions listed, %d cannot be judged, since that is not known of them.", listed, unknown)
	}
	return []string{note}
}
