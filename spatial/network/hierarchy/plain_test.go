package hierarchy

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// drawGraph draws any multigraph: loops, parallel arcs, one-ways, closed arcs,
// weights so large that sums do not fit, coordinates that coincide, vertices
// without arcs.
func drawGraph(t *rapid.T) *roads {
	n := rapid.SampledFrom([]int{0, 1, 2, 3, 7, 20, 60, 120}).Draw(t, "vertices")
	arcs := n * rapid.SampledFrom([]int{0, 1, 2, 3, 5}).Draw(t, "arcs a vertex")
	most := rapid.SampledFrom([]uint32{3, 1000, 1 << 20, 1 << 30, Never}).Draw(t, "most")
	spread := rapid.SampledFrom([]int32{0, 3, 1_800_000_000}).Draw(t, "spread")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	g := &roads{n: n}
	for range n {
		g.lon = append(g.lon, int32(random.IntN(2*int(spread)+1))-spread)
		g.lat = append(g.lat, int32(random.IntN(2*int(spread)+1))-spread)
	}
	for range arcs {
		g.tail = append(g.tail, uint32(random.IntN(n)))
		g.head = append(g.head, uint32(random.IntN(n)))
		g.weights = append(g.weights, drawWeight(random, most))
	}
	return g
}

func drawWeight(random *rand.Rand, most uint32) uint32 {
	if random.IntN(8) == 0 {
		return Never
	}
	return 1 + random.Uint32N(most)
}

func drawSeeds(random *rand.Rand, n, most int) []Seed {
	var seeds []Seed
	for range random.IntN(most + 1) {
		weight := random.Uint32N(2000)
		if random.IntN(10) == 0 {
			weight = Never - random.Uint32N(3)
		}
		seeds = append(seeds, Seed{uint32(random.IntN(n)), weight})
	}
	return seeds
}

type plainItem struct {
	weight uint32
	vertex uint32
}

type plainQueue []plainItem

func (q plainQueue) Len() int           { return len(q) }
func (q plainQueue) Less(i, j int) bool { return q[i].weight < q[j].weight }
func (q plainQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *plainQueue) Push(x any)        { *q = append(*q, x.(plainItem)) }
func (q *plainQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// plain is Dijkstra's algorithm over the input arcs: what every method here
// must equal.
func (g *roads) plain(seeds []Seed, reverse bool) []uint32 {
	type arc struct{ head, weight uint32 }
	from := make([][]arc, g.n)
	for i := range g.tail {
		t, h := g.tail[i], g.head[i]
		if reverse {
			t, h = h, t
		}
		from[t] = append(from[t], arc{h, g.weights[i]})
	}
	dist := filled(g.n)
	var queue plainQueue
	offer := func(v, weight uint32) {
		if weight < dist[v] {
			dist[v] = weight
			heap.Push(&queue, plainItem{weight, v})
		}
	}
	for _, s := range seeds {
		offer(s.Vertex, s.Weight)
	}
	for len(queue) > 0 {
		item := heap.Pop(&queue).(plainItem)
		if item.weight > dist[item.vertex] {
			continue
		}
		for _, a := range from[item.vertex] {
			if sum := uint64(item.weight) + uint64(a.weight); sum < uint64(Never) {
				offer(a.head, uint32(sum))
			}
		}
	}
	return dist
}

// fataler is what *testing.T and *rapid.T have in common here.
type fataler interface {
	Helper()
	Fatal(...any)
}

func (g *roads) skeleton(t fataler) *Skeleton {
	t.Helper()
	order, err := Order(context.Background(), g.n, g.tail, g.head, g.lon, g.lat, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(order, g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (g *roads) metric(t fataler) *Metric {
	t.Helper()
	m, err := g.skeleton(t).Customize(context.Background(), g.weights)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPlainSearchOnAPath: the reference itself, against sums by hand.
func TestPlainSearchOnAPath(t *testing.T) {
	g := &roads{n: 4}
	g.add(0, 1, 5)
	g.add(1, 2, Never-8)
	g.add(2, 3, 7)
	got := g.plain([]Seed{{0, 1}}, false)
	want := []uint32{1, 6, Never - 2, Never}
	for v := range want {
		if got[v] != want[v] {
			t.Errorf("vertex %d at %d, want %d", v, got[v], want[v])
		}
	}
}
