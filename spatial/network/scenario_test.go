package network

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// sketch is a map that can be edited as a mapper would: streets between two
// nodes each, of which every node has three more that lead nowhere, so that
// it is a junction before and after.
type sketch struct {
	source Source
	places []orb.Point
	nodes  int // those that are no ends of stubs
}

func drawSketch(t *rapid.T) sketch {
	n := rapid.IntRange(4, 9).Draw(t, "nodes")
	s := sketch{nodes: n}
	for i := range n {
		// Never three in a row: a road is joined where it is the nearest.
		s.places = append(s.places, orb.Point{104 + float64(i%3)*block + float64(i)*1e-5, 30 + float64(i/3)*block + float64(i*i%7)*1.3e-5})
	}
	for range rapid.IntRange(3, 12).Draw(t, "ways") {
		ends := rapid.SliceOfNDistinct(rapid.Int64Range(0, int64(n-1)), 2, 2, rapid.ID).Draw(t, "refs")
		w := bothWays(int64(len(s.source.Ways)), ends...)
		w.Backward = rapid.SampledFrom([]Modes{allModes, allModes, Walk}).Draw(t, "backward")
		if !slices.ContainsFunc(s.source.Ways, func(o Way) bool {
			return slices.Equal(o.Refs, w.Refs) || o.Refs[0] == w.Refs[1] && o.Refs[1] == w.Refs[0]
		}) {
			s.source.Ways = append(s.source.Ways, w)
		}
	}
	for i := range n {
		for range 3 {
			s.places = append(s.places, orb.Point{104 + float64(len(s.places))*1e-3, 30.1})
			s.source.Ways = append(s.source.Ways, bothWays(int64(len(s.source.Ways)), int64(i), int64(len(s.places)-1)))
		}
	}
	for id := range rapid.IntRange(0, 4).Draw(t, "rules") {
		if path := s.drawPath(t); len(path) >= 3 {
			s.source.Restrictions = append(s.source.Restrictions, Restriction{ID: int64(id), Path: path, Modes: Car})
		}
	}
	return s
}

// drawPath draws a way over streets that are open to cars.
func (s *sketch) drawPath(t *rapid.T) []int64 {
	path := []int64{rapid.Int64Range(0, int64(s.nodes-1)).Draw(t, "first")}
	for range rapid.IntRange(2, 4).Draw(t, "length") {
		var on []int64
		for _, w := range s.source.Ways {
			if w.Refs[0] == path[len(path)-1] && w.Forward&Car != 0 {
				on = append(on, w.Refs[1])
			}
			if w.Refs[1] == path[len(path)-1] && w.Backward&Car != 0 {
				on = append(on, w.Refs[0])
			}
		}
		path = append(path, rapid.SampledFrom(on).Draw(t, "next"))
	}
	return path
}

// cut puts a new node into a street, at a share of its line, and into the
// restrictions that pass along it.
func (s *sketch) cut(way int, share float64) int64 {
	w := &s.source.Ways[way]
	a, b := w.Refs[0], w.Refs[1]
	node := int64(len(s.places))
	s.places = append(s.places, toCoordinate(between(s.places[a], s.places[b], share)).point())
	w.Refs = []int64{a, node, b}
	for i := range s.source.Restrictions {
		r := &s.source.Restrictions[i]
		var path []int64
		for k, n := range r.Path {
			if k > 0 {
				if last := r.Path[k-1]; last == a && n == b || last == b && n == a {
					path = append(path, node)
				}
			}
			path = append(path, n)
		}
		if len(path) > 2 && path[1] == node { // one comes from the last node before the turn
			path = path[1:]
		}
		if n := len(path); n > 2 && path[n-2] == node {
			path = path[:n-1]
		}
		r.Path = path
	}
	return node
}

func (s *sketch) clone() sketch {
	c := sketch{places: slices.Clone(s.places), nodes: s.nodes}
	for _, w := range s.source.Ways {
		w.Refs = slices.Clone(w.Refs)
		c.source.Ways = append(c.source.Ways, w)
	}
	for _, r := range s.source.Restrictions {
		r.Path = slices.Clone(r.Path)
		c.source.Restrictions = append(c.source.Restrictions, r)
	}
	return c
}

