package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/settlement"
)

func newClasses() *classesProcess { return &classesProcess{newShared("quanyu test", clock)} }

const plainClasses = `{"filter":"province_adcode = '510000'","as_of":"2022-06-30"}`

// plainCities are cities at the bounds of classes, one without a count and one
// counted later than the test asks.
func plainCities51() []spatial.Feature {
	city := func(code string, residents, year, stated any) spatial.Feature {
		return spatial.Feature{ID: "city-" + code, Geometry: crossing(0, 0), Properties: map[string]any{"adcode": code, "province_adcode": code[:2] + "0000", "level": "prefecture",
			"name_zh": "市" + code, "name_en": nil, "urban_resident_population": residents, "urban_resident_population_year": year, "size_class": stated}}
	}
	return []spatial.Feature{
		city("510100", int64(13_340_304), int64(2020), "super-large"),
		city("510500", int64(999_809), int64(2020), "large-ii"), // the row states more than its count allows
		city("510700", int64(1_000_000), int64(2020), nil),
		city("511100", int64(500_000), nil, "medium"),
		city("511300", int64(2_999_999), int64(2020), "large-ii"),
		city("513402", nil, nil, nil),
		city("513403", int64(200_000), int64(2025), "small-i"),
		city("530100", int64(5_340_881), int64(2020), "megacity"),
	}
}

// withCities adds to a country its cities and what was observed of them.
func withCities(in *plain) *plain {
	seen := func(id, code string, year int64, value any) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"indicator": residentsIndicator, "adcode": code, "year": year, "value": value}}
	}
	in.tables["cities"] = plainCities51()
	in.tables["observations"] = []spatial.Feature{
		seen("a", "511300", 2021, 3_000_000.0), seen("b", "511300", 2022, 2_999_999.0), seen("c", "511300", 2023, 9e6),
		seen("d", "510700", 2010, 700_000.0), seen("e", "510700", 2010, 5.0), seen("f", "510500", 2021, nil),
		{ID: "g", Properties: map[string]any{"indicator": "other", "adcode": "510100", "year": int64(2021), "value": 1.0}},
	}
	return in
}

