package network

import (
	"container/heap"
	"fmt"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// road is an edge of a graph in one direction, whatever copies it has.
type road struct {
	edge    Edge
	against bool
}

// town is a graph seen without its copies, to be travelled step by step with
// the whole way in memory: the slow and plain reading of restrictions.
type town struct {
	g    *Graph
	r    *Router
	node map[coordinate]int64
	out  map[uint32][]road
}

func newTown(r *Router, places []orb.Point) *town {
	t := &town{g: r.graph, r: r, node: map[coordinate]int64{}, out: map[uint32][]road{}}
	for i, p := range places {
		t.node[toCoordinate(p)] = int64(i)
	}
	for e := range Edge(t.g.NumEdges()) {
		if t.g.origin(e) != e {
			continue
		}
		forward, backward := r.RoadWeights(e)
		from, to := t.g.base(t.g.from[e]), t.g.base(t.g.to[e])
		if forward != Never {
			t.out[from] = append(t.out[from], road{e, false})
		}
		if backward != Never {
			t.out[to] = append(t.out[to], road{e, true})
		}
	}
	return t
}

// nodes are the source's ids along a road in its direction.
func (t *town) nodes(a road) []int64 {
	var ids []int64
	for _, c := range t.g.shape(a.edge) {
		ids = append(ids, t.node[c])
	}
	if a.against {
		slices.Reverse(ids)
	}
	return ids
}

func (t *town) head(a road) uint32 {
	if a.against {
		return t.g.base(t.g.from[a.edge])
	}
	return t.g.base(t.g.to[a.edge])
}

func (t *town) weight(a road) Weight {
	forward, backward := t.r.RoadWeights(a.edge)
	if a.against {
		return backward
	}
	return forward
}

// forbidden tells whether going on over a after a way breaks a rule that binds
// the router's mode: said of rows of roads, as the signs stand.
func (t *town) forbidden(way []road, a road, bans [][]road, only [][]road, barriers map[uint32]bool) bool {
	whole := append(slices.Clone(way), a)
	for _, ban := range bans {
		if len(whole) >= len(ban) && slices.Equal(whole[len(whole)-len(ban):], ban) {
			return true
		}
	}
	for _, must := range only {
		for n := 1; n < len(must); n++ { // having come along its first n roads
			if len(way) >= n && slices.Equal(way[len(way)-n:], must[:n]) && a != must[n] {
				return true
			}
		}
	}
	if len(way) == 0 {
		return false
	}
	last := way[len(way)-1]
	return barriers[t.head(last)] && a != road{last.edge, !last.against}
}

type walk struct {
	weight Weight
	at     uint32
	way    []road // the last few roads
}

type walks []walk

func (h walks) Len() int           { return len(h) }
func (h walks) Less(i, j int) bool { return h[i].weight < h[j].weight }
func (h walks) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *walks) Push(x any)        { *h = append(*h, x.(walk)) }
func (h *walks) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// times are the least weights from a vertex, over ways that remember their
// last roads.
func (t *town) times(start uint32, memory int, bans, only [][]road, barriers map[uint32]bool) map[uint32]Weight {
	best, seen := map[uint32]Weight{}, map[string]bool{}
	queue := &walks{{0, start, nil}}
	for queue.Len() > 0 {
		w := heap.Pop(queue).(walk)
		key := fmt.Sprint(w.at, w.way)
		if seen[key] {
			continue
		}
		seen[key] = true
		if _, known := best[w.at]; !known {
			best[w.at] = w.weight
		}
		for _, a := range t.out[w.at] {
			if t.forbidden(w.way, a, bans, only, barriers) {
				continue
			}
			way := append(slices.Clone(w.way), a)
			heap.Push(queue, walk{w.weight + t.weight(a), t.head(a), way[max(0, len(way)-memory):]})
		}
	}
	return best
}

// drawTurns draws rows of roads that follow one another, as restrictions.
func drawTurns(t *rapid.T, plain *town) (rules []Restriction, bans, only [][]road) {
	for id := range rapid.IntRange(1, 6).Draw(t, "rules") {
		var all []road
		for v := range uint32(plain.g.NumVertices()) {
			all = append(all, plain.out[v]...)
		}
		row := []road{rapid.SampledFrom(all).Draw(t, "first")}
		for range rapid.IntRange(1, 3).Draw(t, "more") {
			if on := plain.out[plain.head(row[len(row)-1])]; len(on) > 0 {
				row = append(row, rapid.SampledFrom(on).Draw(t, "next"))
			}
		}
		if len(row) < 2 {
			continue
		}
		first, last := plain.nodes(row[0]), plain.nodes(row[len(row)-1])
		path := first[len(first)-2:]
		for _, a := range row[1 : len(row)-1] {
			path = append(path, plain.nodes(a)[1:]...)
		}
		path = append(path, last[1])
		rule := Restriction{ID: int64(id), Path: path, Modes: Car, Only: rapid.Bool().Draw(t, "only")}
		rules = append(rules, rule)
		if rule.Only {
			only = append(only, row)
		} else {
			bans = append(bans, row)
		}
	}
	return rules, bans, only
}

