package borders

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// stretch is a part of an arc, by the places of its ends in the arc's walk.
type stretch struct{ arc, from, to int32 }

func (c stretch) whole() bool { return c.to == c.from+1 }

// weigh gives the vertices inside an arc their worth. A closed arc keeps its
// farthest vertex at any tolerance.
func (m *Mesh) weigh(a *arc) {
	type open struct {
		from, to int32
		most     float64
	}
	stack := []open{{0, int32(len(a.walk) - 1), math.Inf(1)}}
	for len(stack) > 0 {
		o := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if o.to == o.from+1 {
			continue
		}
		at, away := m.farthest(a, o.from, o.to)
		if a.walk[o.from] == a.walk[o.to] {
			away = math.Inf(1)
		}
		away = min(away, o.most)
		m.worth[a.walk[at]] = away
		stack = append(stack, open{o.from, at, away}, open{at, o.to, away})
	}
}

// farthest is the place between two others that is farthest from the line that
// joins them, the first of several, and how far that is.
func (m *Mesh) farthest(a *arc, from, to int32) (at int32, away float64) {
	p, q, away := m.points[a.walk[from]], m.points[a.walk[to]], -1.0
	for i := from + 1; i < to; i++ {
		if d := distance(p, q, m.points[a.walk[i]]); d > away {
			at, away = i, d
		}
	}
	return at, away
}

// Thin leaves out vertices so that no border moves farther than tolerance.
// Tolerances of several calls must fall: each call keeps what the one before
// kept. A ring that meets no other and whose box is smaller than the tolerance
// both ways goes as a whole, in all polygons that have it alike, unless one of
// them would be left with nothing; of that one its largest part stays.
//
// It fails with the context's error.
func (m *Mesh) Thin(ctx context.Context, tolerance float64) error {
	m.dropSmall(tolerance)
	s := settler{Mesh: m, tolerance: tolerance}
	for i := range m.arcs {
		a := &m.arcs[i]
		if a.gone {
			continue
		}
		for _, v := range a.walk[1 : len(a.walk)-1] {
			m.keep[v] = m.keep[v] || m.worth[v] > tolerance
		}
		s.draw(int32(i))
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return s.settle(ctx)
}

// dropSmall decides which rings this tolerance leaves out.
func (m *Mesh) dropSmall(tolerance float64) {
	for i := range m.arcs {
		m.arcs[i].gone = m.arcs[i].free && m.arcs[i].size < tolerance
	}
	var pinned []*arc
	for _, parts := range m.areas {
		var largest *arc
		for _, part := range parts {
			a := &m.arcs[part[0][0].arc]
			if !a.gone {
				largest = nil
				break
			}
			if largest == nil || a.size > largest.size {
				largest = a
			}
		}
		if largest != nil {
			pinned = append(pinned, largest)
		}
	}
	for _, a := range pinned {
		a.gone = false
	}
	for m.keepAround() {
	}
}

// keepAround brings back parts around rings that stay, so that an enclave never
// lies on what fills the place of the part around it; false when there was none.
func (m *Mesh) keepAround() (any bool) {
	for _, parts := range m.areas {
		for _, part := range parts {
			outer := &m.arcs[part[0][0].arc]
			if outer.gone && slices.ContainsFunc(part, func(ring []use) bool { return !m.arcs[ring[0].arc].gone }) {
				outer.gone, any = false, true
			}
		}
	}
	return any
}

// Polygon gives a polygon with the vertices that are kept, and how many those
// are; nil where there is none. Rings may begin at another vertex than they did.
func (m *Mesh) Polygon(i int) (polygon orb.MultiPolygon, vertices int) {
	for _, rings := range m.areas[i] {
		if m.arcs[rings[0][0].arc].gone {
			continue
		}
		var part orb.Polygon
		for _, ring := range rings {
			if m.arcs[ring[0].arc].gone {
				continue
			}
			points := m.ring(ring)
			if len(points) < 4 { // of lines there and back
				return nil, 0
			}
			part, vertices = append(part, points), vertices+len(points)
		}
		polygon = append(polygon, part)
	}
	return polygon, vertices
}

func (m *Mesh) ring(uses []use) orb.Ring {
	var points orb.Ring
	for _, u := range uses {
		walk := m.arcs[u.arc].walk
		last := len(walk) - 1
		for i := range last { // the end is the next one's beginning
			at := i
			if u.back {
				at = last - i
			}
			if v := walk[at]; i == 0 || m.keep[v] {
				points = append(points, m.points[v])
			}
		}
	}
	return append(points, points[0])
}
