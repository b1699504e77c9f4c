package settlement

import "math"

// Polycentricity tells whether a region has one head or many.
type Polycentricity struct {
	// Slope is that of ln(size) over ln(rank), without its sign, as the mean of
	// the slopes through the two, the three and the four largest cities: the
	// flatter (nearer to 0), the more polycentric. Meijers and Burger, Spatial
	// structure and productivity in US metropolitan areas, Environment and
	// Planning A 42 (2010) 1383-1402. nil for fewer than four cities.
	Slope *float64
	// Evenness is 1 - s/smax, with s the standard deviation of the sizes and smax
	// that of two cities of which one has the largest size and the other none: 0
	// is one head, 1 is all equal. It is what Green, Functional polycentricity: a
	// formal definition in terms of social network analysis, Urban Studies 44
	// (2007) 2077-2103, calls ordinary polycentricity, here of residents; his
	// functional one needs flows between cities. nil for fewer than two cities.
	Evenness *float64
	// OutsideFirst is the share of residents outside the largest city; nil for
	// none.
	OutsideFirst *float64
}

// PolycentricityOf measures the sizes of the cities of a region. Sizes that
// are not positive are passed over.
func PolycentricityOf(sizes []float64) Polycentricity {
	var p Polycentricity
	s := descending(sizes)
	if len(s) >= 4 {
		slope := (rankSlope(s[:2]) + rankSlope(s[:3]) + rankSlope(s[:4])) / 3
		p.Slope = &slope
	}
	if len(s) >= 2 {
		// Of two values a and 0 the standard deviation is a/2, with the number of
		// values as the divisor.
		evenness := max(0, 1-deviation(s)/(s[0]/2))
		p.Evenness = &evenness
	}
	if first := PrimacyOf(sizes).Share; first != nil {
		outside := 1 - *first
		p.OutsideFirst = &outside
	}
	return p
}

func rankSlope(s []float64) float64 {
	x, y := make([]float64, len(s)), make([]float64, len(s))
	for i, v := range s {
		x[i], y[i] = math.Log(float64(i+1)), math.Log(v)
	}
	slope, _ := leastSquares(x, y)
	return math.Abs(slope)
}

func deviation(v []float64) float64 {
	m, sum := mean(v), 0.0
	for _, x := range v {
		sum += (x - m) * (x - m)
	}
	return math.Sqrt(sum / float64(len(v)))
}
