package analysis

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// TestEmptyScenariosChangeNothing compares whole documents.
func TestEmptyScenariosChangeNothing(t *testing.T) {
	for _, c := range []struct {
		process Process
		inputs  string
	}{{newCoverage("e", clock), plainInputs}, {newCircle(), plainCircle}, {newMatrixProcess(), plainMatrix}, {newCities(), plainCities}} {
		want := document(t, ask(t, c.process, newPlain(t.Fatal), c.inputs, nil))
		for _, empty := range []string{`null`, `{"edits":[]}`, `{"edits": [ ]}`} {
			if got := document(t, ask(t, c.process, newPlain(t.Fatal), c.inputs, map[string]string{"scenario": empty})); !bytes.Equal(got, want) {
				t.Errorf("%s under %s differs", c.process.Spec().ID, empty)
			}
		}
		p := decoded[spatial.Provenance](t, ask(t, c.process, newPlain(t.Fatal), c.inputs, map[string]string{"scenario": `"nothing"`}), "provenance")
		if p.Scenario != nil {
			t.Errorf("%s: a row without edits is told as %+v", c.process.Spec().ID, p.Scenario)
		}
	}
}

// TestAddedFacilityIsOneOfTheStore compares an added airport with a store that
// has it, and a removed one with a store that lacks it.
func TestAddedFacilityIsOneOfTheStore(t *testing.T) {
	at := crossing(2, 2)
	for _, c := range []struct {
		scenario string
		edit     func(*plain)
	}{
		{`{"edits":[{"type":"add-facility","collection":"airports","id":"ABC","lon":100.2,"lat":30.2,"properties":{"name_zh":"新机场","kind":"general"}}]}`,
			func(p *plain) {
				p.tables["airports"] = slices.Insert(p.tables["airports"], 1, spatial.Feature{ID: "ABC", Geometry: at, Properties: map[string]any{"name_zh": "新机场", "kind": "transport"}})
			}},
		{`{"edits":[{"type":"remove-facility","collection":"airports","id":"AAA"}]}`,
			func(p *plain) { p.tables["airports"] = p.tables["airports"][1:] }},
		{`{"edits":[{"type":"add-facility","collection":"airports","id":"XYZ","lon":1,"lat":1},{"type":"remove-facility","collection":"airports","id":"XYZ"}]}`, func(*plain) {}},
	} {
		edited := newPlain(t.Fatal)
		c.edit(edited)
		want, got := run(t, newCoverage("e", clock), edited, nil), run(t, newCoverage("e", clock), newPlain(t.Fatal), map[string]string{"scenario": c.scenario})
		for _, id := range []string{"metric", "breakdown", "evidence"} {
			a, _ := want.Output(id)
			b, _ := got.Output(id)
			if x, y := document(t, Result{[]Output{a}}), document(t, Result{[]Output{b}}); !bytes.Equal(x, y) {
				t.Errorf("%s: %s is\n%s\nwant\n%s", c.scenario, id, y, x)
			}
		}
		if p := decoded[spatial.Provenance](t, got, "provenance"); p.Scenario == nil || len(p.Scenario.Hash) != 16 || p.Scenario.ID != nil || !strings.Contains(strings.Join(p.Notes, " "), "the scenario adds") {
			t.Errorf("%+v, %v", p.Scenario, p.Notes)
		}
	}
}

// TestScenarioOfARow computes as the same edits inline do, and tells the row.
func TestScenarioOfARow(t *testing.T) {
	inline := run(t, newCoverage("e", clock), newPlain(t.Fatal), map[string]string{"as_of": "", "scenario": `{"edits":[{"id":"BBB","collection":"airports","type":"remove-facility"}]}`})
	row := run(t, newCoverage("e", clock), newPlain(t.Fatal), map[string]string{"as_of": "", "scenario": `"closing"`})
	if a, b := decoded[any](t, inline, "metric"), decoded[any](t, row, "metric"); !equalJSON(t, a, b) {
		t.Errorf("inline %v, by row %v", a, b)
	}
	a, b := decoded[spatial.Provenance](t, inline, "provenance"), decoded[spatial.Provenance](t, row, "provenance")
	if *b.Scenario.ID != "closing" || a.Scenario.Hash != b.Scenario.Hash || string(a.Scenario.Edits) != `[{"type":"remove-facility","collection":"airports","id":"BBB"}]` {
		t.Errorf("inline %+v, by row %+v", a.Scenario, b.Scenario)
	}
	if !slices.Contains(b.Datasets, spatial.DatasetVersion{ID: "scenarios-data", Version: "1"}) || b.Parameters.(map[string]any)["scenario"] != "closing" {
		t.Errorf("%+v", b)
	}
}

