package reach

import "math"

// A tile has 8 by 8 blocks of 8 steps each way. A block that lies whole within
// the radius of one piece is full, and nothing that any other piece does there
// matters: in a town most of the work is saved so.
const (
	blockSpan = 8
	allBlocks = ^blocks(0)
)

// blocks is a set of the blocks of a tile, a byte for each row of them.
type blocks uint64

// rectangle is the set of blocks in some rows of some columns.
func rectangle(firstColumn, lastColumn, firstRow, lastRow int) blocks {
	const row = 0xff
	const column = 0x0101010101010101
	columns := blocks(row) >> (7 - lastColumn + firstColumn) << firstColumn
	return columns * (blocks(column) >> ((7 - lastRow + firstRow) * 8) << (firstRow * 8))
}

// around is the set of blocks that a box touches.
func (t *tile) around(low, high place) blocks {
	west, east := floor(low.x-t.west), floor(high.x-t.west)
	south, north := floor(low.y-t.south), floor(high.y-t.south)
	if east < 0 || west > span || north < 0 || south > span {
		return 0
	}
	return rectangle(max(west, 0)/blockSpan, min(east, span)/blockSpan, max(south, 0)/blockSpan, min(north, span)/blockSpan)
}

// halfBlock is from the middle of a block to its corner, and a little more, so
// that a full block is full whatever rounding does.
const halfBlock = blockSpan*math.Sqrt2/2 + 1e-3

// fill adds the blocks that the places within radius of a line fill.
func (t *tile) fill(a, b place, radius float64) {
	near := radius - halfBlock
	if near < 0 {
		return
	}
	ax, ay, dx, dy := a.x-t.west, a.y-t.south, b.x-a.x, b.y-a.y
	firstColumn, lastColumn := middles(ax, ax+dx, near)
	firstRow, lastRow := middles(ay, ay+dy, near)
	if firstColumn > lastColumn || firstRow > lastRow ||
		rectangle(firstColumn, lastColumn, firstRow, lastRow)&^t.full == 0 {
		return
	}
	perLength := 0.0
	if squared := dx*dx + dy*dy; squared > 0 {
		perLength = 1 / squared
	}
	for row := firstRow; row <= lastRow; row++ {
		y := (float64(row)+0.5)*blockSpan - ay
		for column := firstColumn; column <= lastColumn; column++ {
			x := (float64(column)+0.5)*blockSpan - ax
			share := min(1, max(0, (x*dx+y*dy)*perLength))
			offX, offY := x-share*dx, y-share*dy
			if offX*offX+offY*offY <= near*near {
				t.full |= 1 << (row*8 + column)
			}
		}
	}
}

// middles are the rows of blocks whose middles are near a range.
func middles(a, b, near float64) (first, last int) {
	first = ceil((min(a, b)-near)/blockSpan - 0.5)
	last = floor((max(a, b)+near)/blockSpan - 0.5)
	return max(0, first), min(nodes/blockSpan-1, last)
}
