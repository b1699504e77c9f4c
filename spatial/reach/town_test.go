package reach_test

import (
	"container/heap"
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/seeds/osm"
	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

// extract is the road graph of a real extract, or skips the test.
func extract(t testing.TB, name string) *network.Graph {
	t.Helper()
	return extractNetwork(t, name).Graph
}

func extractNetwork(t testing.TB, name string) *network.Network {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, "data", "osm", name+".osm.pbf")
	if _, err := os.Stat(path); err != nil {
		t.Skip("shared data absent: " + name)
	}
	n, _, err := osm.Network(context.Background(), path, name, osm.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// town is a graph with the metres from one vertex to all others, the plainest
// isochrone there is.
type town struct {
	graph  *network.Graph
	meters []float64
}

type arrival struct {
	meters float64
	vertex network.Vertex
}
type arrivals []arrival

func (q arrivals) Len() int           { return len(q) }
func (q arrivals) Less(i, j int) bool { return q[i].meters < q[j].meters }
func (q arrivals) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *arrivals) Push(x any)        { *q = append(*q, x.(arrival)) }
func (q *arrivals) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func townAround(g *network.Graph, center network.Vertex, modes network.Modes) town {
	out := make([][]network.Edge, g.NumVertices())
	for e := range network.Edge(g.NumEdges()) {
		forward, backward := g.Directions(e)
		if (forward|backward)&modes == 0 {
			continue
		}
		from, to := g.Ends(e)
		out[from] = append(out[from], e)
		if to != from {
			out[to] = append(out[to], e)
		}
	}
	t := town{g, make([]float64, g.NumVertices())}
	for v := range t.meters {
		t.meters[v] = math.Inf(1)
	}
	q := &arrivals{{0, center}}
	t.meters[center] = 0
	for q.Len() > 0 {
		a := heap.Pop(q).(arrival)
		if a.meters > t.meters[a.vertex] {
			continue
		}
		for _, e := range out[a.vertex] {
			from, to := g.Ends(e)
			if from == a.vertex {
				from = to
			}
			if m := a.meters + float64(g.Length(e)); m < t.meters[from] {
				t.meters[from] = m
				heap.Push(q, arrival{m, from})
			}
		}
	}
	return t
}

// onRoad is a vertex in the middle of the list that the modes come to.
func onRoad(g *network.Graph, modes network.Modes) network.Vertex {
	for e := network.Edge(g.NumEdges() / 2); ; e++ {
		if forward, backward := g.Directions(e); forward&backward&modes != 0 {
			from, _ := g.Ends(e)
			return from
		}
	}
}

// within is what of the roads is within a limit, and what is not. An edge may
// be reached from either end, and in part from both.
func (t town) within(limit float64, modes network.Modes) (reached, rest []reach.Part) {
	for e := range network.Edge(t.graph.NumEdges()) {
		if forward, backward := t.graph.Directions(e); (forward|backward)&modes == 0 {
			continue
		}
		from, to := t.graph.Ends(e)
		shape := t.graph.Shape(e)
		length := lengthOf(shape)
		scale := length / float64(t.graph.Length(e))
		a, b := max(0, (limit-t.meters[from])*scale), max(0, (limit-t.meters[to])*scale)
		if a+b >= length {
			reached = append(reached, shape)
			continue
		}
		if a > 0 {
			reached = append(reached, cutLine(shape, 0, a))
		}
		if b > 0 {
			reached = append(reached, cutLine(shape, length-b, length))
		}
		rest = append(rest, cutLine(shape, a, length-b))
	}
	return reached, rest
}

func lengthOf(line orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += math.Hypot(line[i][0]-line[i-1][0], line[i][1]-line[i-1][1])
	}
	return sum
}

// cutLine is the line from one distance along it to another, in degrees.
func cutLine(line orb.LineString, from, to float64) orb.LineString {
	var part orb.LineString
	at := 0.0
	for i := 1; i < len(line); i++ {
		p, q := line[i-1], line[i]
		length := math.Hypot(q[0]-p[0], q[1]-p[1])
		end := at + length
		if end > from && at < to {
			point := func(d float64) orb.Point {
				if d <= at {
					return p
				}
				if d >= end {
					return q
				}
				s := (d - at) / length
				return orb.Point{p[0] + s*(q[0]-p[0]), p[1] + s*(q[1]-p[1])}
			}
			if len(part) == 0 {
				part = append(part, point(from))
			}
			part = append(part, point(to))
		}
		at = end
	}
	return part
}
