package analysis

import (
	"encoding/json"
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/reach"
)

// circleInputs are the inputs of commute-circle, read and sound.
type circleInputs struct {
	centre     place
	areas      *featureSet // metropolitan areas in place of one centre; nil for a centre
	factors    []float64   // on speeds, for the sensitivity of membership and the target
	target     string      // "" for none
	minutes    []float64   // ascending
	direction  coverage.Direction
	membership membership
	detail     spatial.Meters
}

// membership is the rule by which a division belongs to the circle: the share
// of its residents, or of its area, within the largest limit.
type membership struct {
	Level     string  `json:"level"`
	Measure   string  `json:"measure"`
	Threshold float64 `json:"threshold"`
}

// The measures of membership.
const (
	byPopulation = "population"
	byArea       = "area"
)

const (
	maxCircleMinutes = 240
	maxCircles       = 60 // limits of one request
	defaultDetail    = spatial.Meters(100)
	minDetail        = reach.MinDetail
	maxDetail        = reach.MaxDetail
)

// memberLevels are the levels that membership can be told at.
var memberLevels = []string{"province", "prefecture", "county"}

// byHalf is the rule where a request gives none: a county belongs where half
// of its residents are inside.
var byHalf = membership{Level: "county", Measure: byPopulation, Threshold: 0.5}

var circleNames = []string{"centre", "areas", "minutes", "direction", "membership", "detail_m", "target", "speed_factors", "mode", "profile", "network", "scenario"}

// readCircle reads the inputs strictly; every fault is kept in faults.
func readCircle(members map[string]json.RawMessage, faults *[]error) (circleInputs, journey) {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(circleNames...)
	in := circleInputs{membership: byHalf}
	if _, given := o.raw("areas"); given {
		in.areas = readAreas(o)
	} else {
		in.centre = o.place("centre")
	}
	if o.require("minutes") {
		in.minutes = readLimits(o)
	}
	in.direction = coverage.Direction(o.choice("direction", string(coverage.To), directions))
	if m, ok := o.object("membership"); ok {
		in.membership = readMembership(m)
	}
	in.detail = defaultDetail
	if _, given := o.raw("detail_m"); given {
		in.detail = spatial.Meters(o.number("detail_m", span{low: float64(minDetail), high: float64(maxDetail)}))
	}
	in.target, _ = o.text("target")
	in.factors = o.numbers("speed_factors", coverage.DefaultFactors(), coverage.MaxFactors, factorSpan)
	return in, readJourney(o)
}

// readAreas reads {collection, filter} of metropolitan areas, in place of a
// centre.
func readAreas(o object) *featureSet {
	if _, both := o.raw("centre"); both {
		o.fault("areas", "takes the place of centre: give one of the two", nil)
	}
	p, ok := o.object("areas")
	if !ok {
		return &featureSet{}
	}
	p.only("collection", "filter")
	if p.require("collection") {
		p.choice("collection", "", []string{metroCollection})
	}
	set := readSet(p, "filter", metroCollection)
	return &set
}

// readLimits reads an ascending list of minutes.
func readLimits(o object) []float64 {
	list := o.numbers("minutes", nil, maxCircles, span{low: 0, high: maxCircleMinutes, open: true})
	for i := 1; i < len(list); i++ {
		if list[i] <= list[i-1] {
			o.item("minutes", i, fmt.Sprintf("must be greater than the one before it, %v, not %v", list[i-1], list[i]))
		}
	}
	return list
}

func readMembership(o object) membership {
	o.only("level", "measure", "threshold")
	m := membership{Threshold: byHalf.Threshold}
	m.Level = o.choice("level", byHalf.Level, memberLevels)
	m.Measure = o.choice("measure", byHalf.Measure, []string{byPopulation, byArea})
	if _, given := o.raw("threshold"); given {
		m.Threshold = o.number("threshold", span{low: 0, high: 1, open: true})
	}
	return m
}

// circleParameters repeats every input with its default filled in.
type circleParameters struct {
	Centre     *placeShown        `json:"centre"`
	Areas      *areasShown        `json:"areas"`
	Minutes    []float64          `json:"minutes"`
	Direction  coverage.Direction `json:"direction"`
	Membership membership         `json:"membership"`
	DetailM    float64            `json:"detail_m"`
	Target     *string            `json:"target"`
	Factors    []float64          `json:"speed_factors"`
	journeyShown
}

// areasShown repeats the input areas.
type areasShown struct {
	Collection string `json:"collection"`
	Filter     any    `json:"filter"`
}

func (in circleInputs) parameters(j *journey) circleParameters {
	p := circleParameters{nil, nil, in.minutes, in.direction, in.membership, float64(in.detail), orNull(in.target), in.factors, j.shown()}
	if in.areas != nil {
		p.Areas = &areasShown{metroCollection, in.areas.shown}
	} else {
		p.Centre = &in.centre.shown
	}
	return p
}
