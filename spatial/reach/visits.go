package reach

import (
	"math"
	"slices"

	"quanyu/spatial"
)

// visit is a stretch to be drawn in one tile of a strip.
type visit struct {
	column  int32
	stretch uint32
}

// visits are the stretches to be drawn in each tile, strip by strip. Strip i is
// the row of tiles first+i, and has the visits starts[i] to starts[i+1].
type visits struct {
	first  int
	starts []int
	list   []visit
}

func newVisits(c *cutter) (*visits, error) {
	low, high := math.MaxInt, math.MinInt
	for i := range c.stretches {
		from, to := c.box(&c.stretches[i])
		low, high = min(low, tileBefore(from.y)), max(high, tileOf(to.y))
	}
	v := &visits{first: low, starts: make([]int, high-low+2)}
	total := 0
	for i := range c.stretches {
		c.eachTile(&c.stretches[i], func(row, west, east int) {
			v.starts[row-low+1] += east - west + 1
			total += east - west + 1
		})
		if total > maxVisits {
			return nil, spatial.Errorf(spatial.Unprocessable, "An outline of these roads with a detail of %v m takes more than %d million steps, the most that are made. Ask for a coarser detail or for less.", c.grid.detail, maxVisits/1_000_000)
		}
	}
	for i := range high - low + 1 {
		v.starts[i+1] += v.starts[i]
	}
	v.list = make([]visit, total)
	free := slices.Clone(v.starts)
	for i := range c.stretches {
		c.eachTile(&c.stretches[i], func(row, west, east int) {
			for column := west; column <= east; column++ {
				v.list[free[row-low]] = visit{int32(column), uint32(i)}
				free[row-low]++
			}
		})
	}
	return v, nil
}

// eachTile gives the tiles that a stretch may have to be drawn in, row by row.
func (c *cutter) eachTile(s *stretch, visit func(row, west, east int)) {
	low, high := c.box(s)
	last := tileOf(high.y)
	for row := tileBefore(low.y); row <= last; row++ {
		x0, x1 := low.x, high.x
		if high.x-low.x-2*s.radius > stretchSpan+1 { // one straight piece
			x0, x1 = between(c.places[s.first], c.places[s.first+1], float64(row*span)-s.radius, float64((row+1)*span)+s.radius)
			x0, x1 = x0-s.radius, x1+s.radius
		}
		west, east := max(0, tileBefore(x0)), min(c.grid.columns/span-1, tileOf(x1))
		if west <= east {
			visit(row, west, east)
		}
	}
}

// tileOf is the row or column of the tile that a place is in. On the border of
// two, which both have the nodes there, it is the higher, and tileBefore is
// the lower; that has some room for rounding.
func tileOf(v float64) int     { return floor(v / span) }
func tileBefore(v float64) int { return tileOf(v - 0.001) }

// between is the range of x of a line from a north to b where y is in a range.
func between(a, b place, low, high float64) (x0, x1 float64) {
	x0, x1 = a.x, b.x
	if b.y > a.y {
		perY := (b.x - a.x) / (b.y - a.y)
		if a.y < low {
			x0 = a.x + (low-a.y)*perY
		}
		if b.y > high {
			x1 = a.x + (high-a.y)*perY
		}
	}
	return min(x0, x1), max(x0, x1)
}

// tiles sorts the visits of a strip by column, and gives them tile by tile.
func tiles(list []visit, draw func(column int, here []uint32)) {
	low, high := list[0].column, list[0].column
	for _, v := range list {
		low, high = min(low, v.column), max(high, v.column)
	}
	starts := make([]int32, high-low+2)
	for _, v := range list {
		starts[v.column-low+1]++
	}
	for i := range high - low + 1 {
		starts[i+1] += starts[i]
	}
	sorted := make([]uint32, len(list))
	free := slices.Clone(starts)
	for _, v := range list {
		sorted[free[v.column-low]] = v.stretch
		free[v.column-low]++
	}
	for i := range high - low + 1 {
		if starts[i] < starts[i+1] {
			draw(int(low+i), sorted[starts[i]:starts[i+1]])
		}
	}
}
