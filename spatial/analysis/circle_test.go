package analysis

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

func newCircle() *circleProcess { return &circleProcess{newShared("quanyu test", clock)} }

const plainCircle = `{"centre":{"adcode":"512000"},"minutes":[10,20,30.5,240]}`

// TestCirclePlacesAndPeople compares places and residents with the oracle's.
func TestCirclePlacesAndPeople(t *testing.T) {
	for _, kind := range []string{network.KindCondensed, network.KindImported} {
		in := newCountry(kind, t.Fatal)
		truth, centre := newOracle(t, in.network, "car"), crossing(2, 0)
		for _, direction := range []string{"to", "from"} {
			r := ask(t, newCircle(), in, plainCircle, map[string]string{"direction": `"` + direction + `"`})
			circles := decoded[features](t, r, "circles").Features
			for i, minutes := range []float64{10, 20, 30.5, 240} {
				places, people, standIn := 0, 0.0, 0.0
				for _, f := range append(in.tables["seats"], in.tables["airports"]...) {
					if !within(truth.between(f.Geometry, centre), minutes, 1) {
						continue
					}
					places++
					residents, _ := asFloat(f.Properties["resident_population"])
					switch f.ID { // 512000 is counted by its counties, 512001 at its own seat, the others at that of 512000
					case "seat-510000": // no division of a level has this count
					case "seat-512000":
						people, standIn = people+1300, standIn+1300
					case "seat-512001":
						people += 1700
					default:
						if f.Properties["province_adcode"] == "510000" {
							people += residents
						}
					}
				}
				p := circles[i].Properties
				if p["minutes"] != minutes || p["places"] != float64(places) || p["population"] != people || p["population_stand_in"] != standIn {
					t.Errorf("%s, %s, %v minutes: %v, want %d places, %v residents, %v of them by stand-ins", kind, direction, minutes, p, places, people, standIn)
				}
			}
			for _, f := range decoded[features](t, r, "places").Features {
				ms := truth.between(byName(in, f.Properties["collection"].(string), f.ID).Geometry, centre)
				if f.Properties["minutes"] != ms/60_000 {
					t.Errorf("%s is %v away, want %v", f.ID, f.Properties["minutes"], ms/60_000)
				}
			}
		}
	}
}

// TestCondensedCirclesAreIndicative holds that no land is drawn where there
// are no roads to draw it around.
func TestCondensedCirclesAreIndicative(t *testing.T) {
	for _, c := range decoded[features](t, ask(t, newCircle(), newPlain(t.Fatal), plainCircle, nil), "circles").Features {
		p := c.Properties
		if string(c.Geometry) != "null" || p["indicative"] != true || p["area_km2"] != nil || p["reached_road_km"] != nil || p["closed_holes"] != nil {
			t.Errorf("%s: %s %v", c.ID, c.Geometry, p)
		}
	}
}

// TestCircleOfRoads compares the length of reached road with the one that
// follows from the oracle's times: every road of the country has one speed, so
// what is left of the limit at its ends says how far into it one comes.
func TestCircleOfRoads(t *testing.T) {
	in := newCountry(network.KindImported, t.Fatal)
	truth, centre := newOracle(t, in.network, "car"), crossing(2, 0)
	r := ask(t, newCircle(), in, plainCircle, map[string]string{"detail_m": "250"})
	o, _ := r.Output("circles")
	before, reached := 0.0, decoded[features](t, r, "places").Features
	for i, f := range o.Value.(spatial.FeatureCollection).Features {
		minutes, want := f.Properties["minutes"].(float64), 0.0
		from := truth.ms[truth.at(centre)]
		for _, road := range truth.roads {
			left := func(node string) float64 {
				return max(0, minutes*60_000-from[road.Properties[node].(int64)]) * road.Properties["speed_kmh"].(float64) / 3600
			}
			want += min(road.Properties["length_m"].(float64), left("from_node")+left("to_node"))
		}
		if got := f.Properties["reached_road_km"].(float64); math.Abs(got-want/1000) > 1e-5*got {
			t.Errorf("%v minutes: %v km of road, want %v", minutes, got, want/1000)
		}
		area, got := f.Geometry.(orb.MultiPolygon), f.Properties["area_km2"].(float64)
		if got <= before || f.Properties["indicative"] != false {
			t.Errorf("%v minutes: %v km2 after %v", minutes, got, before)
		}
		before = got
		for _, place := range reached {
			at := byName(in, place.Properties["collection"].(string), place.ID).Geometry.(orb.Point)
			if inside := planar.MultiPolygonContains(area, at); inside != (place.Properties["minutes"].(float64) <= minutes) {
				t.Errorf("circle %d: %s, %v minutes away, inside: %v", i, place.ID, place.Properties["minutes"], inside)
			}
		}
	}
}

