package analysis

import (
	"fmt"
	"math"
	"testing"

	"quanyu/spatial"
)

func newCities() *citiesProcess { return &citiesProcess{newShared("e", clock)} }

const plainCities = `{"minutes":30}`

// within says whether a time is within a limit at a speed factor, by the rule
// of the package coverage.
func within(ms, minutes, factor float64) bool { return math.Round(ms/factor) <= minutes*60_000 }

// TestCityReachIsThePlainCount counts all pairs by the oracle.
func TestCityReachIsThePlainCount(t *testing.T) {
	in := newPlain(t.Fatal)
	truth := newOracle(t, in.network, "car")
	cities := in.tables["seats"][:10]
	for _, minutes := range []float64{1, 15, 30, 60, 1440} {
		r := ask(t, newCities(), in, plainCities, map[string]string{"minutes": fmt.Sprint(minutes)})
		m, pairs := decoded[citiesMetric](t, r, "metric"), decoded[[]pairShown](t, r, "pairs")
		counts, grouped, k := [3]int{}, 0, 0
		for i, a := range cities {
			for j, b := range cities {
				if i == j {
					continue
				}
				p, ms := pairs[k], truth.between(a.Geometry, b.Geometry)
				k++
				if *p.From != a.ID || *p.To != b.ID || (p.Mins == nil) != math.IsInf(ms, 1) || p.Mins != nil && *p.Mins != ms/60_000 || p.Within != within(ms, minutes, 1) {
					t.Errorf("%s to %s: %+v, want %v ms", a.ID, b.ID, p, ms)
				}
				for f, factor := range []float64{0.85, 1, 1.15} {
					if within(ms, minutes, factor) {
						counts[f]++
						if f == 1 && provinceOf(a) == provinceOf(b) {
							grouped++
						}
					}
				}
			}
		}
		d := float64(k)
		if k != 90 || m.Denominator != k || m.Numerator != counts[1] || *m.Low != float64(counts[0])/d || *m.Share != float64(counts[1])/d || *m.High != float64(counts[2])/d {
			t.Errorf("%v minutes: %+v, want %v of %d", minutes, m, counts, k)
		}
		if m.InGroups.Numerator != grouped || m.InGroups.Denominator != 8*7+2*1 || m.States["not-snapped"] != 2*9 {
			t.Errorf("%v minutes: in groups %+v, want %d; states %v", minutes, m.InGroups, grouped, m.States)
		}
		checkCities(t, r, pairs)
	}
}

// checkCities holds evidence and groups against the pairs.
func checkCities(t *testing.T, r Result, pairs []pairShown) {
	t.Helper()
	from, to, of := map[string]float64{}, map[string]float64{}, map[string]pairCount{}
	for _, p := range pairs {
		if p.Within {
			from[*p.From]++
			to[*p.To]++
		}
		if p.Group != nil {
			c := of[*p.Group]
			c.pairs++
			if p.Within {
				c.within = append(c.within, 1)
			}
			of[*p.Group] = c
		}
	}
	for _, f := range decoded[features](t, r, "evidence").Features {
		if f.Properties["cities_reached"] != from[f.ID] || f.Properties["cities_reached_from"] != to[f.ID] || f.Properties["others"] != 9.0 {
			t.Errorf("%s: %v, want %v and %v", f.ID, f.Properties, from[f.ID], to[f.ID])
		}
	}
	for _, g := range decoded[[]groupShown](t, r, "groups") {
		if g.Denominator != of[g.ID].pairs || g.Numerator != len(of[g.ID].within) {
			t.Errorf("group %+v, want %+v", g, of[g.ID])
		}
	}
}

// TestReachOfACentre asks in all the ways to name it.
func TestReachOfACentre(t *testing.T) {
	in := newPlain(t.Fatal)
	truth := newOracle(t, in.network, "car")
	for centre, want := range map[string]int{`{"adcode":"514200"}`: 9, `{"feature":{"collection":"airports","id":"BBB"}}`: 10, `{"lon":100.4,"lat":30.2}`: 10} {
		for _, direction := range []string{"to", "from"} {
			r := ask(t, newCities(), in, plainCities, map[string]string{"pairs": `"to-centre"`, "centre": centre, "direction": `"` + direction + `"`})
			m, pairs := decoded[citiesMetric](t, r, "metric"), decoded[[]pairShown](t, r, "pairs")
			if m.Denominator != want || len(pairs) != want || m.Centre == nil || *m.Centre.Snap.Vertex != uint32(truth.at(crossing(4, 2))) {
				t.Errorf("%s: %+v", centre, m)
			}
			for _, p := range pairs {
				city := p.From
				if direction == "from" {
					city = p.To
				}
				ms := truth.between(byName(in, "seats", *city).Geometry, crossing(4, 2))
				if (p.Mins == nil) != math.IsInf(ms, 1) || p.Mins != nil && *p.Mins != ms/60_000 {
					t.Errorf("%s %s %s: %+v, want %v ms", centre, direction, *city, p, ms)
				}
			}
		}
	}
}

