package seeds

import (
	"math"

	"github.com/paulmach/orb"
)

// nearest keeps the nearest border point to one place, in a plane around it.
type nearest struct {
	perLon, perLat float64 // metres a degree
	best           float64 // square metres
	found          BorderDistance
	place          orb.Point
}

// newNearest takes the radii of curvature of the WGS 84 ellipsoid at the place
// (Snyder, Map Projections: A Working Manual, 1987, equations 4-18 and 4-20).
func newNearest(id string, p orb.Point) *nearest {
	const (
		a  = 6378137.0
		e2 = 0.00669437999014
	)
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	w := 1 - e2*sin*sin
	prime, meridian := a/math.Sqrt(w), a*(1-e2)/math.Pow(w, 1.5)
	rad := math.Pi / 180
	return &nearest{perLon: prime * cos * rad, perLat: meridian * rad, best: math.Inf(1), place: p, found: BorderDistance{Place: id}}
}

// line looks at every segment of a line; one that lies farther north or south
// than the best so far is passed over.
func (n *nearest) line(value string, line []orb.Point) {
	for i := 1; i < len(line); i++ {
		y0, y1 := (line[i-1][1]-n.place[1])*n.perLat, (line[i][1]-n.place[1])*n.perLat
		if low := math.Min(y0, y1); low > 0 && low*low >= n.best {
			continue
		}
		if high := math.Max(y0, y1); high < 0 && high*high >= n.best {
			continue
		}
		x0, x1 := (line[i-1][0]-n.place[0])*n.perLon, (line[i][0]-n.place[0])*n.perLon
		n.segment(value, x0, y0, x1, y1)
	}
}

func (n *nearest) segment(value string, x0, y0, x1, y1 float64) {
	dx, dy := x1-x0, y1-y0
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, -(x0*dx+y0*dy)/length))
	}
	x, y := x0+t*dx, y0+t*dy
	if d := x*x + y*y; d < n.best {
		n.best, n.found.Nearest = d, value
		n.found.At = orb.Point{n.place[0] + x/n.perLon, n.place[1] + y/n.perLat}
	}
}
