// Package analysis holds the questions that plans ask, one file a process.
//
// A process is a value with a Spec, which tells clients what it takes and
// gives, and a Run, which is strict about its inputs, reads features and a
// road network through Inputs, and returns its figures together with the
// evidence they rest on and their provenance. Nothing here knows HTTP or SQL.
package analysis

import (
	"context"
	"encoding/json"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// Inputs is what a process needs of the store.
type Inputs interface {
	// Features gives the features of a query, ordered by id.
	Features(ctx context.Context, q spatial.FeatureQuery) (spatial.FeatureSet, error)
	// Network gives a road network by name; the NotFound error for an unknown
	// name says which there are.
	Network(ctx context.Context, name string) (*network.Network, error)
	// ChooseNetwork gives the network to use when a request names none, and
	// the reason for the choice in words fit for provenance.
	ChooseNetwork(ctx context.Context, points []orb.Point) (n *network.Network, why string, err error)
}

// Process answers one kind of question.
type Process interface {
	Spec() Spec
	// Run computes the answer. inputs are the members of "inputs" of an
	// execute request as they came; faults point into that body
	// ("/inputs/minutes") and are reported all at once. Equal inputs over
	// equal data give equal bytes, provenance.computed_at aside.
	Run(ctx context.Context, inputs map[string]json.RawMessage, in Inputs) (Result, error)
}

// Result is what a process found, in the order of its Spec's outputs.
type Result struct{ Outputs []Output }

// Output is one named part of a result; Value marshals to JSON.
type Output struct {
	ID        string
	Value     any
	MediaType string // of Value's JSON, such as application/geo+json
}

// Output finds a part of the result by id.
func (r Result) Output(id string) (Output, bool) {
	for _, o := range r.Outputs {
		if o.ID == id {
			return o, true
		}
	}
	return Output{}, false
}

// Processes lists every process of this build. engine is the program and
// version that provenance names; now is the clock, injected so that tests
// can hold it still.
func Processes(engine string, now func() time.Time) []Process {
	s := newShared(engine, now)
	return []Process{&coverageProcess{s}, &circleProcess{s}, &matrixProcess{s}, &citiesProcess{s}, &classesProcess{s}, &borderProcess{s}, &typesProcess{s}, &echoProcess{s}}
}

// ProcessByID finds a process in a list that Processes made.
func ProcessByID(list []Process, id string) (Process, bool) {
	for _, p := range list {
		if p.Spec().ID == id {
			return p, true
		}
	}
	return nil, false
}
