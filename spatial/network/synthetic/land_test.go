package synthetic

import (
	"math"
	"testing"
)

// TestTheWholeLandLiesInItsExtent walks around the land of the largest map.
func TestTheWholeLandLiesInItsExtent(t *testing.T) {
	l := landFor(MaxJunctions)
	for k := range 3600 {
		v := direction(float64(k) * math.Pi / 1800)
		rim := vec{v.x * halfWidthKM * l.scale, v.y * halfHeightKM * l.scale}
		if p := toPlace(rim).point(); p[0] < 73 || p[0] > 135 || p[1] < 18 || p[1] > 53 {
			t.Fatalf("%v lies at %v", rim, p)
		}
		if l.density(rim.times(1.001)) != 0 || l.density(rim.times(0.999)) == 0 {
			t.Fatalf("%v is not on the rim", rim)
		}
	}
	if west, east := l.density(vec{-1500, 500}), l.density(vec{1500, -500}); east < 20*west {
		t.Errorf("density %v in the west, %v in the east", west, east)
	}
}

// TestPlacesAreReadBack: at undoes toPlace to two centimetres.
func TestPlacesAreReadBack(t *testing.T) {
	g := &generator{}
	for _, v := range []vec{{0, 0}, {-2000, 900}, {1234.5678, -1777.25}} {
		if back := g.at(g.node(v)); back.to(v) > 2e-5 {
			t.Errorf("%v comes back as %v", v, back)
		}
	}
}

// TestNetIsOnePiece: also where points lie in clusters too far apart for their
// nearest neighbours to join them.
func TestNetIsOnePiece(t *testing.T) {
	g := newGenerator(3, MinJunctions)
	for cluster := range 5 {
		for range 40 {
			v := vec{float64(cluster*cluster) * 50, 0}.plus(vec{g.random.Float64(), g.random.Float64()})
			g.points = append(g.points, point{at: v, town: -1})
		}
	}
	g.joinPoints()
	groups := newGroups(len(g.points))
	for _, e := range g.edges {
		if e.kind == road {
			groups.join(e.a, e.b)
		}
	}
	if _, one := groups.largest(); !one {
		t.Error("the net falls apart")
	}
}