func equalJSON(t *testing.T, a, b any) bool { return len(differences("", "", a, b)) == 0 }

// TestEditFaults spoils one edit at a time.
func TestEditFaults(t *testing.T) {
	const line = `{"type":"LineString","coordinates":[[100,30],[101,30]]}`
	const area = `{"type":"Polygon","coordinates":[[[100,30],[101,30],[101,31],[100,30]]]}`
	var faults []fault
	for _, c := range []struct{ edit, member, says string }{
		{`5`, "", "must be an object, not 5"},
		{`{}`, "/type", "is required"},
		{`{"type":"build"}`, "/type", `"build" is not among those allowed`},
		{`{"type":"change-population"}`, "/type", `"change-population" is taken by no process yet`},
		{`{"type":"replace-line","geometry":null}`, "/type", `"replace-line" is taken by no process yet`},
		{`{"type":"set-speed","factor":2}`, "/class", "class, area or both are required, or roads alone"},
		{`{"type":"set-speed","class":"trunk","roads":["a"],"factor":2}`, "/class", "or roads alone"},
		{`{"type":"set-speed","class":"highway","factor":2}`, "/class", "not among those allowed"},
		{`{"type":"set-speed","class":"access","factor":2}`, "/class", "not among those allowed"},
		{`{"type":"set-speed","class":"trunk"}`, "/factor", "is required"},
		{`{"type":"set-speed","class":"trunk","factor":0}`, "/factor", "must be a number from 0.1 to 10, not 0"},
		{`{"type":"set-speed","class":"trunk","factor":2,"speed":1}`, "/speed", "there is no such member"},
		{`{"type":"set-speed","area":` + line + `,"factor":2}`, "/area/type", `"LineString" is not among those allowed`},
		{`{"type":"close-road"}`, "/roads", "exactly one of roads and area is required"},
		{`{"type":"close-road","roads":["a"],"area":` + area + `}`, "/roads", "exactly one of roads and area is required"},
		{`{"type":"close-road","roads":[]}`, "/roads", "must be a list of 1 to 10000 values"},
		{`{"type":"close-road","roads":[7]}`, "/roads/0", "must be a string that is not empty, not 7"},
		{`{"type":"close-road","area":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}}`, "/area/coordinates", "not closed"},
		{`{"type":"close-road","area":{"type":"Polygon","coordinates":[]}}`, "/area/coordinates", "without rings"},
		{`{"type":"close-road","area":{"type":"MultiPolygon","coordinates":[[0,0]]}}`, "/area/coordinates", "must be rings"},
		{`{"type":"close-road","area":{"coordinates":[]}}`, "/area/type", "is required"},
		{`{"type":"add-road","class":"trunk","speed_kmh":80}`, "/geometry", "is required"},
		{`{"type":"add-road","geometry":` + line + `,"speed_kmh":80}`, "/class", "is required"},
		{`{"type":"add-road","geometry":` + line + `,"class":"trunk"}`, "/speed_kmh", "is required"},
		{`{"type":"add-road","geometry":` + line + `,"class":"trunk","speed_kmh":500}`, "/speed_kmh", "must be a number from 1 to 150, not 500"},
		{`{"type":"add-road","geometry":` + line + `,"class":"trunk","speed_kmh":80,"one_way":"yes"}`, "/one_way", "must be true or false"},
		{`{"type":"add-road","geometry":{"type":"LineString","coordinates":[[0,0]]},"class":"trunk","speed_kmh":80}`, "/geometry/coordinates", "at least two positions"},
		{`{"type":"add-road","geometry":{"type":"LineString","coordinates":[[0,0],[0,91]]},"class":"trunk","speed_kmh":80}`, "/geometry/coordinates", "[0 91]"},
		{`{"type":"add-facility","lon":1,"lat":1}`, "/collection", "is required"},
		{`{"type":"add-facility","collection":"roads","lon":1,"lat":1}`, "/collection", "not among those allowed"},
		{`{"type":"add-facility","collection":"airports","lon":1}`, "/lat", "is required"},
		{`{"type":"add-facility","collection":"airports","lon":1,"lat":1,"id":"AAA"}`, "/id", `"AAA" is a facility already`},
		{`{"type":"add-facility","collection":"airports","lon":1,"lat":1,"properties":{"colour":"red"}}`, "/properties/colour", "there is no such member"},
		{`{"type":"add-facility","collection":"airports","lon":1,"lat":1,"properties":{"name_zh":5}}`, "/properties/name_zh", "must be a string"},
		{`{"type":"remove-facility","collection":"airports"}`, "/id", "is required"},
		{`{"type":"remove-facility","collection":"airports","id":"ZZZ"}`, "/id", `there is no feature "ZZZ" in airports`},
	} {
		faults = append(faults, fault{"scenario", `{"edits":[{"type":"remove-facility","collection":"airports","id":"DDD"},` + c.edit + `]}`, "/inputs/scenario/edits/1" + c.member, c.says})
	}
	checkFaults(t, newCoverage("e", clock), plainInputs, faults)
	many := `{"edits":[` + strings.TrimSuffix(strings.Repeat(`{"type":"remove-facility","collection":"airports","id":"A"},`, maxEdits+1), ",") + `]}`
	checkFaults(t, newCoverage("e", clock), plainInputs, []fault{{"scenario", many, "/inputs/scenario/edits", "must be a list of 1 to 1000 values"}})
}

