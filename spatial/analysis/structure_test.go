package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// withClusters adds clusters, an axis, metropolitan areas and special places.
func withClusters(in *plain) *plain {
	named := func(id string, properties map[string]any) spatial.Feature {
		properties["name_zh"], properties["name_en"] = id+"名", nil
		return spatial.Feature{ID: id, Properties: properties}
	}
	in.tables["city-clusters"] = []spatial.Feature{
		named("east", map[string]any{"tier": "steady", "member_adcodes": []string{"514200", "516000", "516200", "999999"}}),
		named("west", map[string]any{"tier": "promote", "member_adcodes": []string{"512000", "512001", "512200", "514200"}}),
	}
	in.tables["development-axes"] = []spatial.Feature{
		named("axis-1", map[string]any{"kind": "axis", "member_adcodes": []string{"512001", "514200"}}),
		named("rails", map[string]any{"kind": "corridor", "member_adcodes": []string{"512200"}}),
		named("axis-2", map[string]any{"kind": "belt", "member_adcodes": []string{"510200"}}),
	}
	in.tables["metropolitan-areas"] = []spatial.Feature{named("metro", map[string]any{"member_adcodes": []string{"512000", "510200"}})}
	in.tables["border-places"] = []spatial.Feature{
		{ID: "far-pass", Geometry: orb.Point{85, 45}, Properties: map[string]any{"name_zh": "远口岸"}},
		{ID: "near-port", Geometry: crossing(7, 3), Properties: map[string]any{"name_zh": "近口岸"}},
		{ID: "west-port", Geometry: crossing(1, 0), Properties: map[string]any{"name_zh": "西口岸"}},
	}
	in.tables["zones"] = []spatial.Feature{
		named("lagging", map[string]any{"kind": "special-type-region", "adcode": nil}),
		named("old-industrial", map[string]any{"kind": "special-type-region", "adcode": nil, "member_adcodes": []string{"510200"}}),
		named("park", map[string]any{"kind": "heritage", "adcode": "510200"}),
	}
	return in
}

func structureRowsOf(t *testing.T, r Result) map[string]groupStructure {
	t.Helper()
	rows := map[string]groupStructure{}
	for _, row := range decoded[[]groupStructure](t, r, "structure") {
		rows[row.ID] = row
	}
	return rows
}

// TestStructureOfClusters adds residents up by hand: 512000 is counted by its
// counties, of 1700, 800 and 500.
func TestStructureOfClusters(t *testing.T) {
	in := withClusters(newPlain(t.Fatal))
	square := orb.MultiPolygon{{{{100, 0}, {101, 0}, {101, 1}, {100, 1}, {100, 0}}}}
	for i, f := range in.tables["divisions"] {
		switch f.ID {
		case "512000":
			f.Properties["area_km2"] = 10.0
		case "512001":
			f.Properties["area_km2"] = 1e9 // inside 512000, which the cluster names as well
		case "512200":
			f.Properties["area_km2"] = 20.0
		case "514200":
			in.tables["divisions"][i].Geometry = square
		}
		if f.ID != "516000" {
			f.Properties["urban_population"] = int64(100)
		}
	}
	rows := structureRowsOf(t, ask(t, newCities(), in, plainCities, nil))
	west, east := rows["west"], rows["east"]
	if *west.Residents != 3000+3000+5000 || *west.Urban != 500 || *west.OnAxes != 6700.0/11000 || west.Tier != "promote" {
		t.Errorf("west: %v residents, %v urban, %v on axes", *west.Residents, *west.Urban, *west.OnAxes)
	}
	// A degree by a degree at the equator is 12,391 km2 on a sphere of 6,378 km.
	if west.AreaKm2 == nil || math.Abs(*west.AreaKm2-30-12_391) > 5 || west.AreaKnown != 3 || west.Divisions != 3 || math.Abs(*west.Density - 11000 / *west.AreaKm2) > 1e-12 {
		t.Errorf("west: %v km2 of %d divisions", west.AreaKm2, west.Divisions)
	}
	if *east.Residents != 5000+7000+7000 || east.Urban != nil || east.UrbanPart != nil || east.AreaKm2 != nil || east.AreaKnown != 1 || east.Divisions != 4 {
		t.Errorf("east: %+v", east)
	}
	if len(west.Metros) != 1 || *west.Metros[0].OfGroup != 3000.0/11000 || *west.Metros[0].OfThis != 3000.0/4000 || len(east.Metros) != 0 || len(west.Axes) != 1 || *west.Axes[0].OfThis != 1 {
		t.Errorf("west: %+v %+v", west.Metros, west.Axes)
	}
	total := 0.0
	for _, f := range in.tables["divisions"] {
		if v, known := asFloat(f.Properties["resident_population"]); known && f.ID != "512000" {
			total += v
		}
	}
	if *west.Share != 11000/total {
		t.Errorf("west has %v of the country's %v", *west.Share, total)
	}
}

