package borders

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// thin gives polygons at falling tolerances.
func thin(t failer, polygons []orb.MultiPolygon, tolerances ...float64) (levels [][]orb.MultiPolygon) {
	t.Helper()
	m, err := NewMesh(polygons, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	for _, tolerance := range tolerances {
		if err := m.Thin(context.Background(), tolerance); err != nil {
			t.Fatal(err)
		}
		level := make([]orb.MultiPolygon, len(polygons))
		for i := range polygons {
			level[i], _ = m.Polygon(i)
		}
		levels = append(levels, level)
	}
	return levels
}

// A lattice covers its square; so it must at every tolerance, with each side
// within it shared by two rings that go along it in opposite directions.
func TestCoverageStaysCoverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLattice(t)
		polygons := l.polygons()
		checkCoverage(t, l.n, polygons, true)
		tolerances := []float64{3, 0.6, 0.2, 0.05, 0.01, 0.001}
		before := 0
		for i, level := range thin(t, polygons, tolerances...) {
			checkCoverage(t, l.n, level, tolerances[i] < 0.7)
			checkNear(t, polygons, level, tolerances[i])
			count := vertices(level)
			if count < before {
				t.Fatalf("tolerance %v keeps %d vertices, the one before %d", tolerances[i], count, before)
			}
			before = count
		}
	})
}

// checkCoverage demands a coverage and, where the corners of the square must
// still be there, that it covers the square.
func checkCoverage(t failer, n int, polygons []orb.MultiPolygon, square bool) {
	t.Helper()
	if area := areaOf(polygons); square && math.Abs(area-float64(n*n)) > 1e-9 {
		t.Fatalf("the areas sum up to %v, not %d", area, n*n)
	}
	sides := map[[2]orb.Point]int{}
	var all [][2]orb.Point
	for i, polygon := range polygons {
		if len(polygon) == 0 {
			t.Fatalf("polygon %d is gone", i)
		}
		for _, part := range polygon {
			for _, ring := range part {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
					t.Fatalf("a ring has %d points", len(ring))
				}
				for j := range len(ring) - 1 {
					sides[[2]orb.Point{ring[j], ring[j+1]}]++
					all = append(all, [2]orb.Point{ring[j], ring[j+1]})
				}
			}
		}
	}
	for s, count := range sides {
		onEdge := func(axis int, at float64) bool { return s[0][axis] == at && s[1][axis] == at }
		outer := onEdge(0, 0) || onEdge(1, 0) || onEdge(0, float64(n)) || onEdge(1, float64(n))
		if back := sides[[2]orb.Point{s[1], s[0]}]; count != 1 || square && outer != (back == 0) {
			t.Fatalf("the side %v is there %d times, and back %d times", s, count, back)
		}
	}
	checkCrossings(t, all)
}

func checkCrossings(t failer, sides [][2]orb.Point) {
	t.Helper()
	slices.SortFunc(sides, func(a, b [2]orb.Point) int {
		return int(sign(min(a[0][0], a[1][0]) - min(b[0][0], b[1][0])))
	})
	for i, s := range sides {
		for _, o := range sides[i+1:] {
			if min(o[0][0], o[1][0]) > max(s[0][0], s[1][0]) {
				break
			}
			if side(s[0], s[1], o[0])*side(s[0], s[1], o[1]) < 0 && side(o[0], o[1], s[0])*side(o[0], o[1], s[1]) < 0 {
				t.Fatalf("%v crosses %v", s, o)
			}
			for _, p := range o {
				if p != s[0] && p != s[1] && inBox(s[0], s[1], p) && side(s[0], s[1], p) == 0 {
					t.Fatalf("%v lies on %v", p, s)
				}
			}
		}
	}
}

// checkNear demands that each vertex left out is within the tolerance of a
// border that is left. Every part of a lattice has at least the size of a cell,
// so below that no ring goes as a whole.
func checkNear(t failer, before, after []orb.MultiPolygon, tolerance float64) {
	t.Helper()
	if tolerance > 0.6 {
		return
	}
	for i := range before {
		for _, p := range points(before[i]) {
			least := math.Inf(1)
			for _, part := range after[i] {
				for _, ring := range part {
					for j := range len(ring) - 1 {
						least = min(least, distance(ring[j], ring[j+1], p))
					}
				}
			}
			if least > tolerance*(1+1e-9) {
				t.Fatalf("%v is %v away from its border, more than %v", p, least, tolerance)
			}
		}
	}
}

func points(polygon orb.MultiPolygon) (all []orb.Point) {
	for _, part := range polygon {
		for _, ring := range part {
			all = append(all, ring...)
		}
	}
	return all
}

func vertices(polygons []orb.MultiPolygon) (n int) {
	for _, p := range polygons {
		n += len(points(p))
	}
	return n
}

// The order of polygons and where their rings begin do not matter.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		polygons := drawLattice(t).polygons()
		turned := make([]orb.MultiPolygon, len(polygons))
		for i, polygon := range polygons {
			for _, part := range polygon {
				var rings orb.Polygon
				for _, ring := range part {
					at := rapid.IntRange(0, len(ring)-2).Draw(t, "start")
					r := append(slices.Clone(ring[at:len(ring)-1]), ring[:at+1]...)
					rings = append(rings, r)
				}
				turned[len(polygons)-1-i] = append(turned[len(polygons)-1-i], rings)
			}
		}
		a, b := thin(t, polygons, 0.3, 0.02), thin(t, turned, 0.3, 0.02)
		for level := range a {
			for i := range polygons {
				p, q := points(a[level][i]), points(b[level][len(polygons)-1-i])
				if !reflect.DeepEqual(sorted(p), sorted(q)) {
					t.Fatalf("level %d, polygon %d: %v and %v", level, i, p, q)
				}
			}
		}
	})
}

