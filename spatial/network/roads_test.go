package network

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// TestRoadsAreTheGraphAsSearched: a plain search over the rows alone gives the
// router's times.
func TestRoadsAreTheGraphAsSearched(t *testing.T) {
	c := city{size: 6, oneWay: true}
	ways := append(c.ways(), Way{ID: 99, Class: Primary, Refs: []int64{0, 7, 14}, Forward: Car, Backward: Car | Walk})
	g, _ := build(t, ways, c.places())
	r := newRouter(t, g, KindImported, evenProfile())
	n := g.NumVertices()
	dist := make([]float64, n)
	for v := range dist {
		dist[v] = math.Inf(1)
	}
	dist[0] = 0
	rows := slices.Collect(r.Roads())
	for range n {
		for _, row := range rows {
			from, to := row.Properties["from_node"].(int64), row.Properties["to_node"].(int64)
			if s, ok := row.Properties["seconds_forward"].(float64); ok {
				dist[to] = min(dist[to], dist[from]+s)
			}
			if s, ok := row.Properties["seconds_backward"].(float64); ok {
				dist[from] = min(dist[from], dist[to]+s)
			}
		}
	}
	all := make([]int, n)
	for v := range all {
		all[v] = v
	}
	for v, reach := range nearestOf(t, r, atVertices(0), atVertices(all...), false, NoLimit) {
		if reached := reach.State == Reached; reached == math.IsInf(dist[v], 1) || reached && math.Abs(float64(reach.Weight.Seconds())-dist[v]) > 1e-6 {
			t.Errorf("vertex %d: %+v, over the rows %v s", v, reach, dist[v])
		}
	}
}

func TestRoadsFitTheirCollection(t *testing.T) {
	c := city{size: 4}
	ways := append(c.ways(), Way{ID: 99, Class: Footway, Refs: []int64{5, 10}, Forward: Walk, Backward: Walk},
		Way{ID: 100, Class: Primary, Refs: []int64{4, 9}, Forward: Car})
	g, _ := build(t, ways, c.places())
	r := newRouter(t, g, KindImported, evenProfile())
	collection, _ := spatial.CollectionByID("roads")
	ids := map[string]bool{}
	oneWays := 0
	for row := range r.Roads() {
		if ids[row.ID] || !strings.HasPrefix(row.ID, "test-car-") {
			t.Errorf("id %q", row.ID)
		}
		ids[row.ID] = true
		for name, v := range row.Properties {
			if _, known := collection.Property(name); !known {
				t.Errorf("%s: %s = %v is no property of roads", row.ID, name, v)
			}
		}
		checkRoad(t, g, row)
		if row.Properties["seconds_backward"] == nil {
			oneWays++
		}
	}
	if oneWays != 1 || len(ids) != g.NumEdges()-1 {
		t.Errorf("%d one-ways among %d rows of %d edges; the footway has none", oneWays, len(ids), g.NumEdges())
	}
}

func checkRoad(t *testing.T, g *Graph, row spatial.Feature) {
	t.Helper()
	line, p := row.Geometry.(orb.LineString), row.Properties
	from, to := Vertex(p["from_node"].(int64)), Vertex(p["to_node"].(int64))
	if line[0] != g.Point(from) || line[len(line)-1] != g.Point(to) {
		t.Errorf("%s does not begin and end at its vertices", row.ID)
	}
	seconds := p["seconds_forward"].(float64)
	if ms := seconds * 1000; math.Abs(ms-math.Round(ms)) > 1e-6 {
		t.Errorf("%s: %v s is no whole number of milliseconds", row.ID, seconds)
	}
	length := p["length_m"].(float64)
	if math.Abs(length-seconds*10) > 0.011 || math.Abs(p["speed_kmh"].(float64)-36) > 0.01 {
		t.Errorf("%s: %v m in %v s is %v km/h", row.ID, length, seconds, p["speed_kmh"])
	}
	for _, point := range line {
		for _, degrees := range point {
			text, err := json.Marshal(degrees)
			if _, decimals, _ := strings.Cut(string(text), "."); err != nil || len(decimals) > 7 {
				t.Errorf("%s has the coordinate %s (%v)", row.ID, text, err)
			}
		}
	}
}

// TestWeightIsRoundedOnceAnEdge: a thousand short stretches of one road weigh
// what the road weighs, not a thousand roundings.
func TestWeightIsRoundedOnceAnEdge(t *testing.T) {
	n := 1001
	places, refs := make([]orb.Point, n), make([]int64, n)
	for i := range places {
		places[i], refs[i] = at(float64(i)*1.234, 0), int64(i)
	}
	r := street(t, KindImported, []Way{bothWays(1, refs...)}, places...)
	p := evenProfile()
	p.Speeds[Residential] = ClassSpeed{LegalKMH: 50, DefaultKMH: 47, Factor: 0.93, Snap: true}
	r = newRouter(t, r.graph, KindImported, p)
	forward, backward := r.EdgeWeights(0)
	want := math.Round(float64(r.graph.Length(0)) * 3600 / (47 * 0.93))
	if float64(forward) != want || forward != backward {
		t.Errorf("%d there and %d back, want %v", forward, backward, want)
	}
	if length := float64(r.graph.Length(0)); math.Abs(length-1234) > 0.1 {
		t.Errorf("%v m long", length)
	}
}

func TestWeightsNeverOverflow(t *testing.T) {
	if w := (Never - 5).plus(4); w != Never-1 {
		t.Errorf("%d", w)
	}
	for _, x := range []Weight{5, 6, Never} {
		if w := (Never - 5).plus(x); w != Never {
			t.Errorf("plus %d is %d", x, w)
		}
	}
	if rounded(1e18) != Never || rounded(math.NaN()) != Never || rounded(0.2) != 1 {
		t.Error("a weight out of range is kept")
	}
}
