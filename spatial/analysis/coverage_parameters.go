package analysis

import (
	"time"

	"quanyu/spatial/coverage"
)

// pointSetShown is a point set as provenance repeats it.
type pointSetShown struct {
	Collection string  `json:"collection"`
	Filter     *string `json:"filter"`
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
	Mode         string             `json:"mode"`
	Profile      string             `json:"profile"`
	AsOf         string             `json:"as_of"`
	Target       *string            `json:"target"`
	SpeedFactors []float64          `json:"speed_factors"`
	Network      *string            `json:"network"`
	Scenario     *string            `json:"scenario"`
}

// parameters repeats the inputs for provenance.
func (in coverageInputs) parameters() coverageParameters {
	return coverageParameters{
		Demand:     demandShown{in.demand.shown, orNull(in.weight)},
		Facilities: in.facilities.shown, Minutes: in.minutes, Direction: in.direction,
		Mode: in.profile.Mode, Profile: in.profile.Name, AsOf: in.asOf.Format(time.DateOnly),
		Target: orNull(in.target), SpeedFactors: in.factors, Network: orNull(in.network),
	}
}

// orNull is nil for no text.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
