package synthetic

import "math"

// at is where a node lies, to the rounding of its place.
func (g *generator) at(node int64) vec {
	p := g.places[node]
	lat := float64(p.lat) / 1e7
	return vec{
		(float64(p.lon)/1e7 - middleLon) * kmPerDegree * math.Cos(lat*math.Pi/180),
		(lat - middleLat) * kmPerDegree,
	}
}

// bend appends count nodes on the way from a to b, which swings to one side
// and then less to either, by about the given share of its length.
func (g *generator) bend(refs []int64, a, b vec, count int, share float64) []int64 {
	along := b.minus(a)
	first, second := g.random.NormFloat64()*share, g.random.NormFloat64()*share/2
	for k := 1; k <= count; k++ {
		t := float64(k) / float64(count+1)
		side := first*math.Sin(math.Pi*t) + second*math.Sin(2*math.Pi*t)
		refs = append(refs, g.node(a.plus(along.times(t)).plus(along.left().times(side))))
	}
	return refs
}
