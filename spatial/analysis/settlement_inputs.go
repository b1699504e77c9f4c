package analysis

import (
	"encoding/json"
	"time"

	"quanyu/spatial"
)

// featureSet names the features of one collection that pass a filter.
type featureSet struct {
	collection spatial.Collection
	filter     spatial.Expr // nil for all
	shown      any          // the filter as it was given
}

// readSet reads a filter of a collection, all of it where left out.
func readSet(o object, name, collection string) featureSet {
	c, _ := spatial.CollectionByID(collection)
	set := featureSet{collection: c}
	set.filter, set.shown = readFilter(o, name, c)
	return set
}

// classesInputs are the inputs of settlement-classes, read and sound.
type classesInputs struct {
	cities featureSet
	asOf   time.Time // midnight UTC of the civil date
	target string    // "" for none
}

var classesNames = []string{"filter", "as_of", "target"}

// readClasses reads the inputs strictly; every fault is kept in faults.
func readClasses(members map[string]json.RawMessage, today time.Time, faults *[]error) classesInputs {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(classesNames...)
	in := classesInputs{cities: readSet(o, "filter", "cities"), asOf: o.date("as_of", today)}
	in.target, _ = o.text("target")
	return in
}

// classesParameters repeats every input with its default filled in.
type classesParameters struct {
	Filter any     `json:"filter"`
	AsOf   string  `json:"as_of"`
	Target *string `json:"target"`
}

func (in classesInputs) parameters() classesParameters {
	return classesParameters{in.cities.shown, in.asOf.Format(time.DateOnly), orNull(in.target)}
}
