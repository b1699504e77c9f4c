package settlement

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func number(v float64) *float64 { return &v }
func yes() *bool                { v := true; return &v }
func no() *bool                 { v := false; return &v }

func TestCountyTypesAtTheirBounds(t *testing.T) {
	quiet := CountySigns{PopulationChange: number(0.02), MinutesToCity: number(math.Inf(1)), MainFunction: UrbanFunction, Specialised: no()}
	with := func(change func(*CountySigns)) CountySigns {
		s := quiet
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		signs CountySigns
		want  CountyType
	}{
		"no sign":              {quiet, ""},
		"a tenth fewer":        {with(func(s *CountySigns) { s.PopulationChange = number(-0.1) }), Losing},
		"nearly a tenth":       {with(func(s *CountySigns) { s.PopulationChange = number(-0.0999) }), ""},
		"exactly 60 minutes":   {with(func(s *CountySigns) { s.MinutesToCity = number(60) }), NearCity},
		"a second more":        {with(func(s *CountySigns) { s.MinutesToCity = number(60 + 1.0/60) }), ""},
		"losing beats near":    {with(func(s *CountySigns) { s.MinutesToCity, s.PopulationChange = number(5), number(-0.2) }), Losing},
		"ecological":           {with(func(s *CountySigns) { s.MainFunction = EcologicalFunction }), Ecological},
		"farming, specialised": {with(func(s *CountySigns) { s.MainFunction, s.Specialised = FarmingFunction, yes() }), Farming},
		"specialised":          {with(func(s *CountySigns) { s.Specialised = yes() }), Specialised},
		"nothing known":        {CountySigns{}, ""},
		"near, loss not known": {with(func(s *CountySigns) { s.MinutesToCity, s.PopulationChange = number(5), nil }), ""},
		"near, zone not known": {with(func(s *CountySigns) { s.MinutesToCity, s.MainFunction = number(5), "" }), NearCity},
	} {
		if v := DefaultCountyRule().TypeOf(c.signs); v.Type != c.want || v.Computed != c.want || v.Differs() {
			t.Errorf("%s: %+v, want %q", name, v, c.want)
		}
	}
}

func TestTownTypesAtTheirBounds(t *testing.T) {
	for name, c := range map[string]struct {
		signs TownSigns
		want  TownType
	}{
		"exactly 60 minutes":      {TownSigns{MinutesToCity: number(60), Specialised: yes()}, Satellite},
		"beyond":                  {TownSigns{MinutesToCity: number(60.001), Specialised: yes()}, SpecialisedTown},
		"far, no function":        {TownSigns{MinutesToCity: number(61), Specialised: no()}, Comprehensive},
		"far, function not known": {TownSigns{MinutesToCity: number(61)}, ""},
		"distance not known":      {TownSigns{Specialised: yes()}, ""},
	} {
		if v := DefaultTownRule().TypeOf(c.signs); v.Type != c.want {
			t.Errorf("%s: %+v, want %q", name, v, c.want)
		}
	}
}

// TestListsOverrideRules, and what the rule says stays beside them.
func TestListsOverrideRules(t *testing.T) {
	v := DefaultCountyRule().TypeOf(CountySigns{PopulationChange: number(0), MinutesToCity: number(30), Official: Farming})
	if v.Type != Farming || v.Computed != NearCity || !v.Differs() {
		t.Errorf("%+v", v)
	}
	v = DefaultCountyRule().TypeOf(CountySigns{Official: Farming})
	if v.Type != Farming || v.Computed != "" || v.Differs() || len(v.Unknown) != 5 {
		t.Errorf("with nothing else known: %+v", v)
	}
}

func maybe[T any](g *rapid.Generator[T]) *rapid.Generator[*T] { return rapid.Ptr(g, true) }

// TestKnowingMoreNeverOverturnsAType: a type that was told with some figures
// missing stays when they are found, whatever they are.
func TestKnowingMoreNeverOverturnsAType(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		functions := []MainFunction{UrbanFunction, FarmingFunction, EcologicalFunction}
		all := CountySigns{
			PopulationChange: number(rapid.Float64Range(-0.3, 0.3).Draw(t, "change")), MinutesToCity: number(rapid.Float64Range(0, 200).Draw(t, "minutes")),
			MainFunction: rapid.SampledFrom(functions).Draw(t, "function"), Specialised: rapid.SampledFrom([]*bool{yes(), no()}).Draw(t, "specialised")}
		some := all
		for i, forget := range []func(){func() { some.PopulationChange = nil }, func() { some.MinutesToCity = nil }, func() { some.MainFunction = "" }, func() { some.Specialised = nil }} {
			if rapid.Bool().Draw(t, "forget"+string(rune('a'+i))) {
				forget()
			}
		}
		known, told := DefaultCountyRule().TypeOf(all), DefaultCountyRule().TypeOf(some)
		if told.Type != "" && told.Type != known.Type {
			t.Fatalf("%q with less, %q with all", told.Type, known.Type)
		}
		if len(known.Unknown) != 0 || known.Type != "" && !slices.Contains(known.Holds, known.Type) {
			t.Fatalf("%+v", known)
		}
	})
}

// TestNearerNeverLeavesTheCity: fewer minutes keep a satellite one.
func TestNearerNeverLeavesTheCity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		far := rapid.Float64Range(0, 120).Draw(t, "far")
		near := rapid.Float64Range(0, far).Draw(t, "near")
		special := maybe(rapid.Bool()).Draw(t, "special")
		rule := TownRule{Minutes: rapid.Float64Range(1, 120).Draw(t, "rule")}
		if rule.TypeOf(TownSigns{MinutesToCity: &far, Specialised: special}).Type == Satellite && rule.TypeOf(TownSigns{MinutesToCity: &near, Specialised: special}).Type != Satellite {
			t.Fatalf("satellite at %v, not at %v", far, near)
		}
	})
}
