package analysis

import (
	"time"

	"quanyu/spatial/coverage"
)

// pointSetShown is a point set as provenance repeats it.
type pointSetShown struct {
	Collection string `json:"collection"`
	Filter     any    `json:"filter"` // as it was given: CQL2 text or JSON; null for none
}

type demandShown struct {
	pointSetShown
	Weight *string `json:"weight"`
}

// coverageParameters repeats every input with its default filled in.
type coverageParameters struct {
	Demand       demandShown        `json:"demand"`
	Facilities   pointSetShown      `json:"facilities"`
	Minutes      float64            `json:"minutes"`
	Direction    coverage.Direction `json:"direction"`
	AsOf         string             `json:"as_of"`
	Target       *string            `json:"target"`
	SpeedFactors []float64          `json:"speed_factors"`
	journeyShown
}

// parameters repeats the inputs for provenance.
func (in coverageInputs) parameters(j *journey) coverageParameters {
	return coverageParameters{
		Demand:     demandShown{in.demand.shown, orNull(in.weight)},
		Facilities: in.facilities.shown, Minutes: in.minutes, Direction: in.direction,
		AsOf:   in.asOf.Format(time.DateOnly),
		Target: orNull(in.target), SpeedFactors: in.factors, journeyShown: j.shown(),
	}
}

// orNull is nil for no text.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