// TestEditsOfFacilitiesElsewhere are told, so that nobody takes them for done.
func TestEditsOfFacilitiesElsewhere(t *testing.T) {
	with := map[string]string{"scenario": `{"edits":[{"type":"add-facility","collection":"seats","lon":100,"lat":30},{"type":"remove-facility","collection":"airports","id":"CCC"}]}`}
	notes := strings.Join(decoded[spatial.Provenance](t, run(t, newCoverage("e", clock), newPlain(t.Fatal), with), "provenance").Notes, "\n")
	if !strings.Contains(notes, "bear on no facility asked for: 1") || !strings.Contains(notes, "removes CCC, which the filter or the date leaves out anyway") {
		t.Error(notes)
	}
	notes = strings.Join(decoded[spatial.Provenance](t, ask(t, newMatrixProcess(), newPlain(t.Fatal), plainMatrix, with), "provenance").Notes, "\n")
	if !strings.Contains(notes, "Edits of facilities, which bear on coverage only: 2.") {
		t.Error(notes)
	}
}

// TestCanonicalEdits are one text, however they are written.
func TestCanonicalEdits(t *testing.T) {
	read := func(text string) scenario {
		var faults []error
		s := readScenario(object{at: "/inputs", members: inputs(t, text, nil), faults: &faults}, "scenario")
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return s
	}
	a := read(`{"scenario":{"edits":[{"type":"add-road","geometry":{"type":"LineString","coordinates":[[100.00000001,30],[101,30,5]]},"class":"trunk","speed_kmh":80.0}]}}`)
	b := read(`{"scenario":{"edits":[{"speed_kmh":8e1,"class":"trunk","one_way":false,"geometry":{"coordinates":[[100,30],[101.0,30]],"type":"LineString"},"type":"add-road"}]}}`)
	const want = `[{"type":"add-road","class":"trunk","geometry":{"type":"LineString","coordinates":[[100,30],[101,30]]},"speed_kmh":80}]`
	if string(a.canonical()) != want || string(b.canonical()) != want || a.hash() != b.hash() {
		t.Errorf("%s and %s, want %s", a.canonical(), b.canonical(), want)
	}
	if !slices.Equal(a.roads[0].Line, b.roads[0].Line) || !slices.Equal(a.roads[0].Line, orb.LineString{{100, 30}, {101, 30}}) {
		t.Errorf("equal texts are different roads: %v, %v", a.roads[0].Line, b.roads[0].Line)
	}
	if c := read(`{"scenario":{"edits":[{"type":"set-speed","class":"trunk","factor":0.5}]}}`); c.hash() == a.hash() || *c.roads[0].Class != network.Trunk || c.roads[0].Factor != 0.5 {
		t.Errorf("%+v", c)
	}
}
