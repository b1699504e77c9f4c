package network

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// drawRouter builds a random little road map: nodes within some kilometres,
// ways among them with every sort of direction, class and limit, repeated
// nodes and ways crossing themselves included.
func drawRouter(t *rapid.T) *Router {
	n := rapid.IntRange(2, 16).Draw(t, "nodes")
	places := make([]orb.Point, n)
	for i := range places {
		places[i] = orb.Point{104 + rapid.Float64Range(0, 0.03).Draw(t, "lon"), 30 + rapid.Float64Range(0, 0.03).Draw(t, "lat")}
	}
	ways := []Way{bothWays(0, 0, 1)}
	for id := range rapid.IntRange(1, 14).Draw(t, "ways") {
		refs := rapid.SliceOfN(rapid.Int64Range(0, int64(n-1)), 2, 6).Draw(t, "refs")
		forward := rapid.SampledFrom([]Modes{Car, Car, Car | Walk, 0}).Draw(t, "forward")
		backward := rapid.SampledFrom([]Modes{Car, 0, Walk}).Draw(t, "backward")
		class := rapid.SampledFrom([]Class{Residential, Trunk, Motorway, Primary}).Draw(t, "class")
		limit := rapid.SampledFrom([]float64{0, 0, 30, 55}).Draw(t, "limit")
		ways = append(ways, Way{ID: int64(id + 1), Class: class, Refs: refs, Forward: forward, Backward: backward, MaxSpeedKMH: limit})
	}
	g, _, err := Build(Source{Ways: ways}, nodes(places))
	if err != nil {
		t.Fatal(err)
	}
	p := evenProfile()
	p.Speeds[Trunk] = ClassSpeed{LegalKMH: 80, DefaultKMH: 70, Factor: 0.9}
	p.Speeds[Motorway] = ClassSpeed{LegalKMH: 120, DefaultKMH: 110, Factor: 0.95}
	network, err := New("random", KindImported, g, spatial.DatasetVersion{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(network, p)
	if err != nil {
		t.Skip("no road for cars in this draw")
	}
	return r
}

// drawSnaps draws places at vertices and along edges, with access legs, some
// of them not snapped at all.
func drawSnaps(t *rapid.T, r *Router, label string, least int) []Snap {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Snap {
		access := Weight(rapid.IntRange(0, 3).Draw(t, "access") * 20_000)
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind == 0:
			return Snap{State: NotSnapped}
		case kind < 5:
			v := rapid.IntRange(0, r.graph.NumVertices()-1).Draw(t, "vertex")
			return Snap{State: Snapped, AtVertex: true, Vertex: Vertex(v), Access: access}
		}
		var open []Edge
		for e := range Edge(r.graph.NumEdges()) {
			if f, b := r.EdgeWeights(e); f != Never || b != Never {
				open = append(open, e)
			}
		}
		e := rapid.SampledFrom(open).Draw(t, "edge")
		share := rapid.SampledFrom([]float64{0, 1, 0.5, 0.25, 0.3337, 0.9}).Draw(t, "share")
		return Snap{State: Snapped, Edge: e, Along: r.graph.Length(e) * spatial.Meters(share), Access: access}
	}), least, 6).Draw(t, label)
}

// reference is the plainest of graphs: every edge is cut at every snap along
// it, every access leg is an edge, and Bellman and Ford relax them all.
type reference struct {
	nodes int
	arcs  []referenceArc
	snaps map[int]int // snap -> node
}

type referenceArc struct {
	from, to int
	weight   int64
	meters   float64
}

func newReference(r *Router, snaps []Snap) *reference {
	ref := &reference{nodes: r.graph.NumVertices(), snaps: map[int]int{}}
	cuts := map[Edge][]int{}
	for i, s := range snaps {
		if s.State != Snapped {
			continue
		}
		ref.snaps[i] = ref.nodes
		ref.nodes++
		if s.AtVertex {
			ref.both(ref.snaps[i], int(s.Vertex), true, true, 0, 0)
			continue
		}
		cuts[s.Edge] = append(cuts[s.Edge], i)
	}
	for e := range Edge(r.graph.NumEdges()) {
		f, b := r.EdgeWeights(e)
		from, to := r.graph.Ends(e)
		slices.SortStableFunc(cuts[e], func(i, j int) int { return cmp.Compare(snaps[i].Along, snaps[j].Along) })
		at, before, along := int(from), int64(0), 0.0
		whole := int64(min(f, b))
		for k, i := range cuts[e] {
			if k > 0 && snaps[i].Along == snaps[cuts[e][k-1]].Along {
				ref.snaps[i] = at // one place, one node
				continue
			}
			here := min(timeUpTo(r, e, float64(snaps[i].Along)), whole)
			ref.both(at, ref.snaps[i], f != Never, b != Never, here-before, float64(snaps[i].Along)-along)
			at, before, along = ref.snaps[i], here, float64(snaps[i].Along)
		}
		ref.both(at, int(to), f != Never, b != Never, whole-before, float64(r.graph.Length(e))-along)
	}
	return ref
}

// timeUpTo is the rounded time from the start of an edge to a length along it.
func timeUpTo(r *Router, e Edge, along float64) int64 {
	ms := 0.0
	for _, run := range r.graph.Runs(e) {
		length := min(float64(run.Centimeters)/100, max(along, 0))
		along -= length
		ms += length * 3600 / r.profile.SpeedKMH(run)
	}
	return int64(math.Round(ms))
}

