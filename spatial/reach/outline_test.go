package reach_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/reach"
)

// local makes lines from metres east and north of a place.
func local(at orb.Point, meters ...[2]float64) reach.Part {
	east, north := metersPerDegree(at[1])
	var part reach.Part
	for _, m := range meters {
		part = append(part, orb.Point{at[0] + m[0]/east, at[1] + m[1]/north})
	}
	return part
}

// near demands a value within a share of another.
func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if math.Abs(got-want) > share*want {
		t.Errorf("%s: %.0f, want %.0f within %.1f %%", what, got, want, share*100)
	}
}

// drawnAt is the distance that an outline with a detail of 100 m is drawn at.
const drawnAt = 98.75

func TestShapesOfKnownArea(t *testing.T) {
	for _, lat := range []float64{-77, -33.9, 0, 22.3, 49.4, 69.6} {
		at := orb.Point{8.7, lat}
		disc := math.Pi * drawnAt * drawnAt
		place := outline(t, []reach.Part{{at}}, 100)
		near(t, "a place", place.SquareMeters, disc, 0.005)
		if twice := outline(t, []reach.Part{{at, at}, {at}}, 100); !slices.EqualFunc(place.Polygon, twice.Polygon, orb.Polygon.Equal) {
			t.Error("a place given as a line has another outline")
		}
		road := outline(t, []reach.Part{local(at, [2]float64{0, 0}, [2]float64{1200, 1600})}, 100)
		near(t, "a road", road.SquareMeters, disc+2000*2*drawnAt, 0.002)
		for _, a := range []reach.Area{place, road} {
			checkValid(t, a.Polygon)
			near(t, "area of the polygon", reach.EllipsoidArea(a.Polygon), a.SquareMeters, 1e-4)
		}
	}
}

func TestDetailSetsTheDistance(t *testing.T) {
	for _, detail := range []spatial.Meters{10, 33, 250, 1000, 5000} {
		for _, lat := range []float64{0, 35, 65} {
			a := outline(t, []reach.Part{{{100, lat}}}, detail)
			checkValid(t, a.Polygon)
			near(t, "a place", a.SquareMeters, math.Pi*math.Pow(drawnAt/100*float64(detail), 2), 0.02)
		}
	}
}

// A park with a ring road stays outside, though it is surrounded.
func TestParkInARingRoadStaysAHole(t *testing.T) {
	at := orb.Point{116.4, 39.9}
	var ring [][2]float64
	for i := range 73 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 36)
		ring = append(ring, [2]float64{500 * cos, 500 * sin})
	}
	a := outline(t, []reach.Part{local(at, ring...)}, 100)
	checkValid(t, a.Polygon)
	if len(a.Polygon) != 1 || holes(a) != 1 || newFinder(a.Polygon).contains(at) {
		t.Fatalf("%d polygons, %d holes", len(a.Polygon), holes(a))
	}
	near(t, "the road", a.SquareMeters, 2*math.Pi*500*2*drawnAt, 0.005)
	hole := a.Polygon[0][1]
	near(t, "the park", reach.EllipsoidArea(orb.MultiPolygon{{hole}}), math.Pi*math.Pow(500-drawnAt, 2), 0.01)
}

// Roads that are parallel within two details are one area; a little more and
// what is between them stays outside all along, however narrow.
func TestParallelRoads(t *testing.T) {
	for _, c := range []struct {
		apart    float64
		polygons int
	}{{150, 1}, {190, 1}, {196, 1}, {200.5, 2}, {205, 2}, {260, 2}} {
		for _, turned := range []float64{0, 0.1, 0.7, 1.2, math.Pi / 2} {
			sin, cos := math.Sincos(turned)
			side := func(off float64) reach.Part {
				return local(orb.Point{104, 30.6}, [2]float64{-off * sin, off * cos}, [2]float64{3000*cos - off*sin, 3000*sin + off*cos})
			}
			a := outline(t, []reach.Part{side(0), side(c.apart)}, 100)
			checkValid(t, a.Polygon)
			if len(a.Polygon) != c.polygons || holes(a) != 0 {
				t.Errorf("%v m apart, turned by %v: %d polygons with %d holes, want %d", c.apart, turned, len(a.Polygon), holes(a), c.polygons)
			}
		}
	}
}