// TestMembers follows counties and prefectures through rules.
func TestMembers(t *testing.T) {
	in := newPlain(t.Fatal)
	square := func(west, south, east, north float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
	}
	at := func(minutes, rule string) map[string]map[string]any {
		r := ask(t, newCircle(), in, plainCircle, map[string]string{"minutes": minutes, "membership": rule})
		found := map[string]map[string]any{}
		for _, f := range decoded[features](t, r, "members").Features {
			found[f.ID] = f.Properties
		}
		return found
	}
	counties := at("[1]", "")
	if len(counties) != 2 || counties["512002"]["member"] != true || counties["512002"]["stand_in"] != true || counties["512002"]["minutes"] != nil || counties["512003"]["population_share"] != 1.0 {
		t.Errorf("counties within a minute: %v", counties)
	}
	if counties = at("[240]", ""); len(counties) != 3 || counties["512001"]["stand_in"] != false || counties["512001"]["seat"] != "seat-512001" || counties["512001"]["minutes"].(float64) <= 0 {
		t.Errorf("counties within four hours: %v", counties)
	}
	for threshold, want := range map[string]bool{"0.43": true, "0.434": false} {
		prefectures := at("[1]", `{"level":"prefecture","threshold":`+threshold+`}`)
		if p := prefectures["512000"]; len(prefectures) != 1 || p["population_share"] != 1300.0/3000 || p["member"] != want || p["minutes"] != 0.0 {
			t.Errorf("at a threshold of %s: %v", threshold, prefectures)
		}
	}
	byArea := at("[1]", `{"measure":"area"}`)
	if p := byArea["512002"]; p["area_share"] != nil || p["member"] != nil {
		t.Errorf("an area without polygon: %v", p)
	}

	in = newCountry(network.KindImported, t.Fatal)
	for i, f := range in.tables["divisions"] {
		if f.ID == "512002" { // 2 km on either side of a road of 10 km
			in.tables["divisions"][i].Geometry = square(100.205, 29.98, 100.295, 30.02)
		}
		if f.ID == "512003" {
			in.tables["divisions"][i].Geometry = square(101, 31, 101.1, 31.1)
		}
	}
	byArea = at("[60]", `{"measure":"area","threshold":0.04}`)
	// 100 m either way of the road, of 4.4 km: one part in 22.
	if p := byArea["512002"]; p["member"] != true || math.Abs(p["area_share"].(float64)-0.2/4.435) > 0.002 {
		t.Errorf("an area along a road: %v", p)
	}
	if p := byArea["512003"]; p["area_share"] != 0.0 || p["member"] != false {
		t.Errorf("an area without roads: %v", p)
	}
}

// TestCircleFarFromAnyDivision has no residents rather than none of them.
func TestCircleFarFromAnyDivision(t *testing.T) {
	in := newPlain(t.Fatal)
	in.tables["seats"] = nil
	r := ask(t, newCircle(), in, plainCircle, map[string]string{"centre": `{"lon":100.2,"lat":30}`})
	circles := decoded[features](t, r, "circles").Features
	if circles[0].Properties["population"] != nil || len(decoded[features](t, r, "members").Features) != 0 {
		t.Errorf("%v", circles[0].Properties)
	}
}