// TestCentresOfGroups takes the capital of a province, and the largest city of
// a cluster as soon as one is loaded.
func TestCentresOfGroups(t *testing.T) {
	in := newPlain(t.Fatal)
	in.tables["seats"][0].Properties["adcode"] = "510900" // the seat of the province is another row:
	in.tables["seats"] = append(in.tables["seats"], spatial.Feature{ID: "zz-province", Geometry: crossing(2, 2), Properties: map[string]any{"adcode": "510000", "level": "province"}})
	with := map[string]string{"pairs": `"to-centre"`}
	r := ask(t, newCities(), in, plainCities, with)
	groups := decoded[[]groupShown](t, r, "groups")
	if len(groups) != 2 || *groups[0].Centre != "seat-512200" || groups[0].Denominator != 7 || groups[1].Centre != nil || groups[1].Denominator != 0 || groups[0].NameZH != "四川省" {
		t.Errorf("by province: %+v", groups)
	}
	in.tables["city-clusters"] = []spatial.Feature{
		{ID: "east", Properties: map[string]any{"name_zh": "东", "member_adcodes": []string{"514200", "516000", "516200", "999999"}}},
		{ID: "far", Properties: map[string]any{"member_adcodes": []string{"999999"}}},
		{ID: "west", Properties: map[string]any{"member_adcodes": []string{"512000", "512200", "514200"}}},
	}
	r = ask(t, newCities(), in, plainCities, with)
	groups = decoded[[]groupShown](t, r, "groups")
	m := decoded[citiesMetric](t, r, "metric")
	if len(groups) != 2 || *groups[0].Centre != "seat-516000" || *groups[1].Centre != "seat-514200" || m.GroupedBy != byCluster || m.Denominator != 4 {
		t.Errorf("by cluster: %+v, %+v", groups, m)
	}
	for _, f := range decoded[features](t, r, "evidence").Features {
		if f.ID == "seat-514200" && f.Properties["centre"] != "seat-516000" || f.ID == "seat-530100" && f.Properties["centre"] != nil {
			t.Errorf("%s: %v", f.ID, f.Properties)
		}
	}
}

func TestCitiesInBothForms(t *testing.T) {
	in := newPlain(t.Fatal)
	a := document(t, ask(t, newCities(), in, plainCities, map[string]string{"cities": `"level = 'prefecture'"`}))
	b := document(t, ask(t, newCities(), in, plainCities, map[string]string{"cities": `{"collection":"seats","filter":"level = 'prefecture'"}`}))
	if c := document(t, ask(t, newCities(), in, plainCities, nil)); string(a) != string(b) || string(a) != string(c) {
		t.Error("the same cities gave another answer")
	}
	none := decoded[citiesMetric](t, ask(t, newCities(), in, plainCities, map[string]string{"cities": `"level = 'none'"`}), "metric")
	if none.Share != nil || none.Denominator != 0 {
		t.Errorf("no cities: %+v", none)
	}
}

func TestCityReachFaults(t *testing.T) {
	checkFaults(t, newCities(), plainCities, append(journeyFaults, []fault{
		{"cities", `5`, "/inputs/cities", "must be a string, not 5"},
		{"cities", `"levl = 1"`, "/inputs/cities", `"levl" is no property of seats`},
		{"cities", `{"collection":"roads"}`, "/inputs/cities/collection", "not among those allowed"},
		{"minutes", `0`, "/inputs/minutes", "must be a number greater than 0 and at most 1440"},
		{"minutes", `[120]`, "/inputs/minutes", "must be a number"},
		{"pairs", `"some"`, "/inputs/pairs", `"some" is not among those allowed`},
		{"centre", `{"lon":1,"lat":1}`, "/inputs/centre", "for pairs to-centre only"},
		{"direction", `"up"`, "/inputs/direction", "not among those allowed"},
		{"speed_factors", `[0]`, "/inputs/speed_factors/0", "must be a number from 0.1 to 10"},
	}...))
	centred := `{"minutes":30,"pairs":"to-centre"}`
	checkFaults(t, newCities(), centred, placeFaults("centre", "/inputs/centre"))
	_, err := newCities().Run(t.Context(), inputs(t, centred, map[string]string{"centre": `{"lon":0,"lat":0}`}), newPlain(t.Fatal))
	checkFault(t, err, fault{"centre", "0 0", "/inputs/centre", "lies within"}, spatial.Unprocessable)
}

// TestCitiesOverBudget names what the run would cost.
func TestCitiesOverBudget(t *testing.T) {
	p := newCities()
	p.budget = 10
	_, err := p.Run(t.Context(), inputs(t, plainCities, nil), newPlain(t.Fatal))
	if spatial.KindOf(err) != spatial.NeedsAsync {
		t.Errorf("got %v", err)
	}
	if 5_000_000*100+pointCost*200+timeCost*100*100 > syncBudget {
		t.Error("a 100 x 100 matrix on a network of five million vertices is over the budget")
	}
}
