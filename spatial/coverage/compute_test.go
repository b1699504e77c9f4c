package coverage

import (
	"context"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// fixed is a router whose trips take stated times: the i-th target, snapped at
// vertex i, is reached in times[i].
type fixed struct{ times []network.Weight }

func (f fixed) SnapAll(n int, point func(int) *orb.Point) []network.Snap {
	snaps := make([]network.Snap, n)
	for i := range snaps {
		snaps[i] = network.Snap{State: network.Snapped, AtVertex: true, Vertex: network.Vertex(point(i)[0])}
	}
	return snaps
}

func (f fixed) Nearest(_ context.Context, sources, targets []network.Snap, _ bool, _ network.Weight) ([]network.Reach, error) {
	reaches := make([]network.Reach, len(targets))
	for i, t := range targets {
		reaches[i] = network.Reach{State: network.Unreachable}
		if len(sources) > 0 {
			reaches[i] = network.Reach{State: network.Reached, Weight: f.times[t.Vertex]}
		}
	}
	return reaches, nil
}

func oneFacility(times ...network.Weight) (Request, fixed) {
	q := Request{Minutes: 60, Direction: To, Factors: DefaultFactors(), Facilities: []Facility{{ID: "f", Point: &orb.Point{}}}}
	for i := range times {
		q.Demand = append(q.Demand, Demand{ID: "d", Point: &orb.Point{float64(i), 0}})
	}
	return q, fixed{times}
}

// TestThreshold holds the limit to the millisecond at each factor: 60 minutes
// at 0.85 are 51 minutes at 1, and at 1.15 they are 69.
func TestThreshold(t *testing.T) {
	q, router := oneFacility(3_600_000, 3_600_001, 3_060_000, 3_060_001, 4_140_000, 4_140_001)
	r, err := Compute(context.Background(), q, router)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		state  State
		margin float64
	}{{Covered, 0}, {Beyond, -1.0 / 60000}, {Covered, 9}, {Covered, 539_999.0 / 60000}, {Beyond, -9}, {Beyond, -540_001.0 / 60000}} {
		if f := r.Findings[i]; f.State != want.state || f.Margin != want.margin || f.Minutes != float64(router.times[i])/60000 {
			t.Errorf("%d ms: got %+v, want %+v", router.times[i], f, want)
		}
	}
	// 3,060,001 / 0.85 is 3,600,001.18: beyond by a millisecond.
	if got := r.Total.Covered; got[0] != 1 || got[1] != 3 || got[2] != 5 {
		t.Errorf("covered %v at %v, want [1 3 5]", got, r.Factors)
	}
}

func TestBaseIsTheMiddleFactor(t *testing.T) {
	for _, c := range []struct {
		factors []float64
		base    float64
	}{{[]float64{1.15, 0.85, 1}, 1}, {[]float64{2}, 2}, {[]float64{1.1, 0.9}, 0.9}, {[]float64{0.5, 2, 1, 1.5}, 1}} {
		q, router := oneFacility(3_600_000)
		q.Factors = c.factors
		r, err := Compute(context.Background(), q, router)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Factors[r.Base]; got != c.base {
			t.Errorf("%v: base %v, want %v", c.factors, got, c.base)
		}
		if want := math.Round(3_600_000/c.base) / 60000; r.Findings[0].Minutes != want {
			t.Errorf("%v: %v minutes, want %v at the base", c.factors, r.Findings[0].Minutes, want)
		}
	}
}

func TestEmptySets(t *testing.T) {
	q, router := oneFacility()
	r, err := Compute(context.Background(), q, router)
	if _, ok := r.Total.Share(r.Base); err != nil || ok || len(r.Provinces) != 0 {
		t.Errorf("no demand: %+v, %v", r, err)
	}
	q, router = oneFacility(1000)
	q.Facilities = nil
	r, err = Compute(context.Background(), q, router)
	if err != nil || r.Findings[0].State != Unreachable {
		t.Errorf("no facility: %+v, %v", r, err)
	}
}

func TestMissingWeightIsNotZero(t *testing.T) {
	q, router := oneFacility(1000, 9_000_000, 1000)
	three, one := 3.0, 1.0
	q.Demand[0].Weight, q.Demand[1].Weight = &three, &one
	r, err := Compute(context.Background(), q, router)
	if err != nil {
		t.Fatal(err)
	}
	if share, ok := r.Total.WeightedShare(r.Base); !ok || share != 0.75 || r.Total.WeightMissing != 1 {
		t.Errorf("weighted share %v, %d missing; want 0.75, 1", share, r.Total.WeightMissing)
	}
}

func TestRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Request){
		"zero":          func(q *Request) { q.Minutes = 0 },
		"negative":      func(q *Request) { q.Minutes = -5 },
		"huge":          func(q *Request) { q.Minutes = 1e9 },
		"nan":           func(q *Request) { q.Minutes = math.NaN() },
		"direction":     func(q *Request) { q.Direction = "away" },
		"no factor":     func(q *Request) { q.Factors = nil },
		"many factors":  func(q *Request) { q.Factors = make([]float64, 10) },
		"factor 0":      func(q *Request) { q.Factors = []float64{0} },
		"factor nan":    func(q *Request) { q.Factors = []float64{math.NaN()} },
		"weight":        func(q *Request) { w := -1.0; q.Demand[0].Weight = &w },
		"weight is nan": func(q *Request) { w := math.NaN(); q.Demand[0].Weight = &w },
	} {
		q, router := oneFacility(1000)
		spoil(&q)
		if _, err := Compute(context.Background(), q, router); spatial.KindOf(err) != spatial.Invalid && spatial.KindOf(err) != spatial.Unprocessable {
			t.Errorf("%s: %v", name, err)
		}
	}
}
