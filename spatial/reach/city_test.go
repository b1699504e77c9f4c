package reach_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/reach"
)

// city is a made-up town with blocks of 200 m by 120 m, whose crossings lie a
// little off their places: 2 * side * (side-1) parts of two pieces each.
func city(side int, seed uint64) []reach.Part {
	random := rand.New(rand.NewPCG(seed, seed))
	at := make([]orb.Point, side*side)
	for i := range at {
		at[i] = orb.Point{
			116.3 + (float64(i%side)*200+random.Float64()*60)/85_000,
			39.9 + (float64(i/side)*120+random.Float64()*40)/111_000,
		}
	}
	var parts []reach.Part
	for i := range at {
		for _, next := range []int{i + 1, i + side} {
			if next == i+1 && next%side == 0 || next >= len(at) {
				continue
			}
			middle := orb.Point{(at[i][0]+at[next][0])/2 + random.Float64()*1e-4, (at[i][1] + at[next][1]) / 2}
			parts = append(parts, reach.Part{at[i], middle, at[next]})
		}
	}
	return parts
}

// thinned keeps one part in so many, at random.
func thinned(parts []reach.Part, share int) []reach.Part {
	random := rand.New(rand.NewPCG(2, 2))
	return slices.DeleteFunc(slices.Clone(parts), func(reach.Part) bool { return random.IntN(share) > 0 })
}

func outline(t testing.TB, parts []reach.Part, detail spatial.Meters) reach.Area {
	t.Helper()
	area, err := reach.Outline(context.Background(), slices.Values(parts), detail)
	if err != nil {
		t.Fatal(err)
	}
	return area
}

func vertices(a reach.Area) int {
	n := 0
	for _, polygon := range a.Polygon {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}

func holes(a reach.Area) int {
	n := 0
	for _, polygon := range a.Polygon {
		n += len(polygon) - 1
	}
	return n
}
