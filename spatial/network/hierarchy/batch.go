package hierarchy

import "fmt"

// Lanes is the number of searches that one batch answers together.
const Lanes = 8

// Batch is the distances of one vertex in the searches of a batch.
type Batch [Lanes]uint32

// lower takes what is less in o.
func (d *Batch) lower(o *Batch) {
	for lane := range d {
		d[lane] = min(d[lane], o[lane])
	}
}

// lowerBy takes what is less in o and a further weight.
func (d *Batch) lowerBy(o *Batch, weight uint32) {
	for lane := range d {
		d[lane] = uint32(min(uint64(d[lane]), uint64(o[lane])+uint64(weight)))
	}
}

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
	between(len(dist), p.ranks, func(from, to int, onPath bool) {
		before := dist[from]
		s.arcs(fall, from, to).fallBatch(dist[from:to], dist)
		if onPath {
			dist[from].lower(&before)
		}
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
func never() Batch { return Batch{Never, Never, Never, Never, Never, Never, Never, Never} }

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
			dist[y].lowerBy(d, weights[i])
		}
	}
}

// fallBatch is fall for all lanes. The least distances are kept in memory:
// eight do not fit into registers beside the rest, and spilled ones took two
// thirds longer.
func (r arcs) fallBatch(out, dist []Batch) {
	upper, weights := r.upper, r.weights[:len(r.upper)]
	first := r.first[:len(out)]
	base := int(r.first[0])
	a := len(upper) - 1
	for v := len(out) - 1; v >= 0; v-- {
		d := &out[v]
		d[0], d[1], d[2], d[3] = Never, Never, Never, Never
		d[4], d[5], d[6], d[7] = Never, Never, Never, Never
		for end := int(first[v]) - base; a >= end; a-- {
			if uint(a) >= uint(len(upper)) {
				return
			}
			// lowerBy, which is too long to be inlined.
			o, w := &dist[upper[a]], uint64(weights[a])
			d[0] = uint32(min(uint64(d[0]), uint64(o[0])+w))
			d[1] = uint32(min(uint64(d[1]), uint64(o[1])+w))
			d[2] = uint32(min(uint64(d[2]), uint64(o[2])+w))
			d[3] = uint32(min(uint64(d[3]), uint64(o[3])+w))
			d[4] = uint32(min(uint64(d[4]), uint64(o[4])+w))
			d[5] = uint32(min(uint64(d[5]), uint64(o[5])+w))
			d[6] = uint32(min(uint64(d[6]), uint64(o[6])+w))
			d[7] = uint32(min(uint64(d[7]), uint64(o[7])+w))
		}
	}
}
