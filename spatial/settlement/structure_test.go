package settlement

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

// TestRankSizeOfAPowerLaw finds the exponent that sizes were made with: size_i
// = (i - 1/2)^(-1/b) lies on the line exactly.
func TestRankSizeOfAPowerLaw(t *testing.T) {
	for _, b := range []float64{0.7, 1, 1.6} {
		sizes := make([]float64, 50)
		for i := range sizes {
			sizes[i] = 1e7 * math.Pow(float64(i)+0.5, -1/b)
		}
		fit := FitRankSize(sizes)
		if fit == nil || !near(fit.Exponent, b, 1e-9) || !near(fit.R2, 1, 1e-12) || !near(fit.StdErr, b*math.Sqrt(2.0/50), 1e-9) || fit.Cities != 50 {
			t.Errorf("b = %v: %+v", b, fit)
		}
	}
	for _, none := range [][]float64{nil, {1, 2}, {5, 5, 5}, {3, 2, 0}, {3, 2, -1}, {3, 2, math.NaN()}} {
		if fit := FitRankSize(none); fit != nil {
			t.Errorf("%v is fitted: %+v", none, fit)
		}
	}
}

// TestMeasuresOfKnownShapes takes regions whose figures are known in closed
// form.
func TestMeasuresOfKnownShapes(t *testing.T) {
	equal := PolycentricityOf([]float64{4, 4, 4, 4})
	if *equal.Slope != 0 || *equal.Evenness != 1 || *equal.OutsideFirst != 0.75 {
		t.Errorf("four equals: %v %v %v", *equal.Slope, *equal.Evenness, *equal.OutsideFirst)
	}
	zipf := PolycentricityOf([]float64{1, 1. / 2, 1. / 3, 1. / 4})
	if !near(*zipf.Slope, 1, 1e-12) { // each of the three lines has slope 1
		t.Errorf("Zipf's: %v", *zipf.Slope)
	}
	two := PolycentricityOf([]float64{10, 1e-9})
	if two.Slope != nil || !near(*two.Evenness, 0, 1e-6) {
		t.Errorf("one head: %+v", two)
	}
	p := PrimacyOf([]float64{2, 8, 1, 1, 0})
	if *p.TwoCity != 4 || *p.FourCity != 2 || !near(*p.Share, 8.0/12, 1e-12) {
		t.Errorf("primacy %v %v %v", *p.TwoCity, *p.FourCity, *p.Share)
	}
	if none := PolycentricityOf(nil); none.Slope != nil || none.Evenness != nil || none.OutsideFirst != nil {
		t.Error("no cities are measured")
	}
	if one := PrimacyOf([]float64{7}); one.TwoCity != nil || one.FourCity != nil || *one.Share != 1 {
		t.Error("one city is compared")
	}
}

// TestMeasuresKeepTheirRange, do not hang on the order or the unit of sizes,
// and see a growing head as less polycentric.
func TestMeasuresKeepTheirRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Float64Range(1e3, 2e7), 4, 30).Draw(t, "sizes")
		p, fit := PolycentricityOf(sizes), FitRankSize(sizes)
		if *p.Evenness < 0 || *p.Evenness > 1 || *p.OutsideFirst < 0 || *p.OutsideFirst >= 1 || *p.Slope < 0 || fit != nil && (fit.Exponent <= 0 || fit.R2 < 0 || fit.R2 > 1+1e-9) {
			t.Fatalf("%+v %+v", p, fit)
		}
		scaled := make([]float64, len(sizes))
		for i, s := range sizes {
			scaled[len(sizes)-1-i] = s * 1000
		}
		q := PolycentricityOf(scaled)
		if !near(*q.Slope, *p.Slope, 1e-9) || !near(*q.Evenness, *p.Evenness, 1e-9) {
			t.Fatalf("in thousands, backwards: %+v, then %+v", p, q)
		}
		head := slices.Clone(sizes)
		i := slices.Index(head, slices.Max(head))
		head[i] *= 2
		if r := PolycentricityOf(head); *r.Slope < *p.Slope-1e-9 || *r.OutsideFirst > *p.OutsideFirst || *PrimacyOf(head).TwoCity < *PrimacyOf(sizes).TwoCity {
			t.Fatalf("a head of twice the size: %v, before %v", *r.Slope, *p.Slope)
		}
	})
}
