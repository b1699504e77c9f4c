package reach_test

import (
	"context"
	"fmt"
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

// thinnedTo thins areas, smallest first, and demands what Thin promises.
func thinnedTo(t tester, areas []reach.Area, tolerance spatial.Meters) []reach.Area {
	t.Helper()
	thin, err := reach.Thin(context.Background(), areas, tolerance)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i, a := range thin {
		checkValid(t, a.Polygon)
		checkThinner(t, areas[i], a, tolerance)
		if i > 0 {
			checkCovers(t, a.Polygon, thin[i-1].Polygon)
		}
	}
	return thin
}

// checkThinner demands the same rings of fewer of the same vertices, in their
// order, with those that went near the line.
func checkThinner(t tester, was, is reach.Area, tolerance spatial.Meters) {
	t.Helper()
	if len(is.Polygon) != len(was.Polygon) || is.ClosedHoles != was.ClosedHoles {
		t.Fatalf("%d polygons and %d closed holes, were %d and %d", len(is.Polygon), is.ClosedHoles, len(was.Polygon), was.ClosedHoles)
	}
	for i, polygon := range was.Polygon {
		if len(is.Polygon[i]) != len(polygon) {
			t.Fatalf("%d rings, were %d", len(is.Polygon[i]), len(polygon))
		}
		for j, ring := range polygon {
			checkThinnerRing(t, ring, is.Polygon[i][j], tolerance)
		}
	}
	if got := reach.EllipsoidArea(is.Polygon); got != is.SquareMeters {
		t.Fatalf("%v m², the polygon has %v", is.SquareMeters, got)
	}
}

func checkThinnerRing(t tester, was, is orb.Ring, tolerance spatial.Meters) {
	t.Helper()
	begin := slices.Index(was, is[0])
	if begin < 0 {
		t.Fatalf("vertex %v is new", is[0])
	}
	turned := slices.Concat(was[begin:len(was)-1], was[:begin+1])
	k := 0
	for _, p := range turned {
		if k < len(is) && p == is[k] {
			k++
			continue
		}
		if away := newRuler([]reach.Part{{is[k-1], is[k]}}).distance(p, 2*float64(tolerance)+1); away > float64(tolerance)*(1+1e-3)+1e-6 {
			t.Fatalf("vertex %v is %v m from its line", p, away)
		}
	}
	if k != len(is) {
		t.Fatalf("vertex %v is new or out of order", is[k])
	}
}

// someOf draws a part of some roads: some are left out, some cut.
func someOf(t *rapid.T, parts []reach.Part) []reach.Part {
	var some []reach.Part
	for _, part := range parts {
		switch rapid.IntRange(0, 2).Draw(t, "what becomes of it") {
		case 0:
			some = append(some, part)
		case 1:
			if len(part) > 1 && !overMeridian(part) {
				from, to := rapid.Float64Range(0, 1).Draw(t, "from"), rapid.Float64Range(0, 1).Draw(t, "to")
				some = append(some, cutLine(part, min(from, to)*lengthOf(part), max(from, to)*lengthOf(part)))
			}
		}
	}
	return some
}

// Three areas within one another, thinned together: little, and so much that
// lines would cross.
func TestThinAreasAreValidAndNested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, detail := roads(t)
		fewer := someOf(t, parts)
		areas := []reach.Area{drawn(t, someOf(t, fewer), detail), drawn(t, fewer, detail), drawn(t, parts, detail)}
		share := rapid.SampledFrom([]float64{0, 0.005, 0.03, 0.2, 1}).Draw(t, "tolerance")
		thinnedTo(t, areas, spatial.Meters(share)*detail)
	})
}

// Every place of a road stays inside, and none comes inside that is farther
// than the detail by more than before.
func TestThinInsideIsWhatIsNear(t *testing.T) {
	const share = 0.005
	rapid.Check(t, func(t *rapid.T) {
		parts, detail := roads(t)
		a := thinnedTo(t, []reach.Area{drawn(t, parts, detail)}, share*detail)[0]
		if onCut(a) > 0 {
			t.Skip("the ruler does not cross the antimeridian")
		}
		inside, far := newFinder(a.Polygon), newRuler(parts)
		for _, part := range parts {
			along(part, float64(detail)/7, func(p orb.Point) {
				if !inside.contains(p) {
					t.Fatalf("%v, on a road, is outside", p)
				}
			})
		}
		for _, polygon := range a.Polygon {
			for _, ring := range polygon {
				along(orb.LineString(ring), float64(detail)/30, func(p orb.Point) {
					if m := far.distance(p, 1.2*float64(detail)) / float64(detail); m > 1+excess+share || m < 0.96-share {
						t.Fatalf("%v, on the line, is %v details from the roads", p, m)
					}
				})
			}
		}
	})
}