func TestClassesOfCities(t *testing.T) {
	in := withCities(newPlain(t.Fatal))
	r := ask(t, newClasses(), in, plainClasses, nil)
	got := map[string][4]any{}
	for _, f := range decoded[features](t, r, "cities").Features {
		p := f.Properties
		got[f.ID] = [4]any{p["size_class"], p["settlement_policy"], p["province_policy"], p["state"]}
	}
	want := map[string][4]any{
		"city-510100": {"super-large", "points", "adjusted", "known"},
		"city-510500": {"medium", "abolished", "abolished", "known"},
		"city-510700": {"large-ii", "abolished", "abolished", "known"},
		"city-511100": {"medium", "abolished", "abolished", "known"},
		"city-511300": {"large-ii", "abolished", "abolished", "known"}, // by its count of 2022
		"city-513402": {nil, nil, nil, "not-counted"},
		"city-513403": {nil, nil, nil, "counted-later"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	counts := map[string]int{}
	for _, c := range decoded[[]classCount](t, r, "counts") {
		if c.Class == nil {
			counts[""] = c.Cities
		} else if c.Cities > 0 {
			counts[*c.Class] = c.Cities
		}
	}
	if fmt.Sprint(counts) != fmt.Sprint(map[string]int{"": 2, "super-large": 1, "large-ii": 2, "medium": 2}) {
		t.Errorf("counts %v", counts)
	}
	var changes []string
	for _, c := range decoded[[]changeShown](t, r, "changes") {
		changes = append(changes, fmt.Sprintf("%s %d-%d %s>%s %s>%s", c.Adcode, c.FromYear, c.ToYear, c.From, c.To, c.PolicyBefore, c.PolicyAfter))
	}
	if want := []string{"510700 2010-2020 medium>large-ii abolished>abolished", "511300 2020-2021 large-ii>large-i abolished>relaxed", "511300 2021-2022 large-i>large-ii relaxed>abolished"}; !slices.Equal(changes, want) {
		t.Errorf("changes %q", changes)
	}
	luzhou := decoded[features](t, r, "cities").Features[1].Properties
	if luzhou["class_differs"] != true || luzhou["missing_for_above"] != 191.0 || luzhou["spare_over_below"] != 499_809.0 {
		t.Errorf("%v", luzhou)
	}
	notes := strings.Join(decoded[spatial.Provenance](t, r, "provenance").Notes, "\n")
	for _, says := range []string{"without any count, which have no class: 1.", "later than as_of, which have no class: 1.", "several years: 2 of 7."} {
		if !strings.Contains(notes, says) {
			t.Errorf("the notes lack %q: %s", says, notes)
		}
	}
}

// TestPlanCountsAreChecked counts over the whole province, whatever the filter.
func TestPlanCountsAreChecked(t *testing.T) {
	in := withCities(newPlain(t.Fatal))
	for _, filter := range []string{`"province_adcode = '510000'"`, `"adcode = '510100'"`, ""} {
		rows := decoded[[]checkShown](t, ask(t, newClasses(), in, plainClasses, map[string]string{"filter": filter}), "checks")
		if len(rows) != 5 {
			t.Fatalf("%d checks", len(rows))
		}
		super, large, medium, towns := rows[0], rows[1], rows[2], rows[4]
		if super.State != countEqual || *super.Counted != 1 {
			t.Errorf("%s: %+v", filter, super)
		}
		if large.State != countDiffers || *large.Difference != -2 || len(large.Uncounted) != 2 || len(large.Close) != 2 || large.Close[0].Adcode != "510500" || *large.Close[0].Lacks != 191 || *large.Close[1].Lacks != 0 {
			t.Errorf("%s: %+v", filter, large)
		}
		if *medium.Counted != 2 || medium.Close[len(medium.Close)-1].Adcode != "511100" {
			t.Errorf("%s: %+v", filter, medium)
		}
		if towns.State != countNoData || towns.Counted != nil || towns.Stated != 2016 {
			t.Errorf("%s: %+v", filter, towns)
		}
	}
}

// TestNoCities reports an empty collection and makes nothing up.
func TestNoCities(t *testing.T) {
	r := ask(t, newClasses(), newPlain(t.Fatal), `{}`, nil)
	for _, c := range decoded[[]classCount](t, r, "counts") {
		if c.Cities != 0 || c.ShareCities != nil || c.ShareResidents != nil {
			t.Errorf("%+v", c)
		}
	}
	for _, c := range decoded[[]checkShown](t, r, "checks") {
		if c.State != countNoData || c.Counted != nil {
			t.Errorf("%+v", c)
		}
	}
	if s := decoded[structureShown](t, r, "structure"); s.Cities != 0 || s.Exponent != nil || s.TwoCity != nil {
		t.Errorf("%+v", s)
	}
	if notes := decoded[spatial.Provenance](t, r, "provenance").Notes; !strings.Contains(notes[1], "empty on that day") {
		t.Errorf("%q", notes)
	}
}

// TestEveryCityIsCountedOnce adds up counts and policies of any cities.
func TestEveryCityIsCountedOnce(t *testing.T) {
	in := newPlain(t.Fatal)
	rapid.Check(t, func(rt *rapid.T) {
		in.tables["cities"] = nil
		for i := range rapid.IntRange(0, 30).Draw(rt, "n") {
			f := spatial.Feature{ID: fmt.Sprintf("c%02d", i), Properties: map[string]any{"adcode": rapid.SampledFrom([]string{"510100", "512000", "330100"}).Draw(rt, "code")}}
			if rapid.Bool().Draw(rt, "known") {
				f.Properties["urban_resident_population"] = rapid.Int64Range(0, 20_000_000).Draw(rt, "residents")
			}
			in.tables["cities"] = append(in.tables["cities"], f)
		}
		r, err := newClasses().Run(t.Context(), nil, in)
		if err != nil {
			rt.Fatal(err)
		}
		classed, national := 0, 0
		for _, c := range decoded[[]classCount](t, r, "counts") {
			classed += c.Cities
		}
		for _, p := range decoded[[]policyShown](t, r, "policies") {
			if p.Plan == nationalPlan {
				national += p.Cities
			}
		}
		if n := len(in.tables["cities"]); classed != n || national != n {
			rt.Fatalf("%d cities, %d in classes, %d under the national plan", n, classed, national)
		}
	})
}

func TestClassesFaults(t *testing.T) {
	checkFaults(t, newClasses(), plainClasses, []fault{
		{"filter", `5`, "/inputs/filter", "must be a string, not 5"},
		{"filter", `"lvl = 1"`, "/inputs/filter", `"lvl" is no property of cities`},
		{"as_of", `"2020"`, "/inputs/as_of", "must be a date YYYY-MM-DD"},
		{"minutes", `60`, "/inputs/minutes", "there is no such member"},
	})
}

// TestNewCityKeepsOneCountAYear: an observation holds over the city's own row.
func TestNewCityKeepsOneCountAYear(t *testing.T) {
	f := spatial.Feature{Properties: map[string]any{"adcode": "1", "urban_resident_population": int64(5), "urban_resident_population_year": int64(2020)}}
	c := newCity(f, map[string][]settlement.Count{"1": {{Year: 2020, Residents: 7}}}, 2020)
	if *c.residents != 7 || *c.year != 2020 || c.state() != "known" {
		t.Errorf("%+v", c)
	}
	if c = newCity(f, nil, 2019); c.residents != nil || *c.later != 2020 || c.state() != "counted-later" {
		t.Errorf("a year before: %+v", c)
	}
}
