package synthetic

import (
	"cmp"
	"math"
	"slices"
)

// grid finds points by place: square cells of the plane, each with the points
// in it, row by row.
type grid struct {
	side          float64 // km, of a cell
	left, bottom  float64
	columns, rows int
	first         []int32 // the points of cell i are items[first[i]:first[i+1]]
	items         []int32
	points        []point
}

// newGrid is made of the points that keep says, about two a cell.
func newGrid(points []point, keep func(point) bool) *grid {
	low, high, count := vec{math.Inf(1), math.Inf(1)}, vec{math.Inf(-1), math.Inf(-1)}, 0
	for _, p := range points {
		if keep(p) {
			low = vec{min(low.x, p.at.x), min(low.y, p.at.y)}
			high = vec{max(high.x, p.at.x), max(high.y, p.at.y)}
			count++
		}
	}
	size := high.minus(low)
	g := &grid{left: low.x, bottom: low.y, points: points, side: math.Sqrt(2*size.x*size.y/float64(count)) + 1e-3}
	g.columns, g.rows = int(size.x/g.side)+1, int(size.y/g.side)+1
	g.first = make([]int32, g.columns*g.rows+1)
	for _, p := range points {
		if keep(p) {
			x, y := g.cell(p.at)
			g.first[y*g.columns+x+1]++
		}
	}
	for i := range g.columns * g.rows {
		g.first[i+1] += g.first[i]
	}
	g.items = make([]int32, count)
	next := slices.Clone(g.first)
	for i, p := range points {
		if keep(p) {
			x, y := g.cell(p.at)
			g.items[next[y*g.columns+x]] = int32(i)
			next[y*g.columns+x]++
		}
	}
	return g
}

func (g *grid) cell(v vec) (x, y int) {
	return min(max(int((v.x-g.left)/g.side), 0), g.columns-1), min(max(int((v.y-g.bottom)/g.side), 0), g.rows-1)
}

// near is a point by its distance from another.
type near struct {
	point    int32
	distance float64 // km
}

func (n near) compare(m near) int {
	return cmp.Or(cmp.Compare(n.distance, m.distance), cmp.Compare(n.point, m.point))
}

// nearest appends to found the points nearest to v for which want holds, up
// to count, nearest first.
func (g *grid) nearest(found []near, v vec, count int, want func(int32) bool) []near {
	x, y := g.cell(v)
	for ring := 0; ring <= max(g.columns, g.rows); ring++ {
		// All within ring-1 cells has been seen.
		if len(found) >= count && found[count-1].distance <= float64(ring-1)*g.side {
			break
		}
		g.ring(x, y, ring, func(i int32) {
			if want(i) {
				found = append(found, near{i, g.points[i].at.to(v)})
			}
		})
		if len(found) >= count {
			slices.SortFunc(found, near.compare)
		}
	}
	if len(found) < count { // all there are
		slices.SortFunc(found, near.compare)
	}
	return found[:min(count, len(found))]
}

// ring visits the points of the cells that are ring cells from (x, y).
func (g *grid) ring(x, y, ring int, visit func(int32)) {
	for row := max(y-ring, 0); row <= min(y+ring, g.rows-1); row++ {
		step := 1
		if row != y-ring && row != y+ring {
			step = max(2*ring, 1) // its two ends only
		}
		for column := x - ring; column <= x+ring; column += step {
			if column >= 0 && column < g.columns {
				at := row*g.columns + column
				for _, i := range g.items[g.first[at]:g.first[at+1]] {
					visit(i)
				}
			}
		}
	}
}
