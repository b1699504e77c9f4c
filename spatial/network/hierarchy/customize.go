package hierarchy

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// Customize gives the hierarchy the weights of the input arcs, Never for
// closed ones. It runs on all processors; the result does not depend on how
// many there are. The error is that of ctx, or says that there are not as many
// weights as input arcs.
//
// It is the basic customization of Dibbelt, Strasser and Wagner (ACM JEA 21,
// 2016): an arc from x up to y weighs the least of its input arcs and of the
// ways over any v below x that is joined with both. It takes 28 bytes a vertex
// while it runs, and 4 more for each processor.
func (s *Skeleton) Customize(ctx context.Context, weights []uint32) (*Metric, error) {
	return s.customizeWith(ctx, weights, runtime.GOMAXPROCS(0))
}

func (s *Skeleton) customizeWith(ctx context.Context, weights []uint32, workers int) (*Metric, error) {
	if len(weights) != len(s.place) {
		return nil, fmt.Errorf("%d weights for %d input arcs", len(weights), len(s.place))
	}
	c := newCustomizer(s, weights)
	if err := c.run(ctx, workers); err != nil {
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
	list     []uint32  // the first vertex in the list of each
	next     []uint32  // the next in the same list
	spare    sync.Pool // *positions
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

// positions lends them, for all stages of a customization.
func (c *customizer) positions() scratch[positions] {
	take := func() positions {
		if p, ok := c.spare.Get().(*positions); ok {
			return *p
		}
		return make(positions, len(c.s.rank))
	}
	return scratch[positions]{take, func(p positions) { c.spare.Put(&p) }}
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
// and x in the lists where they belong next, unless that is above last.
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
