package hierarchy

import (
	"fmt"
	"slices"
)

// With gives a metric for weights that differ from those of m in a few input
// arcs, slower, faster, closed or opened. changed lists these, at least;
// weight tells the weight of an input arc after the change, and is called for
// other ones, too. The result equals that of Customize; m stays as it is for
// its readers. The error says which input arc there is not.
//
// Only what changes is worked on. Arcs are taken by rising rank, so each is
// final when it is taken. When one has changed, so have the ways over its
// lower end: one that is now shorter than the arc across makes that lighter;
// one that was as short as it, and is longer now, makes it doubtful. A
// doubtful arc looks for another way of its old weight and, where there is
// none, for the least there is. (RoutingKit and Dibbelt et al. 2016 look into
// all ways of every arc that may change; here most need no look.)
//
// The new metric has blocks of its own where an arc has changed and shares
// the others: for closures of 100 roads a few hundred blocks. Rejected: a copy
// of all weights, which takes twice 4 bytes an arc and 30 ms at five million
// vertices; a list of changes laid over the old metric, which every query
// would have to look into.
func (m *Metric) With(changed []uint32, weight func(input uint32) uint32) (*Metric, error) {
	for _, i := range changed {
		if int(i) >= len(m.skeleton.place) {
			return nil, fmt.Errorf("input arc %d of %d has changed", i, len(m.skeleton.place))
		}
	}
	r := &recustomizer{
		s:      m.skeleton,
		old:    m,
		weight: weight,
		up:     side{slices.Clone(m.up), make([]uint64, len(m.up)/64+1)},
		down:   side{slices.Clone(m.down), make([]uint64, len(m.down)/64+1)},
	}
	for _, i := range changed {
		r.input(i)
	}
	for len(r.queue) > 0 {
		r.settle()
	}
	return &Metric{skeleton: m.skeleton, up: r.up.blocks, down: r.down.blocks}, nil
}

// side is the weights of one direction, with the blocks that are copies.
type side struct {
	blocks [][]uint32
	copied []uint64 // one bit a block
}

func (d *side) set(block, at, weight uint32) {
	if d.copied[block/64]>>(block%64)&1 == 0 {
		d.copied[block/64] |= 1 << (block % 64)
		d.blocks[block] = slices.Clone(d.blocks[block])
	}
	d.blocks[block][at] = weight
}

// recustomizer is a partial customization under way. The queue is a heap of
// tasks, by lower end, arc, direction and kind.
type recustomizer struct {
	s        *Skeleton
	old      *Metric
	weight   func(input uint32) uint32
	up, down side
	queue    []task
	changes  []change // of the vertex at work
	ups      []uint32 // its arcs that have changed on the way up
	downs    []uint32 // and on the way down
	all      []uint32 // 0, 1, 2, ...
	stack    []corner
}

// task is an arc of vertex in the queue: the vertex in the upper 32 bits, the
// place of the arc among the vertex's own ones, then a bit each for the way
// down and for doubt.
type task uint64

func newTask(vertex, arc uint32, down, doubt bool) task {
	t := task(vertex)<<32 | task(arc)<<2
	if down {
		t |= 2
	}
	if doubt {
		t |= 1
	}
	return t
}

func (t task) vertex() uint32 { return uint32(t >> 32) }
func (t task) arc() uint32    { return uint32(t) >> 2 }
func (t task) down() bool     { return t&2 != 0 }
func (t task) doubt() bool    { return t&1 != 0 }

// change is an arc that has another weight than before.
type change struct {
	arc  uint32
	down bool
}

func (r *recustomizer) side(down bool) (now *side, before [][]uint32) {
	if down {
		return &r.down, r.old.down
	}
	return &r.up, r.old.up
}

// at finds the weights of arc k of v, in its own numbering: the block, and
// the place in it.
func (r *recustomizer) at(v, k uint32) (block, at uint32) {
	return v >> blockShift, r.s.first[v] - r.s.first[v&^blockMask] + k
}

