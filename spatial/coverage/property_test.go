package coverage

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"quanyu/spatial/network"
)

func drawRequest(t *rapid.T) Request {
	return Request{Demand: drawDemand(t), Facilities: drawFacilities(t),
		Minutes:   float64(rapid.IntRange(1, 120).Draw(t, "minutes")) / 2,
		Direction: rapid.SampledFrom([]Direction{To, From}).Draw(t, "direction"),
		Factors:   rapid.SliceOfN(rapid.Float64Range(0.5, 2), 1, 5).Draw(t, "factors")}
}

func compute(t *rapid.T, w town, q Request) Result {
	r, err := Compute(context.Background(), q, w.router)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAgainstAllPairs compares every finding with the least of all trips.
func TestAgainstAllPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, q := drawTown(t), drawRequest(t)
		r := compute(t, w, q)
		factor, limit := r.Factors[r.Base], math.Round(q.Minutes*60000)
		for i, d := range q.Demand {
			least := math.Inf(1)
			trips := make([]float64, len(q.Facilities))
			for j, f := range q.Facilities {
				trips[j] = math.Inf(1)
				if d.Point != nil && f.Point != nil && q.Direction == To {
					trips[j] = w.between(*d.Point, *f.Point)
				} else if d.Point != nil && f.Point != nil {
					trips[j] = w.between(*f.Point, *d.Point)
				}
				least = min(least, trips[j])
			}
			got, ms := r.Findings[i], math.Round(least/factor)
			want := Covered
			switch {
			case d.Point == nil || w.router.Snap(*d.Point).State != network.Snapped:
				want = NotSnapped
			case math.IsInf(least, 1):
				want = Unreachable
			case ms > limit:
				want = Beyond
			}
			if got.State != want {
				t.Fatalf("demand %d: got %+v, want %s by %v ms", i, got, want, ms)
			}
			if got.Reached != (want == Covered || want == Beyond) || (got.Snap == nil) != (want == NotSnapped) {
				t.Fatalf("demand %d: %+v", i, got)
			}
			if got.Reached && (got.Minutes != ms/60000 || got.Margin != (limit-ms)/60000 || trips[got.Facility] != least || got.Distance < 0) {
				t.Fatalf("demand %d: got %+v, want %v ms", i, got, ms)
			}
		}
	})
}

// TestSums holds that the parts add up to the whole, and that the numerator
// is the evidence.
func TestSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawRequest(t)
		r := compute(t, drawTown(t), q)
		states, sum := map[State]int{}, newTally(len(r.Factors))
		for _, f := range r.Findings {
			states[f.State]++
		}
		weight, missing := 0.0, 0
		for _, d := range q.Demand {
			if d.Weight == nil {
				missing++
			} else {
				weight += *d.Weight
			}
		}
		for i, p := range r.Provinces {
			sum.merge(p.Tally)
			if i > 0 && p.Code != "" && r.Provinces[i-1].Code >= p.Code {
				t.Fatalf("provinces out of order: %+v", r.Provinces)
			}
		}
		if states[Covered] != r.Total.Covered[r.Base] || len(q.Demand) != r.Total.Demand || weight != r.Total.Weight || missing != r.Total.WeightMissing {
			t.Fatalf("total %+v of states %v", r.Total, states)
		}
		for f := range r.Factors {
			if sum.Covered[f] != r.Total.Covered[f] || sum.CoveredWeight[f] != r.Total.CoveredWeight[f] || sum.Demand != r.Total.Demand {
				t.Fatalf("provinces sum to %+v, not %+v", sum, r.Total)
			}
			if r.Total.CoveredWeight[f] > r.Total.Weight {
				t.Fatalf("more weight covered than there is: %+v", r.Total)
			}
		}
		for s, n := range states {
			if r.States[s] != n {
				t.Fatalf("states %v, counted %v", r.States, states)
			}
		}
	})
}

// TestMonotone holds that nothing is lost by faster roads, a longer limit or
// one facility more.
func TestMonotone(t *testing.T) {
	notLess := func(t *rapid.T, what string, before, after Result) {
		for f := range before.Factors {
			if after.Total.Covered[f] < before.Total.Covered[f] || after.Total.CoveredWeight[f] < before.Total.CoveredWeight[f] {
				t.Fatalf("%s: from %+v to %+v", what, before.Total, after.Total)
			}
		}
		for i, b := range before.Findings {
			if a := after.Findings[i]; b.Reached && (!a.Reached || a.Minutes > b.Minutes) || b.State == Covered && a.State != Covered {
				t.Fatalf("%s: demand %d from %+v to %+v", what, i, b, a)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		w, q := drawTown(t), drawRequest(t)
		before := compute(t, w, q)
		for f := 1; f < len(before.Factors); f++ {
			if before.Total.Covered[f] < before.Total.Covered[f-1] || before.Total.CoveredWeight[f] < before.Total.CoveredWeight[f-1] {
				t.Fatalf("a faster factor covers less: %+v", before.Total)
			}
		}
		longer := q
		longer.Minutes *= rapid.Float64Range(1, 2).Draw(t, "longer")
		notLess(t, "longer limit", before, compute(t, w, longer))
		more := q
		more.Facilities = append(append([]Facility{}, q.Facilities...), Facility{ID: "new", Point: drawPlace(t)})
		notLess(t, "more facilities", before, compute(t, w, more))
	})
}
