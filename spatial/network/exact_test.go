package network_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/seeds/osm"
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/network/synthetic"
)

// sourcesPerRouter is how many places each method is asked from, on each map
// and in each mode: over a thousand in all.
const sourcesPerRouter = 48

var extracts = []string{"liechtenstein", "monaco", "heidelberg", "oslo-east", "andorra", "fiji-ferry", "columbus-nondense", "reisterstown-via-restriction", "melbourne-restrictions"}

// TestEveryMethodIsExactOnExtracts: on every real map and in every mode,
// sweeps over the hierarchy equal searches from single and several sources, in
// both directions; a matrix of the hierarchy equals one of searches, with and
// without a limit; bounded searches equal the unbounded one up to their limit;
// and all of it again in a scenario. Its twin runs on a generated map.
func TestEveryMethodIsExactOnExtracts(t *testing.T) {
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
			everyMode(t, n)
		})
	}
}

func TestEveryMethodIsExactOnAGeneratedMap(t *testing.T) {
	m, err := synthetic.Generate(3, 4000)
	if err != nil {
		t.Fatal(err)
	}
	g, _, err := network.Build(m.Source, m.Coordinate)
	if err != nil {
		t.Fatal(err)
	}
	if g, err = g.Ranked(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	n, err := network.New("generated", network.KindImported, g, spatial.DatasetVersion{})
	if err != nil {
		t.Fatal(err)
	}
	everyMode(t, n)
}

func sharedRoot() string {
	if root := os.Getenv("QUANYU_SHARED"); root != "" {
		return root
	}
	return filepath.Join("..", "..", "..", "shared")
}

func everyMode(t *testing.T, n *network.Network) {
	for _, mode := range []string{"car", "bike", "walk"} {
		profile, _ := network.DefaultProfile(mode)
		r, err := network.NewRouter(n, profile)
		if spatial.KindOf(err) == spatial.Unprocessable {
			continue // cut to the main roads of drivers
		}
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(11, uint64(n.Graph.NumEdges())))
		places := somePlaces(r, random)
		compareMethods(t, r, places)
		edited, err := r.With(t.Context(), someEdits(r, random))
		if err != nil {
			t.Fatal(err)
		}
		compareMethods(t, edited, places[:8])
	}
}

// somePlaces snaps points near the roads: at junctions, beside streets, far off.
func somePlaces(r *network.Router, random *rand.Rand) []network.Snap {
	g := r.Network().Graph
	places := make([]network.Snap, sourcesPerRouter)
	for i := range places {
		p := g.Point(network.Vertex(random.IntN(g.NumVertices())))
		if i%3 > 0 {
			p = orb.Point{p[0] + random.NormFloat64()*0.001, p[1] + random.NormFloat64()*0.001}
		}
		places[i] = r.Snap(p)
	}
	return places
}

// someEdits slows down and closes roads here and there.
func someEdits(r *network.Router, random *rand.Rand) []network.Edit {
	var ids []string
	for road := range r.Roads() {
		if random.IntN(50) == 0 {
			ids = append(ids, road.ID)
		}
	}
	half := len(ids) / 2
	return []network.Edit{
		{Kind: network.SetSpeed, Roads: ids[:half+1], Factor: 0.4},
		{Kind: network.CloseRoad, Roads: ids[half:]},
	}
}

func compareMethods(t *testing.T, r *network.Router, places []network.Snap) {
	t.Helper()
	ctx := context.Background()
	for i := range places {
		for _, reverse := range []bool{false, true} {
			sources := places[i : i+1]
			if i%5 == 4 { // several at once
				sources = places[i-4 : i+1]
			}
			plain, err := r.SearchEverywhere(ctx, sources, reverse)
			if err != nil {
				t.Fatal(err)
			}
			fast, err := r.Everywhere(ctx, sources, reverse)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(plain, fast) {
				t.Fatalf("%v: from place %d, reverse %v, the sweep differs from the search", r, i, reverse)
			}
			if i%6 == 0 {
				compareBounded(t, r, sources, reverse, plain)
			}
		}
	}
	for _, limit := range []network.Weight{network.NoLimit, 420_000} {
		plain, err := r.PlainMatrix(ctx, places, places, limit)
		if err != nil {
			t.Fatal(err)
		}
		fast, err := r.HierarchyMatrix(ctx, places, places, limit)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(plain, fast) {
			t.Fatalf("%v: at limit %d the hierarchy's matrix differs from that of searches", r, limit)
		}
	}
}

func compareBounded(t *testing.T, r *network.Router, sources []network.Snap, reverse bool, plain []network.Weight) {
	t.Helper()
	const limit = 300_000
	f, err := r.Reach(context.Background(), sources, reverse, limit)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	within := 0
	for _, w := range plain {
		if w <= limit {
			within++
		}
	}
	if within != f.Size() {
		t.Fatalf("%v: %d vertices within the limit, %d by the unbounded search", r, f.Size(), within)
	}
}