// input queues the arc of a changed input arc. What that weighed before is not
// known: unless it is lighter now than the arc was, the arc may have owed it
// its weight.
func (r *recustomizer) input(i uint32) {
	place := r.s.place[i]
	if place == none {
		return
	}
	v, _ := slices.BinarySearch(r.s.first, place/2+1)
	v--
	r.offer(uint32(v), place/2-r.s.first[v], place&1 == 1, r.weight(i), true)
}

// offer tells that a way over an arc weighs sum now, and whether it may have
// weighed what the arc did.
func (r *recustomizer) offer(v, k uint32, down bool, sum uint32, tight bool) {
	now, before := r.side(down)
	block, at := r.at(v, k)
	was, is := before[block][at], now.blocks[block][at]
	switch {
	case sum < is:
		if is == was {
			r.push(newTask(v, k, down, false))
		}
		now.set(block, at, sum)
	case sum > was && tight && is == was && was != Never:
		r.push(newTask(v, k, down, true))
	}
}

// settle takes all tasks of the lowest vertex.
func (r *recustomizer) settle() {
	v := r.queue[0].vertex()
	r.changes = r.changes[:0]
	var last task
	for taken := false; len(r.queue) > 0 && r.queue[0].vertex() == v; taken = true {
		t := r.pop()
		if taken && t|1 == last|1 {
			continue // in doubt again, or though it is lighter
		}
		last = t
		now, before := r.side(t.down())
		block, at := r.at(v, t.arc())
		was := before[block][at]
		if t.doubt() && now.blocks[block][at] == was {
			if least := r.least(v, t.arc(), t.down(), was); least != was {
				now.set(block, at, least)
			}
		}
		if now.blocks[block][at] != was {
			r.changes = append(r.changes, change{t.arc(), t.down()})
		}
	}
	if len(r.changes) > 0 {
		r.spread(v)
	}
}

// spread offers the ways over v along changed arcs to the arcs across: from
// one vertex above v down to it and up to another. Arcs across are taken row
// by row, by their lower ends, so that those of a row are read together.
func (r *recustomizer) spread(v uint32) {
	heads := r.s.up(v)
	w := around{
		up: r.s.of(r.up.blocks, v), upOld: r.s.of(r.old.up, v),
		down: r.s.of(r.down.blocks, v), downOld: r.s.of(r.old.down, v),
	}
	r.ups, r.downs = r.ups[:0], r.downs[:0]
	for _, c := range r.changes {
		if c.down {
			r.downs = append(r.downs, c.arc)
		} else {
			r.ups = append(r.ups, c.arc)
		}
	}
	r.all = r.all[:0]
	for i := range heads {
		r.all = append(r.all, uint32(i))
	}
	ups, downs := r.ups, r.downs // those beyond i
	for i := range heads[:len(heads)-1] {
		for len(ups) > 0 && int(ups[0]) <= i {
			ups = ups[1:]
		}
		for len(downs) > 0 && int(downs[0]) <= i {
			downs = downs[1:]
		}
		// From the row's vertex over v, up to others; and from others back.
		beyond := ups
		if w.down[i] != w.downOld[i] {
			beyond = r.all[i+1:]
		}
		r.across(heads, i, beyond, false, w.down[i], w.downOld[i], w.up, w.upOld)
		beyond = downs
		if w.up[i] != w.upOld[i] {
			beyond = r.all[i+1:]
		}
		r.across(heads, i, beyond, true, w.up[i], w.upOld[i], w.down, w.downOld)
	}
}

// around is the weights of a vertex's arcs, now and before.
type around struct{ up, upOld, down, downOld []uint32 }