// Inside a block that is 198.3 m wide no place is farther than the detail from
// a road, and what the line leaves out is closed. In one of 220 m it is less
// than the detail squared too, but some places are too far to be inside.
func TestNarrowHolesAreClosedAndCounted(t *testing.T) {
	for _, c := range []struct {
		wide, long    float64
		holes, closed int
	}{{197, 700, 0, 0}, {198.3, 700, 0, 1}, {220, 300, 1, 0}, {400, 700, 1, 0}} {
		for _, turned := range []float64{0, 0.5, 1} {
			sin, cos := math.Sincos(turned)
			corner := func(x, y float64) [2]float64 { return [2]float64{x*cos - y*sin, x*sin + y*cos} }
			block := local(orb.Point{104, 30.6}, corner(0, 0), corner(c.long, 0), corner(c.long, c.wide), corner(0, c.wide), corner(0, 0))
			a := outline(t, []reach.Part{block}, 100)
			checkValid(t, a.Polygon)
			if holes(a) != c.holes || c.closed == 0 && a.ClosedHoles != 0 || a.ClosedHoles < c.closed {
				t.Errorf("a block of %v m by %v m, turned by %v: %d holes, %d closed, want %d, %d", c.wide, c.long, turned, holes(a), a.ClosedHoles, c.holes, c.closed)
			}
		}
	}
}

func TestNothingReachedIsEmpty(t *testing.T) {
	for _, parts := range [][]reach.Part{nil, {}, {nil}, {{}}} {
		a := outline(t, parts, 100)
		if a.Polygon == nil || len(a.Polygon) != 0 || a.SquareMeters != 0 || a.ClosedHoles != 0 {
			t.Errorf("%v: %+v", parts, a)
		}
	}
}

func TestWhatCannotBeDrawnIsRefused(t *testing.T) {
	place := []reach.Part{{{8, 50}}}
	long := []reach.Part{{{-170, 79}, {-10, -79}}, {{-170, -79}, {-10, 79}}}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for name, c := range map[string]struct {
		ctx    context.Context
		parts  []reach.Part
		detail spatial.Meters
		kind   spatial.Kind
	}{
		"detail too fine":   {t.Context(), place, 9.99, spatial.Invalid},
		"detail too coarse": {t.Context(), place, 5001, spatial.Invalid},
		"detail no number":  {t.Context(), place, spatial.Meters(math.NaN()), spatial.Invalid},
		"near the pole":     {t.Context(), []reach.Part{{{8, 50}}, {{8, 80.1}}}, 100, spatial.Unprocessable},
		"no place":          {t.Context(), []reach.Part{{{8, math.NaN()}}}, 100, spatial.Unprocessable},
		"beyond 180":        {t.Context(), []reach.Part{{{181, 3}}}, 100, spatial.Unprocessable},
		"too much":          {t.Context(), slices.Repeat(long, 40), 10, spatial.Unprocessable},
		"stopped":           {stopped, place, 100, spatial.Internal},
	} {
		_, err := reach.Outline(c.ctx, slices.Values(c.parts), c.detail)
		if spatial.KindOf(err) != c.kind {
			t.Errorf("%s: %v is of kind %q, want %q", name, err, spatial.KindOf(err), c.kind)
		}
	}
}

// Around a place on the antimeridian there are two polygons that meet there.
func TestOutlineIsCutAtTheAntimeridian(t *testing.T) {
	for _, lat := range []float64{-16.8, 0, 65.7} {
		var here, there []reach.Part
		for _, road := range [][2]orb.Point{{{179.98, lat}, {-179.97, lat + 0.01}}, {{-179.999, lat - 0.02}, {-179.9991, lat + 0.04}}} {
			here = append(here, reach.Part{road[0], road[1]})
			there = append(there, reach.Part{turnedBy(road[0]), turnedBy(road[1])})
		}
		a, b := outline(t, here, 300), outline(t, there, 300)
		checkValid(t, a.Polygon)
		near(t, "area as elsewhere", a.SquareMeters, b.SquareMeters, 1e-3)
		west, east := 0, 0
		for _, polygon := range a.Polygon {
			bound := polygon.Bound()
			if bound.Max[0] == 180 {
				east++
			}
			if bound.Min[0] == -180 {
				west++
			}
			if bound.Max[0]-bound.Min[0] > 1 {
				t.Errorf("polygon %v goes round the world", bound)
			}
		}
		if west != 1 || east != 1 {
			t.Errorf("%d polygons end at -180 and %d at 180, want 1 and 1", west, east)
		}
		inside := newFinder(a.Polygon)
		for _, p := range []orb.Point{{179.9999, lat + 0.004}, {-179.9999, lat + 0.004}, {179.999, lat + 0.02}, {-179.9995, lat - 0.02}} {
			if !inside.contains(p) {
				t.Errorf("%v is not inside", p)
			}
		}
	}
}

func turnedBy(p orb.Point) orb.Point {
	lon := p[0] - 170
	if lon < -180 {
		lon += 360
	}
	return orb.Point{lon, p[1]}
}
