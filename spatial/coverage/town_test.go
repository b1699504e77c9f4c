package coverage

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// town is a small network of random streets, some one-way, with every
// vertex-to-vertex time found by relaxation until nothing changes (Floyd and
// Warshall): the judge of the search.
type town struct {
	router *network.Router
	graph  *network.Graph
	times  [][]float64 // milliseconds, +Inf where there is no way
}

// car is a profile of the shipped tables.
func car() network.Profile {
	p, ok := network.DefaultProfile("car")
	if !ok {
		panic("no car profile is shipped")
	}
	return p
}

func buildTown(t fataler, name string, ways []network.Way, place func(int64) (orb.Point, bool)) town {
	graph, _, err := network.Build(network.Source{Ways: ways}, place)
	if err != nil {
		t.Fatalf("building: %v", err)
	}
	n, err := network.New(name, network.KindCondensed, graph, spatial.DatasetVersion{ID: "town", Version: "1"})
	if err != nil {
		t.Fatalf("naming: %v", err)
	}
	router, err := network.NewRouter(n, car())
	if err != nil {
		t.Fatalf("weighing: %v", err)
	}
	return town{router, graph, allPairs(graph, router)}
}

type fataler interface {
	Fatalf(format string, args ...any)
}

func allPairs(g *network.Graph, r *network.Router) [][]float64 {
	n := g.NumVertices()
	times := make([][]float64, n)
	for i := range times {
		times[i] = make([]float64, n)
		for j := range times[i] {
			if i != j {
				times[i][j] = math.Inf(1)
			}
		}
	}
	for e := range g.NumEdges() {
		from, to := g.Ends(network.Edge(e))
		forward, backward := r.EdgeWeights(network.Edge(e))
		if forward != network.Never {
			times[from][to] = min(times[from][to], float64(forward))
		}
		if backward != network.Never {
			times[to][from] = min(times[to][from], float64(backward))
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				times[i][j] = min(times[i][j], times[i][k]+times[k][j])
			}
		}
	}
	return times
}

// between is the time of a trip in milliseconds, access legs included; points
// snap to vertices, since the town is built as a condensed network.
func (w town) between(from, to orb.Point) float64 {
	a, b := w.router.Snap(from), w.router.Snap(to)
	if a.State != network.Snapped || b.State != network.Snapped {
		return math.Inf(1)
	}
	return float64(a.Access) + w.times[a.Vertex][b.Vertex] + float64(b.Access)
}

const side = 4 // junctions along a side of a random town

// corner is a junction, about 11 km from the next.
func corner(i int64) orb.Point {
	return orb.Point{104 + 0.1*float64(i%side), 30 + 0.1*float64(i/side)}
}

// drawTown draws streets between random junctions.
func drawTown(t *rapid.T) town {
	junction := rapid.Int64Range(0, side*side-1)
	var ways []network.Way
	for id := range rapid.IntRange(3, 30).Draw(t, "streets") {
		a, b := junction.Draw(t, "a"), junction.Draw(t, "b")
		way := network.Way{ID: int64(id + 1), Refs: []int64{a, b}, Forward: network.Car,
			Class: rapid.SampledFrom([]network.Class{network.Motorway, network.Primary, network.Residential}).Draw(t, "class")}
		if rapid.Bool().Draw(t, "both ways") {
			way.Backward = network.Car
		}
		if a != b {
			ways = append(ways, way)
		}
	}
	if len(ways) == 0 {
		ways = []network.Way{{ID: 1, Refs: []int64{0, 1}, Class: network.Primary, Forward: network.Car, Backward: network.Car}}
	}
	return buildTown(t, "town", ways, func(id int64) (orb.Point, bool) { return corner(id), true })
}

// drawPlace draws a point near a junction, far from all roads, or nowhere.
func drawPlace(t *rapid.T) *orb.Point {
	at := corner(rapid.Int64Range(0, side*side-1).Draw(t, "at"))
	switch rapid.IntRange(0, 9).Draw(t, "where") {
	case 0:
		return nil
	case 1:
		return &orb.Point{80, 45}
	case 2, 3, 4:
		at[0] += 0.01
	}
	return &at
}

func drawDemand(t *rapid.T) []Demand {
	demand := make([]Demand, rapid.IntRange(0, 12).Draw(t, "demand"))
	for i := range demand {
		d := Demand{ID: fmt.Sprint(i), Province: rapid.SampledFrom([]string{"", "510000", "530000"}).Draw(t, "province"), Point: drawPlace(t)}
		if rapid.IntRange(0, 3).Draw(t, "weighs") > 0 {
			w := float64(rapid.IntRange(0, 1000).Draw(t, "weight"))
			d.Weight = &w
		}
		demand[i] = d
	}
	return demand
}

func drawFacilities(t *rapid.T) []Facility {
	facilities := make([]Facility, rapid.IntRange(0, 4).Draw(t, "facilities"))
	for i := range facilities {
		facilities[i] = Facility{ID: fmt.Sprint("f", i), Point: drawPlace(t)}
	}
	return facilities
}
