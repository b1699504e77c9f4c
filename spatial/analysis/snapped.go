package analysis

import (
	"fmt"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// snapShown tells where a point met the road network. All but the state is
// null for a point that did not.
type snapShown struct {
	State         network.SnapState `json:"state"`
	DistanceM     *float64          `json:"distance_m"`
	AccessSeconds *float64          `json:"access_seconds"` // over the straight leg between point and road
	Point         *[2]float64       `json:"point"`          // on the road; longitude, latitude
	Edge          *string           `json:"edge"`           // id in the collection roads, where the point met the middle of a road
	Vertex        *uint32           `json:"vertex"`         // from_node or to_node there, where it met a junction or a road's end
	Component     *uint32           `json:"component"`      // vertices that are connected both ways with it
	PassedIsland  *bool             `json:"passed_island"`  // a nearer road was passed over, since it leads nowhere
}

func showSnap(r *network.Router, s network.Snap) snapShown {
	if s.State != network.Snapped {
		return snapShown{State: s.State}
	}
	distance, access := float64(s.Distance), float64(s.Access.Seconds())
	at := [2]float64(roundedPoint(s.Point))
	shown := snapShown{State: s.State, DistanceM: &distance, AccessSeconds: &access, Point: &at, Component: &s.Component, PassedIsland: &s.Passed}
	// What a scenario builds has no row in the collection roads: then both are null.
	if s.AtVertex {
		if vertex := uint32(s.Vertex); r.Stored(s.Vertex) {
			shown.Vertex = &vertex
		}
	} else if id, stored := r.RoadOf(s.Edge); stored {
		shown.Edge = &id
	}
	return shown
}

// mustSnap refuses a run whose one point finds no road.
func mustSnap(r *network.Router, s network.Snap, p orb.Point, at string) error {
	if s.State == network.Snapped {
		return nil
	}
	profile := r.Profile()
	reason := fmt.Sprintf("no road that profile %s may use lies within %v km of it (%v, %v) on network %s, so how far the nearest is was not looked for",
		profile.Name, profile.MaxSnap.Kilometers(), p[0], p[1], r.Network().Name)
	return &spatial.Error{Kind: spatial.Unprocessable, Detail: "The point cannot be tied to the road network (state not-snapped).",
		Faults: []spatial.Fault{{Pointer: at, Detail: reason}}}
}

// snapSpots ties spots to the road; one whose position is not known gives the
// zero Snap in state not-snapped.
func snapSpots(r *network.Router, spots []spot) []network.Snap {
	return r.SnapAll(len(spots), func(i int) *orb.Point {
		if !spots[i].Placed {
			return nil
		}
		return &spots[i].Point
	})
}

func countSnapped(snaps []network.Snap) int {
	n := 0
	for _, s := range snaps {
		if s.State == network.Snapped {
			n++
		}
	}
	return n
}

// minutesOf is a travel time in minutes, unrounded.
func minutesOf(w network.Weight) float64 { return float64(w) / 60_000 }
