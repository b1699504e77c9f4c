package hierarchy

import (
	"cmp"
	"context"
	"slices"
)

// run customizes all arcs in stages. In each, the vertices that are left are
// cut into subtrees of the elimination forest of a limited work, which are
// worked on side by side; the vertices above are left to the next stage, with
// twice the limit. Before a stage, its vertices take, side by side, the ways
// over those of the stages before. (Levels of the forest, with a barrier after
// each, are thousands, most of a few vertices: in RoutingKit two threads so
// took nine times as long as one.)
func (c *customizer) run(ctx context.Context, workers int) error {
	left := make([]uint32, len(c.s.rank))
	for v := range left {
		left[v] = uint32(v)
	}
	work := c.s.work()
	for limit := work[len(left)] / uint64(8*workers); len(left) > 0; limit = 2*limit + 1 {
		groups, above := c.s.split(left, work, limit)
		if len(groups) == 0 {
			continue
		}
		err := each(ctx, len(groups), workers, c.positions(), func(i int, at positions) {
			members := left[groups[i].from:groups[i].to]
			for _, x := range members {
				c.settle(x, members[len(members)-1], at)
			}
		})
		if err != nil {
			return err
		}
		left = above
		if err := c.gather(ctx, left, workers); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// work estimates that of all ranks below each: the pairs of their arcs.
func (s *Skeleton) work() []uint64 {
	work := make([]uint64, len(s.rank)+1)
	for v := range s.rank {
		degree := uint64(s.first[v+1] - s.first[v])
		work[v+1] = work[v] + degree*degree + 1
	}
	return work
}

// group is a range of a list of ranks, of whole subtrees but for what is not
// in the list.
type group struct {
	from, to int
	work     uint64
}

// split cuts ranks into groups of limited work, the largest first, and those
// above them. The ranks rise, and all ancestors of one among them are, too.
func (s *Skeleton) split(ranks []uint32, work []uint64, limit uint64) (groups []group, above []uint32) {
	for to := len(ranks); to > 0; {
		v := ranks[to-1]
		lowest := v + 1 - s.size[v]
		w := work[v+1] - work[lowest]
		if w > limit {
			above = append(above, v)
			to--
			continue
		}
		from, _ := slices.BinarySearch(ranks[:to], lowest)
		if k := len(groups) - 1; k >= 0 && groups[k].from == to && groups[k].work+w <= limit {
			groups[k].from, groups[k].work = from, groups[k].work+w
		} else {
			groups = append(groups, group{from, to, w})
		}
		to = from
	}
	slices.Reverse(above)
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(b.work, a.work) })
	return groups, above
}

// gather takes, for each of the ranks left, the ways over all vertices that
// are done: the arcs of these from their cursors on lead to ranks left.
func (c *customizer) gather(ctx context.Context, left []uint32, workers int) error {
	index := make([]uint32, len(c.s.rank)) // among left
	for v := range index {
		index[v] = none
	}
	positions(index).set(left)
	from, through := c.incoming(left, index)
	return each(ctx, len(left), workers, c.positions(), func(i int, at positions) {
		at.set(c.s.up(left[i]))
		for _, in := range through[from[i]:from[i+1]] {
			c.relax(left[i], in.vertex, in.arc, at)
		}
	})
}

// incoming is an arc of a vertex.
type incoming struct{ vertex, arc uint32 }

// incoming lists for each rank left the arcs to it from vertices done, whose
// cursors it puts to their ends.
func (c *customizer) incoming(left, index []uint32) (from []uint32, through []incoming) {
	from = make([]uint32, len(left)+1)
	all := func(visit func(v, k, i uint32)) {
		for v := range uint32(len(index)) {
			if index[v] == none {
				for k := c.cursor[v]; k < c.s.first[v+1]; k++ {
					visit(v, k, index[c.s.upper[k]])
				}
			}
		}
	}
	all(func(_, _, i uint32) { from[i]++ })
	through = make([]incoming, startsOf(from))
	all(func(v, k, i uint32) {
		from[i]--
		through[from[i]] = incoming{v, k}
	})
	for v := range index {
		if index[v] == none {
			c.cursor[v] = c.s.first[v+1]
		}
	}
	return from, through
}