// Shapes that a careless tolerance breaks: gaps of centimetres, the tips of
// wedges, holes as wide as the tolerance, islands in holes, and borders of two
// limits that run side by side.
func TestThinShapesThatBreakEasily(t *testing.T) {
	at := orb.Point{104, 30.6}
	for _, turned := range []float64{0, 0.1, 0.7, math.Pi / 4, 1.2, math.Pi / 2} {
		sin, cos := math.Sincos(turned)
		line := func(meters ...float64) reach.Part {
			var list [][2]float64
			for i := 0; i < len(meters); i += 2 {
				x, y := meters[i], meters[i+1]
				list = append(list, [2]float64{x*cos - y*sin, x*sin + y*cos})
			}
			return local(at, list...)
		}
		shapes := map[string][]reach.Part{
			"a wedge":              {line(0, 0, 3000, 0), line(0, 0, 3000, 240)},
			"a narrow wedge":       {line(0, 0, 3000, 190), line(0, 390, 3000, 200)},
			"a hole":               {line(0, 0, 205, 0, 205, 205, 0, 205, 0, 0)},
			"a long hole":          {line(0, 0, 900, 0, 900, 201, 0, 201, 0, 0)},
			"an island in a hole":  {line(0, 0, 700, 0, 700, 700, 0, 700, 0, 0), line(350, 350)},
			"steps":                {line(0, 0, 300, 0, 300, 12, 600, 12, 600, 24, 900, 24), line(0, 203, 300, 203, 300, 215, 600, 215, 600, 227, 900, 227)},
			"a comb":               {line(0, 0, 1200, 0), line(0, 0, 0, 500), line(200, 0, 200, 500), line(401, 0, 401, 500), line(604, 0, 604, 500), line(812, 0, 812, 500)},
			"a road that narrows":  {line(0, 0, 1500, 1), line(0, 204, 1500, 199)},
			"a road that comes by": {line(0, 0, 600, 4, 1200, 0), line(0, 210, 600, 203, 1200, 210)},
		}
		for _, apart := range []float64{197.5, 197.6, 198, 199, 200.5} {
			shapes[fmt.Sprintf("%v m apart", apart)] = []reach.Part{line(0, 0, 2000, 0), line(0, apart, 2000, apart)}
		}
		for name, parts := range shapes {
			for _, share := range []int{3, 2} {
				inner := slices.Clone(parts)
				inner[0] = cutLine(parts[0], 0, lengthOf(parts[0])/float64(share))
				areas := []reach.Area{outline(t, inner[:1], 100), outline(t, inner, 100), outline(t, parts, 100)}
				for _, tolerance := range []spatial.Meters{0.5, 3, 20, 100} {
					if t.Run(fmt.Sprintf("%s, turned by %.1f, by %v m", name, turned, tolerance), func(t *testing.T) {
						thinnedTo(t, areas, tolerance)
					}); t.Failed() {
						return
					}
				}
			}
		}
	}
}

func TestThinTownIsSmall(t *testing.T) {
	town := city(20, 1)
	some := thinned(town, 4)
	areas := []reach.Area{outline(t, some[:len(some)/3], 100), outline(t, some, 100), outline(t, town, 100)}
	for i, a := range thinnedTo(t, areas, 0.5) {
		t.Logf("%d vertices of %d", vertices(a), vertices(areas[i]))
		if vertices(a)*3 > vertices(areas[i]) {
			t.Errorf("%d vertices of %d are left", vertices(a), vertices(areas[i]))
		}
		near(t, "area", a.SquareMeters, areas[i].SquareMeters, 1e-3)
	}
}

// ringOf is a closed ring on the grid of coordinates, from metres east and
// north of a place.
func ringOf(at orb.Point, meters ...[2]float64) orb.Ring {
	ring := orb.Ring(local(at, append(meters, meters[0])...))
	for i, p := range ring {
		ring[i] = orb.Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
	}
	return ring
}

