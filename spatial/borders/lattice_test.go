package borders

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

// lattice is a coverage of n x n units: cells with wavy sides, of which those
// with equal labels are one polygon. Its outer border is straight.
type lattice struct {
	n     int
	steps int           // points on each side
	knots [][]orb.Point // corners of cells, moved about
	waves map[[4]int][]orb.Point
	label [][]int
}

func drawLattice(t *rapid.T) lattice {
	l := lattice{n: rapid.IntRange(1, 6).Draw(t, "n"), steps: rapid.IntRange(0, 12).Draw(t, "steps"), waves: map[[4]int][]orb.Point{}}
	labels := rapid.IntRange(1, l.n*l.n).Draw(t, "labels")
	move := rapid.Float64Range(-0.12, 0.12)
	for x := 0; x <= l.n; x++ {
		l.knots, l.label = append(l.knots, nil), append(l.label, nil)
		for y := 0; y <= l.n; y++ {
			p := orb.Point{float64(x), float64(y)}
			if x > 0 && x < l.n && y > 0 && y < l.n {
				p[0], p[1] = p[0]+move.Draw(t, "dx"), p[1]+move.Draw(t, "dy")
			}
			l.knots[x] = append(l.knots[x], p)
			l.label[x] = append(l.label[x], rapid.IntRange(1, labels).Draw(t, "label"))
		}
	}
	for x := 0; x <= l.n; x++ {
		for y := 0; y <= l.n; y++ {
			if x < l.n {
				l.wave(t, x, y, x+1, y, y == 0 || y == l.n)
			}
			if y < l.n {
				l.wave(t, x, y, x, y+1, x == 0 || x == l.n)
			}
		}
	}
	return l
}

// wave draws the points inside a side, which never cross those of another.
func (l lattice) wave(t *rapid.T, x1, y1, x2, y2 int, straight bool) {
	p, q := l.knots[x1][y1], l.knots[x2][y2]
	var points []orb.Point
	for i := 1; i <= l.steps; i++ {
		at := float64(i) / float64(l.steps+1)
		off := 0.0
		if !straight {
			off = rapid.Float64Range(-1, 1).Draw(t, "wave") * 0.3 * at * (1 - at)
		}
		points = append(points, orb.Point{p[0] + at*(q[0]-p[0]) - off*(q[1]-p[1]), p[1] + at*(q[1]-p[1]) + off*(q[0]-p[0])})
	}
	l.waves[[4]int{x1, y1, x2, y2}] = points
	back := make([]orb.Point, len(points))
	for i, p := range points {
		back[len(points)-1-i] = p
	}
	l.waves[[4]int{x2, y2, x1, y1}] = back
}

func (l lattice) at(x, y int) int {
	if x < 0 || y < 0 || x >= l.n || y >= l.n {
		return 0
	}
	return l.label[x][y]
}

// polygons are those of all labels, in order of the labels.
func (l lattice) polygons() (all []orb.MultiPolygon) {
	for label := 1; label <= l.n*l.n; label++ {
		var polygon orb.MultiPolygon
		done := map[[2]int]bool{}
		for x := range l.n {
			for y := range l.n {
				if l.at(x, y) == label && !done[[2]int{x, y}] {
					cells := map[[2]int]bool{}
					l.flood(x, y, cells)
					for c := range cells {
						done[c] = true
					}
					polygon = append(polygon, l.outline(cells))
				}
			}
		}
		if polygon != nil {
			all = append(all, polygon)
		}
	}
	return all
}

func (l lattice) flood(x, y int, cells map[[2]int]bool) {
	cells[[2]int{x, y}] = true
	for _, d := range [][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
		if next := [2]int{x + d[0], y + d[1]}; l.at(next[0], next[1]) == l.at(x, y) && !cells[next] {
			l.flood(next[0], next[1], cells)
		}
	}
}

// outline goes around cells that hang together, keeping them on the left; where
// two of them touch at a corner it turns right, so that holes are rings.
func (l lattice) outline(cells map[[2]int]bool) orb.Polygon {
	inside := func(x, y int) bool { return cells[[2]int{x, y}] }
	next := map[[2]int][][2]int{} // corners
	add := func(x1, y1, x2, y2 int) {
		next[[2]int{x1, y1}] = append(next[[2]int{x1, y1}], [2]int{x2, y2})
	}
	for x := range l.n {
		for y := range l.n {
			if !inside(x, y) {
				continue
			}
			if !inside(x, y-1) {
				add(x, y, x+1, y)
			}
			if !inside(x+1, y) {
				add(x+1, y, x+1, y+1)
			}
			if !inside(x, y+1) {
				add(x+1, y+1, x, y+1)
			}
			if !inside(x-1, y) {
				add(x, y+1, x, y)
			}
		}
	}
	var outer orb.Ring
	var holes []orb.Ring
	for x := 0; x <= l.n; x++ {
		for y := 0; y <= l.n; y++ {
			for len(next[[2]int{x, y}]) > 0 {
				if ring := l.follow(next, [2]int{x, y}); ring.Orientation() == orb.CCW {
					outer = ring
				} else {
					holes = append(holes, ring)
				}
			}
		}
	}
	return append(orb.Polygon{outer}, holes...)
}

func (l lattice) follow(next map[[2]int][][2]int, start [2]int) orb.Ring {
	var ring orb.Ring
	at, heading := start, [2]int{}
	for {
		options := next[at]
		pick := 0
		for i, o := range options {
			d := [2]int{o[0] - at[0], o[1] - at[1]}
			if heading[0]*d[1]-heading[1]*d[0] < 0 {
				pick = i
			}
		}
		to := options[pick]
		next[at] = append(options[:pick:pick], options[pick+1:]...)
		ring = append(ring, l.knots[at[0]][at[1]])
		ring = append(ring, l.waves[[4]int{at[0], at[1], to[0], to[1]}]...)
		heading, at = [2]int{to[0] - at[0], to[1] - at[1]}, to
		if at == start {
			return append(ring, ring[0])
		}
	}
}

// areaOf is the area of polygons on the plane.
func areaOf(polygons []orb.MultiPolygon) (sum float64) {
	for _, p := range polygons {
		sum += math.Abs(planar.Area(p))
	}
	return sum
}
