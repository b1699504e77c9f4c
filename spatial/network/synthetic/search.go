package synthetic

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// net is the points and edges as a graph to search: the arcs at point i are
// arcs[first[i]:first[i+1]].
type net struct {
	edges  []edge
	length []float64 // km, by edge
	first  []int32
	arcs   []arc

	// What the last spread found, by point.
	nearest  []int32 // the source
	distance []float64
	parent   []int32 // the edge towards it, -1 at it
}

type arc struct{ head, edge int32 }

// newNet leaves ferries out.
func (g *generator) newNet() *net {
	points := len(g.points)
	n := &net{
		edges: g.edges, length: make([]float64, len(g.edges)), first: make([]int32, points+1),
		nearest: make([]int32, points), distance: make([]float64, points), parent: make([]int32, points),
	}
	for i, e := range g.edges {
		n.length[i] = g.points[e.a].at.to(g.points[e.b].at)
		if e.kind != ferry {
			n.first[e.a+1]++
			n.first[e.b+1]++
		}
	}
	for i := range points {
		n.first[i+1] += n.first[i]
	}
	n.arcs = make([]arc, n.first[points])
	next := slices.Clone(n.first)
	for i, e := range g.edges {
		if e.kind != ferry {
			n.arcs[next[e.a]], n.arcs[next[e.b]] = arc{e.b, int32(i)}, arc{e.a, int32(i)}
			next[e.a]++
			next[e.b]++
		}
	}
	return n
}

// spread finds for every point the nearest of the sources along the edges.
func (n *net) spread(sources []int32) {
	for i := range n.distance {
		n.nearest[i], n.distance[i], n.parent[i] = -1, math.Inf(1), -1
	}
	var queue front
	for _, s := range sources {
		n.nearest[s], n.distance[s] = s, 0
		heap.Push(&queue, near{s, 0})
	}
	for len(queue) > 0 {
		at := heap.Pop(&queue).(near)
		if at.distance > n.distance[at.point] {
			continue
		}
		for _, a := range n.arcs[n.first[at.point]:n.first[at.point+1]] {
			if d := at.distance + n.length[a.edge]; d < n.distance[a.head] {
				n.nearest[a.head], n.distance[a.head], n.parent[a.head] = n.nearest[at.point], d, a.edge
				heap.Push(&queue, near{a.head, d})
			}
		}
	}
}

// front orders points by distance for container/heap.
type front []near

func (f front) Len() int           { return len(f) }
func (f front) Less(i, j int) bool { return f[i].compare(f[j]) < 0 }
func (f front) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *front) Push(x any)        { *f = append(*f, x.(near)) }
func (f *front) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

// way is the shortest way between two sources over an edge where what is near
// the one meets what is near the other.
type way struct {
	a, b   int32
	length float64
	edge   int32
}

// meetings lists the shortest way between any two sources that meet.
func (n *net) meetings() []way {
	var ways []way
	for i, e := range n.edges {
		a, b := n.nearest[e.a], n.nearest[e.b]
		if e.kind != ferry && a != b && a >= 0 && b >= 0 {
			ways = append(ways, way{min(a, b), max(a, b), n.distance[e.a] + n.length[i] + n.distance[e.b], int32(i)})
		}
	}
	slices.SortFunc(ways, func(v, w way) int {
		return cmp.Or(cmp.Compare(v.a, w.a), cmp.Compare(v.b, w.b), cmp.Compare(v.length, w.length), cmp.Compare(v.edge, w.edge))
	})
	return slices.CompactFunc(ways, func(v, w way) bool { return v.a == w.a && v.b == w.b })
}

// direct leaves out ways that are longer than both ways over a third source
// that meets the two. What is left holds the shortest tree, so it joins all
// (Mehlhorn, Information Processing Letters 27, 1988, for the tree; Toussaint
// for the rule).
func direct(ways []way) []way {
	at := map[int32][]near{}
	length := map[[2]int32]float64{}
	for _, w := range ways {
		at[w.a], at[w.b] = append(at[w.a], near{w.b, w.length}), append(at[w.b], near{w.a, w.length})
		length[[2]int32{w.a, w.b}], length[[2]int32{w.b, w.a}] = w.length, w.length
	}
	return slices.DeleteFunc(ways, func(w way) bool {
		return slices.ContainsFunc(at[w.a], func(third near) bool {
			other, meets := length[[2]int32{third.point, w.b}]
			return meets && third.distance < w.length && other < w.length
		})
	})
}

// follow visits the edges of a way.
func (n *net) follow(w way, visit func(*edge)) {
	visit(&n.edges[w.edge])
	for _, p := range [2]int32{n.edges[w.edge].a, n.edges[w.edge].b} {
		for n.parent[p] >= 0 {
			e := &n.edges[n.parent[p]]
			visit(e)
			p = e.a ^ e.b ^ p // its other end
		}
	}
}
