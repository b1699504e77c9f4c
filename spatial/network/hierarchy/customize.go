package hierarchy

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
)

// Customize gives the hierarchy the weights of the input arcs, Never for
// closed ones. It runs on all processors; the result does not depend on how
// many there are. The error is that of ctx, or says that there are not as many
// weights as input arcs.
//
// It is the basic customization of Dibbelt, Strasser and Wagner (ACM JEA 21,
// 2016): an arc from x up to y weighs the least of its input arcs and of the
// ways over any v below x that is joined with both. It takes 12 bytes a vertex
// while it runs, and 4 more for each processor.
func (s *Skeleton) Customize(ctx context.Context, weights []uint32) (*Metric, error) {
	return s.customizeWith(ctx, weights, runtime.GOMAXPROCS(0))
}

func (s *Skeleton) customizeWith(ctx context.Context, weights []uint32, workers int) (*Metric, error) {
	if len(weights) != len(s.place) {
		return nil, fmt.Errorf("%d weights for %d input arcs", len(weights), len(s.place))
	}
	c := newCustomizer(s, weights)
	top, tasks := s.tasks(workers)
	if err := c.below(ctx, tasks, workers); err != nil {
		return nil, err
	}
	if err := c.above(ctx, top, workers); err != nil {
		return nil, err
	}
	return &Metric{skeleton: s, up: s.blocks(c.up), down: s.blocks(c.down)}, nil
}

// customizer holds weights on their way. Every v is in the list of the first
// vertex above it that has not yet taken the ways over v: cursor[v] is the arc
// that leads there. So the arcs from below need no room of their own (the
// lists of left-looking sparse Cholesky factorization; George and Liu 1981).
type customizer struct {
	s        *Skeleton
	up, down []uint32
	cursor   []uint32
	list     []uint32 // the first vertex in the list of each
	next     []uint32 // the next in the same list
}

func newCustomizer(s *Skeleton, weights []uint32) *customizer {
	n := len(s.rank)
	c := &customizer{s: s, up: filled(len(s.upper)), down: filled(len(s.upper)), cursor: slices.Clone(s.first[:n]), list: filled(n), next: make([]uint32, n)}
	for i, place := range s.place {
		if place == none {
			continue
		}
		side := c.up
		if place&1 == 1 {
			side = c.down
		}
		side[place/2] = min(side[place/2], weights[i])
	}
	return c
}

// filled makes a slice of n times Never, or none.
func filled(n int) []uint32 {
	s := make([]uint32, n)
	for i := range s {
		s[i] = Never
	}
	return s
}

// positions tells for the vertices above one at work which of its arcs leads
// to them; each worker has its own, of 4 bytes a vertex.
type positions []uint32

func (p positions) set(heads []uint32) {
	for i, y := range heads {
		p[y] = uint32(i)
	}
}

func (s *Skeleton) positions() scratch[positions] {
	return scratch[positions]{func() positions { return make(positions, len(s.rank)) }, func(positions) {}}
}

// relax takes for x the ways over v, where the arc k of v leads to x.
func (c *customizer) relax(x, v, k uint32, at positions) {
	toX, fromX := uint64(c.up[k]), uint64(c.down[k])
	heads := c.s.upper[k+1 : c.s.first[v+1]]
	ups, downs := c.up[k+1:][:len(heads)], c.down[k+1:][:len(heads)]
	first, last := c.s.first[x], c.s.first[x+1]
	upX, downX := c.up[first:last], c.down[first:last]
	downX = downX[:len(upX)]
	for i, y := range heads {
		p := int(at[y])
		if p >= len(upX) {
			return // not so in a completion
		}
		// 64 bits hold the sum, and what they hold above 32 is more than Never.
		upX[p] = uint32(min(uint64(upX[p]), fromX+uint64(ups[i])))
		downX[p] = uint32(min(uint64(downX[p]), toX+uint64(downs[i])))
	}
}

// settle takes for x the ways over all vertices in its list, and puts these
// and x in the lists where they belong next, unless that is beyond last.
func (c *customizer) settle(x, last uint32, at positions) {
	at.set(c.s.up(x))
	for v := c.list[x]; v != none; {
		following := c.next[v]
		c.relax(x, v, c.cursor[v], at)
		c.cursor[v]++
		c.enlist(v, last)
		v = following
	}
	c.enlist(x, last)
}

func (c *customizer) enlist(v, last uint32) {
	if k := c.cursor[v]; k < c.s.first[v+1] {
		if y := c.s.upper[k]; y <= last {
			c.next[v], c.list[y] = c.list[y], v
		}
	}
}

// span is a range of ranks, both ends included, that holds whole subtrees.
type span struct {
	from, to uint32
	work     uint64
}

// tasks cuts the elimination forest into spans that can be worked on side by
// side, the largest first, and the vertices above them, by rank.
func (s *Skeleton) tasks(workers int) (top []uint32, tasks []span) {
	n := len(s.rank)
	work := make([]uint64, n+1) // of all ranks below
	for v := range n {
		degree := uint64(s.first[v+1] - s.first[v])
		work[v+1] = work[v] + degree*degree + 1
	}
	limit := work[n] / uint64(8*workers)
	for v := n - 1; v >= 0; {
		from := v + 1 - int(s.size[v])
		if w := work[v+1] - work[from]; w <= limit {
			if k := len(tasks) - 1; k >= 0 && int(tasks[k].from) == v+1 && tasks[k].work+w <= limit {
				tasks[k].from, tasks[k].work = uint32(from), tasks[k].work+w
			} else {
				tasks = append(tasks, span{uint32(from), uint32(v), w})
			}
			v = from - 1
			continue
		}
		top = append(top, uint32(v))
		v--
	}
	slices.Reverse(top)
	slices.SortStableFunc(tasks, func(a, b span) int { return cmp.Compare(b.work, a.work) })
	return top, tasks
}

// below customizes the spans.
func (c *customizer) below(ctx context.Context, tasks []span, workers int) error {
	return each(ctx, len(tasks), workers, c.s.positions(), func(i int, at positions) {
		for x := tasks[i].from; x <= tasks[i].to; x++ {
			c.settle(x, tasks[i].to, at)
		}
	})
}

// above customizes the vertices on top. First each of them takes the ways over
// vertices of the spans, side by side, which is most of the work; then, one
// after the other, those over others on top.
func (c *customizer) above(ctx context.Context, top []uint32, workers int) error {
	index := make(positions, len(c.s.rank)) // among top
	for v := range index {
		index[v] = none
	}
	index.set(top)
	from, through := c.incoming(top, index)
	err := each(ctx, len(top), workers, c.s.positions(), func(i int, at positions) {
		at.set(c.s.up(top[i]))
		for _, in := range through[from[i]:from[i+1]] {
			c.relax(top[i], in.vertex, in.arc, at)
		}
	})
	if err != nil || len(top) == 0 {
		return err
	}
	at := index
	for _, x := range top {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.settle(x, top[len(top)-1], at)
	}
	return nil
}

// incoming is an arc of a vertex.
type incoming struct{ vertex, arc uint32 }

// incoming lists for each vertex on top the arcs that lead to it from those of
// the spans: the arcs of v from cursor[v] on, all of which lead to the top.
func (c *customizer) incoming(top []uint32, index positions) (from []uint32, through []incoming) {
	from = make([]uint32, len(top)+1)
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
	return from, through
}
