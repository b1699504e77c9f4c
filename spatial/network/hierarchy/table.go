package hierarchy

import (
	"context"
	"fmt"
	"runtime"
)

const (
	// tableTargets is how many targets of a table are worked on together,
	// which bounds its memory: some 600 entries of 8 bytes for each target, on
	// a million vertices.
	tableTargets = 8192
	// tableExact is the number of sources, and of targets, from which it pays
	// to tell true distances from others.
	tableExact = 2000
)

// Table gives the least weights of ways from each source to each target, each
// a list of seeds: row by row, that from source i to target j at
// i*len(targets)+j, Never where there is none. It runs on all processors. The
// error is that of ctx, or says which seed is not of the graph.
//
// It is the bucket method (Knopp, Sanders, Schultes, Schulz, Wagner, ALENEX
// 2007). Every target leaves its distance in the buckets of the vertices above
// it, and every source looks into those above itself. In large tables only
// those vertices count to which the distance upward is the true one: where a
// shortest way is highest, it is so from both sides. That halves the looks,
// and doubles the time of the searches.
//
// Rejected: batches of sweeps over a selection of the targets (RPHAST). On a
// road grid of a million vertices, one processor, 100 x 100 points took 83 ms
// against 22 with buckets, 1,000 x 1,000 1.04 s against 0.38, and 4,000 x 4,000
// 5.0 s against 4.2; on one of 62,500 vertices 7.2 ms against 2.2, 89 ms
// against 57, and, the one case where it was ahead, 428 ms against 524.
func (m *Metric) Table(ctx context.Context, sources, targets [][]Seed) ([]uint32, error) {
	exact := len(sources) >= tableExact && len(targets) >= tableExact
	return m.tableWith(ctx, sources, targets, exact, runtime.GOMAXPROCS(0))
}

func (m *Metric) tableWith(ctx context.Context, sources, targets [][]Seed, exact bool, workers int) ([]uint32, error) {
	for _, lists := range [][][]Seed{sources, targets} {
		for i, list := range lists {
			if err := m.skeleton.checkSeeds(list); err != nil {
				return nil, fmt.Errorf("point %d: %w", i, err)
			}
		}
	}
	table := filled(len(sources) * len(targets))
	for from := 0; from < len(targets); from += tableTargets {
		some := targets[from:min(from+tableTargets, len(targets))]
		b, err := m.buckets(ctx, some, exact, workers)
		if err != nil {
			return nil, err
		}
		err = each(ctx, len(sources), workers, m.skeleton.reaches(), func(i int, r *reach) {
			r.search(m, sources[i], false, exact)
			row := table[i*len(targets)+from:][:len(some)]
			for _, at := range r.found {
				b.look(at, row)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return table, nil
}

// reach is what one search upward comes to.
type reach struct {
	path  path
	dist  []uint32 // by rank
	found []entry  // the vertices with their distance from, or to, the seeds
}

// entry is a vertex, or in a bucket a target, with a distance.
type entry struct{ at, weight uint32 }

func (s *Skeleton) reaches() scratch[*reach] {
	take := func() *reach {
		if r, ok := s.pool.reaches.Get().(*reach); ok {
			return r
		}
		return &reach{dist: make([]uint32, len(s.rank))}
	}
	return scratch[*reach]{take, func(r *reach) { s.pool.reaches.Put(r) }}
}

// search finds the vertices above the seeds that these reach; if exact, only
// those to which the way upward is a shortest one. A sweep back down the path
// tells: all ways to its vertices are above it.
func (r *reach) search(m *Metric, seeds []Seed, reverse, exact bool) {
	s := m.skeleton
	climb, fall := m.outward(reverse)
	s.upward(climb, seeds, &r.path, r.dist)
	r.found = r.found[:0]
	for i := len(r.path.ranks) - 1; i >= 0; i-- {
		v := r.path.ranks[i]
		upward := r.dist[v]
		if exact {
			r.dist[v] = s.lower(fall, v, upward, r.dist)
		}
		if r.dist[v] == upward && upward != Never {
			r.found = append(r.found, entry{v, upward})
		}
	}
}

// lower is the least of a distance of v and those over the heads of its arcs.
func (s *Skeleton) lower(fall [][]uint32, v, distance uint32, dist []uint32) uint32 {
	heads := s.up(v)
	weights := s.of(fall, v)[:len(heads)]
	least := uint64(distance)
	for i, y := range heads {
		least = min(least, uint64(dist[y])+uint64(weights[i]))
	}
	return uint32(least)
}

// buckets hold, for each vertex, the targets that can be reached from it by
// falling arcs alone, with the weight of the best such way.
type buckets struct {
	first   []uint32 // by rank
	entries []entry
}

func (m *Metric) buckets(ctx context.Context, targets [][]Seed, exact bool, workers int) (*buckets, error) {
	n := len(m.skeleton.rank)
	found := make([][]entry, len(targets))
	err := each(ctx, len(targets), workers, m.skeleton.reaches(), func(i int, r *reach) {
		r.search(m, targets[i], true, exact)
		found[i] = append([]entry(nil), r.found...)
	})
	if err != nil {
		return nil, err
	}
	b := &buckets{first: make([]uint32, n+1)}
	for _, list := range found {
		for _, e := range list {
			b.first[e.at]++
		}
	}
	b.entries = make([]entry, startsOf(b.first))
	for target := len(found) - 1; target >= 0; target-- {
		for _, e := range found[target] {
			b.first[e.at]--
			b.entries[b.first[e.at]] = entry{uint32(target), e.weight}
		}
	}
	return b, nil
}

// look takes the ways over one vertex into a row of the table.
func (b *buckets) look(at entry, row []uint32) {
	weight := uint64(at.weight)
	for _, e := range b.entries[b.first[at.at]:b.first[at.at+1]] {
		if int(e.at) < len(row) { // always so
			row[e.at] = uint32(min(uint64(row[e.at]), weight+uint64(e.weight)))
		}
	}
}
