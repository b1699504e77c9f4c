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
func (t task) direction() int { return int(t >> 1 & 1) } // 1 is down
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
	for len(r.queue) > 0 && r.queue[0].vertex() == v {
		arc := r.queue[0].arc()
		var doubt [2]bool // on the way up, and down
		for len(r.queue) > 0 && r.queue[0].vertex() == v && r.queue[0].arc() == arc {
			t := r.pop()
			if t.doubt() {
				doubt[t.direction()] = true
			}
		}
		r.resolve(v, arc, doubt)
	}
	if len(r.changes) > 0 {
		r.spread(v)
	}
}

// resolve gives an arc its final weights, and notes which have changed.
func (r *recustomizer) resolve(v, arc uint32, doubt [2]bool) {
	block, at := r.at(v, arc)
	var was [2]uint32
	for down, d := range doubt {
		now, before := r.side(down == 1)
		was[down] = before[block][at]
		doubt[down] = d && now.blocks[block][at] == was[down] // it is not lighter
	}
	if doubt[0] || doubt[1] {
		least := r.least(v, arc, doubt, was)
		for down, d := range doubt {
			if now, _ := r.side(down == 1); d && least[down] != was[down] {
				now.set(block, at, least[down])
			}
		}
	}
	for down := range doubt {
		if now, _ := r.side(down == 1); now.blocks[block][at] != was[down] {
			r.changes = append(r.changes, change{arc, down == 1})
		}
	}
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
