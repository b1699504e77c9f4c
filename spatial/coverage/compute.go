package coverage

import (
	"context"
	"math"
	"slices"

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
	factors := slices.Clone(q.Factors)
	slices.Sort(factors)
	result := Result{Factors: factors, Base: (len(factors) - 1) / 2, States: map[State]int{}}

	snaps := snapAll(len(q.Demand), func(i int) *orb.Point { return q.Demand[i].Point }, r)
	sources := snapAll(len(q.Facilities), func(i int) *orb.Point { return q.Facilities[i].Point }, r)
	result.Unsnapped = unsnapped(sources)
	reaches, err := r.Nearest(ctx, sources, snaps, q.Direction == To, network.NoLimit)
	if err != nil {
		return Result{}, err
	}

	limit := limitOf(q.Minutes)
	result.Findings = make([]Finding, len(q.Demand))
	first := make([]int, len(q.Demand))
	for i, reach := range reaches {
		f := &result.Findings[i]
		f.Snap, first[i] = snapDistance(snaps[i]), len(factors)
		switch {
		case snaps[i].State != network.Snapped:
			f.State = NotSnapped
		case reach.State != network.Reached:
			f.State = Unreachable
		default:
			f.reach(at(reach.Weight, factors[result.Base]), limit)
			f.Facility, f.Distance = reach.Source, reach.Distance
			first[i] = firstWithin(reach.Weight, limit, factors)
		}
	}
	for _, f := range result.Findings {
		result.States[f.State]++
	}
	result.Total, result.Provinces = tally(q.Demand, first, len(factors))
	return result, nil
}

// reach fills in a time and its state, both in milliseconds.
func (f *Finding) reach(time, limit int64) {
	f.Reached = true
	f.Minutes = float64(time) / msPerMinute
	f.Margin = float64(limit-time) / msPerMinute
	if f.State = Beyond; time <= limit {
		f.State = Covered
	}
}

const msPerMinute = 60_000

// limitOf is the limit in whole milliseconds.
func limitOf(minutes float64) int64 { return int64(math.Round(minutes * msPerMinute)) }

// at is a travel time at a speed factor, in whole milliseconds.
func at(w network.Weight, factor float64) int64 { return int64(math.Round(float64(w) / factor)) }

// firstWithin is the index of the slowest factor at which the time is within
// the limit, len(factors) when there is none.
func firstWithin(w network.Weight, limit int64, factors []float64) int {
	for i, f := range factors {
		if at(w, f) <= limit {
			return i
		}
	}
	return len(factors)
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
