package tiles

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/tiles/pmtiles"
)

// mask marks tiles of one zoom within limits, a bit each: at zoom 14 all of
// China takes 0.7 MB and the world 32 MB.
type mask struct {
	z, left, top, width, height int
	bits                        []uint64
}

func newMask(z int, l Limits) *mask {
	m := &mask{z: z, left: l.MinTileCol, top: l.MinTileRow, width: l.MaxTileCol - l.MinTileCol + 1, height: l.MaxTileRow - l.MinTileRow + 1}
	m.bits = make([]uint64, (m.width*m.height+63)/64)
	return m
}

// mark sets the tiles of a range of columns and rows, ends included, that lie
// within the limits.
func (m *mask) mark(left, top, right, bottom int) {
	left, right = max(left-m.left, 0), min(right-m.left, m.width-1)
	for y := max(top-m.top, 0); y <= min(bottom-m.top, m.height-1); y++ {
		for x := left; x <= right; x++ {
			at := y*m.width + x
			m.bits[at/64] |= 1 << (at % 64)
		}
	}
}

func (m *mask) count() (n int64) {
	for _, word := range m.bits {
		n += int64(bits.OnesCount64(word))
	}
	return n
}

// ids lists the marked tiles in the order of an archive.
func (m *mask) ids() []uint64 {
	ids := make([]uint64, 0, m.count())
	for i, word := range m.bits {
		for ; word != 0; word &= word - 1 {
			at := i*64 + bits.TrailingZeros64(word)
			ids = append(ids, pmtiles.ID(m.z, m.left+at%m.width, m.top+at/m.width))
		}
	}
	slices.Sort(ids)
	return ids
}

// filled marks, zoom by zoom, every tile that may hold a feature, by the boxes
// of the features and the buffer of the tiles. Asking for each tile of the
// limits instead would be 5 million queries for China at zoom 14.
func (e Export) filled(ctx context.Context, source Places, r Range) ([]*mask, error) {
	var all []*mask
	for _, l := range r.All() {
		all = append(all, newMask(r.MinZoom+len(all), l))
	}
	for _, c := range e.Collections {
		if c.Tiles == nil {
			continue
		}
		err := source.Boxes(ctx, c, func(box orb.Bound) error {
			for _, m := range all {
				if c.Tiles.In(r.Grid, m.z) {
					m.mark(e.reached(r.Grid, m.z, box))
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// reached gives the columns and rows of the tiles that a box reaches with
// their buffer, and a step more against rounding; a bound asked for leaves out
// those that do not touch it.
func (e Export) reached(grid spatial.Grid, z int, box orb.Bound) (left, top, right, bottom int) {
	const margin = (spatial.TileBuffer + 1.0) / spatial.TileExtent
	left, top, right, bottom = columnsAndRows(grid, z, box, margin)
	if e.Bound != nil {
		l, t, r, b := columnsAndRows(grid, z, *e.Bound, 0)
		left, top, right, bottom = max(left, l), max(top, t), min(right, r), min(bottom, b)
	}
	return left, top, right, bottom
}

func columnsAndRows(grid spatial.Grid, z int, box orb.Bound, margin float64) (left, top, right, bottom int) {
	side, world := grid.Side(z), grid.World
	columns, rows := grid.Size(z)
	low, high := grid.Project(box.Min), grid.Project(box.Max)
	at := func(v float64, n int) int { return int(max(0, min(float64(n-1), math.Floor(v)))) }
	return at((low[0]-world.Min[0])/side-margin, columns), at((world.Max[1]-high[1])/side-margin, rows),
		at((high[0]-world.Min[0])/side+margin, columns), at((world.Max[1]-low[1])/side+margin, rows)
}
