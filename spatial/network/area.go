package network

import (
	"math"

	"github.com/paulmach/orb"
)

// area tells which points lie in a multipolygon. Its lines are filed by strips
// of latitude, so a point is held against a few of them, not against all: an
// area of 50,000 vertices over 7,000 roads took 8 s without.
type area struct {
	bound  orb.Bound
	strips [][][2]orb.Point
}

const maxStrips = 4096

func newArea(m orb.MultiPolygon) *area {
	lines := 0
	for _, polygon := range m {
		for _, ring := range polygon {
			lines += len(ring)
		}
	}
	a := &area{bound: m.Bound(), strips: make([][][2]orb.Point, max(1, min(lines, maxStrips)))}
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				p, q := ring[i-1], ring[i]
				for s := a.strip(math.Min(p[1], q[1])); s <= a.strip(math.Max(p[1], q[1])); s++ {
					a.strips[s] = append(a.strips[s], [2]orb.Point{p, q})
				}
			}
		}
	}
	return a
}

func (a *area) strip(lat float64) int {
	share := (lat - a.bound.Min[1]) / math.Max(a.bound.Max[1]-a.bound.Min[1], 1e-12)
	return max(0, min(int(share*float64(len(a.strips))), len(a.strips)-1))
}

// contains counts the lines that a ray to the west crosses: an odd number is
// inside, holes and all. Of points on a line some are in and some are not.
func (a *area) contains(p orb.Point) bool {
	if !a.bound.Contains(p) {
		return false
	}
	inside := false
	for _, line := range a.strips[a.strip(p[1])] {
		b, c := line[0], line[1]
		if (b[1] <= p[1]) != (c[1] <= p[1]) && b[0]+(p[1]-b[1])/(c[1]-b[1])*(c[0]-b[0]) < p[0] {
			inside = !inside
		}
	}
	return inside
}