// sorted is the set of points; which one a ring begins with does not count.
func sorted(p []orb.Point) []string {
	var all []string
	for _, q := range p {
		all = append(all, fmt.Sprint(q))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Three polygons meet where one of them has no vertex, on a border that is not
// along an axis, so the vertex of the others lies beside the line by rounding.
func TestVertexOnTheSideOfAnother(t *testing.T) {
	at := orb.Point{1.0 / 3, 0.1}
	polygons := []orb.MultiPolygon{
		{{{{0, 0}, {1, 0.3}, {1, 1}, {0, 1}, {0, 0}}}},
		{{{{0, 0}, {0, -1}, at, {0, 0}}}},
		{{{at, {0, -1}, {1, -1}, {1, 0.3}, at}}},
	}
	for _, level := range thin(t, polygons, 5, 0.5, 0.001) {
		if !slices.Contains(level[0][0][0], at) {
			t.Errorf("%v was not taken into the long side: %v", at, level[0][0][0])
		}
	}
}

// A hole in a bay, and an island in a dent, stay on their side although both
// are shallower than the tolerance.
func TestNothingChangesSides(t *testing.T) {
	bay := orb.MultiPolygon{{{{0, 0}, {5, -0.1}, {10, 0}, {10, 5}, {0, 5}, {0, 0}}, {{4, -0.02}, {5, -0.01}, {6, -0.02}, {5, -0.05}, {4, -0.02}}}}
	polygons := []orb.MultiPolygon{bay, {{{{4, -0.02}, {5, -0.05}, {6, -0.02}, {5, -0.01}, {4, -0.02}}}}} // the hole is all of another one
	if got := thin(t, polygons, 0.2)[0]; len(got[0][0]) != 2 || !slices.Contains(points(got[0]), orb.Point{5, -0.1}) {
		t.Errorf("the bay around the hole went: %v", got[0])
	}
	dented := orb.MultiPolygon{{{{0, 0}, {2, 0}, {3, 0.1}, {7, 0.1}, {8, 0}, {10, 0}, {10, 5}, {0, 5}, {0, 0}}}}
	island := orb.MultiPolygon{{{{4, 0.02}, {6, 0.02}, {5, 0.06}, {4, 0.02}}}} // in the dent, outside
	got := thin(t, []orb.MultiPolygon{dented, island}, 0.2)[0]
	if !slices.Contains(points(got[0]), orb.Point{3, 0.1}) && !slices.Contains(points(got[0]), orb.Point{7, 0.1}) {
		t.Errorf("the dent around the island was filled: %v", got[0])
	}
}

func TestSmallRingsGoUnlessLast(t *testing.T) {
	square := func(x, y, side float64) orb.Ring {
		return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
	}
	hole := square(2, 2, 0.1)
	slices.Reverse(hole)
	polygons := []orb.MultiPolygon{
		{{square(0, 0, 9), hole}, {square(20, 0, 0.1)}},
		{{square(2, 2, 0.1)}, {square(30, 0, 0.2)}},
	}
	level := thin(t, polygons, 0.5)[0]
	if len(level[0]) != 1 || len(level[0][0]) != 1 {
		t.Errorf("the first is %v", level[0])
	}
	if len(level[1]) != 1 || level[1][0][0][0] != (orb.Point{30, 0}) {
		t.Errorf("the second is %v", level[1])
	}
	polygons[1] = polygons[1][:1]
	if level := thin(t, polygons, 0.5)[0]; len(level[0][0]) != 2 || len(level[1]) != 1 {
		t.Errorf("the enclave is all that there is of the second: %v", level)
	}
}

func TestWhatIsNoPolygonIsLeftOut(t *testing.T) {
	square := orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}}
	polygons := []orb.MultiPolygon{
		{{{{0, 0}, {1, 0}, {0, 0}}}}, {{{{0, 0}, {math.NaN(), 0}, {1, 1}, {0, 0}}}}, {{{{0, 0}, {math.Inf(1), 0}, {1, 1}, {0, 0}}}}, nil, {{}}, square,
	}
	level := thin(t, polygons, 0.1)[0]
	for i, got := range level[:5] {
		if got != nil {
			t.Errorf("%d gives %v", i, got)
		}
	}
	if len(level[5]) != 1 {
		t.Error("the square is gone")
	}
}

func TestSideIsExact(t *testing.T) {
	a, b := orb.Point{0.1, 0.1}, orb.Point{0.3, 0.3}
	for _, c := range []struct {
		p    orb.Point
		want int
	}{{orb.Point{0.2, 0.2}, 0}, {orb.Point{0.2, math.Nextafter(0.2, 1)}, 1}, {orb.Point{0.2, math.Nextafter(0.2, 0)}, -1}, {a, 0}} {
		if got := side(a, b, c.p); got != c.want {
			t.Errorf("%v: %d, want %d", c.p, got, c.want)
		}
	}
}
