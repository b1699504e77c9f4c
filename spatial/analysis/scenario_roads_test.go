package analysis

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// cornerTimes are the minutes from one corner of the country to the opposite
// one, and to the crossing beside it.
func cornerTimes(t *testing.T, in *plain, p *matrixProcess, scenario string) (far, near *float64) {
	t.Helper()
	a, b, c := crossing(0, 0), crossing(columns-1, rows-1), crossing(1, 0)
	text := fmt.Sprintf(`{"origins":{"points":[{"lon":%v,"lat":%v}]},"destinations":{"points":[{"lon":%v,"lat":%v},{"lon":%v,"lat":%v}]}}`, a[0], a[1], b[0], b[1], c[0], c[1])
	minutes := decoded[[][]*float64](t, ask(t, p, in, text, map[string]string{"scenario": scenario}), "minutes")
	return minutes[0][0], minutes[0][1]
}

// TestEditedRoads changes the roads in each way and asks for times whose
// change is known.
func TestEditedRoads(t *testing.T) {
	in := newCountry(network.KindImported, t.Fatal)
	p := newMatrixProcess()
	far, near := cornerTimes(t, in, p, `null`)
	edit := func(one string) (*float64, *float64) { return cornerTimes(t, in, p, `{"edits":[`+one+`]}`) }
	about := func(got *float64, want float64) bool { return got != nil && math.Abs(*got-want) < 0.001 }

	if f, n := edit(`{"type":"set-speed","class":"primary","factor":0.5}`); !about(f, 2**far) || !about(n, 2**near) {
		t.Errorf("at half the speed %v and %v, before %v and %v", f, n, *far, *near)
	}
	const around = `{"type":"Polygon","coordinates":[[[100.01,29.99],[100.09,29.99],[100.09,30.01],[100.01,30.01],[100.01,29.99]]]}`
	if _, n := edit(`{"type":"set-speed","area":` + around + `,"factor":2}`); !about(n, *near/2) {
		t.Errorf("at twice the speed on one road %v, before %v", n, *near)
	}
	if _, n := edit(`{"type":"close-road","area":` + around + `}`); n == nil || *n <= *near {
		t.Errorf("with the road closed %v, before %v", n, *near)
	}
	a, b := crossing(0, 0), crossing(columns-1, rows-1)
	line := fmt.Sprintf(`{"type":"LineString","coordinates":[[%v,%v],[%v,%v]]}`, a[0], a[1], b[0], b[1])
	kmh := 120.0
	if f, n := edit(`{"type":"add-road","geometry":` + line + `,"class":"motorway","speed_kmh":120}`); !about(f, network.Distance(a, b).Kilometers()/kmh*60) || !about(n, *near) {
		t.Errorf("by a new road %v and %v, before %v and %v", f, n, *far, *near)
	}
	if f, _ := edit(`{"type":"add-road","one_way":true,"geometry":` + strings.Replace(line, fmt.Sprintf("[%v,%v],[%v,%v]", a[0], a[1], b[0], b[1]), fmt.Sprintf("[%v,%v],[%v,%v]", b[0], b[1], a[0], a[1]), 1) + `,"class":"motorway","speed_kmh":120}`); !about(f, *far) {
		t.Errorf("by a road the other way %v, before %v", f, *far)
	}
	if f, n := cornerTimes(t, in, p, `null`); *f != *far || *n != *near {
		t.Errorf("after all edits %v and %v, before %v and %v", *f, *n, *far, *near)
	}
}

// TestClosedRoadsByID closes every road at a crossing, in every process: its
// places are tied to the next crossing then, ten kilometres off.
func TestClosedRoadsByID(t *testing.T) {
	in := newPlain(t.Fatal)
	truth := newOracle(t, in.network, "car")
	var ids []string
	for _, f := range truth.roads {
		if v := int64(truth.at(crossing(0, 0))); f.Properties["from_node"] == v || f.Properties["to_node"] == v {
			ids = append(ids, fmt.Sprintf("%q", f.ID))
		}
	}
	with := map[string]string{"scenario": `{"edits":[{"type":"close-road","roads":[` + strings.Join(ids, ",") + `]}]}`}
	before, after := decoded[citiesMetric](t, ask(t, newCities(), in, plainCities, nil), "metric"), decoded[citiesMetric](t, ask(t, newCities(), in, plainCities, with), "metric")
	if after.Numerator >= before.Numerator {
		t.Errorf("%d pairs within the limit without the roads, %d with them", after.Numerator, before.Numerator)
	}
	covered := func(with map[string]string) coverageMetric {
		return run(t, newCoverage("e", clock), in, with).Outputs[0].Value.(coverageMetric)
	}
	if a, b := covered(with), covered(nil); a.Numerator >= b.Numerator {
		t.Errorf("%d covered without the airport's roads, %d with them", a.Numerator, b.Numerator)
	}
	airport := func(with map[string]string) float64 {
		for _, f := range decoded[features](t, ask(t, newCircle(), in, plainCircle, with), "places").Features {
			if f.ID == "AAA" {
				return f.Properties["minutes"].(float64)
			}
		}
		return math.Inf(1)
	}
	if a, b := airport(with), airport(nil); a <= b {
		t.Errorf("the airport is %v minutes away without the roads, %v with them", a, b)
	}
	p := decoded[spatial.Provenance](t, ask(t, newCities(), in, plainCities, with), "provenance")
	if p.Scenario == nil || !bytes.Contains(p.Scenario.Edits, []byte(strings.Join(ids, ","))) {
		t.Errorf("%+v", p.Scenario)
	}
}

// TestFaultsOfTheEngine point to the edit that they are about.
func TestFaultsOfTheEngine(t *testing.T) {
	const first = `{"edits":[{"type":"remove-facility","collection":"airports","id":"DDD"},`
	checkFaults(t, newCoverage("e", clock), plainInputs, []fault{
		{"scenario", first + `{"type":"close-road","roads":["plain-car-0000001","moon-car-0000001"]}]}`, "/inputs/scenario/edits/1/roads/1", "moon-car-0000001"},
		{"scenario", first + `{"type":"set-speed","class":"primary","factor":2},{"type":"set-speed","class":"ferry","factor":2}]}`, "/inputs/scenario/edits/2", "plain"},
	})
	in := newPlain(t.Fatal)
	in.tables["scenarios"] = append(in.tables["scenarios"], spatial.Feature{ID: "gone", Properties: map[string]any{"edits": []any{map[string]any{"type": "close-road", "roads": []any{"x"}}}}})
	_, err := newCities().Run(t.Context(), inputs(t, plainCities, map[string]string{"scenario": `"gone"`}), in)
	checkFault(t, err, fault{"scenario", "gone", "/inputs/scenario", "edit 1 of gone"}, spatial.Invalid)
}

// TestEditedRoutersAreShared asks twice and looks into the cache.
func TestEditedRoutersAreShared(t *testing.T) {
	in, p := newCountry(network.KindImported, t.Fatal), newMatrixProcess()
	const slower = `{"edits":[{"type":"set-speed","class":"primary","factor":0.5}]}`
	cornerTimes(t, in, p, slower)
	first := slices.Clone(p.routers.entries)
	cornerTimes(t, in, p, slower)
	if len(first) != 2 || len(p.routers.entries) != 2 || p.routers.entries[0].router != first[0].router {
		t.Errorf("%d routers, then %d", len(first), len(p.routers.entries))
	}
}
