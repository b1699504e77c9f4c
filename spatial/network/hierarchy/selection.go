package hierarchy

import "fmt"

// Selection is the part of a metric that leads to, or in reverse from, a fixed
// set of targets: sweeps over it answer for these alone. It is immutable and
// safe for use by many goroutines.
//
// It is RPHAST (Delling, Goldberg, Werneck, ATMOS 2011): the vertices above
// the targets, in the order of a sweep, with their arcs copied together.
type Selection struct {
	metric  *Metric
	reverse bool
	ranks   []uint32 // of the vertices, rising
	first   []uint32 // of the arcs of each, in the order of ranks
	upper   []uint32 // place in ranks of each arc's head
	along   []uint32 // weight of each arc
	targets []uint32 // place in ranks of each target
}

// Select prepares sweeps from any seeds to the target vertices or, in
// reverse, from the targets to any seeds. The error says which target is not
// of the graph.
func (m *Metric) Select(targets []uint32, reverse bool) (*Selection, error) {
	s := m.skeleton
	p := s.takePath()
	defer s.givePath(p)
	p.begin()
	for _, v := range targets {
		if int(v) >= len(s.rank) {
			return nil, fmt.Errorf("target at vertex %d of %d", v, len(s.rank))
		}
		p.start(s.rank[v])
	}
	p.climb(s)
	local := s.takeRanks()
	defer s.giveRanks(local)
	arcs := 0
	for i, v := range p.ranks {
		(*local)[v] = uint32(i)
		arcs += len(s.up(v))
	}
	_, fall := m.outward(reverse)
	l := &Selection{
		metric:  m,
		reverse: reverse,
		ranks:   append([]uint32(nil), p.ranks...),
		first:   make([]uint32, 1, len(p.ranks)+1),
		upper:   make([]uint32, 0, arcs),
		along:   make([]uint32, 0, arcs),
		targets: make([]uint32, len(targets)),
	}
	for _, v := range l.ranks {
		for i, w := range s.of(fall, v) {
			if w != Never { // a closed way leads nowhere
				l.upper = append(l.upper, (*local)[s.up(v)[i]])
				l.along = append(l.along, w)
			}
		}
		l.first = append(l.first, uint32(len(l.upper)))
	}
	for i, v := range targets {
		l.targets[i] = (*local)[s.rank[v]]
	}
	return l, nil
}

// NumTargets counts the targets.
func (l *Selection) NumTargets() int { return len(l.targets) }

// NumVertices and NumArcs count what a sweep over the selection passes.
func (l *Selection) NumVertices() int { return len(l.ranks) }
func (l *Selection) NumArcs() int     { return len(l.upper) }

// Sweep writes to dist[i] the least weight of a way from the seeds to target
// i, in reverse from target i to the seeds, as Metric.Sweep does.
func (l *Selection) Sweep(seeds []Seed, dist []uint32) error {
	s := l.metric.skeleton
	if len(dist) != len(l.targets) {
		return fmt.Errorf("distances of %d targets to be written to %d", len(l.targets), len(dist))
	}
	if err := s.checkSeeds(seeds); err != nil {
		return err
	}
	climb, _ := l.metric.outward(l.reverse)
	p, ranked, local := s.takePath(), s.takeRanks(), s.takeRanks()
	defer s.givePath(p)
	defer s.giveRanks(ranked)
	defer s.giveRanks(local)
	s.upward(climb, seeds, p, *ranked)
	l.fall(p.ranks, *ranked, (*local)[:len(l.ranks)])
	for i, at := range l.targets {
		dist[i] = (*local)[at]
	}
	return nil
}

// fall writes the distances of the selection's vertices to local, from those
// of the vertices on the path.
func (l *Selection) fall(path []uint32, ranked, local []uint32) {
	for i := len(l.ranks) - 1; i >= 0; i-- {
		heads := l.upper[l.first[i]:l.first[i+1]]
		along := l.along[l.first[i]:][:len(heads)]
		least := uint64(Never)
		path = pathBelow(path, l.ranks[i])
		if k := len(path) - 1; k >= 0 && path[k] == l.ranks[i] {
			least = uint64(ranked[path[k]])
		}
		for j, y := range heads {
			least = min(least, uint64(local[y])+uint64(along[j]))
		}
		local[i] = uint32(least)
	}
}

// pathBelow drops the end of a path that lies above v.
func pathBelow(path []uint32, v uint32) []uint32 {
	for len(path) > 0 && path[len(path)-1] > v {
		path = path[:len(path)-1]
	}
	return path
}

// SweepBatch is Sweep for up to Lanes searches in one pass: dist[i][k] is the
// distance of target i in the search from seeds[k].
func (l *Selection) SweepBatch(seeds [][]Seed, dist []Batch) error {
	s := l.metric.skeleton
	if len(dist) != len(l.targets) {
		return fmt.Errorf("distances of %d targets to be written to %d", len(l.targets), len(dist))
	}
	if err := s.checkBatch(seeds); err != nil {
		return err
	}
	climb, _ := l.metric.outward(l.reverse)
	p, ranked, local := s.takePath(), s.takeGroup(), s.takeGroup()
	defer s.givePath(p)
	defer s.giveGroup(ranked)
	defer s.giveGroup(local)
	s.upwardBatch(climb, seeds, p, *ranked)
	l.fallBatch(p.ranks, *ranked, (*local)[:len(l.ranks)])
	for i, at := range l.targets {
		dist[i] = (*local)[at]
	}
	return nil
}

func (l *Selection) fallBatch(path []uint32, ranked, local []Batch) {
	for i := len(l.ranks) - 1; i >= 0; i-- {
		heads := l.upper[l.first[i]:l.first[i+1]]
		along := l.along[l.first[i]:][:len(heads)]
		d := never()
		path = pathBelow(path, l.ranks[i])
		if k := len(path) - 1; k >= 0 && path[k] == l.ranks[i] {
			d = ranked[path[k]]
		}
		local[i] = leastBatch(d, heads, along, local)
	}
}
