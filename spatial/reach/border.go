package reach

import "math"

// border is one side of the places within radius of a stretch, west or east.
// From south to north it is made of arcs about the places of the stretch and
// of straight sides parallel to its pieces; where the stretch turns towards
// the side, pieces hide one another, and the outermost counts.
type border struct {
	way    float64 // -1 for the west side, 1 for the east
	radius float64
	south  float64 // of row 0
	first  int     // rows that are asked for
	last   int
	at     [nodes]float64 // how far the side is out on each row: x, or -x
}

// draw works out where the side is on the rows that are asked for.
func (b *border) draw(places []place) {
	for j := b.first; j <= b.last; j++ {
		b.at[j] = math.Inf(-1)
	}
	from := places[0].y - b.radius
	for i := 1; i < len(places); i++ {
		p, q := places[i-1], places[i]
		dx, dy := q.x-p.x, q.y-p.y
		length := math.Sqrt(dx*dx + dy*dy)
		lean := -b.way * b.radius * dx / length
		b.arc(p, from, p.y+lean)
		if dy > 0 {
			b.side(p, dx, dy, b.radius*dy/length, p.y+lean)
		}
		from = q.y + lean
	}
	last := places[len(places)-1]
	b.arc(last, from, last.y+b.radius)
}

// rows is the range of rows between two heights.
func (b *border) rows(from, to float64) (first, last int) {
	return max(b.first, ceil(from-b.south)), min(b.last, floor(to-b.south))
}

// arc is about a place, from one height to another.
func (b *border) arc(about place, from, to float64) {
	first, last := b.rows(from, to)
	x, squared := b.way*about.x, b.radius*b.radius
	for j := first; j <= last; j++ {
		dy := b.south + float64(j) - about.y
		b.reach(j, x+math.Sqrt(max(0, squared-dy*dy)))
	}
}

// side is the straight side along a piece that begins at p, at a distance of
// off along x, and from a height.
func (b *border) side(p place, dx, dy, off, from float64) {
	first, last := b.rows(from, from+dy)
	x, wayX, perY := b.way*p.x+off, b.way*dx, 1/dy
	for j := first; j <= last; j++ {
		share := min(1, max(0, (b.south+float64(j)-from)*perY))
		b.reach(j, x+share*wayX)
	}
}

func (b *border) reach(j int, x float64) {
	if x > b.at[j] {
		b.at[j] = x
	}
}
