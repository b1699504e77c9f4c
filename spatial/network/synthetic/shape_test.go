package synthetic_test

import (
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// TestMapHasTheShapeOfRealOnes holds the figures of doc.go on a map small
// enough for a test; the bands are those of the real extracts.
func TestMapHasTheShapeOfRealOnes(t *testing.T) {
	m := generate(t, 1, 60_000)
	g := built(t, m)
	vertices, edges := float64(g.NumVertices()), float64(g.NumEdges())
	degree := make([]int, g.NumVertices())
	points := 0.0
	length, total := map[network.Class]float64{}, 0.0
	for e := range network.Edge(g.NumEdges()) {
		from, to := g.Ends(e)
		degree[from]++
		degree[to]++
		points += float64(len(g.Shape(e)))
		for _, r := range g.Runs(e) {
			length[r.Class] += float64(r.Centimeters)
			total += float64(r.Centimeters)
		}
	}
	of := map[int]float64{}
	for _, d := range degree {
		of[d] += 1 / vertices
	}
	share := func(classes ...network.Class) (sum float64) {
		for _, c := range classes {
			sum += length[c] / total
		}
		return sum
	}
	for _, f := range []struct {
		what           string
		got, low, high float64
	}{
		{"mean degree", 2 * edges / vertices, 2.6, 3.0},
		{"dead ends", of[1], 0.12, 0.25},
		{"bends left as vertices", of[2], 0, 0.005},
		{"three roads", of[3], 0.5, 0.65},
		{"four roads", of[4], 0.1, 0.28},
		{"more roads", 1 - of[1] - of[2] - of[3] - of[4], 0, 0.02},
		{"nodes a junction", float64(m.Nodes()) / vertices, 3, 5},
		{"nodes a chain", points / edges, 3, 6},
		{"restrictions a junction", float64(len(m.Source.Restrictions)) / vertices, 0.003, 0.02},
		{"barriers a junction", float64(len(m.Source.Barriers)) / vertices, 0.0003, 0.003},
		{"motorway", share(network.Motorway), 0.03, 0.09},
		{"ramps", share(network.MotorwayLink), 0.002, 0.01},
		{"trunk, primary, secondary", share(network.Trunk, network.Primary, network.Secondary), 0.12, 0.22},
		{"tertiary, unclassified, track", share(network.Tertiary, network.Unclassified, network.Track), 0.55, 0.7},
		{"streets", share(network.Residential, network.LivingStreet, network.Service), 0.1, 0.18},
	} {
		if !(f.got >= f.low && f.got <= f.high) {
			t.Errorf("%s: %.4f, not within %v and %v", f.what, f.got, f.low, f.high)
		}
	}
	if share(network.Ferry) == 0 {
		t.Error("no ferry")
	}
}

// TestMapHangsTogether: by car one can go from everywhere, barred dead ends
// apart, to everywhere and back.
func TestMapHangsTogether(t *testing.T) {
	profile, _ := network.DefaultProfile("car")
	for seed := range uint64(4) {
		m := generate(t, seed, 5000)
		g := built(t, m)
		n, err := network.New("synthetic", network.KindImported, g, spatial.DatasetVersion{ID: "synthetic", Version: "1"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := network.NewRouter(n, profile)
		if err != nil {
			t.Fatal(err)
		}
		s := r.Snap(m.Towns[0].Center)
		if share := float64(s.Component) / float64(g.NumVertices()); s.State != network.Snapped || share < 0.95 {
			t.Errorf("seed %d: the largest town is connected with %.3f of the junctions", seed, share)
		}
		for _, town := range m.Towns {
			if c := r.Snap(town.Center).Component; c != s.Component {
				t.Errorf("seed %d: a town at %v is connected with %d junctions, the largest with %d", seed, town.Center, c, s.Component)
			}
		}
	}
}

// TestTownsAreUneven: by Zipf's rule the largest town is far larger than the
// middle one; each has its centre at its node.
func TestTownsAreUneven(t *testing.T) {
	m := generate(t, 1, 60_000)
	middle := m.Towns[len(m.Towns)/2]
	if largest := m.Towns[0]; largest.Junctions < 15*middle.Junctions {
		t.Errorf("the largest of %d towns has %d junctions, the middle one %d", len(m.Towns), largest.Junctions, middle.Junctions)
	}
	for i, town := range m.Towns[:10] {
		if p, found := m.Coordinate(town.Node); !found || p != town.Center {
			t.Errorf("town %d lies at %v, its node at %v", i, town.Center, p)
		}
	}
}