// TestSizesOfCities are of urban districts where at least half are known.
func TestSizesOfCities(t *testing.T) {
	in := withClusters(newPlain(t.Fatal))
	for i, code := range []string{"512000", "512200", "514200"} {
		in.tables["cities"] = append(in.tables["cities"], spatial.Feature{ID: code, Properties: map[string]any{"adcode": code, "urban_resident_population": int64(100 * (3 - i))}})
	}
	rows := structureRowsOf(t, ask(t, newCities(), in, plainCities, nil))
	if w := rows["west"]; w.Measure != byUrbanResidents || w.Cities != 3 || *w.TwoCity != 1.5 || *w.FirstShare != 0.5 || w.Slope != nil || w.Exponent == nil {
		t.Errorf("west: %+v", w)
	}
	if e := rows["east"]; e.Measure != byResidents || e.Cities != 3 || *e.TwoCity != 1 || *e.FirstShare != 7.0/19 {
		t.Errorf("east: %+v", e)
	}
}

// TestCentralCitiesOfAPlan come before larger ones; of two, the nearest counts
// for each city.
func TestCentralCitiesOfAPlan(t *testing.T) {
	in := withClusters(newPlain(t.Fatal))
	truth := newOracle(t, in.network, "car")
	in.tables["city-clusters"][0].Properties["centre_adcodes"] = []string{"514200", "999999"}
	in.tables["city-clusters"][1].Properties["centre_adcodes"] = []string{"512000", "514200"}
	in.tables["city-clusters"][1].Properties["member_adcodes"] = []string{"512000", "512200", "514000", "514200"}
	for _, direction := range []string{"to", "from"} {
		r := ask(t, newCities(), in, plainCities, map[string]string{"pairs": `"to-centre"`, "direction": `"` + direction + `"`})
		groups := decoded[[]groupShown](t, r, "groups")
		if *groups[0].Centre != "seat-514200" || len(groups[0].Others) != 0 || *groups[1].Centre != "seat-514200" || !slices.Equal(groups[1].Others, []string{"seat-512000"}) || groups[1].Denominator != 2 {
			t.Errorf("%+v", groups)
		}
		for _, p := range decoded[[]pairShown](t, r, "pairs") {
			if *p.Group != "west" {
				continue
			}
			city, centre := *p.From, *p.To
			if direction == "from" {
				city, centre = centre, city
			}
			from := byName(in, "seats", city).Geometry
			ms := min(truth.between(from, crossing(2, 0)), truth.between(from, crossing(4, 2)))
			if *p.Mins != ms/60_000 || truth.between(from, byName(in, "seats", centre).Geometry) != ms {
				t.Errorf("%s: %s to %s in %v, the nearest centre is %v away", direction, city, centre, *p.Mins, ms/60_000)
			}
		}
	}
}

