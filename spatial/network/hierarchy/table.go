package hierarchy

import (
	"context"
	"fmt"
	"runtime"
)

// tableTargets is how many targets of a table are worked on together, which
// bounds its memory: the vertices above 4,096 targets, in their buckets.
const tableTargets = 4096

// Table gives the least weights of ways from each source to each target, each
// a list of seeds: row by row, that from source i to target j at
// i*len(targets)+j, Never where there is none. It runs on all processors. The
// error is that of ctx, or says which seed is not of the graph.
//
// It is the bucket method (Knopp, Sanders, Schultes, Schulz, Wagner, ALENEX
// 2007). Every target leaves its distance in the buckets of the vertices above
// it, and every source looks into those above itself. Of both only the
// vertices count to which the distance upward is the true one: where a
// shortest way is highest, it is.
func (m *Metric) Table(ctx context.Context, sources, targets [][]Seed) ([]uint32, error) {
	return m.tableWith(ctx, sources, targets, runtime.GOMAXPROCS(0))
}

func (m *Metric) tableWith(ctx context.Context, sources, targets [][]Seed, workers int) ([]uint32, error) {
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
		b, err := m.buckets(ctx, some, workers)
		if err != nil {
			return nil, err
		}
		err = each(ctx, len(sources), workers, m.takeReach, func(i int, r *reach) {
			r.search(m, sources[i], false)
			row := table[i*len(targets)+from:][:len(some)]
			for _, at := range r.exact {
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
	exact []entry  // the vertices with their true distance from, or to, the seeds
}

// entry is a vertex, or in a bucket a target, with a distance.
type entry struct{ at, weight uint32 }

func (m *Metric) takeReach() *reach {
	return &reach{dist: make([]uint32, len(m.skeleton.rank))}
}

// search finds the vertices above the seeds to which the way upward is a
// shortest one. The others are told by a sweep back down the path.
func (r *reach) search(m *Metric, seeds []Seed, reverse bool) {
	s := m.skeleton
	climb, fall := m.outward(reverse)
	s.upward(climb, seeds, &r.path, r.dist)
	r.exact = r.exact[:0]
	for i := len(r.path.ranks) - 1; i >= 0; i-- {
		v := r.path.ranks[i]
		upward := uint64(r.dist[v])
		least := upward
		heads := s.up(v)
		weights := s.of(fall, v)[:len(heads)]
		for j, y := range heads {
			least = min(least, uint64(r.dist[y])+uint64(weights[j]))
		}
		r.dist[v] = uint32(least)
		if least == upward && upward != uint64(Never) {
			r.exact = append(r.exact, entry{v, uint32(upward)})
		}
	}
}

// buckets hold, for each vertex, the targets that can be reached from it by
// falling arcs alone on a shortest way.
type buckets struct {
	first   []uint32 // by rank
	entries []entry
}

func (m *Metric) buckets(ctx context.Context, targets [][]Seed, workers int) (*buckets, error) {
	n := len(m.skeleton.rank)
	exact := make([][]entry, len(targets))
	err := each(ctx, len(targets), workers, m.takeReach, func(i int, r *reach) {
		r.search(m, targets[i], true)
		exact[i] = append([]entry(nil), r.exact...)
	})
	if err != nil {
		return nil, err
	}
	b := &buckets{first: make([]uint32, n+1)}
	for _, list := range exact {
		for _, e := range list {
			b.first[e.at]++
		}
	}
	b.entries = make([]entry, startsOf(b.first))
	for target := len(exact) - 1; target >= 0; target-- {
		for _, e := range exact[target] {
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
