package synthetic

import "math"

// crossroadsScaleKM is how far beyond the streets of a town the crossroads
// drawn around it lie on average.
const crossroadsScaleKM = 12.0

// placeCrossroads draws the points outside towns, half of them around towns
// and half by density.
func (g *generator) placeCrossroads(count int) {
	towns := newTownIndex(g.towns)
	for range count {
		v := g.outside()
		for g.land.density(v) == 0 || towns.covers(v) {
			v = g.outside()
		}
		g.points = append(g.points, point{v, g.node(v), -1, false})
	}
}

func (g *generator) outside() vec {
	if g.chance(0.5) {
		return g.settled()
	}
	t := &g.towns[g.random.IntN(len(g.towns))]
	far := t.radius + g.random.ExpFloat64()*crossroadsScaleKM
	return t.center.plus(direction(2 * math.Pi * g.random.Float64()).times(far))
}

// townIndex lists, for squares of the plane, the towns that reach into them.
type townIndex map[cell][]*town

const townIndexKM = 10.0

func squareOf(v vec) cell {
	return cell{int(math.Floor(v.x / townIndexKM)), int(math.Floor(v.y / townIndexKM))}
}

func newTownIndex(towns []town) townIndex {
	index := townIndex{}
	for i := range towns {
		t := &towns[i]
		low, high := squareOf(t.center.minus(vec{t.radius, t.radius})), squareOf(t.center.plus(vec{t.radius, t.radius}))
		for y := low.y; y <= high.y; y++ {
			for x := low.x; x <= high.x; x++ {
				index[cell{x, y}] = append(index[cell{x, y}], t)
			}
		}
	}
	return index
}

// covers says whether a place lies within the streets of a town.
func (index townIndex) covers(v vec) bool {
	for _, t := range index[squareOf(v)] {
		if t.center.to(v) < t.radius {
			return true
		}
	}
	return false
}