// What lies between a line and the border that it would replace keeps that
// border as it is, though no line crosses another: a hole under a bump, and an
// island in a bay.
func TestThinJumpsOverNothing(t *testing.T) {
	at := orb.Point{104, 30.6}
	bump := ringOf(at, [2]float64{0, 0}, [2]float64{300, 0}, [2]float64{300, 100}, [2]float64{160, 100}, [2]float64{150, 104}, [2]float64{140, 100}, [2]float64{0, 100})
	hole := ringOf(at, [2]float64{149, 101}, [2]float64{150, 102}, [2]float64{151, 101})
	bay := ringOf(at, [2]float64{0, 0}, [2]float64{300, 0}, [2]float64{300, 100}, [2]float64{160, 100}, [2]float64{150, 96}, [2]float64{140, 100}, [2]float64{0, 100})
	island := ringOf(at, [2]float64{149, 98.5}, [2]float64{151, 98.5}, [2]float64{150, 99.5})
	for name, c := range map[string]struct {
		alone, with orb.MultiPolygon
	}{
		"a hole":    {orb.MultiPolygon{{bump}}, orb.MultiPolygon{{bump, hole}}},
		"an island": {orb.MultiPolygon{{bay}}, orb.MultiPolygon{{bay}, {island}}},
	} {
		checkValid(t, c.with)
		with := thinnedTo(t, []reach.Area{{Polygon: c.with}}, 5)[0]
		alone := thinnedTo(t, []reach.Area{{Polygon: c.alone}}, 5)[0]
		if n, m := len(with.Polygon[0][0]), len(alone.Polygon[0][0]); n <= m || m > 5 {
			t.Errorf("%s: the border has %d vertices, without it %d", name, n, m)
		}
	}
}

// A line keeps clear of a vertex beside it.
func TestThinKeepsClear(t *testing.T) {
	at := orb.Point{104, 30.6}
	bump := ringOf(at, [2]float64{0, 0}, [2]float64{300, 0}, [2]float64{300, 100}, [2]float64{150, 102}, [2]float64{0, 100})
	hole := ringOf(at, [2]float64{140, 50}, [2]float64{150, 99.99}, [2]float64{160, 50})
	thin := thinnedTo(t, []reach.Area{{Polygon: orb.MultiPolygon{{bump, hole}}}}, 5)[0].Polygon[0]
	border := newRuler([]reach.Part{orb.LineString(thin[0])})
	for _, p := range thin[1] {
		if away := border.distance(p, 100); away < 0.019 {
			t.Errorf("a vertex of the hole is %v m from the border", away)
		}
	}
}

// Two areas that meet at the antimeridian keep all that they meet at, though
// nearly on a line.
func TestThinKeepsTheCutAtTheAntimeridian(t *testing.T) {
	side := orb.Polygon{{{179.999, 0}, {180, 0.0001}, {180, 0.0001100}, {180, 0.009}, {179.999, 0.0091}, {179.999, 0}}}
	if is := onCut(thinnedTo(t, []reach.Area{{Polygon: orb.MultiPolygon{side}}}, 30)[0]); is != 3 {
		t.Errorf("%d vertices on the cut, were 3", is)
	}
	road := reach.Part{{179.98, -16.8}, {-179.99, -16.79}}
	areas := []reach.Area{outline(t, []reach.Part{road}, 300), outline(t, []reach.Part{road, {{-179.999, -16.83}, {-179.9991, -16.77}}}, 300)}
	for i, a := range thinnedTo(t, areas, 2) {
		if was, is := onCut(areas[i]), onCut(a); was == 0 || was != is {
			t.Errorf("%d vertices on the cut, were %d", is, was)
		}
	}
}

func onCut(a reach.Area) int {
	n := 0
	for _, polygon := range a.Polygon {
		for _, ring := range polygon {
			for _, p := range ring[1:] {
				if math.Abs(p[0]) == 180 {
					n++
				}
			}
		}
	}
	return n
}

// The order of the areas, and where their rings begin, does not matter.
func TestThinIsTheSameInAnyOrder(t *testing.T) {
	town := city(14, 3)
	areas := []reach.Area{outline(t, thinned(town, 4), 100), outline(t, thinned(town, 2), 100), outline(t, town, 100)}
	random := rand.New(rand.NewPCG(1, 1))
	for _, tolerance := range []spatial.Meters{0.5, 20} {
		want := verticesOf(t, areas, tolerance)
		for range 5 {
			mixed := slices.Clone(areas)
			random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			for i, a := range mixed {
				mixed[i].Polygon = orb.MultiPolygon{}
				for _, polygon := range a.Polygon {
					var copied orb.Polygon
					for _, ring := range polygon {
						k := random.IntN(len(ring) - 1)
						copied = append(copied, slices.Concat(ring[k:len(ring)-1], ring[:k+1]))
					}
					mixed[i].Polygon = append(mixed[i].Polygon, copied)
				}
			}
			if got := verticesOf(t, mixed, tolerance); !slices.Equal(got, want) {
				t.Fatalf("%v m: %d vertices are left, or others than the %d", tolerance, len(got), len(want))
			}
		}
	}
}

