package network

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// inRow gives n places in a line eastwards, a thousandth of a degree apart.
func inRow(n int) []orb.Point {
	list := make([]orb.Point, n)
	for i := range list {
		list[i] = orb.Point{104 + float64(i)*block, 30}
	}
	return list
}

func TestBuildJoinsChainsOnlyWhereDirectionsAgree(t *testing.T) {
	oneWay := func(id int64, forward, backward Modes, refs ...int64) Way {
		return Way{ID: id, Class: Residential, Refs: refs, Forward: forward, Backward: backward}
	}
	classed := func(w Way, c Class, limit float64) Way {
		w.Class, w.MaxSpeedKMH = c, limit
		return w
	}
	for _, c := range []struct {
		name            string
		ways            []Way
		vertices, edges int
	}{
		{"one way", []Way{bothWays(1, 0, 1, 2, 3)}, 2, 1},
		{"two ways end to end", []Way{bothWays(1, 0, 1, 2), bothWays(2, 2, 3)}, 2, 1},
		{"head to head", []Way{bothWays(1, 0, 1, 2), bothWays(2, 4, 3, 2)}, 2, 1},
		{"tail to tail", []Way{bothWays(1, 2, 1, 0), bothWays(2, 2, 3, 4)}, 2, 1},
		{"one way on along", []Way{oneWay(1, Car, 0, 0, 1), oneWay(2, Car, 0, 1, 2)}, 2, 1},
		{"one way on against", []Way{oneWay(1, Car, 0, 0, 1), oneWay(2, 0, Car, 2, 1)}, 2, 1},
		{"one way, then both", []Way{oneWay(1, Car, 0, 0, 1), bothWays(2, 1, 2)}, 3, 2},
		{"one ways that meet head on", []Way{oneWay(1, Car, 0, 0, 1), oneWay(2, 0, Car, 1, 2)}, 3, 2},
		{"modes that change", []Way{oneWay(1, Car|Walk, Car|Walk, 0, 1), oneWay(2, Car, Car, 1, 2)}, 3, 2},
		{"classes and limits that change", []Way{bothWays(1, 0, 1), classed(bothWays(2, 1, 2), Primary, 0), classed(bothWays(3, 2, 3), Primary, 50)}, 2, 1},
		{"a motorway begins", []Way{bothWays(1, 0, 1), classed(bothWays(2, 1, 2), Motorway, 0)}, 3, 2},
		{"a junction of three", []Way{bothWays(1, 0, 1, 2), bothWays(2, 1, 3)}, 4, 3},
		{"a crossing of two in their middles", []Way{bothWays(1, 0, 1, 2), bothWays(2, 3, 1, 4)}, 5, 4},
		{"a ring", []Way{bothWays(1, 0, 1, 2, 0)}, 1, 1},
		{"a ring of two ways", []Way{bothWays(1, 0, 1, 2), bothWays(2, 2, 3, 0)}, 1, 1},
		{"a ring on a stalk", []Way{bothWays(1, 4, 0), bothWays(2, 0, 1, 2, 0)}, 2, 2},
		{"a way over itself", []Way{bothWays(1, 0, 1, 2, 3, 1, 4)}, 3, 3},
		{"the same node in a row", []Way{bothWays(1, 0, 0, 1, 1, 2)}, 2, 1},
		{"drawn twice", []Way{bothWays(1, 0, 1, 2), bothWays(2, 0, 1, 2)}, 2, 1},
		{"drawn twice, once backwards and in part", []Way{bothWays(1, 0, 1, 2, 3), bothWays(2, 2, 1)}, 2, 1},
		{"drawn twice as different roads", []Way{bothWays(1, 0, 1), classed(bothWays(2, 0, 1), Primary, 0), bothWays(3, 2, 0), bothWays(4, 1, 3)}, 4, 4},
		{"one-ways drawn twice, each way", []Way{oneWay(1, Car, 0, 0, 1), oneWay(2, Car, 0, 1, 0), bothWays(3, 2, 0), bothWays(4, 1, 3)}, 4, 4},
	} {
		g, report := build(t, c.ways, inRow(5))
		if g.NumVertices() != c.vertices || g.NumEdges() != c.edges || report.Vertices != c.vertices || report.Edges != c.edges {
			t.Errorf("%s: %d vertices and %d edges, want %d and %d", c.name, g.NumVertices(), g.NumEdges(), c.vertices, c.edges)
		}
	}
}

func TestBuildKeepsMetresByStretch(t *testing.T) {
	places := inRow(5)
	ways := []Way{bothWays(1, 0, 1, 2), {ID: 2, Class: Primary, Refs: []int64{4, 3, 2}, Forward: allModes, Backward: allModes, MaxSpeedKMH: 49.6}}
	g, report := build(t, ways, places)
	want := []Run{{Class: Residential}, {Class: Primary, Posted: SpeedOf(49.6)}}
	runs := slices.Clone(g.Runs(0))
	if from, _ := g.Ends(0); g.Point(from) != places[0] {
		slices.Reverse(runs)
	}
	if len(runs) != len(want) {
		t.Fatalf("runs %v", runs)
	}
	metres := float64(Distance(places[0], places[2]))
	for i, run := range runs {
		if run.Class != want[i].Class || run.Posted != want[i].Posted || math.Abs(float64(run.Centimeters)/100-metres) > 0.02 {
			t.Errorf("run %d is %+v, want %+v over %v m", i, run, want[i], metres)
		}
	}
	if got := float64(g.Length(0)); math.Abs(got-2*metres) > 0.02 {
		t.Errorf("length %v", got)
	}
	if report.Ways != 2 || len(report.Dropped) != 0 {
		t.Errorf("report %+v", report)
	}
}

