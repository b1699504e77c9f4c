package network

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// TestStretchesAreWhatIsWithinTheLimit: a point along a road lies on a stretch
// exactly when a way to it (or from it) takes no longer than the limit, asked
// of a search with that point as its target. Near an end of a stretch the two
// may differ by the rounding of a millisecond.
func TestStretchesAreWhatIsWithinTheLimit(t *testing.T) {
	inside, outside := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSketch(rt)
		r := sketchRouter(rt, s)
		var sources []Snap
		for range rapid.IntRange(1, 3).Draw(rt, "sources") {
			p := s.places[rapid.IntRange(0, s.nodes-1).Draw(rt, "at")]
			if rapid.Bool().Draw(rt, "beside") {
				p = orb.Point{p[0] + rapid.Float64Range(-block, block).Draw(rt, "dx"), p[1] + rapid.Float64Range(-block, block).Draw(rt, "dy")}
			}
			sources = append(sources, r.Snap(p))
		}
		reverse := rapid.Bool().Draw(rt, "reverse")
		limit := Weight(rapid.IntRange(1, 60_000).Draw(rt, "limit"))
		f, err := r.Reach(rt.Context(), sources, reverse, max(limit, 40_000))
		if err != nil {
			rt.Fatal(err)
		}
		defer f.Close()
		reached := map[Edge][]Stretch{}
		f.Stretches(limit, func(s Stretch) { reached[s.Edge] = append(reached[s.Edge], s) })
		for e := range Edge(r.graph.NumEdges()) {
			if r.graph.origin(e) != e {
				if len(reached[e]) > 0 {
					rt.Fatalf("edge %d is drawn like %d and has stretches of its own", e, r.graph.origin(e))
				}
				continue
			}
			for range 3 {
				along := spatial.Meters(rapid.Float64Range(0, float64(r.graph.Length(e))).Draw(rt, "along"))
				target := Snap{State: Snapped, Edge: e, Along: along}
				got := nearestIn(rt, r, sources, []Snap{target}, reverse)
				slack := math.Abs(float64(got.Weight)-float64(limit)) < 3 || nearEnd(reached[e], along)
				is := onStretch(reached[e], along)
				if is {
					inside++
				} else {
					outside++
				}
				if within := got.State == Reached && got.Weight <= limit; within != is && !slack {
					rt.Fatalf("edge %d at %v m: %+v with limit %d, stretches %v", e, along, got, limit, reached[e])
				}
			}
		}
	})
	if inside < 100 || outside < 100 {
		t.Errorf("%d points inside, %d outside", inside, outside)
	}
}

func onStretch(list []Stretch, along spatial.Meters) bool {
	for _, s := range list {
		if s.From <= along && along <= s.To {
			return true
		}
	}
	return false
}

// nearEnd allows for what a millisecond is at ten metres a second.
func nearEnd(list []Stretch, along spatial.Meters) bool {
	for _, s := range list {
		if math.Abs(float64(s.From-along)) < 0.03 || math.Abs(float64(s.To-along)) < 0.03 {
			return true
		}
	}
	return false
}

// TestStretchesGrowWithTheLimit: each stretch of a limit lies within one of a
// higher limit, whichever search it is taken from.
func TestStretchesGrowWithTheLimit(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSketch(rt)
		r := sketchRouter(rt, s)
		source := []Snap{r.Snap(s.places[0])}
		low := Weight(rapid.IntRange(1, 30_000).Draw(rt, "low"))
		high := low + Weight(rapid.IntRange(0, 30_000).Draw(rt, "more"))
		small, err := r.Reach(rt.Context(), source, false, low)
		if err != nil {
			rt.Fatal(err)
		}
		defer small.Close()
		large, err := r.Reach(rt.Context(), source, false, high)
		if err != nil {
			rt.Fatal(err)
		}
		defer large.Close()
		wide := map[Edge][]Stretch{}
		large.Stretches(high, func(s Stretch) { wide[s.Edge] = append(wide[s.Edge], s) })
		same := map[Stretch]bool{}
		large.Stretches(low, func(s Stretch) { same[s] = true })
		n := 0
		small.Stretches(low, func(s Stretch) {
			n++
			if !same[s] {
				rt.Fatalf("%+v is no stretch of the limit when the search went on", s)
			}
			for _, w := range wide[s.Edge] {
				if w.From <= s.From && s.To <= w.To {
					return
				}
			}
			rt.Fatalf("%+v is not within %v", s, wide[s.Edge])
		})
		if n != len(same) {
			rt.Fatalf("%d stretches, %d when the search went on", n, len(same))
		}
	})
}

// TestLineIsThePartOfTheShape: a stretch's line has its length, lies on the
// road and keeps the road's bends.
func TestLineIsThePartOfTheShape(t *testing.T) {
	places := []orb.Point{{104, 30}, {104.001, 30}, {104.001, 30.001}, {104.002, 30.001}}
	g, _ := build(t, []Way{bothWays(1, 0, 1, 2, 3)}, places)
	length := g.Length(0)
	for _, c := range []struct {
		from, to spatial.Meters
		points   int
	}{{0, length, 4}, {0, length / 2, 3}, {10, 20, 2}, {10, 150, 3}, {50, length - 10, 4}, {30, 30, 2}} {
		line := g.line(Stretch{0, c.from, c.to}, nil)
		total := 0.0
		for i := 1; i < len(line); i++ {
			total += float64(Distance(line[i-1], line[i]))
		}
		if len(line) != c.points || math.Abs(total-float64(c.to-c.from)) > 0.05 {
			t.Errorf("%v to %v m: %d points over %.2f m, want %d", c.from, c.to, len(line), total, c.points)
		}
	}
}
