package network

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// at places a point by metres east and north of 104 E 30 N.
func at(east, north float64) orb.Point {
	p := planeAt(30)
	return orb.Point{104 + east/p.perDegree/p.stretch, 30 + north/p.perDegree}
}

// street builds a router over straight ways between points, one way each.
func street(t testing.TB, kind string, ways []Way, places ...orb.Point) *Router {
	t.Helper()
	g, _ := build(t, ways, places)
	return newRouter(t, g, kind, evenProfile())
}

func near(a spatial.Meters, want float64) bool {
	return math.Abs(float64(a)-want) <= 0.05+want*1e-4
}

func TestSnapFindsTheNearestPlaceOnARoad(t *testing.T) {
	r := street(t, KindImported, []Way{bothWays(1, 0, 1, 2)}, at(0, 0), at(1000, 0), at(1000, 800))
	for _, c := range []struct {
		name            string
		point           orb.Point
		vertex          bool
		distance, along float64
	}{
		{"beside the first piece", at(300, 40), false, 40, 300},
		{"beside the second piece", at(1090, 500), false, 90, 1500},
		{"in the bend", at(1030, -40), false, 50, 1000},
		{"on the road", at(300, 0), false, 0, 300},
		{"before its beginning", at(-30, 40), true, 50, 0},
		{"half a metre from its end", at(1000.4, 800.3), true, 0, 0},
		{"two metres from its end, beside it", at(1002, 798), false, 2, 1798},
	} {
		s := r.Snap(c.point)
		if s.State != Snapped || s.AtVertex != c.vertex || !near(s.Distance, c.distance) || !c.vertex && !near(s.Along, c.along) {
			t.Errorf("%s: %+v", c.name, s)
		}
		// A metre a second on foot.
		if want := c.distance * 1000; math.Abs(float64(s.Access)-want) > 50+want/1000 || c.distance == 0 && c.vertex && s.Access != 0 {
			t.Errorf("%s: access %d ms, want %v", c.name, s.Access, want)
		}
		if d := float64(Distance(c.point, s.Point)); !c.vertex && math.Abs(d-float64(s.Distance)) > 0.05 {
			t.Errorf("%s: says %v m, its point is %v m away", c.name, s.Distance, d)
		}
	}
}

func TestSnapOverTheRadiusIsNotSnapped(t *testing.T) {
	for _, kind := range []string{KindImported, KindCondensed} {
		r := street(t, kind, []Way{bothWays(1, 0, 1)}, at(0, 0), at(1000, 0))
		for metres, want := range map[float64]SnapState{100: Snapped, 1990: Snapped, 2010: NotSnapped, 50_000: NotSnapped} {
			if s := r.Snap(at(-metres, 0)); s.State != want {
				t.Errorf("%s: %v m away is %s", kind, metres, s.State)
			}
		}
		for _, p := range []orb.Point{{math.NaN(), 30}, {104, math.Inf(1)}, {190, 30}} {
			if s := r.Snap(p); s.State != NotSnapped {
				t.Errorf("%s: %v is %s", kind, p, s.State)
			}
		}
		far := nearestOf(t, r, []Snap{r.Snap(at(0, 0))}, []Snap{r.Snap(at(-9000, 0))}, false, NoLimit)[0]
		if far.State != Unsnapped {
			t.Errorf("%s: a target off the map is %+v", kind, far)
		}
		lost := nearestOf(t, r, []Snap{r.Snap(at(-9000, 0))}, []Snap{r.Snap(at(0, 0))}, false, NoLimit)[0]
		if lost.State != Unreachable || lost.Source != -1 {
			t.Errorf("%s: from no source at all: %+v", kind, lost)
		}
	}
}

func TestSnapNeverToMotorwaysBetweenTheirEnds(t *testing.T) {
	for _, class := range []Class{Motorway, MotorwayLink} {
		fast := Way{ID: 1, Class: class, Refs: []int64{0, 1}, Forward: Car, Backward: Car}
		r := street(t, KindImported, []Way{fast, bothWays(2, 1, 2)}, at(0, 0), at(1000, 0), at(1000, 1000))
		s := r.Snap(at(900, 20))
		if class := r.graph.MainClass(s.Edge); s.State != Snapped || s.AtVertex || class != Residential || !near(s.Distance, 100) {
			t.Errorf("%s: snapped to %s, %+v", class, class, s)
		}
		if s := r.Snap(at(1000, 0)); !s.AtVertex || s.Access != 0 {
			t.Errorf("%s: its end is a junction: %+v", class, s)
		}
	}
}

