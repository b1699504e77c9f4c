package reach_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

// roads draws a few winding roads near one another, anywhere on the grid, and
// a detail of about their size.
func roads(t *rapid.T) (parts []reach.Part, detail spatial.Meters) {
	detail = spatial.Meters(rapid.SampledFrom([]float64{10, 25, 100, 400, 2000}).Draw(t, "detail"))
	lat := rapid.Float64Range(-79, 79).Draw(t, "lat")
	lon := rapid.OneOf(rapid.Float64Range(-179, 179), rapid.SampledFrom([]float64{180, 179.9999, -179.9999, 0})).Draw(t, "lon")
	east, north := metersPerDegree(lat)
	step := rapid.Float64Range(-1.5, 1.5)
	for range rapid.IntRange(1, 6).Draw(t, "roads") {
		x, y := step.Draw(t, "x"), step.Draw(t, "y")
		var part reach.Part
		for range rapid.IntRange(1, 7).Draw(t, "points") {
			p := orb.Point{lon + 3*x*float64(detail)/east, min(80, max(-80, lat+3*y*float64(detail)/north))}
			if p[0] > 180 {
				p[0] -= 360
			} else if p[0] < -180 {
				p[0] += 360
			}
			part = append(part, orb.Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7})
			x, y = x+step.Draw(t, "east")/2, y+step.Draw(t, "north")/2
		}
		parts = append(parts, part)
	}
	return parts, detail
}

func drawn(t *rapid.T, parts []reach.Part, detail spatial.Meters) reach.Area {
	area, err := reach.Outline(context.Background(), slices.Values(parts), detail)
	if err != nil {
		t.Fatal(err)
	}
	return area
}

func TestOutlinesAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, detail := roads(t)
		a := drawn(t, parts, detail)
		checkValid(t, a.Polygon)
		if got := reach.EllipsoidArea(a.Polygon); math.Abs(got-a.SquareMeters) > 1e-3*got {
			t.Fatalf("area %v, of the polygon %v", a.SquareMeters, got)
		}
	})
}

// What is reached sooner is a part of what is reached later: roads are left
// out, or cut somewhere at one end.
func TestLessReachedLiesWithinMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, detail := roads(t)
		var fewer []reach.Part
		for _, part := range parts {
			switch rapid.IntRange(0, 2).Draw(t, "what becomes of it") {
			case 0:
				fewer = append(fewer, part)
			case 1:
				if len(part) > 1 && !overMeridian(part) {
					from, to := rapid.Float64Range(0, 1).Draw(t, "from"), rapid.Float64Range(0, 1).Draw(t, "to")
					length := lengthOf(part)
					fewer = append(fewer, cutLine(part, min(from, to)*length, max(from, to)*length))
				}
			}
		}
		checkCovers(t, drawn(t, parts, detail).Polygon, drawn(t, fewer, detail).Polygon)
	})
}

func overMeridian(part reach.Part) bool {
	for i := 1; i < len(part); i++ {
		if math.Abs(part[i][0]-part[i-1][0]) > 180 {
			return true
		}
	}
	return false
}

// excess is the most, in details, that a place in an outline is farther from
// the roads than the detail: the tip of a wedge between two roads, where it
// ends between grid lines. It is less than half a grid step.
const excess = 0.03