// oneNeighbourEach tells whether no two roads leave a vertex towards the same
// node: then every row of nodes names one row of roads.
func (t *town) oneNeighbourEach() bool {
	for e := range Edge(t.g.NumEdges()) {
		if t.g.from[e] == t.g.to[e] {
			return false
		}
	}
	seen := map[[2]int64]bool{}
	for v := range uint32(t.g.NumVertices()) {
		for _, a := range t.out[v] {
			ids := t.nodes(a)
			step, last := [2]int64{ids[0], ids[1]}, [2]int64{ids[len(ids)-2], ids[len(ids)-1]}
			if seen[step] || last != step && seen[last] {
				return false
			}
			seen[step], seen[last] = true, true
		}
	}
	return true
}

// TestTurnsAreExact: with restrictions via nodes and via roads, only and no,
// overlapping as they fall, and barriers, every time equals that of a plain
// search which remembers its way.
func TestTurnsAreExact(t *testing.T) {
	tried := 0
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(4, 9).Draw(rt, "nodes")
		places := make([]orb.Point, n)
		for i := range places {
			places[i] = orb.Point{104 + float64(i%3)*block + float64(i)*1e-5, 30 + float64(i/3)*block}
		}
		var ways []Way
		for id := range rapid.IntRange(3, 12).Draw(rt, "ways") {
			refs := rapid.SliceOfNDistinct(rapid.Int64Range(0, int64(n-1)), 2, 3, rapid.ID).Draw(rt, "refs")
			w := bothWays(int64(id), refs...)
			w.Backward = rapid.SampledFrom([]Modes{allModes, allModes, Walk}).Draw(rt, "backward")
			ways = append(ways, w)
		}
		// Every node stays a vertex, in the plain graph as in the other.
		for i := range n {
			for range 3 {
				places = append(places, orb.Point{104 + float64(len(places))*1e-3, 30.1})
				ways = append(ways, bothWays(int64(100+len(places)), int64(i), int64(len(places)-1)))
			}
		}
		plain := newTown(carRouter(rt, Source{Ways: ways}, places), places)
		if !plain.oneNeighbourEach() {
			rt.Skip("two roads between the same nodes: a restriction could mean either")
		}
		source := Source{Ways: ways}
		var bans, only [][]road
		source.Restrictions, bans, only = drawTurns(rt, plain)
		barriers := map[uint32]bool{}
		if rapid.Bool().Draw(rt, "barrier") {
			node := int64(rapid.IntRange(0, n-1).Draw(rt, "barrier at"))
			source.Barriers = []Barrier{{Node: node, Blocked: Car}}
			barriers[vertexOf(plain.g, places[node])] = true
		}
		r := carRouter(rt, source, places)
		tried++
		compareTurns(rt, plain, r, bans, only, barriers)
	})
	if tried < 20 {
		t.Errorf("only %d towns were tried", tried)
	}
}

func carRouter(t *rapid.T, source Source, places []orb.Point) *Router {
	g, report, err := Build(source, nodes(places))
	if err != nil {
		t.Fatal(err)
	}
	if report.Restrictions != len(source.Restrictions) || report.Barriers != len(source.Barriers) {
		t.Fatalf("of %d restrictions and %d barriers: %+v", len(source.Restrictions), len(source.Barriers), report)
	}
	net, err := New("town", KindImported, g, spatial.DatasetVersion{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(net, evenProfile())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func vertexOf(g *Graph, p orb.Point) uint32 {
	return uint32(slices.Index(g.vertices, toCoordinate(p)))
}

func compareTurns(t *rapid.T, plain *town, r *Router, bans, only [][]road, barriers map[uint32]bool) {
	walker := evenProfile()
	walker.Mode = "walk"
	net := r.network
	onFoot, err := NewRouter(net, walker)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		v := rapid.Uint32Range(0, uint32(plain.g.NumVertices()-1)).Draw(t, "from")
		at := plain.g.Point(Vertex(v))
		start := atVertices(int(vertexOf(r.graph, at)))
		want := plain.times(v, 4, bans, only, barriers)
		free := plain.times(v, 0, nil, nil, nil)
		for w := range uint32(plain.g.NumVertices()) {
			target := atVertices(int(vertexOf(r.graph, plain.g.Point(Vertex(w)))))
			for _, reverse := range []bool{false, true} {
				from, to := start, target
				if reverse {
					from, to = target, start
				}
				got := nearestIn(t, r, from, to, reverse)
				if wanted, reached := want[w]; reached != (got.State == Reached) || reached && wanted != got.Weight {
					t.Fatalf("%d to %d, reverse %v: %+v, want %v %v", v, w, reverse, got, wanted, reached)
				}
				walked := nearestIn(t, onFoot, from, to, reverse)
				if driven, reached := free[w]; reached && (walked.State != Reached || walked.Weight > driven) {
					t.Fatalf("on foot %d to %d: %+v, by car without restrictions %v", v, w, walked, driven)
				}
			}
		}
	}
}

func nearestIn(t *rapid.T, r *Router, from, to []Snap, reverse bool) Reach {
	list, err := r.Nearest(t.Context(), from, to, reverse, NoLimit)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}
