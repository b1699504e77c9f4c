package analysis

import (
	"encoding/json"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/filter"
)

// pointSet names features with points: those of a collection that pass a
// filter.
type pointSet struct {
	collection spatial.Collection
	filter     spatial.Expr
	shown      pointSetShown
}

// coverageInputs are the inputs of coverage, read and sound.
type coverageInputs struct {
	demand, facilities pointSet
	weight             string // a numeric property of the demand, "" for none
	minutes            float64
	direction          coverage.Direction
	asOf               time.Time // midnight UTC of the civil date
	target             string    // "" for none
	factors            []float64
}

// readCoverage reads the inputs strictly; every fault is kept in faults.
func readCoverage(members map[string]json.RawMessage, today time.Time, faults *[]error) (coverageInputs, journey) {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(coverageNames...)
	var in coverageInputs
	in.demand, in.weight = readPoints(o, "demand", "weight")
	in.facilities, _ = readPoints(o, "facilities")
	if o.require("minutes") {
		in.minutes = o.number("minutes", minutesSpan)
	}
	in.direction = coverage.Direction(o.choice("direction", string(coverage.To), directions))
	in.asOf = o.date("as_of", today)
	in.target, _ = o.text("target")
	in.factors = o.numbers("speed_factors", coverage.DefaultFactors(), coverage.MaxFactors, factorSpan)
	return in, readJourney(o)
}

var (
	coverageNames = []string{"demand", "facilities", "minutes", "direction", "as_of", "target", "speed_factors", "mode", "profile", "network", "scenario"}
	directions    = []string{string(coverage.To), string(coverage.From)}
	minutesSpan   = span{low: 0, high: coverage.MaxMinutes, open: true}
)

// pointCollections lists the collections whose features are points.
func pointCollections() []string {
	var ids []string
	for _, c := range spatial.Collections() {
		if c.Geometry == spatial.Point {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// readPoints reads {collection, filter}, and the weight where extra names it.
func readPoints(o object, name string, extra ...string) (set pointSet, weight string) {
	if !o.require(name) {
		return set, ""
	}
	p, ok := o.object(name)
	if !ok {
		return set, ""
	}
	p.only(append([]string{"collection", "filter"}, extra...)...)
	if !p.require("collection") {
		return set, ""
	}
	id := p.choice("collection", "", pointCollections())
	c, known := spatial.CollectionByID(id)
	if !known {
		readFilter(p, "filter", c) // only a value of another type can be told
		return set, ""
	}
	set.collection, set.shown.Collection = c, id
	set.filter, set.shown.Filter = readFilter(p, "filter", c)
	if len(extra) > 0 {
		weight = p.choice(extra[0], "", numeric(c))
	}
	return set, weight
}

// readFilter reads a filter over a collection's queryables, CQL2 text or a CQL2
// JSON object, and gives it as it was given as well; nil for none. Of no
// collection nothing but the type of the member is looked at.
func readFilter(o object, name string, c spatial.Collection) (e spatial.Expr, shown any) {
	raw, ok := o.raw(name)
	if !ok {
		return nil, nil
	}
	text := ""
	if raw[0] != '{' {
		if text, ok = o.text(name); !ok {
			return nil, nil
		}
	}
	var err error
	switch {
	case c.ID == "":
		return nil, nil
	case raw[0] == '{':
		e, err = filter.ParseJSON(string(raw), spatial.CRS84, c)
		shown = raw
	default:
		e, err = filter.Parse(text, c)
		shown = text
	}
	o.add(filter.AtPointer(err, o.pointer(name)))
	return e, shown
}

// numeric lists the properties that can weigh.
func numeric(c spatial.Collection) []string {
	names := []string{}
	for _, p := range c.Queryables() {
		if p.Type == spatial.Integer || p.Type == spatial.Number {
			names = append(names, p.Name)
		}
	}
	return names
}
