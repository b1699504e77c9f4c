package network

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// evenProfile travels every class at 36 km/h, ten metres a second, so that a
// centimetre takes a millisecond; points walk to it at 3.6 km/h.
func evenProfile() Profile {
	p := Profile{Name: "even", Mode: "car", Title: "even", AccessKMH: 3.6, MaxSnap: 2000, Speeds: map[Class]ClassSpeed{}}
	for _, c := range Classes() {
		if c != Access {
			p.Speeds[c] = ClassSpeed{LegalKMH: 36, DefaultKMH: 36, Factor: 1, Snap: c != Motorway && c != MotorwayLink, Source: "test"}
		}
	}
	return p
}

// link is an edge of a handmade graph. Its line is straight; its length is
// what it says.
type link struct {
	from, to          int
	metres            float64
	forward, backward Modes
	class             Class
}

func handmade(t testing.TB, points []orb.Point, links []link) *Graph {
	t.Helper()
	g := &Graph{shapeStart: []uint32{0}, runStart: []uint32{0}}
	for _, p := range points {
		g.vertices = append(g.vertices, toCoordinate(p))
	}
	for _, l := range links {
		g.from, g.to = append(g.from, uint32(l.from)), append(g.to, uint32(l.to))
		g.forward, g.backward = append(g.forward, l.forward), append(g.backward, l.backward)
		g.shapes = append(g.shapes, g.vertices[l.from], g.vertices[l.to])
		g.runs = append(g.runs, Run{Centimeters: uint32(l.metres * 100), Class: l.class})
		g.shapeStart, g.runStart = append(g.shapeStart, uint32(len(g.shapes))), append(g.runStart, uint32(len(g.runs)))
	}
	if err := g.finish(); err != nil {
		t.Fatal(err)
	}
	return g
}

func newRouter(t testing.TB, g *Graph, kind string, p Profile) *Router {
	t.Helper()
	n, err := New("test", kind, g, spatial.DatasetVersion{ID: "test", Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(n, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// nodes gives node i the i-th place.
func nodes(places []orb.Point) func(int64) (orb.Point, bool) {
	return func(id int64) (orb.Point, bool) {
		if id < 0 || id >= int64(len(places)) {
			return orb.Point{}, false
		}
		return places[id], true
	}
}

func build(t testing.TB, ways []Way, places []orb.Point) (*Graph, BuildReport) {
	t.Helper()
	g, report, err := Build(Source{Ways: ways}, nodes(places))
	if err != nil {
		t.Fatal(err)
	}
	return g, report
}

// bothWays is a residential way open to all.
func bothWays(id int64, refs ...int64) Way {
	return Way{ID: id, Class: Residential, Refs: refs, Forward: allModes, Backward: allModes}
}

// atVertices snaps to vertices without any access leg.
func atVertices(vertices ...int) []Snap {
	list := make([]Snap, len(vertices))
	for i, v := range vertices {
		list[i] = Snap{State: Snapped, AtVertex: true, Vertex: Vertex(v)}
	}
	return list
}

func nearestOf(t testing.TB, r *Router, sources, targets []Snap, reverse bool, limit Weight) []Reach {
	t.Helper()
	list, err := r.Nearest(context.Background(), sources, targets, reverse, limit)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sharedFile finds a file of the shared test data, or skips: every test that
// calls it has a twin on generated data.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skip(fmt.Sprintf("shared data absent: %s", name))
	}
	return path
}
