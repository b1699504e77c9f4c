package analysis

import (
	"encoding/json"
	"fmt"
	"testing"

	"quanyu/spatial"
)

// TestGoldens keeps one whole answer of each process; hashes of network and
// profile are left out, since they move with every speed.
func TestGoldens(t *testing.T) {
	for _, c := range []struct {
		process Process
		inputs  string
		with    func(*plain) *plain // nil for the country as it is
	}{{newCircle(), plainCircle, nil}, {newMatrixProcess(), plainMatrix, nil}, {newCities(), `{"minutes":30,"pairs":"to-centre"}`, nil},
		{newClasses(), plainClasses, withCities}, {newBorder(), plainBorder, withBorder}, {newTypes(), plainTypes, withTypes}} {
		country := func() *plain {
			if c.with == nil {
				return newPlain(t.Fatal)
			}
			return c.with(newPlain(t.Fatal))
		}
		text := document(t, withoutHashes(ask(t, c.process, country(), c.inputs, nil)))
		compareGolden(t, fmt.Sprintf("testdata/%s.golden.json", c.process.Spec().ID), text)
		if again := document(t, withoutHashes(ask(t, c.process, country(), c.inputs, nil))); string(again) != string(text) {
			t.Errorf("%s: the same inputs gave other bytes", c.process.Spec().ID)
		}
	}
}

func withoutHashes(r Result) Result {
	last := len(r.Outputs) - 1
	p := r.Outputs[last].Value.(spatial.Provenance)
	p.NetworkVersion, p.ProfileHash = "", ""
	r.Outputs[last].Value = p
	return r
}

// FuzzProcessInputs holds that no inputs make a process panic, and that what is
// wrong with them is always the client's fault.
func FuzzProcessInputs(f *testing.F) {
	for _, seed := range []string{plainCircle, plainMatrix, plainCities, `{}`, `{"origins":{"points":[{}]},"destinations":{"points":null}}`,
		`{"centre":{"feature":null},"minutes":[1e-300],"scenario":{"edits":[{"type":"add-road","geometry":{"type":"LineString","coordinates":[[1],[]]}}]}}`,
		`{"scenario":{"edits":[{"type":"close-road","area":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},{"type":"add-facility","collection":"airports","lon":1,"lat":2,"properties":{"opened":"x","kind":1}}]}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var members map[string]json.RawMessage
		if json.Unmarshal(body, &members) != nil {
			return
		}
		readers := []func(faults *[]error) journey{
			func(faults *[]error) journey { _, j := readCircle(members, faults); return j },
			func(faults *[]error) journey { _, j := readMatrix(members, faults); return j },
			func(faults *[]error) journey { _, j := readCityReach(members, faults); return j },
			func(faults *[]error) journey { _, j := readTypes(members, clock(), faults); return j },
			func(faults *[]error) journey { _, j := readBorder(members, clock(), faults); return j },
			func(faults *[]error) journey {
				readClasses(members, clock(), faults)
				return readJourney(object{at: "/inputs", members: map[string]json.RawMessage{}, faults: faults})
			},
		}
		for _, read := range readers {
			var faults []error
			j := read(&faults)
			if err := spatial.JoinFaults(faults...); err != nil {
				if spatial.KindOf(err) != spatial.Invalid {
					t.Fatalf("%s: %v", body, err)
				}
				continue
			}
			if j.profile.Name == "" || len(j.scenario.roads) != len(j.scenario.from) || (len(j.scenario.edits) > 0) != (j.scenario.used() != nil) {
				t.Fatalf("%s is read as %+v", body, j)
			}
		}
	})
}
