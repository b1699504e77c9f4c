package coverage

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// Router is what coverage needs of a road network; *network.Router is one.
type Router interface {
	Snap(p orb.Point) network.Snap
	Nearest(ctx context.Context, sources, targets []network.Snap, reverse bool, limit network.Weight) ([]network.Reach, error)
}

// Compute answers a request with one search from all facilities at once,
// backwards along the roads when the trip goes to the facility. Demand beyond
// the limit gets its time too, so the search has no bound but the network.
func Compute(ctx context.Context, q Request, r Router) (Result, error) {
	if err := q.validate(); err != nil {
		return Result{}, err
	}
	band := NewBand(q.Factors, q.Minutes)
	result := Result{Factors: band.Factors, Base: band.Base, States: map[State]int{}}

	snaps := snapAll(len(q.Demand), func(i int) *orb.Point { return q.Demand[i].Point }, r)
	sources := snapAll(len(q.Facilities), func(i int) *orb.Point { return q.Facilities[i].Point }, r)
	result.Unsnapped = unsnapped(sources)
	reaches, err := r.Nearest(ctx, sources, snaps, q.Direction == To, network.NoLimit)
	if err != nil {
		return Result{}, err
	}

	result.Findings = make([]Finding, len(q.Demand))
	first := make([]int, len(q.Demand))
	for i, reach := range reaches {
		f := &result.Findings[i]
		f.Snap, first[i] = snapDistance(snaps[i]), len(band.Factors)
		switch {
		case snaps[i].State != network.Snapped:
			f.State = NotSnapped
		case reach.State != network.Reached:
			f.State = Unreachable
		default:
			f.reach(reach.Weight, band)
			f.Facility, f.Distance = reach.Source, reach.Distance
			first[i] = band.First(reach.Weight)
		}
	}
	for _, f := range result.Findings {
		result.States[f.State]++
	}
	result.Total, result.Provinces = tally(q.Demand, first, len(band.Factors))
	return result, nil
}

// reach fills in a time and its state.
func (f *Finding) reach(w network.Weight, band Band) {
	f.Reached = true
	f.Minutes, f.Margin = band.Minutes(w)
	if f.State = Beyond; band.Within(w) {
		f.State = Covered
	}
}

// validate keeps Compute from wrong answers; the messages of a process to its
// clients come earlier and say more.
func (q Request) validate() error {
	switch {
	case !(q.Minutes > 0 && q.Minutes <= MaxMinutes):
		return spatial.Errorf(spatial.Invalid, "minutes must be greater than 0 and at most %v", MaxMinutes)
	case q.Direction != To && q.Direction != From:
		return spatial.Errorf(spatial.Invalid, "direction must be to or from, not %q", q.Direction)
	case len(q.Factors) < 1 || len(q.Factors) > MaxFactors:
		return spatial.Errorf(spatial.Invalid, "speed factors must be 1 to %d", MaxFactors)
	}
	for _, f := range q.Factors {
		if !(f >= MinFactor && f <= MaxFactor) {
			return spatial.Errorf(spatial.Invalid, "speed factor %v is not from %v to %v", f, MinFactor, MaxFactor)
		}
	}
	for _, d := range q.Demand {
		if d.Weight != nil && !(*d.Weight >= 0 && *d.Weight <= math.MaxFloat64) {
			return spatial.Errorf(spatial.Unprocessable, "%s has the weight %v; a weight is a finite number, 0 or more", d.ID, *d.Weight)
		}
	}
	return nil
}
