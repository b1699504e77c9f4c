package network_test

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"quanyu/seeds/osm"
	"quanyu/spatial/network"
)

// TestExtractsAnswerAsAPlainSearch compares the search on real road maps with
// a label-correcting search over nothing but the rows of the roads
// collection: many sources, both directions, with and without a limit. Its
// twins on generated maps are in reference_test.go and roads_test.go.
func TestExtractsAnswerAsAPlainSearch(t *testing.T) {
	for _, name := range extracts {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(sharedRoot(), "data", "osm", name+".osm.pbf")
			if _, err := os.Stat(path); err != nil {
				t.Skip("shared data absent: " + name)
			}
			n, _, err := osm.Network(context.Background(), path, name, osm.Options{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			modes := []string{"car", "bike", "walk"}
			if name == "melbourne-restrictions" {
				modes = modes[:1] // it was cut to the main roads of drivers
			}
			for _, mode := range modes {
				profile, _ := network.DefaultProfile(mode)
				r, err := network.NewRouter(n, profile)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s: %d vertices, %d edges", mode, n.Graph.NumVertices(), n.Graph.NumEdges())
				compareWithRows(t, n.Graph, r)
			}
		})
	}
}

func compareWithRows(t *testing.T, g *network.Graph, r *network.Router) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, uint64(g.NumVertices())))
	var targets []network.Snap // every vertex that is no copy
	for v := 0; v < g.NumVertices(); v += 1 + g.Copies(network.Vertex(v)) {
		targets = append(targets, vertexSnap(v))
	}
	sources := make([]network.Snap, 7)
	for i := range sources {
		sources[i] = targets[random.IntN(len(targets))]
	}
	for _, reverse := range []bool{false, true} {
		want := plainSearch(g, r, sources, reverse)
		for _, limit := range []network.Weight{network.NoLimit, 300_000} {
			got, err := r.Nearest(context.Background(), sources, targets, reverse, limit)
			if err != nil {
				t.Fatal(err)
			}
			wrong := 0
			for v, target := range targets {
				w := want[target.Vertex]
				state, weight, source := network.Reached, network.Weight(w.ms), w.source
				if w.source < 0 {
					state, weight = network.Unreachable, network.Never
				} else if w.ms > int64(limit) {
					state, weight, source = network.Beyond, network.Never, -1
				}
				if got[v].State != state || got[v].Weight != weight || got[v].Source != source {
					if wrong++; wrong < 4 {
						t.Errorf("vertex %d, reverse %v, limit %d: %+v, want %s %+v", v, reverse, limit, got[v], state, w)
					}
				}
			}
		}
	}
}

func vertexSnap(v int) network.Snap {
	return network.Snap{State: network.Snapped, AtVertex: true, Vertex: network.Vertex(v)}
}

// row is a road of the collection, its times in milliseconds, 0 for closed.
type row struct {
	from, to          int64
	forward, backward int64
}

func rowsOf(r *network.Router) []row {
	var rows []row
	for f := range r.Roads() {
		one := row{from: f.Properties["from_node"].(int64), to: f.Properties["to_node"].(int64)}
		if s, ok := f.Properties["seconds_forward"].(float64); ok {
			one.forward = int64(math.Round(s * 1000))
		}
		if s, ok := f.Properties["seconds_backward"].(float64); ok {
			one.backward = int64(math.Round(s * 1000))
		}
		rows = append(rows, one)
	}
	return rows
}

type arrival struct {
	ms     int64
	source int // -1 where nothing arrives
}

// plainSearch betters arrivals until none can be: no queue by time, no
// labels, nothing that the router uses.
func plainSearch(g *network.Graph, r *network.Router, sources []network.Snap, reverse bool) []arrival {
	type step struct{ to, ms int64 }
	next := make([][]step, g.NumVertices())
	add := func(from, to, ms int64) {
		if reverse {
			from, to = to, from
		}
		if ms > 0 {
			next[from] = append(next[from], step{to, ms})
		}
	}
	for _, one := range rowsOf(r) {
		add(one.from, one.to, one.forward)
		add(one.to, one.from, one.backward)
	}
	best := make([]arrival, g.NumVertices())
	for v := range best {
		best[v] = arrival{math.MaxInt64, -1}
	}
	// each gives a vertex and, where one arrives there, its copies.
	each := func(v network.Vertex, arriving bool, do func(v int64)) {
		do(int64(v))
		for i := 1; arriving && i <= g.Copies(v); i++ {
			do(int64(v) + int64(i))
		}
	}
	var queue []int64
	better := func(v int64, a arrival) {
		if a.ms < best[v].ms || a.ms == best[v].ms && a.source < best[v].source {
			best[v] = a
			queue = append(queue, v)
		}
	}
	for i, s := range sources {
		each(s.Vertex, reverse, func(v int64) { better(v, arrival{0, i}) })
	}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, s := range next[v] {
			better(s.to, arrival{best[v].ms + s.ms, best[v].source})
		}
	}
	for v := 0; v < g.NumVertices(); v += 1 + g.Copies(network.Vertex(v)) {
		each(network.Vertex(v), !reverse, func(w int64) {
			if a := best[w]; a.ms < best[v].ms || a.ms == best[v].ms && a.source < best[v].source {
				best[v] = a
			}
		})
	}
	return best
}
