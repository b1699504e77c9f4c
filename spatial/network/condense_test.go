package network

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// slowTrunk is evenProfile but for trunk roads at half the speed, so that a
// centimetre of them takes two whole milliseconds.
func slowTrunk() Profile {
	p := evenProfile()
	p.Name = "slow-trunk"
	s := p.Speeds[Trunk]
	s.DefaultKMH = 18
	p.Speeds[Trunk] = s
	return p
}

// drawTown draws roads of any class and direction, parallels and loops among
// them, between points a kilometre apart, and the points that have a road.
func drawTown(t *rapid.T, tb testing.TB) (*Graph, []orb.Point) {
	n := rapid.IntRange(8, 30).Draw(t, "vertices")
	var points []orb.Point
	for i := range n {
		points = append(points, orb.Point{float64(i%6) / 100, float64(i/6) / 100})
	}
	roads := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) link {
		directions := rapid.SampledFrom([][2]Modes{{Car, Car}, {Car, Car}, {Car, 0}, {0, Car | Walk}}).Draw(t, "directions")
		return link{
			from: rapid.IntRange(0, n-1).Draw(t, "from"), to: rapid.IntRange(0, n-1).Draw(t, "to"),
			metres:  float64(rapid.IntRange(1, 60).Draw(t, "metres")),
			forward: directions[0], backward: directions[1],
			class: rapid.SampledFrom([]Class{Trunk, Primary, Motorway}).Draw(t, "class"),
		}
	}), 20, 80).Draw(t, "roads")
	used := map[int]bool{}
	for _, r := range roads {
		if r.from != r.to {
			used[r.from], used[r.to] = true, true
		}
	}
	var withRoad []orb.Point
	for i, p := range points {
		if used[i] {
			withRoad = append(withRoad, p)
		}
	}
	return handmade(tb, points, roads), withRoad
}

func condensedRouter(t testing.TB, table *LinkTable, p Profile) *Router {
	t.Helper()
	g, err := table.Graph(Car)
	if err != nil {
		t.Fatal(err)
	}
	return newRouter(t, g, KindCondensed, p)
}

func snaps(r *Router, places []Place) []Snap {
	var list []Snap
	for _, p := range places {
		list = append(list, r.Snap(p.Point))
	}
	return list
}

func tableOf(t testing.TB, r *Router, places []Place) [][]Reach {
	t.Helper()
	at := snaps(r, places)
	rows := make([][]Reach, len(at))
	for i := range at {
		rows[i] = nearestOf(t, r, at[i:i+1], at, false, NoLimit)
	}
	return rows
}

// The generated twin of the national error table: times between places are
// the same to the millisecond under every profile that the network was
// condensed for, and never shorter under another.
func TestCondensedTimesBetweenPlacesAreExact(t *testing.T) {
	other := evenProfile()
	speed := other.Speeds[Primary]
	speed.DefaultKMH = 12
	other.Name, other.Speeds[Primary] = "other", speed
	rapid.Check(t, func(rt *rapid.T) {
		g, points := drawTown(rt, t)
		var places []Place
		for i, p := range points {
			if rapid.IntRange(0, 2).Draw(rt, "place") == 0 {
				places = append(places, Place{fmt.Sprintf("p%02d", i), p})
			}
		}
		options := CondenseOptions{Links: rapid.SampledFrom([]int{1, 5, 20}).Draw(rt, "links"), Profiles: []Profile{evenProfile(), slowTrunk()}}
		if len(places) == 0 {
			rt.Skip("no place was drawn")
		}
		full := newRouter(t, g, KindImported, options.Profiles[0])
		table, err := Condense(context.Background(), full.Network(), places, options, nil)
		if err != nil {
			rt.Fatal(err)
		}
		for _, profile := range append(options.Profiles, other) {
			want := tableOf(t, newRouter(t, g, KindImported, profile), places)
			got := tableOf(t, condensedRouter(t, table, profile), places)
			compareTables(rt, places, got, want, profile.Name == "other")
		}
	})
}

func compareTables(t *rapid.T, places []Place, got, want [][]Reach, upper bool) {
	for i := range places {
		for j := range places {
			g, w := got[i][j], want[i][j]
			if g.State != w.State || !upper && g.Weight != w.Weight || upper && w.State == Reached && g.Weight < w.Weight {
				t.Fatalf("%s to %s: %v %d, the whole network has %v %d", places[i].ID, places[j].ID, g.State, g.Weight, w.State, w.Weight)
			}
		}
	}
}

