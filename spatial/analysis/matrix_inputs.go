package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quanyu/spatial"
)

// endpoints are the origins or the destinations of a matrix: a set of
// features, or a list of places.
type endpoints struct {
	set    pointSet
	places []place
}

// matrixInputs are the inputs of travel-time-matrix, read and sound.
type matrixInputs struct{ origins, destinations endpoints }

var matrixNames = []string{"origins", "destinations", "mode", "profile", "network", "scenario"}

// readMatrix reads the inputs strictly; every fault is kept in faults.
func readMatrix(members map[string]json.RawMessage, faults *[]error) (matrixInputs, journey) {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(matrixNames...)
	return matrixInputs{readEndpoints(o, "origins"), readEndpoints(o, "destinations")}, readJourney(o)
}

// readEndpoints reads {collection, filter} or {points}.
func readEndpoints(o object, name string) endpoints {
	var members map[string]json.RawMessage
	if raw, ok := o.raw(name); !ok || json.Unmarshal(raw, &members) != nil || members["points"] == nil {
		set, _ := readPoints(o, name)
		return endpoints{set: set}
	}
	inner, _ := o.object(name)
	inner.only("points")
	var e endpoints
	for _, one := range inner.objects("points", maxPoints) {
		e.places = append(e.places, readPlace(one))
	}
	return e
}

// find gives the points, in the order of the list, or of the features' ids.
func (e endpoints) find(ctx context.Context, in Inputs, asOf time.Time) ([]spot, []spatial.DatasetVersion, error) {
	if e.places != nil {
		return findPlaces(ctx, in, asOf, e.places)
	}
	set, err := readPointsOf(ctx, in, e.set, asOf, false, "name_zh", "name_en", "adcode")
	if err != nil {
		return nil, nil, fmt.Errorf("reading points: %w", err)
	}
	spots := make([]spot, len(set.Features))
	for i, f := range set.Features {
		spots[i] = spotOf(f)
	}
	return spots, set.Datasets, nil
}

// shown repeats the input for provenance.
func (e endpoints) shown() any {
	if e.places == nil {
		return e.set.shown
	}
	points := make([]placeShown, len(e.places))
	for i, p := range e.places {
		points[i] = p.shown
	}
	return map[string]any{"points": points}
}

// matrixParameters repeats every input with its default filled in.
type matrixParameters struct {
	Origins      any `json:"origins"`
	Destinations any `json:"destinations"`
	journeyShown
}