// roadOf finds the id of a street in the roads collection.
func roadOf(t *rapid.T, r *Router, a, b orb.Point) (string, Edge) {
	for e := range Edge(r.graph.NumEdges()) {
		shape := r.graph.shape(e)
		first, last := shape[0], shape[len(shape)-1]
		x, y := toCoordinate(a), toCoordinate(b)
		if r.graph.origin(e) == e && len(shape) == 2 && (first == x && last == y || first == y && last == x) {
			return r.road(e).ID, e
		}
	}
	t.Fatalf("no road from %v to %v", a, b)
	return "", 0
}

// drawEdit draws one edit and makes it on the map as well.
func drawEdit(t *rapid.T, base *Router, original sketch, edited *sketch, touched map[int]bool) (Edit, bool) {
	way := rapid.IntRange(0, len(original.source.Ways)-1-3*original.nodes).Draw(t, "way")
	w := original.source.Ways[way]
	if touched[way] {
		return Edit{}, false
	}
	touched[way] = true
	a, b := original.places[w.Refs[0]], original.places[w.Refs[1]]
	id, _ := roadOf(t, base, a, b)
	factor := rapid.SampledFrom([]float64{0.5, 0.25, 1}).Draw(t, "factor")
	switch rapid.SampledFrom([]EditKind{SetSpeed, CloseRoad, AddRoad, AddRoad}).Draw(t, "edit") {
	case SetSpeed:
		edited.source.Ways[way].MaxSpeedKMH = 36 * factor
		return Edit{Kind: SetSpeed, Roads: []string{id}, Factor: factor}, true
	case CloseRoad:
		edited.source.Ways[way].Forward &^= Car
		edited.source.Ways[way].Backward &^= Car
		return Edit{Kind: CloseRoad, Roads: []string{id}}, true
	}
	other := rapid.Int64Range(0, int64(original.nodes-1)).Draw(t, "to")
	from, place := w.Refs[0], a
	if rapid.Bool().Draw(t, "portal") {
		share := rapid.SampledFrom([]float64{0.31, 0.47, 0.77}).Draw(t, "share")
		from = edited.cut(way, share)
		place = edited.places[from]
	}
	if from == other {
		return Edit{}, false
	}
	// Never in line with another new road: a point beside both would be as near
	// to either, and the numbering would decide.
	over := orb.Point{104 + 0.004*float64(len(touched)) + rapid.Float64Range(0, 0.002).Draw(t, "over"), 29.99 - float64(len(edited.places))*1e-3}
	edited.places = append(edited.places, over)
	oneWay := rapid.Bool().Draw(t, "one way")
	built := bothWays(int64(1000+way), from, int64(len(edited.places)-1), other)
	built.Forward, built.Backward = Car, Car
	if built.MaxSpeedKMH = 36 * factor; oneWay {
		built.Backward = 0
	}
	edited.source.Ways = append(edited.source.Ways, built)
	line := orb.LineString{place, over, original.places[other]}
	return Edit{Kind: AddRoad, Line: line, RoadClass: Residential, SpeedKMH: 36 * factor, OneWay: oneWay}, true
}

// TestScenarioEqualsARebuiltMap: after any row of edits, times between
// junctions and between places along streets are those of a network built
// anew from the edited map, and the base answers as before.
func TestScenarioEqualsARebuiltMap(t *testing.T) {
	edits, portals := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		original := drawSketch(rt)
		base := sketchRouter(rt, original)
		before := fmt.Sprint(base.graph.from, base.graph.to, base.graph.forward, base.graph.backward, base.forward, base.arcs)
		edited, touched := original.clone(), map[int]bool{}
		var list []Edit
		for range rapid.IntRange(1, 3).Draw(rt, "edits") {
			if e, ok := drawEdit(rt, base, original, &edited, touched); ok {
				list = append(list, e)
			}
		}
		scenario, err := base.With(rt.Context(), list)
		if err != nil {
			rt.Fatal(err)
		}
		if len(list) == 0 && scenario != base {
			rt.Fatal("no edits gave another router")
		}
		if err := scenario.graph.check(); err != nil {
			rt.Fatal(err)
		}
		if err := scenario.graph.checkCopies(); err != nil {
			rt.Fatal(err)
		}
		edits += len(list)
		portals += len(edited.places) - len(original.places)
		compareRouters(rt, scenario, sketchRouter(rt, edited), edited)
		if after := fmt.Sprint(base.graph.from, base.graph.to, base.graph.forward, base.graph.backward, base.forward, base.arcs); after != before {
			rt.Fatal("the base was changed")
		}
	})
	if edits < 20 || portals < 10 {
		t.Errorf("only %d edits, %d new nodes", edits, portals)
	}
}