// TestRadiation compares with the oracle: the nearest city of any cluster.
func TestRadiation(t *testing.T) {
	in := withClusters(newPlain(t.Fatal))
	truth := newOracle(t, in.network, "car")
	r := ask(t, newCities(), in, plainCities, nil)
	rows := decoded[[]radiationShown](t, r, "radiation")
	if len(rows) != 4 || rows[0].State != "not-snapped" || rows[0].City != nil || rows[3].Kind != "old-industrial" || rows[3].Place != "seat-510200" {
		t.Fatalf("%+v", rows)
	}
	counts := map[string]map[string]int{"east": {"border": 0, "old-industrial": 0}, "west": {"border": 0, "old-industrial": 0}}
	for _, row := range rows[1:] {
		at, best, city := byName(in, "border-places", row.Place).Geometry, math.Inf(1), ""
		if at == nil {
			at = byName(in, "seats", row.Place).Geometry
		}
		for _, code := range []string{"512000", "512200", "514200", "516000", "516200"} {
			if ms := truth.between(byName(in, "seats", "seat-"+code).Geometry, at); ms < best {
				best, city = ms, "seat-"+code
			}
		}
		if *row.City != city || *row.Minutes != best/60_000 || row.Within != (best <= 30*60_000) || row.State != map[bool]string{true: "within", false: "beyond"}[row.Within] {
			t.Errorf("%+v, want %s in %v", row, city, best/60_000)
		}
		for _, g := range row.Groups {
			if row.Within {
				counts[g][row.Kind]++
			}
		}
	}
	structures := structureRowsOf(t, r)
	for id, want := range counts {
		if fmt.Sprint(structures[id].Radiates) != fmt.Sprint(want) {
			t.Errorf("%s radiates %v, want %v", id, structures[id].Radiates, want)
		}
	}
	notes := strings.Join(decoded[spatial.Provenance](t, r, "provenance").Notes, "\n")
	if !strings.Contains(notes, "nothing is said on: special places of kind lagging.") {
		t.Error(notes)
	}
}

// TestStructureWithoutData says what nothing is loaded of.
func TestStructureWithoutData(t *testing.T) {
	r := ask(t, newCities(), newPlain(t.Fatal), plainCities, nil)
	rows := decoded[[]groupStructure](t, r, "structure")
	ids := []string{}
	for _, row := range rows {
		ids = append(ids, row.ID)
		if row.OnAxes != nil || len(row.Axes) != 0 || len(row.Metros) != 0 || len(row.Radiates) != 0 || row.AreaKm2 != nil {
			t.Errorf("%+v", row)
		}
	}
	if !slices.Equal(ids, []string{"510000", "530000"}) || *rows[0].Residents != 3000+1000+3000+5000+5000+7000+7000 || rows[1].Residents != nil {
		t.Errorf("provinces %v: %+v", ids, rows)
	}
	notes := strings.Join(decoded[spatial.Provenance](t, r, "provenance").Notes, "\n")
	if !strings.Contains(notes, "nothing is said on: development axes, metropolitan areas, special places of kind border") || len(decoded[[]radiationShown](t, r, "radiation")) != 0 {
		t.Error(notes)
	}
}

// TestCityInParts: a cluster that takes districts of a city has the city where
// at least half of its urban residents live in them.
func TestCityInParts(t *testing.T) {
	division := func(code, level, parent string, people, urban any) spatial.Feature {
		return spatial.Feature{ID: code, Properties: map[string]any{"adcode": code, "level": level, "parent_adcode": parent, "resident_population": people, "urban_population": urban}}
	}
	urban := newCountryOf([]spatial.Feature{division("9000", "prefecture", "", nil, nil), division("9001", "county", "9000", int64(100), int64(50)), division("9002", "county", "9000", int64(900), int64(50))})
	people := newCountryOf([]spatial.Feature{division("9000", "prefecture", "", nil, nil), division("9001", "county", "9000", int64(499), nil), division("9002", "county", "9000", int64(501), int64(50))})
	for _, c := range []struct {
		in   country
		set  string
		want bool
	}{{urban, "9001", true}, {urban, "9002", true}, {urban, "9000", true}, {urban, "9003", false}, {people, "9001", false}, {people, "9002", true}} {
		if got := c.in.cityIn("9000", setOf([]string{c.set})); got != c.want {
			t.Errorf("9000 in %s: %v", c.set, got)
		}
	}
	if !urban.cityIn("9001", setOf([]string{"9000"})) || urban.cityIn("nobody", setOf([]string{"9000"})) {
		t.Error("a county lies in its prefecture, and a code that nobody has in nothing")
	}
}

// TestRingOfParentsEnds: a code that is above itself is passed once.
func TestRingOfParentsEnds(t *testing.T) {
	tree := newCodeTree([]spatial.Feature{
		{Properties: map[string]any{"adcode": "1", "level": "county", "parent_adcode": "2"}},
		{Properties: map[string]any{"adcode": "2", "level": "prefecture", "parent_adcode": "1"}}})
	if got := tree.above("1"); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("%v", got)
	}
}
