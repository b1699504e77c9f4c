package synthetic

import "math"

// town is a disc of blocks of streets.
type town struct {
	center  vec
	radius  float64 // km, of the streets
	spacing float64 // km, between neighbouring streets
	turn    vec     // the direction that its streets take for east
	blocks  int
	rank    int   // 0 the largest
	node    int64 // at the centre
	gates   []int64
}

// apartKM is left free between two towns.
const apartKM = 1.5

// placeTowns draws the towns, the largest first: sizes after Zipf with an
// exponent below one, since the towns of a country are less unequal than that
// by the number of their streets; places by density, apart from one another.
func (g *generator) placeTowns(junctions float64) {
	count := max(3, int(junctions/junctionsPerTown))
	sum := 0.0
	for k := range count {
		sum += zipf(k)
	}
	for k := range count {
		t := town{rank: k, turn: direction(g.random.Float64() * math.Pi / 2), spacing: 0.12 + 0.08*g.random.Float64()}
		t.blocks = max(1, int(math.Round(junctions*zipf(k)/sum/junctionsPerBlock)))
		t.radius = blockSteps * t.spacing * (math.Sqrt(float64(t.blocks)/math.Pi) + 1)
		t.center = g.site(t.radius)
		g.towns = append(g.towns, t)
	}
}

func zipf(k int) float64 { return math.Pow(float64(k+1), -townExponent) }

// site draws a place with room for a town. The land has a hundred times the
// area of its towns, so hardly any draw fails; the last of many is taken.
func (g *generator) site(radius float64) vec {
	v := g.settled()
	for range 1000 {
		if !g.crowded(v, radius) {
			break
		}
		v = g.settled()
	}
	return v
}

func (g *generator) crowded(v vec, radius float64) bool {
	for i := range g.towns {
		if t := &g.towns[i]; t.center.to(v) < t.radius+radius+apartKM {
			return true
		}
	}
	return false
}
