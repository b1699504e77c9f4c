package reach

import "math"

// borders are the two sides, west and east, of the places within radius of a
// stretch. From south to north a side is made of arcs about the places of the
// stretch and of straight lines parallel to its pieces; where the stretch
// turns towards the side, these hide one another, and the outermost counts.
type borders struct {
	radius float64
	south  float64 // of row 0
	first  int     // rows that are asked for
	last   int
	west   [nodes]float64 // how far out each row goes
	east   [nodes]float64
}

// draw works out the borders on the rows that are asked for. It does so from the
// world's origin, not the tile's, so that tiles that share a row agree to the
// last bit.
func (b *borders) draw(a *axes) {
	for j := b.first; j <= b.last; j++ {
		b.west[j], b.east[j] = math.Inf(1), math.Inf(-1)
	}
	lowest, highest := b.south+float64(b.first)-b.radius, b.south+float64(b.last)+b.radius
	west, east := a.places[0].y-b.radius, a.places[0].y-b.radius
	for i, leg := range a.legs {
		p, q := a.places[i], a.places[i+1]
		if p.y > highest {
			return
		}
		if q.y < lowest {
			west, east = q.y+leg.x, q.y-leg.x
			continue
		}
		b.westArc(p, west, p.y+leg.x)
		b.eastArc(p, east, p.y-leg.x)
		west, east = q.y+leg.x, q.y-leg.x
		if q.y > p.y {
			b.sides(p, q.x-p.x, q.y-p.y, leg)
		}
	}
	last := a.places[len(a.places)-1]
	b.westArc(last, west, last.y+b.radius)
	b.eastArc(last, east, last.y+b.radius)
}

// rows is the range of rows between two heights.
func (b *borders) rows(from, to float64) (first, last int) {
	return max(b.first, ceil(from-b.south)), min(b.last, floor(to-b.south))
}

// westArc is about a place, from one height to another.
func (b *borders) westArc(p place, from, to float64) {
	for j, last := b.rows(from, to); j <= last; j++ {
		b.west[j] = lesser(b.west[j], p.x-b.half(j, p.y))
	}
}

func (b *borders) eastArc(p place, from, to float64) {
	for j, last := b.rows(from, to); j <= last; j++ {
		b.east[j] = greater(b.east[j], p.x+b.half(j, p.y))
	}
}

// half is half the width, on a row, of the circle about a place.
func (b *borders) half(j int, y float64) float64 {
	dy := b.south + float64(j) - y
	return math.Sqrt(max(0, b.radius*b.radius-dy*dy))
}

// sides are the straight lines to the west and east of a piece that begins at
// p.
func (b *borders) sides(p place, dx, dy float64, leg place) {
	perY := 1 / dy
	low := p.y + leg.x
	for j, last := b.rows(low, low+dy); j <= last; j++ {
		share := min(1, max(0, (b.south+float64(j)-low)*perY))
		b.west[j] = lesser(b.west[j], p.x-leg.y+share*dx)
	}
	low = p.y - leg.x
	for j, last := b.rows(low, low+dy); j <= last; j++ {
		share := min(1, max(0, (b.south+float64(j)-low)*perY))
		b.east[j] = greater(b.east[j], p.x+leg.y+share*dx)
	}
}

// lesser and greater are for plain numbers, where min and max also think of
// what is none.
func lesser(a, b float64) float64 {
	if b < a {
		return b
	}
	return a
}

func greater(a, b float64) float64 {
	if b > a {
		return b
	}
	return a
}
