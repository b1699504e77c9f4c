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

// NumVertices counts the vertices that a sweep over the selection passes.
func (l *Selection) NumVertices() int { return len(l.ranks) }

// NumArcs counts the arcs that it passes.
func (l *Selection) NumArcs() int { return len(l.upper) }

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
	d := (*local)[:len(l.ranks)]
	between(len(d), l.onPath(p), func(from, to int, onPath bool) {
		l.arcs(from, to).fall(d[from:to], d)
		if onPath {
			d[from] = min(d[from], (*ranked)[l.ranks[from]])
		}
	})
	for i, at := range l.targets {
		dist[i] = d[at]
	}
	return nil
}

// onPath lists the vertices of the selection that are on a path, by place in
// ranks.
func (l *Selection) onPath(p *path) []uint32 {
	p.places = p.places[:0]
	i := 0
	for _, v := range p.ranks {
		for i < len(l.ranks) && l.ranks[i] < v {
			i++
		}
		if i < len(l.ranks) && l.ranks[i] == v {
			p.places = append(p.places, uint32(i))
		}
	}
	return p.places
}

// arcs gives those of the vertices from up to to.
func (l *Selection) arcs(from, to int) arcs {
	lo, hi := l.first[from], l.first[to]
	return arcs{l.first[from : to+1], l.upper[lo:hi], l.along[lo:hi]}
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
	d := (*local)[:len(l.ranks)]
	between(len(d), l.onPath(p), func(from, to int, onPath bool) {
		l.arcs(from, to).fallBatch(d[from:to], d)
		if onPath {
			d[from].lower(&(*ranked)[l.ranks[from]])
		}
	})
	for i, at := range l.targets {
		dist[i] = d[at]
	}
	return nil
}
