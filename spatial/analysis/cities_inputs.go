package analysis

import (
	"encoding/json"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/filter"
)

// The values of the input pairs.
const (
	allPairs = "all"       // every city to every other
	toCentre = "to-centre" // every city and its centre
)

// citiesInputs are the inputs of city-reach, read and sound.
type citiesInputs struct {
	cities    pointSet
	minutes   float64
	pairs     string
	centre    *place // nil for the centre of each group
	direction coverage.Direction
	factors   []float64
	target    string // "" for none
}

var citiesNames = []string{"cities", "minutes", "pairs", "centre", "direction", "target", "speed_factors", "mode", "profile", "network", "scenario"}

const (
	defaultReachMinutes = 120.0
	defaultCities       = "level = 'prefecture'"
)

// readCityReach reads the inputs strictly; every fault is kept in faults.
func readCityReach(members map[string]json.RawMessage, faults *[]error) (citiesInputs, journey) {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(citiesNames...)
	in := citiesInputs{minutes: defaultReachMinutes}
	in.cities = readCities(o)
	if _, given := o.raw("minutes"); given {
		in.minutes = o.number("minutes", minutesSpan)
	}
	in.pairs = o.choice("pairs", allPairs, []string{allPairs, toCentre})
	if _, given := o.raw("centre"); given {
		centre := o.place("centre")
		in.centre = &centre
		if in.pairs == allPairs {
			o.fault("centre", "is for pairs "+toCentre+" only", nil)
		}
	}
	in.direction = coverage.Direction(o.choice("direction", string(coverage.To), directions))
	in.target, _ = o.text("target")
	in.factors = o.numbers("speed_factors", coverage.DefaultFactors(), coverage.MaxFactors, factorSpan)
	return in, readJourney(o)
}

// readCities reads a filter of seats, text or JSON, or {collection, filter}; left out, it is
// the prefecture seats.
func readCities(o object) pointSet {
	c, _ := spatial.CollectionByID("seats")
	raw, given := o.raw("cities")
	if given && raw[0] == '{' && !isExpression(raw) {
		set, _ := readPoints(o, "cities")
		return set
	}
	e, shown := readFilter(o, "cities", c)
	if !given {
		e, _ = filter.Parse(defaultCities, c) // a constant, which a test runs
		shown = defaultCities
	}
	return pointSet{c, e, pointSetShown{c.ID, shown}}
}

// isExpression tells a CQL2 JSON object, which has an operator, from
// {collection, filter}.
func isExpression(raw json.RawMessage) bool {
	var members map[string]json.RawMessage
	return json.Unmarshal(raw, &members) == nil && members["op"] != nil
}

// citiesParameters repeats every input with its default filled in.
type citiesParameters struct {
	Cities       pointSetShown      `json:"cities"`
	Minutes      float64            `json:"minutes"`
	Pairs        string             `json:"pairs"`
	Centre       *placeShown        `json:"centre"`
	Direction    coverage.Direction `json:"direction"`
	Target       *string            `json:"target"`
	SpeedFactors []float64          `json:"speed_factors"`
	journeyShown
}

func (in citiesInputs) parameters(j *journey) citiesParameters {
	p := citiesParameters{in.cities.shown, in.minutes, in.pairs, nil, in.direction, orNull(in.target), in.factors, j.shown()}
	if in.centre != nil {
		p.Centre = &in.centre.shown
	}
	return p
}