func TestBuildCountsWhatItDrops(t *testing.T) {
	places := append(inRow(4), orb.Point{500, 30}, orb.Point{math.NaN(), 30})
	ways := []Way{
		bothWays(1, 0, 1, 9, 2, 3), // a hole in its middle: two roads, not one across
		bothWays(2, 0, 4), bothWays(3, 5, 1), bothWays(4, 9, 9),
		{ID: 5, Refs: []int64{0, 3}, Class: Residential},
		{ID: 6, Refs: []int64{0, 3}, Class: classCount, Forward: Car},
		{ID: 7, Refs: []int64{0, 3}, Class: Residential, Forward: 1 << 7},
		{ID: 8, Refs: nil, Class: Residential, Forward: Car},
	}
	g, report := build(t, ways, places)
	if g.NumEdges() != 2 || g.NumVertices() != 4 {
		t.Errorf("%d edges, %d vertices", g.NumEdges(), g.NumVertices())
	}
	for reason, want := range map[string]int{
		"node: not in the file": 1, "node: outside the world": 2, "way: fewer than two known nodes": 4,
		"way: open to no mode": 2, "way: class or surface not known": 1,
	} {
		if report.Dropped[reason] != want {
			t.Errorf("%s: %d, want %d", reason, report.Dropped[reason], want)
		}
	}
	if _, _, err := Build(Source{Ways: nil}, nodes(nil)); err == nil {
		t.Error("a network of nothing was built")
	}
}

func TestBuildTakesOddLimitsForNone(t *testing.T) {
	for limit, want := range map[float64]Speed{0: 0, -5: 0, 0.001: 1, 60: 6000, 48.28: 4828, 1000: 65535, math.Inf(1): 65535, math.NaN(): 0} {
		if got := SpeedOf(limit); got != want {
			t.Errorf("a limit of %v is kept as %d, want %d", limit, got, want)
		}
	}
}

// drawWays is a random map, seldom a sensible one.
func drawWays(t *rapid.T) ([]Way, []orb.Point) {
	n := rapid.IntRange(2, 12).Draw(t, "nodes")
	places := make([]orb.Point, n)
	for i := range places { // few different places: some nodes share one
		places[i] = orb.Point{179.9 + rapid.Float64Range(0, 0.1).Draw(t, "lon"), float64(rapid.IntRange(0, 3).Draw(t, "lat")) * block}
	}
	ways := []Way{bothWays(0, 0, 1)}
	for id := range rapid.IntRange(0, 12).Draw(t, "ways") {
		ways = append(ways, Way{
			ID: int64(id + 1), Class: rapid.SampledFrom([]Class{Motorway, Primary, Residential, Ferry}).Draw(t, "class"),
			Refs:    rapid.SliceOfN(rapid.Int64Range(0, int64(n)), 0, 7).Draw(t, "refs"),
			Forward: Modes(rapid.IntRange(0, 7).Draw(t, "forward")), Backward: Modes(rapid.IntRange(0, 7).Draw(t, "backward")),
		})
	}
	return ways, places
}

// TestBuildKeepsEveryRoad: by mode and direction, a graph has the segments of
// its ways, no more and no less, whatever was split and joined.
func TestBuildKeepsEveryRoad(t *testing.T) {
	type step struct {
		from, to coordinate
		class    bool
		mode     Modes
	}
	rapid.Check(t, func(t *rapid.T) {
		ways, places := drawWays(t)
		g, _, err := Build(Source{Ways: ways}, nodes(places))
		if err != nil {
			t.Fatal(err)
		}
		want, got := map[step]bool{}, map[step]bool{}
		add := func(set map[step]bool, a, b coordinate, class Class, forward, backward Modes) {
			for _, m := range []Modes{Car, Bike, Walk} {
				if forward&m != 0 {
					set[step{a, b, class.through(), m}] = true
				}
				if backward&m != 0 {
					set[step{b, a, class.through(), m}] = true
				}
			}
		}
		for _, w := range ways {
			for i := 1; i < len(w.Refs); i++ {
				if a, b := w.Refs[i-1], w.Refs[i]; a != b && a < int64(len(places)) && b < int64(len(places)) {
					add(want, toCoordinate(places[a]), toCoordinate(places[b]), w.Class, w.Forward, w.Backward)
				}
			}
		}
		for e := range Edge(g.NumEdges()) {
			shape := g.shape(e)
			forward, backward := g.Directions(e)
			for i := 1; i < len(shape); i++ {
				add(got, shape[i-1], shape[i], g.MainClass(e), forward, backward)
			}
		}
		for s := range want {
			if !got[s] {
				t.Fatalf("%v is missing", s)
			}
		}
		for s := range got {
			if !want[s] {
				t.Fatalf("%v was made up", s)
			}
		}
	})
}

func TestBuildGivesTheSameBytesTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ways, places := drawWays(t)
		var first []byte
		for range 2 {
			g, _, err := Build(Source{Ways: ways}, nodes(places))
			if err != nil {
				t.Fatal(err)
			}
			b, err := g.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if first != nil && !bytes.Equal(first, b) {
				t.Fatal("the same ways gave other bytes")
			}
			first = b
		}
	})
}