func sketchRouter(t *rapid.T, s sketch) *Router {
	g, _, err := Build(s.source, nodes(s.places))
	if err != nil {
		t.Fatal(err)
	}
	net, err := New("sketch", KindImported, g, spatial.DatasetVersion{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(net, evenProfile())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compareRouters(t *rapid.T, scenario, rebuilt *Router, edited sketch) {
	var points []orb.Point
	for range 4 {
		p := edited.places[rapid.IntRange(0, edited.nodes-1).Draw(t, "place")]
		if rapid.Bool().Draw(t, "beside") {
			p = orb.Point{p[0] + rapid.Float64Range(-block, block).Draw(t, "dx"), p[1] + rapid.Float64Range(-block, block).Draw(t, "dy")}
		}
		points = append(points, p)
	}
	for _, from := range points {
		for _, to := range points {
			for _, reverse := range []bool{false, true} {
				got := nearestIn(t, scenario, []Snap{scenario.Snap(from)}, []Snap{scenario.Snap(to)}, reverse)
				want := nearestIn(t, rebuilt, []Snap{rebuilt.Snap(from)}, []Snap{rebuilt.Snap(to)}, reverse)
				if got.State != want.State || got.Weight != want.Weight {
					t.Fatalf("%v to %v, reverse %v: %+v from %+v, rebuilt %+v from %+v", from, to, reverse, got, scenario.Snap(from), want, rebuilt.Snap(from))
				}
			}
		}
	}
}

// TestEditsNameTheirFaults: all of them at once, by pointer.
func TestEditsNameTheirFaults(t *testing.T) {
	g, _ := build(t, city{size: 4}.ways(), city{size: 4}.places())
	r := newRouter(t, g, KindImported, evenProfile())
	_, err := r.With(t.Context(), []Edit{
		{Kind: "widen"},
		{Kind: SetSpeed, Factor: -1},
		{Kind: SetSpeed, Factor: 0.5},
		{Kind: CloseRoad, Roads: []string{"other-car-0000000", "test-car-99999999"}},
		{Kind: CloseRoad, Area: orb.MultiPolygon{{{{10, 10}, {11, 10}, {11, 11}, {10, 10}}}}},
		{Kind: AddRoad, Line: orb.LineString{{0, 0}}},
		{Kind: AddRoad, Line: orb.LineString{{50, 50}, {51, 51}}, RoadClass: Primary, SpeedKMH: 60},
		{Kind: AddRoad, Line: orb.LineString{{0, 0}, {block, block}}, RoadClass: Primary, SpeedKMH: 0},
	})
	for _, pointer := range []string{"/edits/0/type", "/edits/1/factor", "/edits/2", "/edits/3/roads/0", "/edits/3/roads/1", "/edits/4", "/edits/5/geometry", "/edits/6/geometry", "/edits/7/speed_kmh"} {
		var known *spatial.Error
		if known, _ = err.(*spatial.Error); known == nil || !slices.ContainsFunc(known.Faults, func(f spatial.Fault) bool { return f.Pointer == pointer }) {
			t.Errorf("no fault at %s: %v", pointer, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "%!") {
		t.Error(err)
	}
}

// cityTimes are the least times between corners of a grid city after edits.
func cityTimes(t *testing.T, r *Router, edits ...Edit) Weight {
	t.Helper()
	edited, err := r.With(t.Context(), edits)
	if err != nil {
		t.Fatal(err)
	}
	from, to := []Snap{edited.Snap(orb.Point{block, block})}, []Snap{edited.Snap(orb.Point{2 * block, block})}
	return nearestOf(t, edited, from, to, false, NoLimit)[0].Weight
}

// TestEditsByIDMeanTheRoad: an id named twice counts once, and a road that an
// earlier edit cut is still the road, in all its parts.
func TestEditsByIDMeanTheRoad(t *testing.T) {
	g, _ := build(t, city{size: 4}.ways(), city{size: 4}.places())
	r := newRouter(t, g, KindImported, evenProfile())
	var id string
	for e := range Edge(g.NumEdges()) {
		shape := g.Shape(e)
		ends := orb.MultiPoint{shape[0], shape[len(shape)-1]}.Bound()
		if ends.Min.Equal(orb.Point{block, block}) && ends.Max.Equal(orb.Point{2 * block, block}) {
			id = r.RoadID(e)
		}
	}
	direct := cityTimes(t, r)
	slow := cityTimes(t, r, Edit{Kind: SetSpeed, Roads: []string{id}, Factor: 0.5})
	if slow != 2*direct {
		t.Errorf("at half the speed %d, usually %d", slow, direct)
	}
	if twice := cityTimes(t, r, Edit{Kind: SetSpeed, Roads: []string{id, id}, Factor: 0.5}); twice != slow {
		t.Errorf("named twice %d, once %d", twice, slow)
	}
	closed := cityTimes(t, r, Edit{Kind: CloseRoad, Roads: []string{id}})
	join := Edit{Kind: AddRoad, Line: orb.LineString{{1.5 * block, block}, {1.5 * block, 1.4 * block}}, RoadClass: Residential, SpeedKMH: 36}
	if cut := cityTimes(t, r, join, Edit{Kind: CloseRoad, Roads: []string{id}}); cut != closed || closed <= slow {
		t.Errorf("closed after it was cut %d, closed %d", cut, closed)
	}
	if cut := cityTimes(t, r, join, Edit{Kind: SetSpeed, Roads: []string{id}, Factor: 0.5}); cut != slow {
		t.Errorf("slowed down after it was cut %d, slowed down %d", cut, slow)
	}
	edited, err := r.With(t.Context(), []Edit{join})
	if err != nil {
		t.Fatal(err)
	}
	on := edited.Snap(orb.Point{1.4 * block, block})
	if stored, known := edited.RoadOf(on.Edge); !known || stored != id {
		t.Errorf("a part of the road is %q (%v), not %q", stored, known, id)
	}
	if stored, known := edited.RoadOf(edited.Snap(orb.Point{1.5 * block, 1.2 * block}).Edge); known {
		t.Errorf("the new road is stored as %q", stored)
	}
}

// TestRoadsOfSnapsHaveRows: whatever a point snaps to, the road has a row in
// the roads collection, also where those on foot have it to themselves in part.
func TestRoadsOfSnapsHaveRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSketch(rt)
		r := sketchRouter(rt, s)
		rows := map[string]bool{}
		for road := range r.Roads() {
			rows[road.ID] = true
		}
		for e := range Edge(r.graph.NumEdges()) {
			if forward, backward := r.RoadWeights(e); r.graph.origin(e) != e || forward == Never && backward == Never {
				continue
			}
			if id, stored := r.RoadOf(e); !stored || !rows[id] {
				rt.Fatalf("road %d is %q, which is no row", e, id)
			}
		}
	})
}

// TestAreasHoldTheirPoints: by strips or by all lines, inside is inside.
func TestAreasHoldTheirPoints(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var ring orb.Ring
		n := rapid.IntRange(3, 60).Draw(rt, "corners")
		for i := range n {
			angle := 0.1 + 2*math.Pi*float64(i)/float64(n)
			radius := rapid.Float64Range(0.2, 1).Draw(rt, "radius")
			ring = append(ring, orb.Point{104 + radius*math.Cos(angle), 30 + radius*math.Sin(angle)})
		}
		ring = append(ring, ring[0])
		hole := orb.Ring{{103.95, 29.95}, {104.05, 29.95}, {104.05, 30.05}, {103.95, 29.95}}
		m := orb.MultiPolygon{{ring, hole}}
		a := newArea(m)
		for range 20 {
			// Off the round numbers of the hole: on a line either answer will do.
			p := orb.Point{rapid.Float64Range(102.9, 105.1).Draw(rt, "lon") + 3.14159e-5, rapid.Float64Range(28.9, 31.1).Draw(rt, "lat") + 2.71828e-5}
			if got, want := a.contains(p), planar.MultiPolygonContains(m, p); got != want {
				rt.Fatalf("%v in %v: %v, want %v", p, m, got, want)
			}
		}
	})
	if newArea(nil).contains(orb.Point{0, 0}) {
		t.Error("an empty area holds a point")
	}
}