// across offers, to the arcs from the i-th head up to those in beyond, or back
// down, the ways that weigh near and far: near at the i-th head, far at the
// others.
func (r *recustomizer) across(heads []uint32, i int, beyond []uint32, down bool, near, nearOld uint32, far, farOld []uint32) {
	if len(beyond) == 0 || near == Never && nearOld == Never {
		return
	}
	x := heads[i]
	row := r.s.up(x)
	now, before := r.side(down)
	is, was := r.s.of(now.blocks, x), r.s.of(before, x)
	// All heads beyond i are in the row, among others: as many of these come
	// before the j-th as skipped.
	skipped := -i - 1
	for _, j := range beyond {
		k := int(j) + skipped
		for row[k] < heads[j] {
			k++
		}
		skipped = k - int(j)
		sum := uint64(near) + uint64(far[j])
		if sum < uint64(is[k]) || uint64(nearOld)+uint64(farOld[j]) == uint64(was[k]) && sum > uint64(was[k]) {
			r.offer(x, uint32(k), down, uint32(min(sum, uint64(Never))), true)
			is = r.s.of(now.blocks, x)
		}
	}
}

// plus adds two weights; what does not fit is Never.
func plus(a, b uint32) uint32 {
	return uint32(min(uint64(a)+uint64(b), uint64(Never)))
}

// least finds the weight of arc k of x: the least of its input arcs and of the
// ways over lower vertices. It is not below was, and was is enough to know.
func (r *recustomizer) least(x, k uint32, down bool, was uint32) uint32 {
	least := r.leastInput(x, k, down)
	y := r.s.up(x)[k]
	// The vertices joined with x and y are a subtree without its root x: v
	// among them has its parent among them, or is a child of x.
	r.stack = append(r.stack[:0], corner{x, -1, int(k)})
	for len(r.stack) > 0 && least > was {
		v := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		lowest := v.vertex + 1 - r.s.size[v.vertex]
		for child := v.vertex; child > lowest; child -= r.s.size[child-1] {
			// The heads of a child, but v, are heads of v.
			c := corner{child - 1, v.toX + 1, v.toY + 1}
			if c.find(r.s.up(c.vertex), x, y) {
				least = min(least, r.over(c, down))
				r.stack = append(r.stack, c)
			}
		}
	}
	return least
}

// corner is a vertex below x and y, with the places of its arcs to both.
type corner struct {
	vertex   uint32
	toX, toY int
}

// find corrects the places of x and y among the heads of a corner, which are
// not after those given. It returns false unless both are there.
func (c *corner) find(heads []uint32, x, y uint32) bool {
	i := min(c.toX, len(heads)-1)
	for i >= 0 && heads[i] > x {
		i--
	}
	if i < 0 || heads[i] != x {
		return false
	}
	j := min(c.toY, len(heads)-1)
	for heads[j] > y { // at i, if not before, it ends
		j--
	}
	c.toX, c.toY = i, j
	return heads[j] == y
}

// over weighs the way over a corner from x to y or, down, from y to x.
func (r *recustomizer) over(c corner, down bool) uint32 {
	from, to := c.toX, c.toY
	if down {
		from, to = to, from
	}
	return plus(r.s.of(r.down.blocks, c.vertex)[from], r.s.of(r.up.blocks, c.vertex)[to])
}

func (r *recustomizer) leastInput(x, k uint32, down bool) uint32 {
	place := 2 * (r.s.first[x] + k)
	if down {
		place++
	}
	least := Never
	inputs := r.s.inputs
	i, _ := slices.BinarySearchFunc(inputs, place/2, func(input, arc uint32) int {
		return int(r.s.place[input]/2) - int(arc)
	})
	for ; i < len(inputs) && r.s.place[inputs[i]]/2 == place/2; i++ {
		if r.s.place[inputs[i]] == place {
			least = min(least, r.weight(inputs[i]))
		}
	}
	return least
}

func (r *recustomizer) push(t task) {
	q := append(r.queue, t)
	i := len(q) - 1
	for ; i > 0 && q[(i-1)/2] > t; i = (i - 1) / 2 {
		q[i] = q[(i-1)/2]
	}
	q[i] = t
	r.queue = q
}

func (r *recustomizer) pop() task {
	q := r.queue
	top, t := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	r.queue = q
	for i := 0; len(q) > 0; {
		child := 2*i + 1
		if child+1 < len(q) && q[child+1] < q[child] {
			child++
		}
		if child >= len(q) || q[child] >= t {
			q[i] = t
			break
		}
		q[i] = q[child]
		i = child
	}
	return top
}
