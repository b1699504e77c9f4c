package reach_test

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial/reach"
)

// ruler measures how far places are from roads, in metres on the plane that
// touches the ellipsoid at the place. Roads are filed by cells of a few
// hundred metres.
type ruler struct {
	cells map[[2]int][][2]orb.Point
}

func newRuler(parts []reach.Part) *ruler {
	r := &ruler{map[[2]int][][2]orb.Point{}}
	for _, p := range parts {
		for i := range p {
			from, to := p[max(i-1, 0)], p[i]
			if math.Abs(to[0]-from[0]) > 180 {
				panic("the ruler does not cross the antimeridian")
			}
			a, b := cellOf(from), cellOf(to)
			for x := min(a[0], b[0]); x <= max(a[0], b[0]); x++ {
				for y := min(a[1], b[1]); y <= max(a[1], b[1]); y++ {
					r.cells[[2]int{x, y}] = append(r.cells[[2]int{x, y}], [2]orb.Point{from, to})
				}
			}
		}
	}
	return r
}

func cellOf(p orb.Point) [2]int {
	return [2]int{int(math.Floor(p[0] * 300)), int(math.Floor(p[1] * 400))}
}

// metersPerDegree are those east and north at a latitude.
func metersPerDegree(lat float64) (east, north float64) {
	const a, f = 6378137.0, 1 / 298.257223563
	const e2 = f * (2 - f)
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := 1 - e2*sin*sin
	return a / math.Sqrt(w) * cos * math.Pi / 180, a * (1 - e2) / (w * math.Sqrt(w)) * math.Pi / 180
}

// distance is from a place to the nearest road, where that is within reach.
func (r *ruler) distance(p orb.Point, reach float64) float64 {
	east, north := metersPerDegree(p[1])
	low := cellOf(orb.Point{p[0] - reach/east, p[1] - reach/north})
	high := cellOf(orb.Point{p[0] + reach/east, p[1] + reach/north})
	best := math.Inf(1)
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			for _, s := range r.cells[[2]int{x, y}] {
				ax, ay := (s[0][0]-p[0])*east, (s[0][1]-p[1])*north
				dx, dy := (s[1][0]-s[0][0])*east, (s[1][1]-s[0][1])*north
				share := 0.0
				if dx != 0 || dy != 0 {
					share = max(0, min(1, -(ax*dx+ay*dy)/(dx*dx+dy*dy)))
				}
				best = min(best, math.Hypot(ax+share*dx, ay+share*dy))
			}
		}
	}
	return best
}

// finder tells which places are inside an outline. A place on the antimeridian,
// where outlines are cut, counts as one beside it.
type finder struct {
	rows map[int][][2]orb.Point
}

func newFinder(m orb.MultiPolygon) *finder {
	f := &finder{map[int][][2]orb.Point{}}
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := rowOf(ring[i-1]), rowOf(ring[i])
				for row := min(a, b); row <= max(a, b); row++ {
					f.rows[row] = append(f.rows[row], [2]orb.Point{ring[i-1], ring[i]})
				}
			}
		}
	}
	return f
}

func rowOf(p orb.Point) int { return int(math.Floor(p[1] * 1e4)) }

func (f *finder) contains(p orb.Point) bool {
	inside := false
	p[0] = max(-180+1e-9, min(180-1e-9, p[0]))
	for _, s := range f.rows[rowOf(p)] {
		a, b := s[0], s[1]
		if (a[1] <= p[1]) != (b[1] <= p[1]) && a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) < p[0] {
			inside = !inside
		}
	}
	return inside
}

// along gives places on a line, no farther apart than so many metres.
func along(line orb.LineString, meters float64, visit func(orb.Point)) {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		east, north := metersPerDegree(a[1])
		steps := int(math.Hypot((b[0]-a[0])*east, (b[1]-a[1])*north)/meters) + 1
		for k := range steps {
			s := float64(k) / float64(steps)
			visit(orb.Point{a[0] + s*(b[0]-a[0]), a[1] + s*(b[1]-a[1])})
		}
	}
	if len(line) > 0 {
		visit(line[len(line)-1])
	}
}
