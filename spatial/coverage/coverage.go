package coverage

import (
	"quanyu/spatial"

	"github.com/paulmach/orb"
)

// Demand is a point that should be covered.
type Demand struct {
	ID       string
	Province string // six-digit code of its province, "" when unknown
	// Weight is what the point counts in the weighted share, such as its
	// residents; nil when unknown. A point without weight is left out of the
	// weighted share, above and below the line, and counted in
	// Tally.WeightMissing: unknown is not zero.
	Weight *float64
	Point  *orb.Point // nil for a feature without geometry, which is not snapped
}

// Facility is a point that covers.
type Facility struct {
	ID    string
	Point *orb.Point
}

// Direction says which way the trip goes.
type Direction string

// The directions.
const (
	To   Direction = "to"   // from demand to facility
	From Direction = "from" // from facility to demand
)

// State is what became of a demand point. The three ways not to be covered are
// never merged.
type State string

// The states.
const (
	Covered     State = "covered"     // within the limit
	Beyond      State = "beyond"      // a facility is reached, later than the limit
	Unreachable State = "unreachable" // on the road, but no way leads to a facility
	NotSnapped  State = "not-snapped" // no road near enough
)

// DefaultFactors are the speed factors of the band: 15 % either way, the
// spread that speed tables alone show between routing engines.
func DefaultFactors() []float64 { return []float64{0.85, 1, 1.15} }

// The limits on a request. 1440 minutes is a day.
const (
	MaxMinutes = 1440.0
	MinFactor  = 0.1
	MaxFactor  = 10.0
	MaxFactors = 9
)

// Request asks which Demand is within Minutes of a facility.
type Request struct {
	Demand     []Demand
	Facilities []Facility
	Minutes    float64 // > 0, at most MaxMinutes
	Direction  Direction
	Factors    []float64 // 1 to MaxFactors values from MinFactor to MaxFactor, in any order
}

// Finding is the answer for one demand point, at the base factor.
type Finding struct {
	State State
	// Reached says that a facility is reached (covered or beyond); Minutes,
	// Margin, Facility and Distance hold something only then.
	Reached  bool
	Minutes  float64 // travel time, access legs included
	Margin   float64 // limit - Minutes; negative is the time that it misses by
	Facility int     // index in Request.Facilities
	Distance spatial.Meters
	// Snap is how far the point lies from the place on the road that it was
	// tied to; nil when it was not.
	Snap *spatial.Meters
}

// Result is the answer to a Request.
type Result struct {
	Findings  []Finding // one for each of Request.Demand, in its order
	Factors   []float64 // ascending
	Base      int       // index of the base factor
	Total     Tally     // of all demand
	Provinces []Province
	States    map[State]int
	// Unsnapped are indexes of facilities that are too far from any road to
	// cover anything.
	Unsnapped []int
}

// Province is the tally of one province; Result lists them by code, points
// without one last under "".
type Province struct {
	Code string
	Tally
}
