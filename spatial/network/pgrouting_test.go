package network

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
)

// The sample graph of pgRouting has costs of 1, negative where a direction is
// closed. A unit is ten metres here, a second at ten metres a second.
const unit Weight = 1000

// sampleGraph reads edges of the columns id, source, target, cost,
// reverse_cost. Vertex ids stay as they are, 0 being left without an edge.
func sampleGraph(t *testing.T, rows [][]string, undirected bool) *Router {
	t.Helper()
	var links []link
	highest := 0
	for _, row := range rows {
		l := link{from: int(cell(t, row[1])), to: int(cell(t, row[2])), metres: 10, class: Residential}
		if undirected || cell(t, row[3]) > 0 {
			l.forward = Car
		}
		if undirected || cell(t, row[4]) > 0 {
			l.backward = Car
		}
		links = append(links, l)
		highest = max(highest, l.from, l.to)
	}
	points := make([]orb.Point, highest+1)
	for i := range points {
		points[i] = orb.Point{float64(i) * block, 0}
	}
	return newRouter(t, handmade(t, points, links), KindImported, evenProfile())
}

func table(t *testing.T, name string) [][]string {
	t.Helper()
	file, err := os.Open(sharedFile(t, "data/pgrouting/"+name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func cell(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// drivingDistance is vertex -> (start, cost) of all within a cost of three.
func drivingDistance(t *testing.T, r *Router, starts ...int) map[int][2]int {
	t.Helper()
	all := make([]int, r.graph.NumVertices())
	for v := range all {
		all[v] = v
	}
	found := map[int][2]int{}
	for v, reach := range nearestOf(t, r, atVertices(starts...), atVertices(all...), false, 3*unit) {
		if reach.State == Reached {
			if meters := float64(reach.Distance); math.Abs(meters-float64(reach.Weight)/100) > 1e-9 {
				t.Errorf("vertex %d: %v m in %d ms", v, meters, reach.Weight)
			}
			found[v] = [2]int{starts[reach.Source], int(reach.Weight / unit)}
		}
	}
	return found
}

func TestPgRoutingDrivingDistance(t *testing.T) {
	r := sampleGraph(t, table(t, "edges.csv"), false)
	want := map[string]map[int][2]int{}
	for _, row := range table(t, "expected_driving_distance.csv") {
		if want[row[0]] == nil {
			want[row[0]] = map[int][2]int{}
		}
		want[row[0]][int(cell(t, row[2]))] = [2]int{int(cell(t, row[1])), int(cell(t, row[5]))}
	}
	if len(want) != 2 {
		t.Fatalf("queries %v", want)
	}
	for query, starts := range map[string][]int{"dd11_3_directed": {11}, "equicost_11_16_3": {11, 16}} {
		compareCosts(t, query, drivingDistance(t, r, starts...), want[query])
	}
}

func compareCosts(t *testing.T, query string, got, want map[int][2]int) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%s: %d vertices, want %d", query, len(got), len(want))
	}
	for v, w := range want {
		if got[v] != w {
			t.Errorf("%s: vertex %d has (start, cost) %v, want %v", query, v, got[v], w)
		}
	}
}

// TestPgRoutingFloydWarshall: the table of all pairs over the edges whose id
// is under five, with nothing but what it lists.
func TestPgRoutingFloydWarshall(t *testing.T) {
	r := sampleGraph(t, table(t, "edges.csv")[:4], false)
	want := map[[2]int]int{}
	for _, row := range table(t, "expected_floyd_warshall_edges_lt5.csv") {
		want[[2]int{int(cell(t, row[0])), int(cell(t, row[1]))}] = int(cell(t, row[2]))
	}
	compareTable(t, r, []int{5, 6, 7, 10, 15}, want)
}

func compareTable(t *testing.T, r *Router, vertices []int, want map[[2]int]int) {
	t.Helper()
	got, err := r.Matrix(t.Context(), atVertices(vertices...), atVertices(vertices...), NoLimit)
	if err != nil {
		t.Fatal(err)
	}
	for i, from := range vertices {
		for j, to := range vertices {
			cost, found := want[[2]int{from, to}]
			if w, state := got.At(i, j); i != j && (found != (state == Reached) || found && w != Weight(cost)*unit) {
				t.Errorf("%d to %d: %v %v, want %d (%v)", from, to, w, state, cost, found)
			}
		}
	}
}

// TestPgRoutingNearCost: for each start of the expected rows, the cheapest of
// the ends asked for, by one reverse search from all ends.
func TestPgRoutingNearCost(t *testing.T) {
	ends := map[string][][]int{ // the queries, as their names say
		"near_6_to_10_11_1":         {{6}, {10, 11, 1}},
		"near_perpair_global_false": {{10, 11, 1}, {15, 16}},
	}
	directed := sampleGraph(t, table(t, "edges.csv"), false)
	undirected := sampleGraph(t, table(t, "edges.csv"), true)
	rows := table(t, "expected_near_cost.csv")
	if len(rows) != 9 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		start, end, cost := int(cell(t, row[1])), int(cell(t, row[2])), Weight(cell(t, row[3]))*unit
		r := directed
		if row[0] == "near_undirected_15_16_to_10_11_1" {
			r = undirected
		}
		direct := nearestOf(t, r, atVertices(start), atVertices(end), false, NoLimit)[0]
		if direct.State != Reached || direct.Weight != cost {
			t.Errorf("%s: %d to %d is %+v, want %d", row[0], start, end, direct, cost)
		}
		query, known := ends[row[0]]
		if !known || start != query[0][0] && len(query[0]) == 1 {
			continue
		}
		list := query[1]
		if start == 15 || start == 16 {
			list = query[0] // the second query asks both ways
		}
		near := nearestOf(t, r, atVertices(list...), atVertices(start), true, NoLimit)[0]
		if near.Weight != cost || near.Source < 0 {
			t.Errorf("%s: the end nearest to %d is %+v, want cost %d", row[0], start, near, cost)
		}
	}
}

// The same questions on a graph of our own, whose answers are written beside
// it:
//
//	1 <-> 2 --> 3 <-> 4      5 <-> 6 apart from them
//	      ^-----------'      (4 to 2)
var ownGraph = [][]string{
	{"1", "1", "2", "1", "1"}, {"2", "2", "3", "1", "-1"}, {"3", "3", "4", "1", "1"},
	{"4", "2", "4", "-1", "1"}, {"5", "5", "6", "1", "1"},
}

func TestDrivingDistanceOnAGraphOfOurOwn(t *testing.T) {
	r := sampleGraph(t, ownGraph, false)
	compareCosts(t, "from 3", drivingDistance(t, r, 3), map[int][2]int{3: {3, 0}, 4: {3, 1}, 2: {3, 2}, 1: {3, 3}})
	compareCosts(t, "from 4 and 1", drivingDistance(t, r, 4, 1), map[int][2]int{4: {4, 0}, 1: {1, 0}, 2: {4, 1}, 3: {4, 1}})
	compareTable(t, r, []int{1, 2, 3, 4, 5}, map[[2]int]int{
		{1, 2}: 1, {1, 3}: 2, {1, 4}: 3, {2, 1}: 1, {2, 3}: 1, {2, 4}: 2,
		{3, 4}: 1, {3, 2}: 2, {3, 1}: 3, {4, 3}: 1, {4, 2}: 1, {4, 1}: 2,
	})
	near := nearestOf(t, r, atVertices(1, 4), atVertices(2, 6), true, NoLimit)
	if near[0].Source != 0 || near[0].Weight != unit || near[1].State != Unreachable {
		t.Errorf("nearest ends of 2 and 6: %+v", near)
	}
}