// TestDetailLeftOut is the same for all limits.
func TestDetailLeftOut(t *testing.T) {
	for _, minutes := range []string{"[5,60]", "[5,240]"} {
		p := decoded[spatial.Provenance](t, ask(t, newCircle(), newPlain(t.Fatal), plainCircle, map[string]string{"minutes": minutes}), "provenance")
		if got := p.Parameters.(map[string]any)["detail_m"]; got != 100.0 {
			t.Errorf("%s: %v m, want 100", minutes, got)
		}
	}
}

func TestCircleFaults(t *testing.T) {
	all := append(placeFaults("centre", "/inputs/centre"), journeyFaults...)
	checkFaults(t, newCircle(), plainCircle, append(all, []fault{
		{"centre", "", "/inputs/centre", "is required"},
		{"minutes", "", "/inputs/minutes", "is required"},
		{"minutes", "60", "/inputs/minutes", "must be a list of 1 to 60 numbers, not 60"},
		{"minutes", "[]", "/inputs/minutes", "must be a list of 1 to 60 numbers"},
		{"minutes", "[0]", "/inputs/minutes/0", "must be a number greater than 0 and at most 240, not 0"},
		{"minutes", "[30,240.1]", "/inputs/minutes/1", "at most 240, not 240.1"},
		{"minutes", "[30,20]", "/inputs/minutes/1", "must be greater than the one before it, 30, not 20"},
		{"minutes", "[30,30]", "/inputs/minutes/1", "must be greater than the one before it"},
		{"direction", `"up"`, "/inputs/direction", "not among those allowed"},
		{"detail_m", "9", "/inputs/detail_m", "must be a number from 10 to 5000, not 9"},
		{"detail_m", "5001", "/inputs/detail_m", "not 5001"},
		{"membership", `"county"`, "/inputs/membership", "must be an object"},
		{"membership", `{"level":"township"}`, "/inputs/membership/level", "not among those allowed"},
		{"membership", `{"measure":"jobs"}`, "/inputs/membership/measure", "not among those allowed"},
		{"membership", `{"threshold":0}`, "/inputs/membership/threshold", "must be a number greater than 0 and at most 1"},
		{"membership", `{"share":1}`, "/inputs/membership/share", "there is no such member"},
	}...))
	_, err := newCircle().Run(t.Context(), inputs(t, plainCircle, map[string]string{"centre": `{"lon":0,"lat":0}`}), newPlain(t.Fatal))
	checkFault(t, err, fault{"centre", "0 0", "/inputs/centre", "lies within 20 km of it (0, 0) on network plain"}, spatial.Unprocessable)
	p := newCircle()
	p.budget = 10
	if _, err := p.Run(t.Context(), inputs(t, plainCircle, nil), newPlain(t.Fatal)); spatial.KindOf(err) != spatial.NeedsAsync {
		t.Errorf("over the budget: %v", err)
	}
	if cost := 5_000_000*(1+drawCost) + 10_000*pointCost; cost > syncBudget {
		t.Errorf("one circle on a network of five million vertices costs %d of %d", cost, syncBudget)
	}
}

// TestCirclesAreBounded counts vertices as they are answered, and some more
// before they are thinned.
func TestCirclesAreBounded(t *testing.T) {
	in, p := newCountry(network.KindImported, t.Fatal), newCircle()
	with := map[string]string{"minutes": "[0.02,0.03]"} // nearly a disc, of which much is left
	o, _ := ask(t, p, in, plainCircle, with).Output("circles")
	vertices := 0
	for _, f := range o.Value.(spatial.FeatureCollection).Features {
		vertices += countVertices(f.Geometry.(orb.MultiPolygon))
	}
	for drawn, says := range map[int]string{
		10:           "50 vertices together before they are thinned; ask for a larger detail_m",
		vertices - 1: "vertices together; ask for a larger detail_m",
		vertices:     "",
	} {
		p.drawn = drawn
		_, err := p.Run(t.Context(), inputs(t, plainCircle, with), in)
		if says == "" && err != nil || says != "" && (spatial.KindOf(err) != spatial.Unprocessable || !strings.Contains(err.Error(), says)) {
			t.Errorf("%d vertices of %d: %v, want %q", drawn, vertices, err, says)
		}
	}
}