// gridTown is a built grid of two-way streets with places beside them, two on
// one street and two at one point among them.
func gridTown(t testing.TB) (*Graph, []Place) {
	var ways []Way
	var points []orb.Point
	const n = 9
	for y := range n {
		for x := range n {
			points = append(points, orb.Point{float64(x) / 500, float64(y) / 500})
			id, class := int64(y*n+x), []Class{Trunk, Primary, Secondary}[(x+2*y)%3]
			if x > 0 {
				ways = append(ways, Way{ID: 2 * id, Class: class, Refs: []int64{id - 1, id}, Forward: Car, Backward: Car})
			}
			if y > 0 {
				ways = append(ways, Way{ID: 2*id + 1, Class: class, Refs: []int64{id - n, id}, Forward: Car, Backward: Car})
			}
		}
	}
	g, _ := build(t, ways, points)
	return g, []Place{
		{"a", orb.Point{0.0011, 0.0001}}, {"b", orb.Point{0.0017, -0.0002}}, {"c", orb.Point{0.0081, 0.0093}},
		{"d", orb.Point{0.0081, 0.0093}}, {"e", orb.Point{0.016, 0.016}}, {"f", orb.Point{0.0040001, 0.0080001}},
		{"g", orb.Point{0.013, 0.008}}, {"far", orb.Point{1, 1}},
	}
}

func TestPlacesBesideRoadsKeepTheirTimesAndBecomeVertices(t *testing.T) {
	g, places := gridTown(t)
	profiles := []Profile{evenProfile(), slowTrunk()}
	n := newRouter(t, g, KindImported, profiles[0]).Network()
	table, err := Condense(context.Background(), n, places, CondenseOptions{Links: 1, Profiles: profiles}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.NotSnapped, []string{"far"}) || len(table.Vertices) != 6 {
		t.Errorf("%d vertices, not snapped %v", len(table.Vertices), table.NotSnapped)
	}
	where := table.Places()
	if where["c"] != where["d"] {
		t.Error("two places at one point have two vertices")
	}
	near := places[:7]
	for _, profile := range profiles {
		want := tableOf(t, newRouter(t, g, KindImported, profile), near)
		r := condensedRouter(t, table, profile)
		got := tableOf(t, r, near)
		for i, p := range near {
			s := r.Snap(p.Point)
			if s.Access != 0 || s.Distance != 0 || s.Vertex != where[p.ID] || table.Vertices[s.Vertex].Point != p.Point {
				t.Errorf("%s snaps to %+v", p.ID, s)
			}
			for j := range near {
				// Half a centimetre for each end of an access leg and of a cut
				// is 5 ms at walking pace.
				if d := int64(got[i][j].Weight) - int64(want[i][j].Weight); p.Point != near[j].Point && (d < -20 || d > 20) {
					t.Errorf("%s: %s to %s takes %d ms, %d on the whole network", profile.Name, p.ID, near[j].ID, got[i][j].Weight, want[i][j].Weight)
				}
			}
		}
	}
	if missing := table.Missing([]string{"a", "far", "new"}); !slices.Equal(missing, []string{"new"}) {
		t.Errorf("missing %v", missing)
	}
}