// TestSnapOfAVertexHasAllItsRoads: nearest to the head of a one-way street,
// whatever edge is looked at first, one may come by the others.
func TestSnapOfAVertexHasAllItsRoads(t *testing.T) {
	in := Way{ID: 1, Class: Residential, Refs: []int64{0, 1}, Forward: Car}
	end := street(t, KindImported, []Way{in, bothWays(2, 1, 2)}, at(0, 0), at(0, 1000), at(1000, 1500))
	if s := end.Snap(at(-3, 1004)); !s.AtVertex || s.Point != end.graph.Point(s.Vertex) || !near(s.Distance, 5) {
		t.Errorf("beyond the head of a one-way street: %+v", s)
	} else if reach := nearestOf(t, end, []Snap{end.Snap(at(1000, 1500))}, []Snap{s}, false, NoLimit)[0]; reach.State != Reached {
		t.Errorf("not to be reached over the other road: %+v", reach)
	}
}

func TestOneWayStreetsAreHonouredFromTheirMiddle(t *testing.T) {
	// A ring of four streets of a kilometre, one way round.
	ring := Way{ID: 1, Class: Residential, Refs: []int64{0, 1, 2, 3, 0}, Forward: Car}
	spur := bothWays(2, 0, 4)
	r := street(t, KindImported, []Way{ring, spur}, at(0, 0), at(1000, 0), at(1000, 1000), at(0, 1000), at(-500, -500))
	a, b := r.Snap(at(400, 1)), r.Snap(at(600, 1))
	for _, c := range []struct {
		from, to Snap
		metres   float64
	}{{a, b, 200}, {b, a, 3800}, {a, a, 0}, {a, r.Snap(at(0, 0)), 3600}, {r.Snap(at(0, 0)), b, 600}} {
		reach := nearestOf(t, r, []Snap{c.from}, []Snap{c.to}, false, NoLimit)[0]
		back := nearestOf(t, r, []Snap{c.to}, []Snap{c.from}, true, NoLimit)[0]
		legs := float64(c.from.Distance + c.to.Distance)
		if reach.State != Reached || math.Abs(float64(reach.Distance)-legs-c.metres) > 1 || back.Weight != reach.Weight {
			t.Errorf("%v m: %+v, backwards %+v", c.metres, reach, back)
		}
		if want := c.metres*100 + legs*1000; math.Abs(float64(reach.Weight)-want) > 200 {
			t.Errorf("%v m take %d ms", c.metres, reach.Weight)
		}
	}
}

// TestSnapPassesOverASmallIsland: a car park beside a town that nothing joins
// to it gives way to the town, and the snap says so.
func TestSnapPassesOverASmallIsland(t *testing.T) {
	c := city{size: 9}
	places, ways := c.places(), c.ways()
	park := len(places)
	places = append(places, c.at(12, 4), c.at(13, 4), c.at(12, 4.5))
	ways = append(ways, bothWays(90, int64(park), int64(park+1)), bothWays(91, int64(park), int64(park+2)))
	g, _ := build(t, ways, places)
	r := newRouter(t, g, KindImported, evenProfile())
	s := r.Snap(c.at(12.5, 4.1))
	if s.State != Snapped || !s.Passed || s.Component != 77 {
		t.Errorf("beside the car park: %+v", s)
	}
	if s := r.Snap(c.at(3.5, 3.9)); s.Passed || s.Component != 77 {
		t.Errorf("in the town: %+v", s)
	}
	p := evenProfile()
	p.MaxSnap = 100
	alone := newRouter(t, g, KindImported, p).Snap(c.at(12.5, 4.1))
	if alone.State != Snapped || alone.Passed || alone.Component >= 5 {
		t.Errorf("with nothing else within the radius: %+v", alone)
	}
	if s := r.Snap(c.at(13, 4)); !s.AtVertex || s.Component >= 5 {
		t.Errorf("a vertex of the island is itself, and the snap shows how small it is: %+v", s)
	}
}

// TestAWayOutOfTheMapIsNoTown: a one-way road that leads off the extract can
// not be come back from; points beside it belong to the town.
func TestAWayOutOfTheMapIsNoTown(t *testing.T) {
	c := city{size: 9}
	places, ways := append(c.places(), c.at(12, 4)), c.ways()
	ways = append(ways, Way{ID: 90, Class: Residential, Refs: []int64{4*9 + 8, 81}, Forward: Car})
	g, _ := build(t, ways, places)
	r := newRouter(t, g, KindImported, evenProfile())
	if s := r.Snap(c.at(11, 4.2)); s.State != Snapped || !s.Passed || s.Component < 70 {
		t.Errorf("%+v", s)
	}
}

