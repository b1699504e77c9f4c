package settlement

import (
	"math"
	"slices"
)

// RankSize is the fit of ln(rank - 1/2) = a - b ln(size).
type RankSize struct {
	Cities   int
	Exponent float64 // b: 1 is Zipf's law, less is a more unequal system
	StdErr   float64 // of b: b sqrt(2/n), not the one of ordinary least squares, which is too small
	R2       float64
}

// minRanked is how few cities a line is fitted through.
const minRanked = 3

// FitRankSize fits the rank-size rule to the sizes of cities by ordinary least
// squares. The half is taken from the rank since without it the exponent is too
// low in small samples: Gabaix and Ibragimov, Rank - 1/2: a simple way to
// improve the OLS estimation of tail exponents, Journal of Business & Economic
// Statistics 29 (2011) 24-39, where the standard error is from as well. Sizes
// that are not positive are passed over. It gives nil for fewer than three
// cities, and where all are of one size.
func FitRankSize(sizes []float64) *RankSize {
	sorted := descending(sizes)
	n := len(sorted)
	if n < minRanked || sorted[0] == sorted[n-1] {
		return nil
	}
	x, y := make([]float64, n), make([]float64, n)
	for i, s := range sorted {
		x[i], y[i] = math.Log(s), math.Log(float64(i)+0.5)
	}
	slope, r2 := leastSquares(x, y)
	return &RankSize{Cities: n, Exponent: -slope, StdErr: math.Abs(slope) * math.Sqrt(2/float64(n)), R2: r2}
}

// leastSquares is the slope of y over x, and the share of the variance of y
// that the line explains.
func leastSquares(x, y []float64) (slope, r2 float64) {
	mx, my := mean(x), mean(y)
	var xx, xy, yy float64
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (y[i] - my)
		yy += (y[i] - my) * (y[i] - my)
	}
	if yy == 0 {
		return xy / xx, 1
	}
	return xy / xx, xy * xy / (xx * yy)
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// descending are the positive sizes, the largest first.
func descending(sizes []float64) []float64 {
	kept := slices.DeleteFunc(slices.Clone(sizes), func(v float64) bool { return !(v > 0) || math.IsInf(v, 1) })
	slices.Sort(kept)
	slices.Reverse(kept)
	return kept
}

// Primacy tells how far the first city is ahead of the next ones.
type Primacy struct {
	TwoCity  *float64 // first / second (Jefferson, The law of the primate city, Geographical Review 29, 1939); nil for fewer than two
	FourCity *float64 // first / (second + third + fourth) (Davis, World Urbanization 1950-1970, 1969); 0.92 for sizes 1, 1/2, 1/3, 1/4; nil for fewer than four
	Share    *float64 // first / all; nil for none
}

// PrimacyOf measures primacy. Sizes that are not positive are passed over.
func PrimacyOf(sizes []float64) Primacy {
	var p Primacy
	s := descending(sizes)
	if len(s) > 0 {
		share := s[0] / (mean(s) * float64(len(s)))
		p.Share = &share
	}
	if len(s) > 1 {
		two := s[0] / s[1]
		p.TwoCity = &two
	}
	if len(s) > 3 {
		four := s[0] / (s[1] + s[2] + s[3])
		p.FourCity = &four
	}
	return p
}