func (ref *reference) both(from, to int, forward, backward bool, weight int64, meters float64) {
	if forward {
		ref.arcs = append(ref.arcs, referenceArc{from, to, weight, meters})
	}
	if backward {
		ref.arcs = append(ref.arcs, referenceArc{to, from, weight, meters})
	}
}

const far = math.MaxInt64 / 4

// from relaxes every arc until nothing changes. meters are the least (sign 1)
// or the most (sign -1) of all fastest ways.
func (ref *reference) from(start int, reverse bool, sign float64) (weight []int64, meters []float64) {
	weight, meters = make([]int64, ref.nodes), make([]float64, ref.nodes)
	for i := range weight {
		weight[i] = far
	}
	weight[start] = 0
	for round, changed := 0, true; changed && round <= ref.nodes; round++ {
		changed = false
		for _, a := range ref.arcs {
			from, to := a.from, a.to
			if reverse {
				from, to = to, from
			}
			if weight[from] == far {
				continue
			}
			w, m := weight[from]+a.weight, meters[from]+a.meters
			if w < weight[to] || w == weight[to] && sign*(m-meters[to]) < -1e-6 {
				weight[to], meters[to], changed = w, m, true
			}
		}
	}
	return weight, meters
}

// answer is what the reference says of one target.
type answer struct {
	weight      int64
	source      int
	least, most float64
}

func (ref *reference) nearest(snaps []Snap, sources, targets int, reverse bool) []answer {
	list := make([]answer, targets)
	for j := range list {
		list[j] = answer{weight: far, source: -1}
	}
	for i := range sources {
		node, ok := ref.snaps[i]
		if !ok {
			continue
		}
		weight, least := ref.from(node, reverse, 1)
		_, most := ref.from(node, reverse, -1)
		for j := range list {
			at, ok := ref.snaps[sources+j]
			if !ok || weight[at] == far {
				continue
			}
			if w := weight[at] + int64(snaps[i].Access) + int64(snaps[sources+j].Access); w < list[j].weight {
				list[j] = answer{w, i, least[at], most[at]}
			}
		}
	}
	return list
}

func TestSearchEqualsANaiveReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRouter(t)
		sources, targets := drawSnaps(t, r, "sources", 1), drawSnaps(t, r, "targets", 1)
		reverse := rapid.Bool().Draw(t, "reverse")
		limit := rapid.SampledFrom([]Weight{NoLimit, NoLimit, 0, 60_000, 300_000, 600_000}).Draw(t, "limit")
		got, err := r.Nearest(context.Background(), sources, targets, reverse, limit)
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Concat(sources, targets)
		for j, want := range newReference(r, all).nearest(all, len(sources), len(targets), reverse) {
			compareReach(t, got[j], want, targets[j], limit)
		}
	})
}

func compareReach(t *rapid.T, got Reach, want answer, target Snap, limit Weight) {
	switch {
	case target.State != Snapped:
		if got.State != Unsnapped {
			t.Fatalf("%+v for a target that is not snapped", got)
		}
	case want.weight == far || want.weight > int64(limit):
		state := Beyond
		if want.weight == far {
			state = Unreachable
		}
		if got.State != state || got.Source != -1 || got.Weight != Never || got.Distance != 0 {
			t.Fatalf("got %+v, want %s: %+v within %d", got, state, want, limit)
		}
	default:
		if got.State != Reached || int64(got.Weight) != want.weight || got.Source != want.source {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if d := float64(got.Distance); d < want.least-0.02 || d > want.most+0.02 {
			t.Fatalf("%v m, the fastest ways have %v to %v m", d, want.least, want.most)
		}
	}
}

func TestMoreSourcesNeverLengthenAWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRouter(t)
		sources, targets := drawSnaps(t, r, "sources", 2), drawSnaps(t, r, "targets", 1)
		few, err := r.Nearest(context.Background(), sources[:len(sources)-1], targets, false, NoLimit)
		if err != nil {
			t.Fatal(err)
		}
		many, err := r.Nearest(context.Background(), sources, targets, false, NoLimit)
		if err != nil {
			t.Fatal(err)
		}
		for j := range targets {
			if few[j].State == Reached && (many[j].State != Reached || many[j].Weight > few[j].Weight) {
				t.Fatalf("target %d: %+v, with one more source %+v", j, few[j], many[j])
			}
		}
	})
}

// TestMatrixEqualsSearchesOneByOne: the table of all pairs is what single
// searches both ways say.
func TestMatrixEqualsSearchesOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRouter(t)
		sources, targets := drawSnaps(t, r, "sources", 1), drawSnaps(t, r, "targets", 1)
		matrix, err := r.Matrix(context.Background(), sources, targets, NoLimit)
		if err != nil {
			t.Fatal(err)
		}
		for i := range sources {
			for j := range targets {
				back, err := r.Nearest(context.Background(), targets[j:j+1], sources[i:i+1], true, NoLimit)
				if err != nil {
					t.Fatal(err)
				}
				w, state := matrix.At(i, j)
				if sources[i].State != Snapped { // of a target that is not, both speak
					back[0].State, back[0].Weight = Unsnapped, Never
				}
				if back[0].State != state && !(targets[j].State != Snapped && state == Unsnapped) || state == Reached && back[0].Weight != w || state != Reached && w != Never {
					t.Fatalf("%d to %d: %v %v, seen from the target %+v", i, j, w, state, back[0])
				}
			}
		}
	})
}