func TestCondensedNetworksAreSnappedToAtVertices(t *testing.T) {
	r := street(t, KindCondensed, []Way{bothWays(1, 0, 1), {ID: 2, Class: Footway, Refs: []int64{0, 2}, Forward: Walk}}, at(0, 0), at(3000, 0), at(900, 100))
	s := r.Snap(at(1200, 0)) // on the line, but 1,200 m from a vertex that cars use
	if s.State != Snapped || !s.AtVertex || !near(s.Distance, 1200) || s.Access != 1_200_000 && !near(spatial.Meters(s.Access)/1000, 1200) {
		t.Errorf("%+v", s)
	}
	if s := r.Snap(at(0, 0.5)); s.Access != 0 || !s.AtVertex {
		t.Errorf("half a metre away: %+v", s)
	}
}

func TestSnapAcrossTheAntimeridian(t *testing.T) {
	places := []orb.Point{{179.995, -17}, {-179.995, -17}, {-179.995, -16.99}}
	for _, kind := range []string{KindImported, KindCondensed} {
		r := street(t, kind, []Way{bothWays(1, 0, 1), bothWays(2, 1, 2), bothWays(3, 1, 0, 2)}, places...)
		if length := float64(r.graph.Length(0)); length > 4000 {
			t.Fatalf("a road over the antimeridian has %v m", length)
		}
		for _, lon := range []float64{179.999, -179.999, 180, -180} {
			s := r.Snap(orb.Point{lon, -17.0001})
			limit := 12.0
			if kind == KindCondensed {
				limit = 700
			}
			if s.State != Snapped || float64(s.Distance) > limit || math.Abs(s.Point[0]) > 180 {
				t.Errorf("%s: %v snaps to %+v", kind, lon, s)
			}
		}
	}
}

// TestSnapEqualsLookingAtEveryRoad compares with all pieces of road there are.
func TestSnapEqualsLookingAtEveryRoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRouter(t)
		p := orb.Point{104 + rapid.Float64Range(-0.01, 0.04).Draw(t, "lon"), 30 + rapid.Float64Range(-0.01, 0.04).Draw(t, "lat")}
		best := math.Inf(1)
		for e := range Edge(r.graph.NumEdges()) {
			f, b := r.EdgeWeights(e)
			open := f != Never || b != Never
			if !open || r.edgeComponent(e) < r.small || !r.profile.Speeds[r.graph.MainClass(e)].Snap {
				continue
			}
			line := r.graph.Shape(e)
			for i := 1; i < len(line); i++ {
				_, d := planeAt(p[1]).nearestOn(p, line[i-1], line[i])
				best = min(best, float64(d))
			}
		}
		s := r.Snap(p)
		switch want := best <= float64(r.profile.MaxSnap); {
		case s.AtVertex && s.Access == 0: // that vertex itself, on whatever road
			if d := Distance(p, s.Point); d > sameVertex {
				t.Fatalf("%+v, %v m away", s, d)
			}
		case s.Passed || s.Component < r.small: // islands have a test of their own
		case want != (s.State == Snapped) && math.Abs(best-2000) > 5:
			t.Fatalf("%+v, the nearest road is %v m away", s, best)
		case s.State == Snapped && math.Abs(float64(s.Distance)-best) > 0.01+best*1e-3:
			t.Fatalf("%+v, the nearest road is %v m away", s, best)
		}
	})
}

// TestRouterServesManyAtOnce: answers do not depend on who else is asking.
func TestRouterServesManyAtOnce(t *testing.T) {
	c := city{size: 20}
	r := c.router(t)
	sources, targets := scatter(r, c, 5), scatter(r, c, 60)
	want := nearestOf(t, r, sources, targets, false, NoLimit)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				got, err := r.Nearest(context.Background(), sources, targets, false, NoLimit)
				for j := range got {
					if err != nil || got[j] != want[j] {
						t.Errorf("target %d: %+v, alone %+v (%v)", j, got[j], want[j], err)
						return
					}
				}
			}
		})
	}
	group.Wait()
}

func scatter(r *Router, c city, n int) []Snap {
	list := make([]Snap, n)
	for i := range list {
		list[i] = r.Snap(c.at(math.Mod(float64(i)*7.31, 19), math.Mod(float64(i)*3.77, 19)))
	}
	return list
}

func TestSearchStopsWhenCancelled(t *testing.T) {
	r := city{size: 5}.router(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := []Snap{r.Snap(orb.Point{0, 0})}
	if _, err := r.Nearest(ctx, s, s, false, NoLimit); err != context.Canceled {
		t.Errorf("nearest: %v", err)
	}
	if _, err := r.Matrix(ctx, s, s, NoLimit); err != context.Canceled {
		t.Errorf("table: %v", err)
	}
}
