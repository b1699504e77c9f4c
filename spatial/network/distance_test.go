package network

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// TestDistanceAgreesWithGeodesy: a degree along the equator is a x pi / 180
// exactly; the degrees of meridian are those of WGS 84 in textbooks; the last
// line is the worked example of the Geocentric Datum of Australia technical
// manual, Flinders Peak to Buninyong.
func TestDistanceAgreesWithGeodesy(t *testing.T) {
	dms := func(d, m, s float64) float64 { return d + m/60 + s/3600 }
	for _, c := range []struct {
		a, b orb.Point
		want float64
	}{
		{orb.Point{0, 0}, orb.Point{1, 0}, 111_319.491},
		{orb.Point{179.5, 0}, orb.Point{-179.5, 0}, 111_319.491},
		{orb.Point{104, 0}, orb.Point{104, 1}, 110_574.276},
		{orb.Point{104, 30}, orb.Point{104, 31}, 110_860.92},
		{orb.Point{104, 89}, orb.Point{104, 90}, 111_693.865},
		{orb.Point{dms(144, 25, 29.5244), -dms(37, 57, 3.7203)}, orb.Point{dms(143, 55, 35.3839), -dms(37, 39, 10.1561)}, 54_972.271},
	} {
		if got := float64(Distance(c.a, c.b)); math.Abs(got-c.want) > c.want*3e-6 {
			t.Errorf("%v to %v: %.3f m, want %.3f", c.a, c.b, got, c.want)
		}
	}
	if Distance(orb.Point{104, 30}, orb.Point{104, 30}) != 0 {
		t.Error("a point is away from itself")
	}
	if d := float64(Distance(orb.Point{0, 0}, orb.Point{180, 0})); math.Abs(d-20_020_000) > 30_000 {
		t.Errorf("the antipode is %v m away", d)
	}
}

// TestPlaneAgreesWithDistance: within the largest snap radius the touching
// plane is right to half a percent, and to a millimetre within ten metres.
func TestPlaneAgreesWithDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-60, 60).Draw(t, "lat")}
		reach := rapid.SampledFrom([]float64{0.0001, 0.002, 0.15}).Draw(t, "degrees")
		q := orb.Point{p[0] + rapid.Float64Range(-reach, reach).Draw(t, "dlon"), p[1] + rapid.Float64Range(-reach, reach).Draw(t, "dlat")}
		_, flat := planeAt(p[1]).nearestOn(p, q, q)
		want := float64(Distance(p, q))
		if math.Abs(float64(flat)-want) > 0.001+want*reach*0.05 {
			t.Fatalf("%v m on the plane, %v m on the ellipsoid", flat, want)
		}
		if back := float64(Distance(q, p)); math.Abs(back-want) > 1e-6 {
			t.Fatalf("%v m there, %v m back", want, back)
		}
	})
}
