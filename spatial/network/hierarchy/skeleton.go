package hierarchy

import (
	"fmt"
	"math"
	"slices"
)

// Never is the weight of an arc that is closed and of what cannot be reached;
// a sum of weights that does not fit below it is Never, too.
const Never uint32 = math.MaxUint32

// A road network has 3 to 5 arcs of the hierarchy a vertex. Completion is
// given up at more than these, long before it fills the memory: the order is
// bad, or the graph is nothing like a road network.
const (
	maxArcs          = 1<<31 - 2
	maxArcsPerVertex = 64
	freeArcs         = 1 << 21 // small graphs may be as dense as they like
)

// Skeleton is the part of a hierarchy that does not depend on weights: the
// chordal completion of a graph in the order of contraction, in flat arrays.
// It is immutable and safe for use by many goroutines.
//
// Inside, vertices are named by rank, and arcs by their place in upper: the
// arcs from v to higher ranks are first[v] to first[v+1], by rising head. The
// first of them leads to v's parent in the elimination tree; ranks are a
// post-order of it, so the subtree under v is the range of size[v] ranks that
// ends with v. Arcs stand for both directions.
//
// Memory: 12 bytes a vertex (rank, first, size), 4 bytes an arc of the
// hierarchy (upper), 8 bytes an input arc (place, inputs). A Metric adds 8
// bytes an arc of the hierarchy.
type Skeleton struct {
	rank   []uint32 // of each vertex
	size   []uint32 // of the subtree under each rank
	first  []uint32 // one more than ranks
	upper  []uint32 // the head of each arc
	place  []uint32 // of each input arc: its arc, doubled, +1 if it leads down; none for a loop
	inputs []uint32 // input arcs but loops, by place
	pool   pools
}

// New completes the graph with arcs from tail to head, as given to Order, for
// an order that holds every vertex once. Any order is right, a good one makes
// few arcs. Vertices are ranked anew, by a post-order of the elimination tree
// that order gives, which has the same arcs (Liu, SIAM J. Matrix Anal. Appl.
// 11, 1990); Rank tells the ranks.
//
// Errors say what is wrong with order or arcs, or that the completion would
// be too large: more than 64 arcs a vertex.
func New(order, tail, head []uint32) (*Skeleton, error) {
	n := len(order)
	if err := checkArcs(n, tail, head); err != nil {
		return nil, err
	}
	rank, err := invert(order)
	if err != nil {
		return nil, err
	}
	number, size := postorder(eliminationTree(undirected(n, tail, head, rank)))
	s := &Skeleton{rank: rank, size: make([]uint32, n)}
	for v, r := range rank {
		rank[v] = number[r]
		s.size[number[r]] = size[r]
	}
	if err := s.complete(undirected(n, tail, head, rank)); err != nil {
		return nil, err
	}
	s.mapInputs(tail, head)
	return s, nil
}

// invert gives the rank of each vertex of an order.
func invert(order []uint32) ([]uint32, error) {
	rank := make([]uint32, len(order))
	for v := range rank {
		rank[v] = none
	}
	for r, v := range order {
		if int(v) >= len(order) {
			return nil, fmt.Errorf("rank %d of the order is vertex %d, of %d", r, v, len(order))
		}
		if rank[v] != none {
			return nil, fmt.Errorf("vertex %d has ranks %d and %d in the order", v, rank[v], r)
		}
		rank[v] = uint32(r)
	}
	return rank, nil
}

// complete finds the arcs of the completion. The vertices x below y that are
// joined with it are those on the ways, in the elimination tree, from y's
// lower neighbours up to y (Liu 1986): a first walk over them counts arcs, a
// second writes them, y by y, so that heads come out sorted.
func (s *Skeleton) complete(g adjacency) error {
	n := g.size()
	parent := eliminationTree(g)
	seen := make([]uint32, n)
	walk := func(y uint32, visit func(x uint32)) {
		seen[y] = y
		for _, x := range g.at(y) {
			for ; x < y && seen[x] != y; x = parent[x] {
				seen[x] = y
				visit(x)
			}
		}
	}
	limit := min(maxArcs, freeArcs+maxArcsPerVertex*n)
	s.first = make([]uint32, n+1)
	arcs := 0
	for v := range seen {
		seen[v] = none
	}
	for y := range uint32(n) {
		walk(y, func(x uint32) { s.first[x+1]++; arcs++ })
		if arcs > limit {
			return fmt.Errorf("the hierarchy of %d vertices has more than %d arcs: the graph is too dense, or the order unfit", n, limit)
		}
	}
	// first[x+1] goes from the count of x's arcs to their start, and while
	// they are written to their end.
	var sum uint32
	for x := range n {
		s.first[x+1], sum = sum, sum+s.first[x+1]
	}
	s.upper = make([]uint32, arcs)
	for v := range seen {
		seen[v] = none
	}
	for y := range uint32(n) {
		walk(y, func(x uint32) {
			s.upper[s.first[x+1]] = y
			s.first[x+1]++
		})
	}
	return nil
}

// mapInputs finds the arc of each input arc, and sorts these by arc.
func (s *Skeleton) mapInputs(tail, head []uint32) {
	s.place = make([]uint32, len(tail))
	ends := make([]uint32, len(s.upper)+1)
	for i := range tail {
		s.place[i] = none
		if from, to := s.rank[tail[i]], s.rank[head[i]]; from < to {
			s.place[i] = 2 * s.arc(from, to)
		} else if from > to {
			s.place[i] = 2*s.arc(to, from) + 1
		}
		if s.place[i] != none {
			ends[s.place[i]/2]++
		}
	}
	s.inputs = make([]uint32, startsOf(ends))
	for i, place := range s.place {
		if place != none {
			ends[place/2]--
			s.inputs[ends[place/2]] = uint32(i)
		}
	}
}

// arc finds the arc from x up to y, none where there is none.
func (s *Skeleton) arc(x, y uint32) uint32 {
	arcs := s.up(x)
	if i, found := slices.BinarySearch(arcs, y); found {
		return s.first[x] + uint32(i)
	}
	return none
}

// up lists the heads of the arcs of v.
func (s *Skeleton) up(v uint32) []uint32 { return s.upper[s.first[v]:s.first[v+1]] }

// parent is the parent of v in the elimination tree, none at a root.
func (s *Skeleton) parent(v uint32) uint32 {
	if s.first[v] == s.first[v+1] {
		return none
	}
	return s.upper[s.first[v]]
}

// NumVertices counts the vertices.
func (s *Skeleton) NumVertices() int { return len(s.rank) }

// NumArcs counts the arcs of the hierarchy; each stands for both directions.
func (s *Skeleton) NumArcs() int { return len(s.upper) }

// NumInputs counts the input arcs, loops with them.
func (s *Skeleton) NumInputs() int { return len(s.place) }

// Rank is the rank of each vertex, the place of its distance in what
// SweepRanks writes; not to be changed.
func (s *Skeleton) Rank() []uint32 { return s.rank }

// Bytes is the memory that the skeleton takes; its pooled scratch of 4 bytes a
// vertex for each query under way comes on top.
func (s *Skeleton) Bytes() int {
	return 4 * (len(s.rank) + len(s.size) + len(s.first) + len(s.upper) + len(s.place) + len(s.inputs))
}
