package analysis

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"quanyu/spatial/coverage"
)

// A demand point that is not covered although a facility lies this near in a
// straight line hints at a gap in the road data. 20 km is the longest access
// leg of the shipped car profile: at its 30 km/h they are 40 minutes.
const gapMeters = 20_000

// maxGapPairs bounds the comparison of every such point with every facility,
// which takes about 50 ns a pair.
const maxGapPairs = 10_000_000

// gapNotes tells of points that the network says are far although they are
// near, so that nobody takes a hole in the road data for a finding.
func (r *coverageRun) gapNotes() []string {
	var missed []int
	for i, f := range r.found.Findings {
		if f.State != coverage.Covered && pointOf(r.demand.Features[i]) != nil {
			missed = append(missed, i)
		}
	}
	if len(missed)*len(r.facilities.Features) > maxGapPairs {
		return []string{"Too many points and facilities to look for gaps in the road data between them."}
	}
	var near []string
	for _, i := range missed {
		at := *pointOf(r.demand.Features[i])
		if facility, meters := r.nearestStraight(at); meters <= gapMeters {
			near = append(near, fmt.Sprintf("%s (%s, %.0f km)", r.demand.Features[i].ID, facility, meters/1000))
		}
	}
	if len(near) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Not covered although a facility lies within %d km in a straight line, so the road data may have a gap there: %d, %s.",
		gapMeters/1000, len(near), some(near))}
}

// nearestStraight is the facility nearest to a point as the crow flies.
func (r *coverageRun) nearestStraight(at orb.Point) (id string, meters float64) {
	meters = math.Inf(1)
	for _, f := range r.facilities.Features {
		if p := pointOf(f); p != nil {
			if d := geo.DistanceHaversine(at, *p); d < meters {
				id, meters = f.ID, d
			}
		}
	}
	return id, meters
}
