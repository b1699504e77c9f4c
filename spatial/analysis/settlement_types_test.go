package analysis

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

func newTypes() *typesProcess { return &typesProcess{newShared("quanyu test", clock)} }

const plainTypes = `{"minutes":30}`

// withTypes adds large cities, one of a million at one corner of the grid and
// a county that is one itself, counties around, towns, counts and lists.
func withTypes(in *plain) *plain {
	city := func(code string, residents int64, at orb.Geometry) spatial.Feature {
		return spatial.Feature{ID: "city-" + code, Geometry: at, Properties: map[string]any{"adcode": code, "name_zh": code, "urban_resident_population": residents}}
	}
	in.tables["cities"] = []spatial.Feature{city("510000", 1_000_000, crossing(0, 0)), city("514200", 999_999, crossing(3, 0)), city("519005", 2_000_000, crossing(7, 3))}
	in.tables["divisions"] = nil
	place := func(code, level string, at orb.Geometry, residents any) {
		in.tables["divisions"] = append(in.tables["divisions"], spatial.Feature{ID: code, Properties: map[string]any{"adcode": code, "level": level, "division_type": "county", "parent_adcode": "510000",
			"name_zh": "县" + code, "name_en": nil, "resident_population": residents, "resident_population_year": int64(2020)}})
		if at != nil {
			in.tables["seats"] = append(in.tables["seats"], spatial.Feature{ID: "seat-" + code, Geometry: at, Properties: map[string]any{"adcode": code, "level": level}})
		}
	}
	place("519001", "county", crossing(2, 0), int64(95))  // near, not losing enough
	place("519002", "county", crossing(1, 0), int64(90))  // near, a tenth lost
	place("519003", "county", crossing(4, 1), int64(100)) // far, zoned
	place("519004", "county", crossing(1, 1), nil)        // near, loss not known
	place("519005", "county", crossing(7, 3), int64(120)) // is the one large city, far from the other
	place("519006", "county", nil, int64(100))            // nobody knows where
	place("519007", "county", orb.Point{80, 45}, int64(100))
	place("519008", "county", crossing(4, 1), int64(100)) // as 519003, and on two lists
	place("519101", "township", crossing(1, 0), nil)
	place("519102", "township", crossing(4, 1), nil)
	place("519103", "township", crossing(4, 1), nil)
	place("519104", "township", nil, nil)
	for i, code := range []string{"519001", "519002", "519003", "519005", "519006", "519007", "519008"} {
		in.tables["observations"] = append(in.tables["observations"],
			spatial.Feature{ID: fmt.Sprint("p", i), Properties: map[string]any{"indicator": peopleIndicator, "adcode": code, "year": int64(2010), "value": 100.0}},
			spatial.Feature{ID: fmt.Sprint("q", i), Properties: map[string]any{"indicator": peopleIndicator, "adcode": code, "year": int64(2015), "value": 1.0}})
	}
	zone := func(id, kind, role string, codes ...string) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"kind": kind, "role": role, "member_adcodes": codes}}
	}
	in.tables["zones"] = []spatial.Feature{
		zone("a", "main-function", "ecological", "519003", "519008", "519005"), zone("b", "main-function", "farming", "519008"), zone("c", "main-function", "forest", "519001"),
		zone("d", "specialised-county", "", "519008"), zone("e", "county-type", "farming", "519001", "519006"),
		zone("f", "specialised-town", "", "519102"), zone("g", "town-type", "comprehensive", "519101"), zone("h", "scenic", "x", "519001"),
	}
	return in
}

func typesOf(t *testing.T, r Result) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for _, f := range decoded[features](t, r, "places").Features {
		found[f.ID] = f.Properties
	}
	return found
}

