package reach_test

import (
	"math"

	"github.com/paulmach/orb"
)

// A vertex of an outline is a whole number of units of 1e-7 degrees, so where
// lines meet can be told exactly.
type vertex struct{ x, y int64 }

// tester is a test, or one case of a property.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

type edge struct{ a, b vertex }

func vertexOf(t tester, p orb.Point) vertex {
	v := vertex{int64(math.Round(p[0] * 1e7)), int64(math.Round(p[1] * 1e7))}
	if float64(v.x)/1e7 != p[0] || float64(v.y)/1e7 != p[1] {
		t.Fatalf("vertex %v is not rounded to 7 decimals", p)
	}
	return v
}

func ringEdges(t tester, r orb.Ring) []edge {
	var edges []edge
	for i := 1; i < len(r); i++ {
		edges = append(edges, edge{vertexOf(t, r[i-1]), vertexOf(t, r[i])})
	}
	return edges
}

func allEdges(t tester, m orb.MultiPolygon) []edge {
	var edges []edge
	for _, polygon := range m {
		for _, r := range polygon {
			edges = append(edges, ringEdges(t, r)...)
		}
	}
	return edges
}

// turn is the sign of the way from a to b to c: 1 for a turn to the left.
func turn(a, b, c vertex) int {
	switch cross := (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x); {
	case cross > 0:
		return 1
	case cross < 0:
		return -1
	}
	return 0
}

func (e edge) on(v vertex) bool {
	return turn(e.a, e.b, v) == 0 &&
		min(e.a.x, e.b.x) <= v.x && v.x <= max(e.a.x, e.b.x) &&
		min(e.a.y, e.b.y) <= v.y && v.y <= max(e.a.y, e.b.y)
}

// crosses tells whether two edges have a place in common that is inside both.
func (e edge) crosses(f edge) bool {
	return turn(e.a, e.b, f.a)*turn(e.a, e.b, f.b) < 0 && turn(f.a, f.b, e.a)*turn(f.a, f.b, e.b) < 0
}

func (e edge) apart(f edge) bool {
	return max(e.a.x, e.b.x) < min(f.a.x, f.b.x) || max(f.a.x, f.b.x) < min(e.a.x, e.b.x) ||
		max(e.a.y, e.b.y) < min(f.a.y, f.b.y) || max(f.a.y, f.b.y) < min(e.a.y, e.b.y)
}

// side tells where a place is: 1 inside the edges, 0 on them, -1 outside.
func side(edges []edge, v vertex) int {
	inside := -1
	for _, e := range edges {
		if e.on(v) {
			return 0
		}
		if (e.a.y <= v.y) != (e.b.y <= v.y) {
			if turn(e.a, e.b, v) > 0 == (e.b.y > e.a.y) {
				inside = -inside
			}
		}
	}
	return inside
}

// checkCovers demands that no place of inner is outside outer.
func checkCovers(t tester, outer, inner orb.MultiPolygon) {
	t.Helper()
	out, in := allEdges(t, outer), allEdges(t, inner)
	for _, e := range in {
		if side(out, e.a) < 0 {
			t.Fatalf("vertex %v of the inner outline is outside the outer one", e.a)
		}
		for _, f := range out {
			if !e.apart(f) && e.crosses(f) {
				t.Fatalf("outlines cross: %v and %v", e, f)
			}
		}
	}
	for _, f := range out {
		if side(in, f.a) > 0 {
			t.Fatalf("vertex %v of the outer outline is inside the inner one", f.a)
		}
	}
}

// checkValid demands what OGC Simple Features and RFC 7946 do: closed rings
// that are simple and touch no other, exteriors counter-clockwise, holes
// clockwise and in the exterior they are listed with.
func checkValid(t tester, m orb.MultiPolygon) {
	t.Helper()
	for _, polygon := range m {
		exterior := ringEdges(t, polygon[0])
		for i, r := range polygon {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				t.Fatalf("ring of %d vertices is not closed", len(r))
			}
			if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; r.Orientation() != want {
				t.Fatalf("ring %d turns %v", i, r.Orientation())
			}
			if i > 0 && side(exterior, vertexOf(t, r[0])) <= 0 {
				t.Fatalf("hole %d is not in its exterior", i)
			}
			for _, p := range r {
				if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
					t.Fatalf("vertex %v is not on the earth", p)
				}
			}
		}
	}
	edges := allEdges(t, m)
	begun := map[vertex]bool{}
	for i, e := range edges {
		if begun[e.a] || e.a == e.b {
			t.Fatalf("vertex %v occurs twice", e.a)
		}
		begun[e.a] = true
		for _, f := range edges[:i] {
			if e.apart(f) {
				continue
			}
			if e.crosses(f) || e.a != f.b && e.on(f.b) || e.b != f.a && e.on(f.a) || f.a != e.b && f.on(e.b) || f.b != e.a && f.on(e.a) {
				t.Fatalf("edges %v and %v meet", e, f)
			}
		}
	}
}
