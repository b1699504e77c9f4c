// Package pmtiles writes and reads PMTiles archives of version 3: one file of
// many tiles that any host of static files can serve, since clients fetch the
// byte ranges they need (specification: github.com/protomaps/PMTiles, spec/v3).
//
// Archives are written clustered (tiles lie in the order of their ids, which
// follow a Hilbert curve through each zoom), with equal tiles stored once, and
// directories and metadata in gzip. The same tiles give the same bytes.
package pmtiles

import "fmt"

// maxZoom is the last zoom whose ids fit 64 bits.
const maxZoom = 31

// ID numbers a tile of the Web Mercator quad-tree: all tiles of lesser zooms
// come first, then those of its own zoom along the Hilbert curve. Row y is
// counted from the top. It panics for a tile that there is not, which is a
// fault of the program.
func ID(z, x, y int) uint64 {
	if z < 0 || z > maxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		panic(fmt.Sprintf("pmtiles: no tile %d/%d/%d", z, x, y))
	}
	id := first(z)
	u, v := uint64(x), uint64(y)
	for side := uint64(1) << z >> 1; side > 0; side >>= 1 {
		right, down := u&side != 0, v&side != 0
		id += side * side * quadrant(right, down)
		u, v = turn(side, u&(side-1), v&(side-1), right, down)
	}
	return id
}

// Tile is the inverse of ID; ok is false beyond the last zoom.
func Tile(id uint64) (z, x, y int, ok bool) {
	for z < maxZoom && id >= first(z+1) {
		z++
	}
	rest := id - first(z)
	if rest >= 1<<(2*z) {
		return 0, 0, 0, false
	}
	var u, v uint64
	for side := uint64(1); side < 1<<z; side <<= 1 {
		q := rest & 3
		rest >>= 2
		right, down := q >= 2, q == 1 || q == 2
		u, v = turn(side, u, v, right, down)
		if right {
			u += side
		}
		if down {
			v += side
		}
	}
	return z, int(u), int(v), true
}

// first is the id of the first tile of a zoom: (4^z-1)/3.
func first(z int) uint64 { return (1<<(2*uint(z)) - 1) / 3 }

// quadrant is the place of a quarter on the curve: down the left side, then up
// the right one.
func quadrant(right, down bool) uint64 {
	switch {
	case !right && !down:
		return 0
	case !right:
		return 1
	case down:
		return 2
	}
	return 3
}

// turn brings the curve within a quarter of the given side into the first
// one's direction, and back.
func turn(side, u, v uint64, right, down bool) (uint64, uint64) {
	if down {
		return u, v
	}
	if right {
		u, v = side-1-u, side-1-v
	}
	return v, u
}
