package reach

import "math/bits"

// crossing is where an outline crosses the side of a cell, named by the
// covered node that the side leads away from and the direction from there. A
// side has a crossing where one end is covered, and two where both are and
// the middle is not.
type crossing uint16

type direction uint16

// The directions, counter-clockwise: the order of a cell's sides from its
// south-west corner.
const (
	east direction = iota
	north
	west
	south
)

const none crossing = 1<<16 - 1

func at(i, j int, d direction) crossing { return crossing((j*nodes+i)*4) | crossing(d) }

func (c crossing) parts() (i, j int, d direction) {
	return int(c) / 4 % nodes, int(c) / 4 / nodes, direction(c & 3)
}

// onBorder tells whether the crossing lies on the border of its tile, so that
// the outline goes on in the next.
func (c crossing) onBorder() bool {
	i, j, d := c.parts()
	if d == north || d == south {
		return i == 0 || i == span
	}
	return j == 0 || j == span
}

// contour links the crossings of all cells that an outline passes through.
func (t *tile) contour() {
	const cells = 1<<span - 1
	for j := range span {
		low, high := t.inside[j], t.inside[j+1]
		any := low | low>>1 | high | high>>1
		up := t.columnSide[j]
		all := t.rowSide[j] & t.rowSide[j+1] & up & (up >> 1)
		for open := any &^ all & cells; open != 0; open &= open - 1 {
			t.cell(first(open), j)
		}
	}
}

// cell draws the outline in one cell. Going round its border counter-clockwise
// there are stretches that are covered, each with a corner or more. What is
// inside is each such stretch with the straight line that closes it: from
// where the stretch ends back to where it began. So what is inside grows with
// what is covered, and two stretches are never joined across the cell, where
// nobody looked.
func (t *tile) cell(i, j int) {
	corners := [4]crossing{at(i, j, 0), at(i+1, j, 0), at(i+1, j+1, 0), at(i, j+1, 0)}
	low, high := t.inside[j]>>i, t.inside[j+1]>>i
	inside := [4]uint64{low & 1, low >> 1 & 1, high >> 1 & 1, high & 1}
	up := t.columnSide[j] >> i
	covered := [4]uint64{t.rowSide[j] >> i & 1, up >> 1 & 1, t.rowSide[j+1] >> i & 1, up & 1}
	begin, end := none, none
	for side := range 4 {
		if covered[side] != 0 {
			continue
		}
		if inside[side] != 0 {
			leave := corners[side] | crossing(side)
			if begin == none {
				end = leave // of the stretch that the walk began in
			} else {
				t.link(leave, begin)
			}
		}
		if to := (side + 1) & 3; inside[to] != 0 {
			begin = corners[to] | crossing((side+2)&3)
		}
	}
	if end != none {
		t.link(end, begin)
	}
}

func (t *tile) link(from, to crossing) {
	t.next[from] = to
	t.begun = append(t.begun, from)
}

// first is the lowest bit that is set.
func first(word uint64) int { return bits.TrailingZeros64(word) }
