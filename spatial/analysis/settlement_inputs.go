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
}

var classesNames = []string{"filter", "as_of"}

// readClasses reads the inputs strictly; every fault is kept in faults.
func readClasses(members map[string]json.RawMessage, today time.Time, faults *[]error) classesInputs {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(classesNames...)
	return classesInputs{readSet(o, "filter", "cities"), o.date("as_of", today)}
}

// classesParameters repeats every input with its default filled in.
type classesParameters struct {
	Filter any    `json:"filter"`
	AsOf   string `json:"as_of"`
}

func (in classesInputs) parameters() classesParameters {
	return classesParameters{in.cities.shown, in.asOf.Format(time.DateOnly)}
}
