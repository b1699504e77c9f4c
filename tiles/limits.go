package tiles

import (
	"strconv"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Limits are the rows and columns of one matrix that a tileset fills
// (tileMatrixSetLimits of the standard; all ends included).
type Limits struct {
	TileMatrix string `json:"tileMatrix"`
	MinTileRow int    `json:"minTileRow"`
	MaxTileRow int    `json:"maxTileRow"`
	MinTileCol int    `json:"minTileCol"`
	MaxTileCol int    `json:"maxTileCol"`
}

// Range says which tiles of a grid a tileset has: a span of zooms and, when any
// data is known, the bound in degrees that the data keeps within.
type Range struct {
	Grid             spatial.Grid
	MinZoom, MaxZoom int
	Bound            orb.Bound
	Bounded          bool
}

// RangeOf joins the zooms of a grid at which the collections have tiles.
// Collections without a tile rule are left out; with none left ok is false. The
// bound is the caller's to fill in.
func RangeOf(grid spatial.Grid, collections []spatial.Collection) (r Range, ok bool) {
	for _, c := range collections {
		if c.Tiles == nil {
			continue
		}
		first, last := c.Tiles.Zooms(grid)
		if !ok {
			r, ok = Range{Grid: grid, MinZoom: first, MaxZoom: last}, true
			continue
		}
		r.MinZoom = min(r.MinZoom, first)
		r.MaxZoom = max(r.MaxZoom, last)
	}
	return r, ok
}

// Include widens the bound of the data by another one.
func (r *Range) Include(b orb.Bound) {
	if r.Bounded {
		b = b.Union(r.Bound)
	}
	r.Bound, r.Bounded = b, true
}

// At gives the limits at one zoom; ok is false outside the zooms.
func (r Range) At(z int) (l Limits, ok bool) {
	if z < r.MinZoom || z > r.MaxZoom {
		return l, false
	}
	columns, rows := r.Grid.Size(z)
	l = Limits{TileMatrix: strconv.Itoa(z), MaxTileRow: rows - 1, MaxTileCol: columns - 1}
	if r.Bounded {
		topLeft := At(r.Grid, orb.Point{r.Bound.Min[0], r.Bound.Max[1]}, z)
		bottomRight := At(r.Grid, orb.Point{r.Bound.Max[0], r.Bound.Min[1]}, z)
		l.MinTileRow, l.MaxTileRow = topLeft.Y, bottomRight.Y
		l.MinTileCol, l.MaxTileCol = topLeft.X, bottomRight.X
	}
	return l, true
}

// All lists the limits of every zoom of the range, in order.
func (r Range) All() []Limits {
	var all []Limits
	for z := r.MinZoom; z <= r.MaxZoom; z++ {
		l, _ := r.At(z)
		all = append(all, l)
	}
	return all
}

// Contains says whether the tileset has the tile.
func (r Range) Contains(a Address) bool {
	l, ok := r.At(a.Z)
	return ok && a.Grid == r.Grid && a.X >= l.MinTileCol && a.X <= l.MaxTileCol && a.Y >= l.MinTileRow && a.Y <= l.MaxTileRow
}
