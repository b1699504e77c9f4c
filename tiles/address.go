package tiles

import (
	"strconv"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Address is one tile of a grid: zoom, column and row.
type Address struct {
	Grid    spatial.Grid
	Z, X, Y int
}

// ParseAddress reads the three path segments of a tile. A segment that is no
// plain decimal number, or a tile outside the matrix, names no tile: NotFound.
func ParseAddress(grid spatial.Grid, z, row, col string) (Address, error) {
	a := Address{Grid: grid}
	for _, part := range []struct {
		text string
		to   *int
	}{{z, &a.Z}, {row, &a.Y}, {col, &a.X}} {
		n, ok := plainNumber(part.text)
		if !ok {
			return a, spatial.Errorf(spatial.NotFound, "There is no tile %s/%s/%s: zoom, row and column are whole numbers.", z, row, col)
		}
		*part.to = n
	}
	if !grid.Has(a.Z, a.X, a.Y) {
		return a, spatial.Errorf(spatial.NotFound, "There is no tile %d/%d/%d in %s; /tileMatrixSets/%s lists the rows and columns of each zoom.", a.Z, a.Y, a.X, grid.ID, grid.ID)
	}
	return a, nil
}

// plainNumber reads digits without sign, spaces or leading zeros, so that one
// tile has one address and caches hold it once.
func plainNumber(text string) (int, bool) {
	if text == "" || len(text) > 8 || (len(text) > 1 && text[0] == '0') {
		return 0, false
	}
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// Bound is the tile's extent in degrees, longitude first.
func (a Address) Bound() orb.Bound { return a.Grid.LonLat(a.Grid.Edges(a.Z, a.X, a.Y)) }

// At gives the tile of zoom z that holds a point in degrees; points outside
// the world go to its nearest tile.
func At(grid spatial.Grid, p orb.Point, z int) Address {
	x, y := grid.At(p, z)
	return Address{Grid: grid, Z: z, X: x, Y: y}
}
