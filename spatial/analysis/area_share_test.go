package analysis

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func box(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
}

// TestAreaSharesOfBoxes compares with what is known of boxes, where the share
// is a product of lengths.
func TestAreaSharesOfBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string) (low, high float64) {
			low = rapid.Float64Range(-0.2, 0.2).Draw(t, name)
			return low, low + rapid.Float64Range(0.05, 0.2).Draw(t, name+" length")
		}
		w1, e1 := side("x of a")
		s1, n1 := side("y of a")
		w2, e2 := side("x of b")
		s2, n2 := side("y of b")
		got := newAreaShares(orb.MultiPolygon{box(w1, s1, e1, n1)}, 50).of(orb.MultiPolygon{box(w2, s2, e2, n2)})
		want := max(0, min(e1, e2)-max(w1, w2)) * max(0, min(n1, n2)-max(s1, s2)) / ((e2 - w2) * (n2 - s2))
		if got == nil || math.Abs(*got-want) > 0.005 {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestAreaSharesOfRings(t *testing.T) {
	ring := append(box(0, 0, 3, 3), box(1, 1, 2, 2)[0]) // a box with a hole in its middle
	triangle := orb.MultiPolygon{{{{0, 0}, {3, 0}, {3, 3}, {0, 0}}}}
	for name, c := range map[string]struct {
		of, in orb.MultiPolygon
		want   float64
	}{
		"the hole":             {orb.MultiPolygon{box(1, 1, 2, 2)}, orb.MultiPolygon{ring}, 0},
		"all but the hole":     {orb.MultiPolygon{box(0, 0, 3, 3)}, orb.MultiPolygon{ring}, 8.0 / 9},
		"of a ring":            {orb.MultiPolygon{ring}, orb.MultiPolygon{box(0, 0, 3, 1)}, 3.0 / 8},
		"itself":               {orb.MultiPolygon{ring}, orb.MultiPolygon{ring}, 1},
		"half of a box":        {orb.MultiPolygon{box(0, 0, 3, 3)}, triangle, 0.5},
		"of two, one":          {orb.MultiPolygon{box(0, 0, 1, 1), box(2, 0, 3, 1)}, orb.MultiPolygon{box(0, 0, 1.5, 2)}, 0.5},
		"beside":               {orb.MultiPolygon{box(4, 0, 5, 1)}, orb.MultiPolygon{ring}, 0},
		"of nothing reached":   {orb.MultiPolygon{box(4, 0, 5, 1)}, orb.MultiPolygon{}, 0},
		"a corner on the line": {triangle, orb.MultiPolygon{box(0, 0, 3, 1.5)}, 0.75},
	} {
		got := newAreaShares(c.in, 100).of(c.of)
		if got == nil || math.Abs(*got-c.want) > 0.002 {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	if got := newAreaShares(triangle, 100).of(orb.Point{1, 1}); got != nil {
		t.Errorf("a point has the share %v", *got)
	}
}
