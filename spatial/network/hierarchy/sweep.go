package hierarchy

import (
	"fmt"
	"sync"
)

// pools keep the scratch of queries.
type pools struct {
	ranks  sync.Pool // *[]uint32, of one a vertex
	paths  sync.Pool // *path
	groups sync.Pool // *[]Batch, of one a vertex
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
	s.between(p.ranks, func(from, to uint32, onPath bool) {
		s.fall(fall[from>>blockShift], from, to, dist, onPath)
	})
	return nil
}

// between cuts all ranks, from the highest down, into ranges within one block
// that are on a path as a whole, each of one vertex, or not at all.
func (s *Skeleton) between(path []uint32, do func(from, to uint32, onPath bool)) {
	for to := uint32(len(s.rank)); to > 0; {
		if k := len(path) - 1; k >= 0 && path[k] == to-1 {
			to--
			path = path[:k]
			do(to, to+1, true)
			continue
		}
		from := (to - 1) &^ blockMask
		if k := len(path) - 1; k >= 0 {
			from = max(from, path[k]+1)
		}
		do(from, to, false)
		to = from
	}
}

// fall writes the distances of ranks from up to to, of one block, from those
// of the vertices above them; vertices on the path have one already.
func (s *Skeleton) fall(weights []uint32, from, to uint32, dist []uint32, onPath bool) {
	first := s.first[from&^blockMask]
	end := s.first[to]
	for v := to - 1; ; v-- {
		start := s.first[v]
		heads := s.upper[start:end]
		along := weights[start-first:][:len(heads)]
		// 64 bits hold every sum; those above Never are lost against it.
		least := uint64(Never)
		if onPath {
			least = uint64(dist[v])
		}
		for i, y := range heads {
			least = min(least, uint64(dist[y])+uint64(along[i]))
		}
		dist[v] = uint32(least)
		if v == from {
			return
		}
		end = start
	}
}
