package osm

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// sharedFile finds a test extract, or skips the test where there are none.
func sharedFile(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(append([]string{root, "data"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data absent: %v", err)
	}
	return path
}

// The counts of nodes, ways, relations and restrictions are the files' own;
// those of what was made of them were read off this reader once and hold it to
// what it did. The hand-checked ones are in turns_extract_test.go.
func TestExtractsReadInFull(t *testing.T) {
	for _, c := range []struct {
		name                   string
		nodes, ways, relations int64
		roads, roadNodes       int
		restrictions, used     int64
		viaWays, lostNodes     int64
		barriers, ferries      int
		surfaces               int
		sorted                 bool
	}{
		{"andorra", 69644, 2725, 74, 1600, 38327, 0, 0, 0, 0, 2, 0, 232, true},
		{"columbus-nondense", 110560, 15503, 111, 11786, 71629, 30, 9, 0, 0, 3, 0, 91, false},
		{"fiji-ferry", 10640, 1179, 4, 1162, 10505, 4, 3, 0, 0, 2, 0, 424, false},
		{"heidelberg", 221009, 31619, 1700, 23641, 170003, 476, 459, 0, 0, 881, 5, 12048, true},
		{"liechtenstein", 142832, 15247, 358, 4609, 53967, 3, 2, 0, 0, 36, 0, 1455, true},
		{"melbourne-restrictions", 1161, 1278, 718, 1174, 1299, 718, 399, 0, 156, 0, 0, 0, true},
		{"monaco", 180118, 27377, 212, 2837, 25064, 27, 27, 0, 0, 7, 0, 35, true},
		{"oslo-east", 85249, 14893, 76, 13996, 80283, 76, 67, 10, 0, 159, 0, 5248, true},
		{"reisterstown-via-restriction", 61096, 7105, 36, 6690, 57244, 36, 34, 1, 0, 32, 0, 512, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, dataset, err := Network(context.Background(), sharedFile(t, "osm", c.name+".osm.pbf"), c.name, Options{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r := dataset.Report.(Report)
			if r.Nodes != c.nodes || r.Ways != c.ways || r.Relations != c.relations {
				t.Errorf("%d nodes, %d ways, %d relations, want %d, %d, %d", r.Nodes, r.Ways, r.Relations, c.nodes, c.ways, c.relations)
			}
			if r.Roads != c.roads || r.RoadNodes != c.roadNodes || (r.Order == "sorted") != c.sorted {
				t.Errorf("%d roads, %d road nodes, %s, want %d, %d, %v", r.Roads, r.RoadNodes, r.Order, c.roads, c.roadNodes, c.sorted)
			}
			if r.Restrictions != (Restrictions{c.restrictions, c.used, c.viaWays}) || r.Barriers != c.barriers || r.Ferries != c.ferries || r.Surfaces != c.surfaces {
				t.Errorf("restrictions %+v, %d barriers, %d ferries, %d surfaces, want %+v", r.Restrictions, r.Barriers, r.Ferries, r.Surfaces, c)
			}
			checkAllCounted(t, r)
			if got := r.Dropped["node: passed by a road, but not in the file or not on the globe"]; got != c.lostNodes {
				t.Errorf("%d nodes missing, want %d", got, c.lostNodes)
			}
			if n.Graph.NumEdges() == 0 || dataset.Licence != "ODbL-1.0" || dataset.Attribution != "© OpenStreetMap contributors" || dataset.Kind != spatial.Measured || len(dataset.SHA256) != 64 {
				t.Errorf("%d edges, dataset %+v", n.Graph.NumEdges(), dataset)
			}
		})
	}
}

// checkAllCounted holds a report to it that every restriction is used or
// counted under a reason.
func checkAllCounted(t *testing.T, r Report) {
	t.Helper()
	dropped := int64(0)
	for reason, n := range r.Dropped {
		if strings.HasPrefix(reason, "restriction:") {
			dropped += n
		}
	}
	if r.Restrictions.Used+dropped != r.Restrictions.Found {
		t.Errorf("%+v, but %d dropped: %v", r.Restrictions, dropped, r.Dropped)
	}
}

// Fiji lies on both sides of the 180th meridian: no road may become longer
// than its islands by going round the world.
func TestRoadsAcrossTheAntimeridianStayShort(t *testing.T) {
	n, _, err := Network(context.Background(), sharedFile(t, "osm", "fiji-ferry.osm.pbf"), "fiji", Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkNoEdgeRoundTheWorld(t, n, 200_000)
}

// The generated twin: a road of three nodes across the meridian.
func TestRoadAcrossTheAntimeridianIsAsLongAsOnTheGround(t *testing.T) {
	w := &writer{t: t, dense: true, compression: "zlib"}
	w.header("OsmSchema-V0.6", "DenseNodes")
	w.nodes(at(1, 179.99, -16.8), at(2, -179.995, -16.8), at(3, -179.98, -16.8))
	w.ways(testWay{1, []int64{1, 2, 3}, [][2]string{{"highway", "primary"}}})
	path := filepath.Join(t.TempDir(), "x.osm.pbf")
	if err := os.WriteFile(path, w.out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	n, dataset, err := Network(context.Background(), path, "twin", Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if dataset.Version != "2021-01-01T00:00:00Z" || dataset.ID != "osm-twin" {
		t.Errorf("dataset %+v", dataset)
	}
	// 0.03 degrees of longitude at 16.8 S are 3.19 km.
	if got := float64(n.Graph.Length(0)); n.Graph.NumEdges() != 1 || math.Abs(got-3193) > 15 {
		t.Errorf("%d edges, %v m, want one of 3193 m", n.Graph.NumEdges(), got)
	}
	checkNoEdgeRoundTheWorld(t, n, 3300)
}

func checkNoEdgeRoundTheWorld(t *testing.T, n *network.Network, limit float64) {
	t.Helper()
	for e := range n.Graph.NumEdges() {
		if l := float64(n.Graph.Length(network.Edge(e))); l > limit {
			t.Errorf("edge %d is %.0f m long", e, l)
		}
	}
}

// The national file has no oneway tag at all; its motorways must be open both
// ways, and the report must say so.
func TestNationalRoadsHaveNoOneWays(t *testing.T) {
	n, dataset, err := Network(context.Background(), sharedFile(t, "china", "china-roads-osm2021-z7.osm.pbf"), "china", Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := dataset.Report.(Report)
	if r.Roads != 612285 || r.RoadNodes != 657619 || r.Notes[noteLost] != 238952 {
		t.Errorf("%d roads, %d nodes, notes %v", r.Roads, r.RoadNodes, r.Notes)
	}
	for e := range n.Graph.NumEdges() {
		if f, b := n.Graph.Directions(network.Edge(e)); f&network.Car == 0 || b&network.Car == 0 {
			t.Fatalf("edge %d is open %v, %v", e, f, b)
		}
	}
	if !n.Extent.Contains(orb.Point{104.07, 30.57}) {
		t.Errorf("extent %v", n.Extent)
	}
}
