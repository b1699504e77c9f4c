package analysis

import (
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// endShown is an origin or a destination, in the order of rows and columns.
type endShown struct {
	ID     *string     `json:"id"` // of the feature, null for a position
	Adcode any         `json:"adcode"`
	NameZH any         `json:"name_zh"`
	NameEN any         `json:"name_en"`
	Point  *[2]float64 `json:"point"` // longitude, latitude; null where it is not known
	Snap   snapShown   `json:"snap"`
}

// result puts the outputs together, in the order of the Spec.
func (r *matrixRun) result() Result {
	minutes, states := r.rows()
	return Result{Outputs: []Output{
		{"minutes", minutes, mediaJSON},
		{"states", states, mediaJSON},
		{"origins", r.ends(r.origins, r.from), mediaJSON},
		{"destinations", r.ends(r.destinations, r.to), mediaJSON},
		{"provenance", r.provenance(), mediaJSON},
	}}
}

// rows gives the times, null where there is none, and the state of each null.
func (r *matrixRun) rows() (minutes [][]*float64, states [][]*network.ReachState) {
	minutes, states = make([][]*float64, len(r.from)), make([][]*network.ReachState, len(r.from))
	for i := range r.from {
		minutes[i], states[i] = make([]*float64, len(r.to)), make([]*network.ReachState, len(r.to))
		for j := range r.to {
			if w, state := r.times.At(i, j); state == network.Reached {
				v := minutesOf(w)
				minutes[i][j] = &v
			} else {
				states[i][j] = &state
			}
		}
	}
	return minutes, states
}

func (r *matrixRun) ends(spots []spot, snaps []network.Snap) []endShown {
	list := make([]endShown, len(spots))
	for i, s := range spots {
		list[i] = endShown{ID: orNull(s.ID), Adcode: s.Adcode, NameZH: s.NameZH, NameEN: s.NameEN, Snap: showSnap(r.router, snaps[i])}
		if s.Placed {
			at := [2]float64(s.Point)
			list[i].Point = &at
		}
	}
	return list
}

func (r *matrixRun) provenance() spatial.Provenance {
	notes := []string{"Minutes are from origin to destination, access legs at both ends included, also where the two are one place."}
	for _, end := range []struct {
		name  string
		snaps []network.Snap
	}{{"Origins", r.from}, {"Destinations", r.to}} {
		if n := len(end.snaps) - countSnapped(end.snaps); n > 0 {
			notes = append(notes, fmt.Sprintf("%s too far from any road, or without a position (state not-snapped): %d.", end.name, n))
		}
	}
	return r.explain(r.shared, matrixParameters{r.in.origins.shown(), r.in.destinations.shown(), r.shown()}, notes, r.scenario.facilityNote())
}
