package analysis

import (
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// areaShares tells which part of other polygons lies within one. It measures
// along parallels: on each of a set of lines of latitude, equally spaced, both
// polygons are intervals of longitude, and areas are sums of lengths, each
// line weighed by the cosine of its latitude. Ten lines cross what is drawn
// around a road, so a share is right to some hundredths of itself even where
// it is a single road along a parallel, and much better over whole towns.
type areaShares struct {
	step  float64 // degrees between two lines
	bound orb.Bound
	lines map[int][]float64 // crossings of the polygon, ascending, by line
}

func newAreaShares(m orb.MultiPolygon, detail spatial.Meters) areaShares {
	a := areaShares{step: 2 * float64(detail) / metersPerDegree / 10, bound: m.Bound()}
	a.lines = a.crossings(m)
	return a
}

// of is the share of a geometry's area inside; nil where it is no polygon or
// so small that no line meets it.
func (a areaShares) of(g orb.Geometry) *float64 {
	m, ok := g.(orb.MultiPolygon)
	if !ok || len(m) == 0 {
		return nil
	}
	share := 0.0
	if !m.Bound().Intersects(a.bound) {
		return &share
	}
	whole, inside, lines := 0.0, 0.0, a.crossings(m)
	for _, k := range slices.Sorted(maps.Keys(lines)) {
		weight := math.Cos(a.latitude(k) * math.Pi / 180)
		whole += weight * overlap(lines[k], lines[k])
		inside += weight * overlap(lines[k], a.lines[k])
	}
	if whole <= 0 {
		return nil
	}
	share = math.Min(1, inside/whole)
	return &share
}

// crossings lists where the rings of polygons cross each line, ascending.
// Between the first and the second, the third and the fourth and so on, one
// is inside: the even-odd rule, which holds for valid polygons with holes.
func (a areaShares) crossings(m orb.MultiPolygon) map[int][]float64 {
	lines := map[int][]float64{}
	for _, polygon := range m {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a.cross(lines, ring[i-1], ring[i])
			}
		}
	}
	for _, at := range lines {
		slices.Sort(at)
	}
	return lines
}

// cross adds the crossings of one side. A side counts from its lower end,
// included, to its upper one, left out, so that a corner counts once.
func (a areaShares) cross(lines map[int][]float64, from, to orb.Point) {
	if from[1] > to[1] {
		from, to = to, from
	}
	for k := a.above(from[1]); k < a.above(to[1]); k++ {
		lines[k] = append(lines[k], from[0]+(to[0]-from[0])*(a.latitude(k)-from[1])/(to[1]-from[1]))
	}
}

func (a areaShares) latitude(line int) float64 { return (float64(line) + 0.5) * a.step }

// above is the lowest line at or above a latitude.
func (a areaShares) above(lat float64) int {
	k := int(math.Floor(lat/a.step)) - 1
	for a.latitude(k) < lat {
		k++
	}
	return k
}

// overlap is the length that two sets of intervals share.
func overlap(a, b []float64) float64 {
	sum := 0.0
	for i, j := 0, 0; i+1 < len(a) && j+1 < len(b); {
		sum += math.Max(0, math.Min(a[i+1], b[j+1])-math.Max(a[i], b[j]))
		if a[i+1] < b[j+1] {
			i += 2
		} else {
			j += 2
		}
	}
	return sum
}
