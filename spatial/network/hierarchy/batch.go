package hierarchy

import "fmt"

// Lanes is the number of searches that one batch answers together.
const Lanes = 8

// Batch is the distances of one vertex in the searches of a batch.
type Batch = [Lanes]uint32

// SweepBatch is SweepRanks for up to Lanes searches in one pass:
// dist[Rank()[v]][i] is the distance of v in the search from seeds[i]. Lanes
// beyond len(seeds) are Never. Arcs are read once for all, and the lanes of a
// vertex lie in half a cache line.
func (m *Metric) SweepBatch(seeds [][]Seed, reverse bool, dist []Batch) error {
	s := m.skeleton
	if len(dist) != len(s.rank) {
		return fmt.Errorf("distances of %d ranks to be written to %d", len(s.rank), len(dist))
	}
	if err := s.checkBatch(seeds); err != nil {
		return err
	}
	climb, fall := m.outward(reverse)
	p := s.takePath()
	defer s.givePath(p)
	s.upwardBatch(climb, seeds, p, dist)
	s.between(p.ranks, func(from, to uint32, onPath bool) {
		s.fallBatch(fall[from>>blockShift], from, to, dist, onPath)
	})
	return nil
}

func (s *Skeleton) checkBatch(seeds [][]Seed) error {
	if len(seeds) > Lanes {
		return fmt.Errorf("a batch of %d searches: at most %d go together", len(seeds), Lanes)
	}
	for _, list := range seeds {
		if err := s.checkSeeds(list); err != nil {
			return err
		}
	}
	return nil
}

// never is the distances of a vertex that no search has come to.
func never() Batch {
	var d Batch
	for i := range d {
		d[i] = Never
	}
	return d
}

// upwardBatch is upward for all lanes, over the union of their paths.
func (s *Skeleton) upwardBatch(climb [][]uint32, seeds [][]Seed, p *path, dist []Batch) {
	p.begin()
	for _, list := range seeds {
		for _, seed := range list {
			if seed.Weight != Never {
				p.start(s.rank[seed.Vertex])
			}
		}
	}
	p.climb(s)
	for _, v := range p.ranks {
		dist[v] = never()
	}
	for lane, list := range seeds {
		for _, seed := range list {
			if seed.Weight != Never {
				at := &dist[s.rank[seed.Vertex]][lane]
				*at = min(*at, seed.Weight)
			}
		}
	}
	for _, v := range p.ranks {
		d := &dist[v]
		heads := s.up(v)
		weights := s.of(climb, v)[:len(heads)]
		for i, y := range heads {
			to, w := &dist[y], uint64(weights[i])
			for lane := range to {
				to[lane] = uint32(min(uint64(to[lane]), uint64(d[lane])+w))
			}
		}
	}
}

// fallBatch is fall for all lanes.
func (s *Skeleton) fallBatch(weights []uint32, from, to uint32, dist []Batch, onPath bool) {
	first := s.first[from&^blockMask]
	end := s.first[to]
	for v := to - 1; ; v-- {
		start := s.first[v]
		heads := s.upper[start:end]
		d := never()
		if onPath {
			d = dist[v]
		}
		dist[v] = leastBatch(d, heads, weights[start-first:], dist)
		if v == from {
			return
		}
		end = start
	}
}

// leastBatch is the least of d and the ways over each head, for all lanes.
// They are spelled out so that they stay in registers.
func leastBatch(d Batch, heads, weights []uint32, dist []Batch) Batch {
	l0, l1, l2, l3 := uint64(d[0]), uint64(d[1]), uint64(d[2]), uint64(d[3])
	l4, l5, l6, l7 := uint64(d[4]), uint64(d[5]), uint64(d[6]), uint64(d[7])
	weights = weights[:len(heads)]
	for i, y := range heads {
		d, w := &dist[y], uint64(weights[i])
		l0 = min(l0, uint64(d[0])+w)
		l1 = min(l1, uint64(d[1])+w)
		l2 = min(l2, uint64(d[2])+w)
		l3 = min(l3, uint64(d[3])+w)
		l4 = min(l4, uint64(d[4])+w)
		l5 = min(l5, uint64(d[5])+w)
		l6 = min(l6, uint64(d[6])+w)
		l7 = min(l7, uint64(d[7])+w)
	}
	return Batch{uint32(l0), uint32(l1), uint32(l2), uint32(l3), uint32(l4), uint32(l5), uint32(l6), uint32(l7)}
}
