package reach

import "math/bits"

// span is the side of a tile in grid steps. A tile has a node more each way,
// which it shares with its neighbours, so that a row of nodes is a word.
const (
	span  = 63
	nodes = span + 1
)

// unit is how finely the place where an outline crosses the side of a cell is
// recorded: as so many parts of the side.
const unit = 128

// lines is what of the 64 parallel grid lines of a tile is covered. Bit i of a
// word is the node i of that line, or the side from node i to node i+1. Where
// one of a side's ends is covered and the side is not, ahead and behind say
// how much of it is, counted from that end.
type lines struct {
	node   [nodes]uint64
	side   [nodes]uint64
	ahead  [nodes * nodes]uint8 // towards the next node; line*nodes+node
	behind [nodes * nodes]uint8 // towards the one before
	slips  []slip

	drawAll bool    // also what is covered already, for tests
	borders borders // room to work in
}

// slip is an interval between two nodes that holds neither. It counts where it
// carries on from what is covered at either end of its side: at the ends, in
// units, it begins so far from the node before and stops so far from the next.
type slip struct {
	node             int // before it, in ahead and behind
	begins, goesOn   uint8
	stops, comesBack uint8
}

func (l *lines) clear() {
	l.node, l.side = [nodes]uint64{}, [nodes]uint64{}
	l.ahead, l.behind = [nodes * nodes]uint8{}, [nodes * nodes]uint8{}
	l.slips = l.slips[:0]
}

// cover adds the places within radius of a stretch, in the lines' own axes:
// line j is y = south+j and its node i is x = west+i.
func (l *lines) cover(a *axes, radius, west, south float64) {
	p, q := a.places[0], a.places[len(a.places)-1]
	first, last := max(0, ceil(p.y-radius-south)), min(span, floor(q.y+radius-south))
	open := l.open(first, last, floor(min(p.x, q.x)-radius-west), floor(max(p.x, q.x)+radius-west))
	if open == 0 {
		return
	}
	b := &l.borders
	b.radius, b.south = radius, south
	b.first, b.last = bits.TrailingZeros64(open), bits.Len64(open)-1
	b.draw(a)
	for ; open != 0; open &= open - 1 {
		j := bits.TrailingZeros64(open)
		l.add(j, b.west[j]-west, b.east[j]-west)
	}
}

// open is the set of lines, of some, that are not yet covered all the way from
// the node from to the node after to.
func (l *lines) open(first, last, from, to int) uint64 {
	if to < 0 || from > span {
		return 0
	}
	if l.drawAll {
		return ^uint64(0) >> (span - max(last, 0)) &^ (1<<first - 1)
	}
	sides := ^uint64(0) >> (nodes - min(to+1, span)) &^ (1<<max(from, 0) - 1)
	end := uint64(0) // the last node has no side after it
	if to >= span {
		end = 1 << span
	}
	var open uint64
	for j := first; j <= last; j++ {
		if l.side[j]&sides != sides || l.node[j]&end != end {
			open |= 1 << j
		}
	}
	return open
}

// add covers a line from x0 to x1, in steps from its node 0.
func (l *lines) add(j int, x0, x1 float64) {
	if !(x1 >= 0 && x0 <= span && x0 <= x1) {
		return
	}
	a, b := 0, span
	if x0 > 0 {
		a = ceil(x0)
	}
	if x1 < span {
		b = int(x1)
	}
	if a > b {
		low, high := x0-float64(b), x1-float64(b)
		l.slips = append(l.slips, slip{j*nodes + b, uint8(low * unit), uint8(high * unit), uint8((1 - high) * unit), uint8((1 - low) * unit)})
		return
	}
	covered := ^uint64(0) >> (span - b) &^ (1<<a - 1)
	l.node[j] |= covered
	l.side[j] |= covered & (covered >> 1)
	if x1 < span {
		at := &l.ahead[j*nodes+b]
		*at = max(*at, uint8((x1-float64(b))*unit))
	}
	if x0 > 0 {
		at := &l.behind[j*nodes+a]
		*at = max(*at, uint8((float64(a)-x0)*unit))
	}
}

// joinSlips lets what is covered at the ends of a side grow by the slips that
// carry it on, until none does. Only then does it not matter how the roads
// were cut to stretches.
func (l *lines) joinSlips() {
	for grown := true; grown; {
		grown = false
		for _, s := range l.slips {
			node, line := s.node%nodes, s.node/nodes
			if l.node[line]>>node&1 != 0 && l.ahead[s.node] >= s.begins && l.ahead[s.node] < s.goesOn {
				l.ahead[s.node], grown = s.goesOn, true
			}
			if l.node[line]>>(node+1)&1 != 0 && l.behind[s.node+1] >= s.stops && l.behind[s.node+1] < s.comesBack {
				l.behind[s.node+1], grown = s.comesBack, true
			}
		}
	}
}

// coverBlock marks all that is in a block of blockSpan steps each way.
func (l *lines) coverBlock(column, row int) {
	side := uint64(1<<blockSpan-1) << (column * blockSpan)
	node := side | side<<1
	for j := row * blockSpan; j <= min((row+1)*blockSpan, span); j++ {
		l.node[j] |= node
		l.side[j] |= side
	}
}

// floor and ceil are for values that an int holds.
func floor(v float64) int {
	i := int(v)
	if float64(i) > v {
		i--
	}
	return i
}

func ceil(v float64) int {
	i := int(v)
	if float64(i) < v {
		i++
	}
	return i
}

// transposed swaps rows and columns of a square of bits, halving it again and
// again (Warren, Hacker's Delight, 2nd edition, section 7-3).
func transposed(m [nodes]uint64) [nodes]uint64 {
	mask := uint64(1<<32 - 1)
	for width := 32; width > 0; width >>= 1 {
		for k := 0; k < nodes; k = (k + width + 1) &^ width {
			swap := (m[k]>>width ^ m[k+width]) & mask
			m[k] ^= swap << width
			m[k+width] ^= swap
		}
		mask ^= mask << (width >> 1)
	}
	return m
}
