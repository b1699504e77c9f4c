package reach

import (
	"math"
	"math/bits"
)

// A tile has 8 by 8 blocks of 8 steps each way. A block that lies whole within
// the radius of one piece is full, and nothing that any other piece does there
// matters: in a town most of the work is saved so.
const (
	blockSpan = 8
	allBlocks = ^blocks(0)
)

// blocks is a set of the blocks of a tile, a byte for each row of them.
type blocks uint64

// row gives the blocks that a line of nodes runs through, or along the edge of.
func (b blocks) row(j int) uint8 { return uint8(b >> (j / blockSpan * 8)) }

// columnsOf is the set of columns between two nodes, of one row.
func columnsOf(west, east int) uint8 {
	if east < 0 || west > span {
		return 0
	}
	first, last := max(west, 0)/blockSpan, min(east, span)/blockSpan
	return uint8(1<<(last+1) - 1<<first)
}

// rectangle is the set of blocks in some rows of some columns.
func rectangle(columns uint8, firstRow, lastRow int) blocks {
	const everyRow = 0x0101010101010101
	rows := blocks(everyRow) >> ((nodes/blockSpan - 1 - lastRow + firstRow) * 8) << (firstRow * 8)
	return blocks(columns) * rows
}

// around is the set of blocks that a box touches, its columns and its rows.
func around(low, high place, west, south float64) (set blocks, columns, rows uint8) {
	columns = columnsOf(floor(low.x-west), floor(high.x-west))
	rows = columnsOf(floor(low.y-south), floor(high.y-south))
	if columns == 0 || rows == 0 {
		return 0, 0, 0
	}
	return rectangle(columns, bits.TrailingZeros8(rows), bits.Len8(rows)-1), columns, rows
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
		rectangle(uint8(1<<(lastColumn+1)-1<<firstColumn), firstRow, lastRow)&^t.full == 0 {
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

// turned swaps rows and columns.
func (b blocks) turned() blocks {
	var t blocks
	for ; b != 0; b &= b - 1 {
		row, column := b.first()
		t |= 1 << (column*8 + row)
	}
	return t
}

// first is the lowest block of a set.
func (b blocks) first() (row, column int) {
	i := bits.TrailingZeros64(uint64(b))
	return i / 8, i % 8
}
