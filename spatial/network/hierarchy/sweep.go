package hierarchy

import (
	"fmt"
	"sync"
)

// pools keep the scratch of queries.
type pools struct {
	ranks   sync.Pool // *[]uint32, of one a vertex
	paths   sync.Pool // *path
	groups  sync.Pool // *[]Batch, of one a vertex
	reaches sync.Pool // *reach
}

func (s *Skeleton) takePath() *path {
	if p, ok := s.pool.paths.Get().(*path); ok {
		return p
	}
	return new(path)
}

func (s *Skeleton) givePath(p *path) { s.pool.paths.Put(p) }

func (s *Skeleton) takeRanks() *[]uint32 {
	if d, ok := s.pool.ranks.Get().(*[]uint32); ok {
		return d
	}
	d := make([]uint32, len(s.rank))
	return &d
}

func (s *Skeleton) giveRanks(d *[]uint32) { s.pool.ranks.Put(d) }

func (s *Skeleton) takeGroup() *[]Batch {
	if d, ok := s.pool.groups.Get().(*[]Batch); ok {
		return d
	}
	d := make([]Batch, len(s.rank))
	return &d
}

func (s *Skeleton) giveGroup(d *[]Batch) { s.pool.groups.Put(d) }

// Sweep writes to dist[v], for each vertex v, the least weight of a way from
// the seeds to v or, in reverse, from v to the seeds, their own weights
// included; Never where there is none. Errors say that dist is not of one
// entry a vertex, or a seed not of the graph.
func (m *Metric) Sweep(seeds []Seed, reverse bool, dist []uint32) error {
	s := m.skeleton
	if len(dist) != len(s.rank) {
		return fmt.Errorf("distances of %d vertices to be written to %d", len(s.rank), len(dist))
	}
	ranked := s.takeRanks()
	defer s.giveRanks(ranked)
	if err := m.SweepRanks(seeds, reverse, *ranked); err != nil {
		return err
	}
	for v, r := range s.rank {
		dist[v] = (*ranked)[r]
	}
	return nil
}

// SweepRanks is Sweep with distances by rank: that of vertex v is
// dist[Rank()[v]]. It spares the time to put them in order of vertices.
//
// It is PHAST (Delling, Goldberg, Nowatzyk, Werneck, IPDPS 2011): a search
// upward from the seeds, then one pass over all vertices from the highest rank
// down. Nothing is reset between queries.
func (m *Metric) SweepRanks(seeds []Seed, reverse bool, dist []uint32) error {
	s := m.skeleton
	if len(dist) != len(s.rank) {
		return fmt.Errorf("distances of %d ranks to be written to %d", len(s.rank), len(dist))
	}
	if err := s.checkSeeds(seeds); err != nil {
		return err
	}
	climb, fall := m.outward(reverse)
	p := s.takePath()
	defer s.givePath(p)
	s.upward(climb, seeds, p, dist)
	between(len(dist), p.ranks, func(from, to int, onPath bool) {
		before := dist[from]
		s.arcs(fall, from, to).fall(dist[from:to], dist)
		if onPath {
			dist[from] = min(dist[from], before)
		}
	})
	return nil
}

// between cuts n vertices, from the last down, into ranges within one block
// that are on a rising path as a whole, each of one vertex, or not at all.
func between(n int, path []uint32, do func(from, to int, onPath bool)) {
	for to := n; to > 0; {
		from := (to - 1) &^ blockMask
		onPath := false
		if k := len(path) - 1; k >= 0 {
			if last := int(path[k]); last == to-1 {
				from, onPath, path = last, true, path[:k]
			} else {
				from = max(from, last+1)
			}
		}
		do(from, to, onPath)
		to = from
	}
}

// arcs are those of a range of vertices: those of the i-th are first[i] to
// first[i+1], less first[0].
type arcs struct {
	first   []uint32
	upper   []uint32 // place of each arc's head among all distances
	weights []uint32
}

// arcs gives those of the ranks from up to to, which lie in one block.
func (s *Skeleton) arcs(side [][]uint32, from, to int) arcs {
	base, lo, hi := s.first[from&^blockMask], s.first[from], s.first[to]
	return arcs{s.first[from : to+1], s.upper[lo:hi], side[from>>blockShift][lo-base : hi-base]}
}

// fall writes the distances of a range of vertices, the last first, from those
// of the heads of their arcs. The loop runs down the arcs by one index: with
// a pair of slices for each vertex it took 20 % longer.
func (r arcs) fall(out, dist []uint32) {
	upper, weights := r.upper, r.weights[:len(r.upper)]
	first := r.first[:len(out)]
	base := int(r.first[0])
	a := len(upper) - 1
	for v := len(out) - 1; v >= 0; v-- {
		// 64 bits hold every sum; those above Never are lost against it.
		least := uint64(Never)
		for end := int(first[v]) - base; a >= end; a-- {
			if uint(a) >= uint(len(upper)) {
				return // never so; it spares two checks
			}
			least = min(least, uint64(dist[upper[a]])+uint64(weights[a]))
		}
		out[v] = uint32(least)
	}
}
