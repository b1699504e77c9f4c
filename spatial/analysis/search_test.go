package analysis

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// oracle holds the times between all vertices of a country, found without any
// of the engine's searches: by Floyd and Warshall's algorithm over the rows
// of the collection roads, as anyone could who reads them.
type oracle struct {
	graph *network.Graph
	ms    [][]float64
	roads []spatial.Feature
}

func newOracle(t *testing.T, n *network.Network, profile string) oracle {
	t.Helper()
	p, ok := network.ProfileByName(profile)
	if !ok {
		t.Fatalf("no profile %s", profile)
	}
	router, err := network.NewRouter(n, p)
	if err != nil {
		t.Fatal(err)
	}
	o := oracle{graph: n.Graph}
	for range n.Graph.NumVertices() {
		row := make([]float64, n.Graph.NumVertices())
		for j := range row {
			row[j] = math.Inf(1)
		}
		row[len(o.ms)] = 0
		o.ms = append(o.ms, row)
	}
	for f := range router.Roads() {
		o.roads = append(o.roads, f)
		from, to := f.Properties["from_node"].(int64), f.Properties["to_node"].(int64)
		if s, ok := f.Properties["seconds_forward"].(float64); ok {
			o.ms[from][to] = min(o.ms[from][to], math.Round(s*1000))
		}
		if s, ok := f.Properties["seconds_backward"].(float64); ok {
			o.ms[to][from] = min(o.ms[to][from], math.Round(s*1000))
		}
	}
	for k := range o.ms {
		for i := range o.ms {
			for j := range o.ms {
				o.ms[i][j] = min(o.ms[i][j], o.ms[i][k]+o.ms[k][j])
			}
		}
	}
	return o
}

// at is the vertex of a point, -1 for none.
func (o oracle) at(p orb.Point) int {
	for v := range o.graph.NumVertices() {
		if network.Distance(o.graph.Point(network.Vertex(v)), p) <= 1 {
			return v
		}
	}
	return -1
}

// between is the time between two points that are vertices, in milliseconds;
// infinite where one of them is none.
func (o oracle) between(a, b orb.Geometry) float64 {
	p, okA := a.(orb.Point)
	q, okB := b.(orb.Point)
	if !okA || !okB || o.at(p) < 0 || o.at(q) < 0 {
		return math.Inf(1)
	}
	return o.ms[o.at(p)][o.at(q)]
}

// ask runs a process on inputs written as JSON.
func ask(t *testing.T, p Process, in Inputs, text string, with map[string]string) Result {
	t.Helper()
	r, err := p.Run(context.Background(), inputs(t, text, with), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// decoded is an output as a client reads it.
func decoded[T any](t *testing.T, r Result, id string) T {
	t.Helper()
	o, ok := r.Output(id)
	if !ok {
		t.Fatalf("no output %s", id)
	}
	text, err := json.Marshal(o.Value)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return v
}

// features is a feature collection as a client reads it.
type features struct {
	Features []struct {
		ID         string
		Geometry   json.RawMessage
		Properties map[string]any
	}
}

// fault is one wrong input with what is said of it.
type fault struct{ name, value, pointer, says string }

// checkFaults gives one wrong input at a time: the one fault points at it and
// says what would be right.
func checkFaults(t *testing.T, p Process, good string, faults []fault) {
	t.Helper()
	for _, c := range faults {
		_, err := p.Run(context.Background(), inputs(t, good, map[string]string{c.name: c.value}), newPlain(t.Fatal))
		checkFault(t, err, c, spatial.Invalid)
	}
}