func TestTypesOfPlaces(t *testing.T) {
	in := withTypes(newPlain(t.Fatal))
	truth := newOracle(t, in.network, "car")
	r := ask(t, newTypes(), in, plainTypes, nil)
	found := typesOf(t, r)
	for code, want := range map[string]string{ // type, by the rule, tests held, tests not known, state
		"519001": "farming near-city [near-city] [ecological farming] reached",
		"519002": "population-losing population-losing [population-losing near-city] [ecological farming] reached",
		"519003": "ecological ecological [ecological] [] reached",
		"519004": "<nil> <nil> [near-city] [population-losing ecological farming] reached",
		"519005": "ecological ecological [ecological] [] reached",
		"519006": "farming <nil> [] [near-city ecological farming] position-unknown",
		"519007": "<nil> <nil> [] [near-city ecological farming] not-snapped",
		"519008": "<nil> <nil> [specialised] [ecological farming] reached", // zoned twice over
		"519101": "comprehensive satellite [satellite] [] reached",
		"519102": "specialised specialised [specialised] [] reached",
		"519103": "comprehensive comprehensive [] [] reached",
		"519104": "<nil> <nil> [] [satellite] position-unknown",
	} {
		p := found[code]
		if got := fmt.Sprintf("%v %v %v %v %v", p["type"], p["computed_type"], p["tests_held"], p["tests_unknown"], p["city_state"]); got != want {
			t.Errorf("%s: %s\nwant %s", code, got, want)
		}
	}
	ms := truth.between(crossing(2, 0), crossing(0, 0))
	if p := found["519001"]; p["minutes_to_city"] != ms/60_000 || p["city"] != "city-510000" || p["differs"] != true || p["population_change"].(float64) >= -0.049 || p["change_from_year"] != 2010.0 {
		t.Errorf("%v", p)
	}
	if p := found["519005"]; p["city"] != "city-510000" || p["minutes_to_city"] != truth.between(crossing(7, 3), crossing(0, 0))/60_000 {
		t.Errorf("a large city beside itself: %v", p)
	}
	total := map[string]int{}
	for _, row := range decoded[[]typeCount](t, r, "counts") {
		total[row.Of] += row.Places
		if row.Type != nil && *row.Type == "near-city" && (row.Held != 3 || row.Places != 0) {
			t.Errorf("%+v", row)
		}
		if row.Type != nil && *row.Type == "farming" && (row.Places != 2 || row.Computed != 0 || row.Listed != 2 || row.Differ != 1) {
			t.Errorf("%+v", row)
		}
	}
	if total["county"] != 8 || total["town"] != 4 {
		t.Errorf("counted %v", total)
	}
	notes := strings.Join(decoded[spatial.Provenance](t, r, "provenance").Notes, "\n")
	for _, says := range []string{"several values, which are taken as not known: 1", "whose role is no value of it, which are passed over: 1 (first c)", "over 10 years is known: 7 of 12"} {
		if !strings.Contains(notes, says) {
			t.Errorf("the notes lack %q: %s", says, notes)
		}
	}
}

// TestPlaceAtTheHour: exactly the limit is near, a millisecond less is not.
func TestPlaceAtTheHour(t *testing.T) {
	in := withTypes(newPlain(t.Fatal))
	ms := newOracle(t, in.network, "car").between(crossing(1, 0), crossing(0, 0))
	for less, want := range map[float64]any{0: "satellite", 1: nil} {
		limit, _ := json.Marshal((ms - less) / 60_000)
		in.tables["zones"] = nil
		if p := typesOf(t, ask(t, newTypes(), in, plainTypes, map[string]string{"minutes": string(limit)}))["519101"]; p["type"] != want {
			t.Errorf("%v ms less: %v", less, p)
		}
	}
}

// TestNothingLoadedIsNotKnown: without cities and lists no type can be told.
func TestNothingLoadedIsNotKnown(t *testing.T) {
	in := withTypes(newPlain(t.Fatal))
	in.tables["cities"], in.tables["zones"], in.tables["observations"] = nil, nil, nil
	r := ask(t, newTypes(), in, plainTypes, map[string]string{"filter": `"level = 'county'"`})
	for code, p := range typesOf(t, r) {
		if p["type"] != nil || len(p["tests_unknown"].([]any)) != 5 {
			t.Errorf("%s: %v", code, p)
		}
	}
	notes := strings.Join(decoded[spatial.Provenance](t, r, "provenance").Notes, "\n")
	for _, says := range []string{"No large city is loaded", "No town is among the divisions", "No zone of kind main-function has members", "No zone of kind county-type has members"} {
		if !strings.Contains(notes, says) {
			t.Errorf("the notes lack %q: %s", says, notes)
		}
	}
}

func TestTypesFaults(t *testing.T) {
	checkFaults(t, newTypes(), plainTypes, append(journeyFaults, []fault{
		{"filter", `7`, "/inputs/filter", "must be a string"},
		{"filter", `"kind = 'x'"`, "/inputs/filter", `"kind" is no property of divisions`},
		{"minutes", `0`, "/inputs/minutes", "must be a number greater than 0"},
		{"loss", `-0.1`, "/inputs/loss", "must be a number from 0 to 1"},
		{"years", `2.5`, "/inputs/years", "must be a whole number"},
		{"as_of", `5`, "/inputs/as_of", "must be a string"},
	}...))
	p := newTypes()
	p.budget = 10
	if _, err := p.Run(t.Context(), inputs(t, plainTypes, nil), withTypes(newPlain(t.Fatal))); spatial.KindOf(err) != spatial.NeedsAsync {
		t.Errorf("over the budget: %v", err)
	}
}
