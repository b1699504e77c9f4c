package reach

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// polygons gives every hole to the exterior that it lies in.
func polygons(rings []ring) orb.MultiPolygon {
	var exteriors, holes []shape
	for _, r := range rings {
		if r.area > 0 {
			exteriors = append(exteriors, shape{ring: r})
		} else {
			holes = append(holes, shape{ring: r})
		}
	}
	if len(exteriors) > 1 {
		for _, list := range [2][]shape{exteriors, holes} {
			for i := range list {
				list[i].bound = list[i].points.Bound()
			}
		}
	}
	multi := make(orb.MultiPolygon, len(exteriors))
	for i, e := range exteriors {
		multi[i] = orb.Polygon{e.points}
	}
	var place *locator
	for _, h := range holes {
		home := onlyAround(exteriors, h.bound)
		if home < 0 {
			if place == nil {
				place = newLocator(exteriors)
			}
			home = place.around(h.points[0])
		}
		multi[home] = append(multi[home], h.points)
	}
	return multi
}

type shape struct {
	ring
	bound orb.Bound
}

// onlyAround is the one exterior whose bound holds another bound, or -1 where
// several do. In an isochrone, whose roads hang together, it nearly always
// answers.
func onlyAround(exteriors []shape, b orb.Bound) int {
	if len(exteriors) == 1 {
		return 0
	}
	found := -1
	for i, e := range exteriors {
		if e.bound.Contains(b.Min) && e.bound.Contains(b.Max) {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// locator finds the exterior that a place lies in. It keeps the lines of all
// exteriors by rows of latitude, about one line high.
type locator struct {
	exteriors []shape
	south     float64
	perRow    float64 // degrees
	starts    []int   // of each row in lines
	lines     []line
}

type line struct {
	exterior int32
	point    int32 // its first in the exterior
}

func newLocator(exteriors []shape) *locator {
	bound, lines, height := exteriors[0].bound, 0, 0.0
	for _, e := range exteriors {
		bound = bound.Union(e.bound)
		lines += len(e.points) - 1
		for i := 1; i < len(e.points); i++ {
			height += math.Abs(e.points[i][1] - e.points[i-1][1])
		}
	}
	l := &locator{exteriors: exteriors, south: bound.Min[1], perRow: height / float64(lines)}
	rows := l.row(bound.Max[1]) + 1
	l.starts = make([]int, rows+1)
	l.each(func(row int, _ line) { l.starts[row+1]++ })
	for row := range rows {
		l.starts[row+1] += l.starts[row]
	}
	l.lines = make([]line, l.starts[rows])
	free := slices.Clone(l.starts)
	l.each(func(row int, one line) {
		l.lines[free[row]] = one
		free[row]++
	})
	return l
}

func (l *locator) row(lat float64) int { return int((lat - l.south) / l.perRow) }

// each gives every line with every row that it runs through.
func (l *locator) each(visit func(row int, one line)) {
	for e, exterior := range l.exteriors {
		for i := range len(exterior.points) - 1 {
			a, b := l.row(exterior.points[i][1]), l.row(exterior.points[i+1][1])
			for row := min(a, b); row <= max(a, b); row++ {
				visit(row, line{int32(e), int32(i)})
			}
		}
	}
}

// around is the smallest exterior that a place lies in: one whose lines a ray
// from there to the west meets an odd number of times.
func (l *locator) around(p orb.Point) int {
	odd := map[int32]bool{}
	row := l.row(p[1])
	for _, one := range l.lines[l.starts[row]:l.starts[row+1]] {
		points := l.exteriors[one.exterior].points
		a, b := points[one.point], points[one.point+1]
		if (a[1] <= p[1]) == (b[1] <= p[1]) {
			continue
		}
		if a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) < p[0] {
			odd[one.exterior] = !odd[one.exterior]
		}
	}
	home := -1
	for e, inside := range odd {
		if inside && (home < 0 || l.exteriors[e].area < l.exteriors[home].area ||
			l.exteriors[e].area == l.exteriors[home].area && int(e) < home) {
			home = int(e)
		}
	}
	return home
}
