package analysis

import (
	"encoding/json"
	"slices"
	"testing"

	"quanyu/spatial"
)

// TestSpecsAreWhole holds what api and the terminal build on, process by
// process.
func TestSpecsAreWhole(t *testing.T) {
	list := Processes("e", clock)
	for _, p := range list {
		s := p.Spec()
		if found, ok := ProcessByID(list, s.ID); !ok || found != p {
			t.Errorf("%s is not found by its id", s.ID)
		}
		if s.Title == "" || s.TitleZH == "" || s.Description == "" || s.Version == "" || len(s.Examples) == 0 {
			t.Errorf("%s is not described: %+v", s.ID, s)
		}
		for _, in := range s.Inputs {
			if in.Title == "" || in.Description == "" || in.Schema == nil {
				t.Errorf("input %s is not described", in.ID)
			}
		}
		for _, e := range s.Examples {
			for name := range e.Inputs {
				if !slices.Contains(s.InputNames(), name) {
					t.Errorf("%s: the example gives %s, which is no input", s.ID, name)
				}
			}
		}
		if _, err := json.Marshal(s); err != nil {
			t.Error(err)
		}
	}
	if _, ok := ProcessByID(list, "no-such"); ok {
		t.Error("found a process that is not there")
	}
}

// TestOutputsFollowTheSpec compares answers with the descriptions of them.
func TestOutputsFollowTheSpec(t *testing.T) {
	for _, c := range []struct {
		process Process
		inputs  string
		names   []string
	}{{newCoverage("e", clock), plainInputs, coverageNames}, {newCircle(), plainCircle, circleNames}, {newMatrixProcess(), plainMatrix, matrixNames}, {newCities(), plainCities, citiesNames},
		{newClasses(), plainClasses, classesNames}, {newBorder(), plainBorder, borderNames}, {newTypes(), plainTypes, typesNames}} {
		r, s := ask(t, c.process, newPlain(t.Fatal), c.inputs, nil), c.process.Spec()
		if len(r.Outputs) != len(s.Outputs) {
			t.Errorf("%s gives %d outputs, the description names %d", s.ID, len(r.Outputs), len(s.Outputs))
			continue
		}
		for i, o := range s.Outputs {
			if got := r.Outputs[i]; got.ID != o.ID || got.MediaType != o.MediaType {
				t.Errorf("%s: output %d is %s %s, the description says %s %s", s.ID, i, got.ID, got.MediaType, o.ID, o.MediaType)
			}
			if found, ok := r.Output(o.ID); !ok || found.ID != o.ID {
				t.Errorf("%s: %s is not found by its id", s.ID, o.ID)
			}
		}
		if !slices.Equal(s.InputNames(), c.names) {
			t.Errorf("%s: the description names %v, the reader %v", s.ID, s.InputNames(), c.names)
		}
	}
}

// TestExampleReads runs the national example's inputs through the reader, and
// its filters against the real catalog.
func TestExampleReads(t *testing.T) {
	for _, e := range newCoverage("e", clock).Spec().Examples {
		body, err := json.Marshal(e.Inputs)
		if err != nil {
			t.Fatal(err)
		}
		var faults []error
		in, j := readCoverage(inputs(t, string(body), nil), clock(), &faults)
		if err := spatial.JoinFaults(faults...); err != nil {
			t.Errorf("%s: %v", e.Title, err)
		}
		if in.minutes != 60 || in.weight != "resident_population" || in.target != "n22-airport-coverage" || j.profile.Mode != "car" {
			t.Errorf("read as %+v", in)
		}
	}
}
