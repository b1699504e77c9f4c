package network

import (
	"math"

	"quanyu/spatial"
)

// Weight is a travel time in whole milliseconds. 32 bits hold 49 days.
type Weight uint32

// Never is the weight of what cannot be travelled or reached.
const Never Weight = math.MaxUint32

// Seconds is the weight as a travel time.
func (w Weight) Seconds() spatial.Seconds { return spatial.Seconds(float64(w) / 1000) }

// plus adds two weights and stays Never where the sum does not fit.
func (w Weight) plus(x Weight) Weight {
	if sum := w + x; sum >= w {
		return sum
	}
	return Never
}

// travelTime is the time over a length at a speed, rounded once to whole
// milliseconds.
func travelTime(m spatial.Meters, kmh float64) Weight {
	return rounded(float64(m) * 3600 / kmh)
}

// rounded makes a weight of milliseconds. No weight is 0, so that a search
// always moves forward and ties are settled before they are used.
func rounded(ms float64) Weight {
	ms = math.Round(ms)
	if !(ms < float64(Never)) {
		return Never
	}
	return Weight(max(ms, 1))
}

// paces are by how much edges take longer than the profile says, in scenarios.
type paces map[Edge]float64

// of is the pace of an edge: 1 where nothing is said.
func (p paces) of(e Edge) float64 {
	if pace, edited := p[e]; edited {
		return pace
	}
	return 1
}

// edgeTime is the time over an edge in milliseconds, unrounded, from its
// first vertex up to a length along it; closed is true where some run up to
// the edge's end is closed to the profile.
func (r *Router) edgeTime(e Edge, upTo float64) (ms float64, closed bool) {
	left := upTo
	for _, run := range r.graph.Runs(e) {
		speed := r.profile.SpeedKMH(run)
		if speed <= 0 {
			return 0, true
		}
		length := math.Min(float64(run.Centimeters)/100, math.Max(left, 0))
		left -= float64(run.Centimeters) / 100
		ms += length * 3600 / speed
	}
	return ms * r.pace.of(e), false
}

// weighEdge gives an edge's weight in both directions, Never where the profile
// may not travel it.
func (r *Router) weighEdge(e Edge) (forward, backward Weight) {
	forward, backward = Never, Never
	g, mode := r.graph, r.profile.Modes()
	if (g.forward[e]|g.backward[e])&mode == 0 {
		return forward, backward
	}
	ms, closed := r.edgeTime(e, math.Inf(1))
	if closed {
		return forward, backward
	}
	if g.forward[e]&mode != 0 {
		forward = rounded(ms)
	}
	if g.backward[e]&mode != 0 {
		backward = rounded(ms)
	}
	return forward, backward
}