// Every place of a road is inside, no place is that is much farther than the
// detail, and every place is that is 4 % nearer: the inset, and the rounding
// of crossings, which for a detail of 10 m is coarse.
func TestInsideIsWhatIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, detail := roads(t)
		if slices.ContainsFunc(parts, overMeridian) {
			t.Skip("the ruler does not cross the antimeridian")
		}
		a := drawn(t, parts, detail)
		inside, far := newFinder(a.Polygon), newRuler(parts)
		for _, part := range parts {
			along(part, float64(detail)/7, func(p orb.Point) {
				if !inside.contains(p) {
					t.Fatalf("%v, on a road, is outside", p)
				}
			})
		}
		check := func(p orb.Point) {
			m := far.distance(p, 1.2*float64(detail)) / float64(detail)
			if in := inside.contains(p); in && m > 1+excess || !in && m < 0.96 {
				t.Fatalf("%v is %v details from the roads; inside: %v", p, m, in)
			}
		}
		random := rand.New(rand.NewPCG(1, 1))
		bound := orb.MultiLineString(parts).Bound().Pad(1.5 * float64(detail) / 111_000)
		if bound.Max[0] > 180 || bound.Min[0] < -180 {
			t.Skip("the ruler does not cross the antimeridian")
		}
		for range 2000 {
			check(orb.Point{
				bound.Min[0] + random.Float64()*(bound.Max[0]-bound.Min[0]),
				bound.Min[1] + random.Float64()*(bound.Max[1]-bound.Min[1]),
			})
		}
	})
}

// Neither the order of the parts nor the way they run counts.
func TestOrderAndDirectionDoNotCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, detail := roads(t)
		if slices.ContainsFunc(parts, overMeridian) {
			t.Skip("worked out from one end, a line over the antimeridian may differ in the last digit")
		}
		want := drawn(t, parts, detail)
		other := slices.Clone(parts)
		slices.Reverse(other)
		for i := range other {
			other[i] = slices.Clone(other[i])
			slices.Reverse(other[i])
		}
		if got := drawn(t, other, detail); !slices.EqualFunc(got.Polygon, want.Polygon, orb.Polygon.Equal) {
			t.Fatalf("%d vertices, and %d the other way", vertices(want), vertices(got))
		}
	})
}

// A made-up town stands for the extracts below: rings by length along its
// streets, each within the next.
func TestRingsOfATownLieWithinOneAnother(t *testing.T) {
	town := thinned(city(9, 3), 2)
	var inner orb.MultiPolygon
	for share := 1; share <= 8; share++ {
		var reached []reach.Part
		for i, part := range town {
			if i*8 < share*len(town) {
				reached = append(reached, part)
			} else if length := lengthOf(part); i*8 < (share+1)*len(town) {
				reached = append(reached, cutLine(part, 0, length*0.3), cutLine(part, length*0.8, length))
			}
		}
		outer := outline(t, reached, 100).Polygon
		checkValid(t, outer)
		checkCovers(t, outer, inner)
		inner = outer
	}
}

// On real extracts, every place of a reached road is inside, and places of
// the roads that are not reached are inside only where they are within the
// detail, but for the excess. These are the false-out and false-in.
func TestExtractsHaveNoFalseOutAndNoFarFalseIn(t *testing.T) {
	for _, name := range []string{"heidelberg", "liechtenstein", "monaco", "oslo-east", "andorra", "columbus-nondense", "reisterstown-via-restriction"} {
		t.Run(name, func(t *testing.T) {
			g := extract(t, name)
			from := townAround(g, onRoad(g, network.Walk), network.Walk)
			for _, limit := range []float64{500, 2000, 6000} {
				reached, rest := from.within(limit, network.Walk)
				a := outline(t, reached, 100)
				inside, far := newFinder(a.Polygon), newRuler(reached)
				samples, within, beyond, farthest := 0, 0, 0, 0.0
				for _, part := range reached {
					along(part, 20, func(p orb.Point) {
						samples++
						if !inside.contains(p) {
							t.Errorf("%v, on a reached road, is outside", p)
						}
					})
				}
				for _, part := range rest {
					along(part, 20, func(p orb.Point) {
						if !inside.contains(p) {
							return
						}
						within++
						if m := far.distance(p, 120); m > 100 {
							beyond++
							farthest = max(farthest, m)
						}
					})
				}
				t.Logf("%v m: %d places reached, all inside; %d others inside, of which %d farther than 100 m (%.2f m)", limit, samples, within, beyond, farthest)
				if farthest > 100*(1+excess) {
					t.Errorf("a place %v m from the reached roads is inside", farthest)
				}
			}
		})
	}
}
