package reach

import "math"

// tile is a square of span by span cells, worked on as a whole. Its arrays
// are used again and again by one goroutine.
type tile struct {
	west, south float64 // of its first node, in steps
	rows        lines
	columns     lines
	full        blocks // known to be covered
	straight    axes   // room to work in
	turned      axes
	inside      [nodes]uint64 // nodes covered, a word a row
	rowSide     [nodes]uint64 // sides along rows that are covered all along
	columnSide  [nodes]uint64 // sides along columns, a word a row

	coarse [nodes]uint8 // of each row, see coarseness
	next   [nodes * nodes * 4]crossing
	begun  []crossing // those that have a next, in the order they were found
}

// cover works out what the stretches cover of the tile. It tells whether there
// may be any outline in it. Without pruning, blocks that are known to be full
// are drawn like all others.
func (t *tile) cover(c *cutter, here []uint32, prune bool) bool {
	t.full = 0
	if prune {
		for _, i := range here {
			t.fillAlong(c.placesOf(&c.stretches[i]), c.stretches[i].radius)
			if t.full == allBlocks {
				return false
			}
		}
	}
	t.rows.clear()
	t.columns.clear()
	t.rows.drawAll, t.columns.drawAll = !prune, !prune
	for b := t.full; b != 0; b &= b - 1 {
		row, column := first(uint64(b))/8, first(uint64(b))%8
		t.rows.coverBlock(column, row)
		t.columns.coverBlock(row, column)
	}
	for _, i := range here {
		s := &c.stretches[i]
		if t.around(c.box(s))&^t.full == 0 {
			continue
		}
		t.straight.set(c.placesOf(s), s.radius)
		t.rows.cover(&t.straight, s.radius, t.west, t.south)
		t.turned.turn(&t.straight)
		t.columns.cover(&t.turned, s.radius, t.south, t.west)
	}
	t.rows.joinSlips()
	t.columns.joinSlips()
	t.settle()
	return true
}

// fillAlong adds the blocks that a stretch fills. Pieces that are short beside
// a block are passed over, since the next will fill nearly the same.
func (t *tile) fillAlong(places []place, radius float64) {
	last := len(places) - 1
	if last == 0 {
		t.fill(places[0], places[0], radius)
	}
	from := places[0]
	for i := 1; i <= last; i++ {
		if q := places[i]; i == last || max(math.Abs(q.x-from.x), math.Abs(q.y-from.y)) >= blockSpan/2 {
			t.fill(places[i-1], q, radius)
			from = q
		}
	}
}

// settle makes one set of nodes and sides from what rows and columns say. A
// node counts when both cover it, for they may differ in the last digit.
func (t *tile) settle() {
	t.inside = transposed(t.columns.node)
	t.columnSide = transposed(t.columns.side)
	for j := range nodes {
		t.inside[j] &= t.rows.node[j]
	}
	for j := range nodes {
		ends := t.inside[j] & (t.inside[j] >> 1)
		t.rowSide[j] = ends & t.rows.side[j]
		for open := ends &^ t.rowSide[j]; open != 0; open &= open - 1 {
			i := first(open)
			if t.share(at(i, j, east))+t.share(at(i+1, j, west)) >= unit {
				t.rowSide[j] |= 1 << i
			}
		}
		if j == span {
			return
		}
		ends = t.inside[j] & t.inside[j+1]
		t.columnSide[j] &= ends
		for open := ends &^ t.columnSide[j]; open != 0; open &= open - 1 {
			i := first(open)
			if t.share(at(i, j, north))+t.share(at(i, j+1, south)) >= unit {
				t.columnSide[j] |= 1 << i
			}
		}
	}
}

// share is how much of the side that a crossing lies on is covered, from the
// crossing's node, in units. It is rounded to the coarseness of its row and
// never the whole side nor nothing.
func (t *tile) share(c crossing) int {
	i, j, d := c.parts()
	var raw int
	switch d {
	case east:
		raw = int(t.rows.ahead[j*nodes+i]) | whole(t.rows.side[j]>>i)
	case west:
		raw = int(t.rows.behind[j*nodes+i]) | whole(t.rows.side[j]>>(i-1))
	case north:
		raw = int(t.columns.ahead[i*nodes+j]) | whole(t.columns.side[i]>>j)
	default:
		raw = int(t.columns.behind[i*nodes+j]) | whole(t.columns.side[i]>>(j-1))
		j--
	}
	step := int(t.coarse[j])
	return min(unit-step, max(step, (raw+step/2)/step*step))
}

// whole is a share that comes to the whole side where the bit is set: one
// whose other end only the lines of the other direction leave out.
func whole(bit uint64) int { return int(bit&1) * (unit - 1) }

// apart is how far, in metres, two outlines are kept from one another and from
// themselves: more than twice what rounding to 1e-7 degrees moves a vertex
// (0.8 cm at most).
const apart = 0.016

// coarseness is the step, in units, that crossings are rounded to where a grid
// step is so long on the ground. With k steps to a side, the nearest that a
// vertex of one outline can come to another that does not pass through it is
// 1/k² of a side: between lines that meet a side at the flattest angle.
func coarseness(ground float64) int {
	k := math.Sqrt(ground / apart)
	step := 2
	for step < unit/2 && float64(unit/step) > k {
		step *= 2
	}
	return step
}