// verticesOf are those that are left, in order of coordinates.
func verticesOf(t *testing.T, areas []reach.Area, tolerance spatial.Meters) []orb.Point {
	thin, err := reach.Thin(t.Context(), areas, tolerance)
	if err != nil {
		t.Fatal(err)
	}
	var list []orb.Point
	for _, a := range thin {
		for _, polygon := range a.Polygon {
			for _, ring := range polygon {
				list = append(list, ring[1:]...)
			}
		}
	}
	slices.SortFunc(list, func(p, q orb.Point) int { return slices.Compare(p[:], q[:]) })
	return list
}

func TestThinOfNothingIsNothing(t *testing.T) {
	thin, err := reach.Thin(t.Context(), []reach.Area{{Polygon: orb.MultiPolygon{}, ClosedHoles: 3}}, 1)
	if err != nil || len(thin) != 1 || thin[0].Polygon == nil || len(thin[0].Polygon) != 0 || thin[0].ClosedHoles != 3 {
		t.Errorf("%+v, %v", thin, err)
	}
	if thin, err := reach.Thin(t.Context(), nil, 1); err != nil || len(thin) != 0 {
		t.Errorf("%+v, %v", thin, err)
	}
}

func TestThinRefusesWhatIsNoOutline(t *testing.T) {
	square := func(points ...orb.Point) []reach.Area { return []reach.Area{{Polygon: orb.MultiPolygon{{points}}}} }
	sound := square(orb.Point{0, 0}, orb.Point{1, 0}, orb.Point{1, 1}, orb.Point{0, 0})
	for name, c := range map[string]struct {
		areas     []reach.Area
		tolerance spatial.Meters
	}{
		"a tolerance below 0":   {sound, -1},
		"a tolerance too great": {sound, 5001},
		"no tolerance":          {sound, spatial.Meters(math.NaN())},
		"an open ring":          {square(orb.Point{0, 0}, orb.Point{1, 0}, orb.Point{1, 1}, orb.Point{0, 1}), 1},
		"a line":                {square(orb.Point{0, 0}, orb.Point{1, 0}, orb.Point{0, 0}), 1},
		"an empty ring":         {square(), 1},
		"more digits":           {square(orb.Point{0, 0}, orb.Point{1, 1e-8}, orb.Point{1, 1}, orb.Point{0, 0}), 1},
		"no number":             {square(orb.Point{0, 0}, orb.Point{1, math.NaN()}, orb.Point{1, 1}, orb.Point{0, 0}), 1},
		"at the pole":           {square(orb.Point{0, 89}, orb.Point{1, 89}, orb.Point{1, 90}, orb.Point{0, 89}), 1},
		"beyond 180":            {square(orb.Point{0, 0}, orb.Point{181, 0}, orb.Point{1, 1}, orb.Point{0, 0}), 1},
		"beyond the earth":      {square(orb.Point{0, 0}, orb.Point{1e6, 0}, orb.Point{1, 1}, orb.Point{0, 0}), 1},
	} {
		if _, err := reach.Thin(t.Context(), c.areas, c.tolerance); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := reach.Thin(t.Context(), sound, 1); err != nil {
		t.Errorf("a sound ring: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := reach.Thin(stopped, sound, 1); err == nil {
		t.Error("it went on after it was stopped")
	}
}

// BenchmarkThin thins a town with open country between its roads, and what a
// car reaches on a real map in two limits.
func BenchmarkThin(b *testing.B) {
	b.Run("country", func(b *testing.B) {
		benchmarkThin(b, []reach.Area{outline(b, thinned(city(125, 1), 3), 100)})
	})
	b.Run("heidelberg", func(b *testing.B) {
		g := extract(b, "heidelberg")
		from := townAround(g, onRoad(g, network.Car), network.Car)
		var areas []reach.Area
		for _, limit := range []float64{3_000, 10_000} {
			reached, _ := from.within(limit, network.Car)
			areas = append(areas, outline(b, reached, 100))
		}
		benchmarkThin(b, areas)
	})
}

func benchmarkThin(b *testing.B, areas []reach.Area) {
	before, after := 0, 0
	for _, a := range areas {
		before += vertices(a)
	}
	b.ReportAllocs()
	for b.Loop() {
		thin, err := reach.Thin(context.Background(), areas, 0.5)
		if err != nil {
			b.Fatal(err)
		}
		after = 0
		for _, a := range thin {
			after += vertices(a)
		}
	}
	b.ReportMetric(float64(before), "before")
	b.ReportMetric(float64(after), "after")
}