func TestCondenseStopsAtTheLinksAsked(t *testing.T) {
	g, places := gridTown(t)
	n := newRouter(t, g, KindImported, evenProfile()).Network()
	last := g.NumEdges() + 1
	for _, links := range []int{140, 100, 60} {
		table, err := Condense(context.Background(), n, places, CondenseOptions{links, []Profile{evenProfile()}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(table.Links) > links || len(table.Links) >= last {
			t.Errorf("%d links where %d were asked for", len(table.Links), links)
		}
		last = len(table.Links)
	}
}

func TestCondenseGivesTheSameBytesForPlacesInAnyOrder(t *testing.T) {
	g, places := gridTown(t)
	n := newRouter(t, g, KindImported, evenProfile()).Network()
	text := func(places []Place) string {
		table, err := Condense(context.Background(), n, places, CondenseOptions{60, []Profile{evenProfile(), slowTrunk()}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var v, l bytes.Buffer
		if err := WriteLinks(&v, &l, table, nil); err != nil {
			t.Fatal(err)
		}
		return v.String() + l.String()
	}
	first := text(places)
	slices.Reverse(places)
	if text(places) != first {
		t.Error("the order of places changed the tables")
	}
}

func TestCondenseRefusesWhatItCannotDo(t *testing.T) {
	g, _ := gridTown(t)
	n := newRouter(t, g, KindImported, evenProfile()).Network()
	walk, _ := ProfileByName("walk")
	at := orb.Point{0, 0}
	for _, c := range []struct {
		options CondenseOptions
		places  []Place
		want    string
	}{
		{CondenseOptions{0, []Profile{evenProfile()}}, nil, "at least 1"},
		{CondenseOptions{9, nil}, nil, "0 profiles"},
		{CondenseOptions{9, []Profile{evenProfile(), walk}}, nil, "one mode"},
		{CondenseOptions{9, []Profile{evenProfile()}}, []Place{{"", at}}, "place"},
		{CondenseOptions{9, []Profile{evenProfile()}}, []Place{{"a;b", at}}, "a;b"},
		{CondenseOptions{9, []Profile{evenProfile()}}, []Place{{"a", at}, {"a", at}}, "different"},
	} {
		if _, err := Condense(context.Background(), n, c.places, c.options, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.places, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Condense(ctx, n, []Place{{"a", at}}, CondenseOptions{1, []Profile{evenProfile()}}, nil); err == nil {
		t.Error("condensing went on after it was cancelled")
	}
}

// TestCondensingKeepsTurnRestrictions: times between two places at restricted
// junctions, and along the roads that lead to them, stay those of the whole
// network.
func TestCondensingKeepsTurnRestrictions(t *testing.T) {
	restricted := 0
	rapid.Check(t, func(rt *rapid.T) {
		const n = 4
		var source Source
		var points []orb.Point
		for y := range int64(n) {
			for x := range int64(n) {
				points = append(points, orb.Point{float64(x) / 500, float64(y) / 500})
				if x > 0 {
					source.Ways = append(source.Ways, bothWays(int64(len(source.Ways)), y*n+x-1, y*n+x))
				}
				if y > 0 {
					source.Ways = append(source.Ways, bothWays(int64(len(source.Ways)), (y-1)*n+x, y*n+x))
				}
			}
		}
		around := []int64{-1, 1, -n, n}
		for id := range rapid.IntRange(1, 20).Draw(rt, "rules") {
			at := rapid.Int64Range(0, n*n-1).Draw(rt, "at")
			path := []int64{at + rapid.SampledFrom(around).Draw(rt, "from"), at, at + rapid.SampledFrom(around).Draw(rt, "to")}
			source.Restrictions = append(source.Restrictions, Restriction{ID: int64(id), Path: path, Only: rapid.Bool().Draw(rt, "only"), Modes: Car})
		}
		g, report, err := Build(source, nodes(points))
		if err != nil {
			rt.Fatal(err)
		}
		restricted += report.Copies
		var places []Place
		for i := range 2 { // a third would be a place to set out from anew: see Condense
			p := rapid.SampledFrom(points).Draw(rt, "place")
			if rapid.Bool().Draw(rt, "beside") {
				p[0] += rapid.SampledFrom([]float64{0.0007, 0.0013}).Draw(rt, "lon")
				p[1] += 0.0001
			}
			places = append(places, Place{fmt.Sprintf("p%02d", i), p})
		}
		full := newRouter(t, g, KindImported, evenProfile())
		table, err := Condense(context.Background(), full.Network(), places, CondenseOptions{Links: 1, Profiles: []Profile{evenProfile()}}, nil)
		if err != nil {
			rt.Fatal(err)
		}
		want, got := tableOf(t, full, places), tableOf(t, condensedRouter(t, table, evenProfile()), places)
		for i := range places {
			for j := range places {
				g, w := got[i][j], want[i][j]
				if places[i].Point == places[j].Point {
					continue // one vertex, where the whole network walks to the road and back
				}
				// Half a millisecond for each edge passed: see Condense.
				if g.State != w.State || w.State == Reached && (g.Weight > w.Weight+40 || w.Weight > g.Weight+40) {
					rt.Fatalf("%v to %v: %v %d, the whole network has %v %d", places[i], places[j], g.State, g.Weight, w.State, w.Weight)
				}
			}
		}
	})
	if restricted == 0 {
		t.Error("no turn was restricted")
	}
}
