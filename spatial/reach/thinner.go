package reach

import (
	"context"
	"math"
	"sync"
)

// chord is a straight line from one place in walk to a later one of the same
// ring, with the path between left out. One from a place to the next leaves
// nothing out.
type chord struct{ from, to int32 }

func (c chord) whole() bool { return c.to == c.from+1 }

// thinner draws chords for the paths of borders.
type thinner struct {
	*mesh
	tolerance float64 // metres
	threads   int
	chords    []chord // those that were cut are no more: see gone
	gone      []bool
	open      []chord // room to work in
}

// draw thins every path between corners that are kept. Threads take paths in
// order, about as many corners each, so chords come in the order of paths
// whatever the number of threads. A corner inside a path is inside no other.
func (t *thinner) draw(ctx context.Context) error {
	paths := t.paths()
	each := len(t.walk)/t.threads + 1
	var shares []*thinner
	var workers sync.WaitGroup
	for first := 0; first < len(paths); {
		last, corners := first, 0
		for ; last < len(paths) && corners < each; last++ {
			corners += int(paths[last].to - paths[last].from)
		}
		share, mine := &thinner{mesh: t.mesh, tolerance: t.tolerance}, paths[first:last]
		shares = append(shares, share)
		workers.Go(func() {
			for i, p := range mine {
				if i%1024 == 0 && ctx.Err() != nil {
					return
				}
				share.path(p.from, p.to)
			}
		})
		first = last
	}
	workers.Wait()
	for _, share := range shares {
		t.chords, t.gone = append(t.chords, share.chords...), append(t.gone, share.gone...)
	}
	return ctx.Err()
}

// paths are those between corners that are kept, each once, however many rings
// it is part of.
func (t *thinner) paths() (paths []chord) {
	done := make([]bool, len(t.corners)) // inside a path
	for i := range len(t.starts) - 1 {
		for from, end := t.starts[i], t.starts[i+1]-1; from < end; {
			to := from + 1
			for !t.keep[t.walk[to]] {
				to++
			}
			if !done[t.walk[from]] && !done[t.walk[from+1]] {
				for _, v := range t.walk[from+1 : to] {
					done[v] = true
				}
				paths = append(paths, chord{int32(from), int32(to)})
			}
			from = to
		}
	}
	return paths
}

// path draws chords for a path: one, or more where it goes farther from it than
// the tolerance or comes back to where it began.
func (t *thinner) path(from, to int32) {
	t.open = append(t.open[:0], chord{from, to})
	for len(t.open) > 0 {
		c := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		at, away := t.farthest(c)
		if c.whole() || away <= t.tolerance && t.walk[c.from] != t.walk[c.to] {
			t.chords, t.gone = append(t.chords, c), append(t.gone, false)
			continue
		}
		t.keep[t.walk[at]] = true
		t.open = append(t.open, chord{at, c.to}, chord{c.from, at})
	}
}

// farthest is the place of the corner between the ends of a chord that is
// farthest from it, the first of several, and how many metres that is.
func (t *thinner) farthest(c chord) (at int32, away float64) {
	if c.whole() {
		return c.from, 0
	}
	m, most := t.measure(c), -1.0
	for i := c.from + 1; i < c.to; i++ {
		if squared := m.squared(t.corners[t.walk[i]]); squared > most {
			at, most = i, squared
		}
	}
	return at, math.Sqrt(most)
}

// ends are the corners that a chord joins.
func (t *thinner) ends(c chord) (from, to corner) {
	return t.corners[t.walk[c.from]], t.corners[t.walk[c.to]]
}

// measure tells how far corners are from a chord, on a plane in metres that
// touches the ellipsoid at the chord's beginning.
type measure struct {
	from        corner
	east, north float64 // metres in a unit of coordinates
	dx, dy      float64 // the chord
	length2     float64
}

func (t *thinner) measure(c chord) measure {
	from, to := t.ends(c)
	lat := float64(from.y) / perDegree * radians
	sin, cos := math.Sincos(lat)
	w := 1 - eccentricity2*sin*sin
	// The radii of curvature across and along the meridian (Snyder, Map
	// Projections: A Working Manual, 1987, equations 4-20 and 4-18).
	across := equatorialRadius / math.Sqrt(w)
	m := measure{from: from, east: across * cos * radians / perDegree, north: across * (1 - eccentricity2) / w * radians / perDegree}
	m.dx, m.dy = m.place(to)
	m.length2 = m.dx*m.dx + m.dy*m.dy
	return m
}

func (m *measure) place(c corner) (x, y float64) {
	return float64(int64(c.x)-int64(m.from.x)) * m.east, float64(int64(c.y)-int64(m.from.y)) * m.north
}

// squared is the squared distance from the chord, ends included.
func (m *measure) squared(c corner) float64 {
	x, y := m.place(c)
	if m.length2 > 0 {
		share := max(0, min(1, (x*m.dx+y*m.dy)/m.length2))
		x, y = x-share*m.dx, y-share*m.dy
	}
	return x*x + y*y
}

// linesCross tells whether the lines pq and ab cross between their ends.
func linesCross(p, q, a, b corner) bool {
	return turn(p, q, a)*turn(p, q, b) < 0 && turn(a, b, p)*turn(a, b, q) < 0
}

// turn is 1 where a, b, c turn left, -1 where they turn right, 0 on a line.
// It is exact between places less than 100 degrees apart.
func turn(a, b, c corner) int {
	left := (int64(b.x) - int64(a.x)) * (int64(c.y) - int64(a.y))
	right := (int64(b.y) - int64(a.y)) * (int64(c.x) - int64(a.x))
	switch {
	case left > right:
		return 1
	case left < right:
		return -1
	}
	return 0
}
