package reach

import (
	"context"
	"slices"
	"sync"
)

// clearance is how near, in metres, a chord may come to a corner that it does
// not end at. Outlines themselves are about that far apart: see apart.
const clearance = 0.02

// settle cuts chords until none is in the way of another. Only new ones are
// looked at again, and of chords there are fewer than twice the vertices, so it
// ends after about as much work as there are vertices.
func (t *thinner) settle(ctx context.Context) error {
	s := &settler{thinner: t, buckets: newBuckets(t), bad: make([]bool, len(t.chords))}
	fresh := 0
	for {
		if err := s.lookFrom(ctx, fresh); err != nil {
			return err
		}
		fresh = len(t.chords)
		if s.cut(); len(t.chords) == fresh {
			return nil
		}
	}
}

// lookFrom holds the chords from one on against those near them, on several
// threads: each looks at a row of its own and notes for itself what is bad.
func (s *settler) lookFrom(ctx context.Context, fresh int) error {
	each := max((len(s.chords)-fresh)/s.threads+1, 4096)
	var parts []*settler
	var workers sync.WaitGroup
	for from := fresh; from < len(s.chords); from += each {
		part := &settler{thinner: s.thinner, buckets: s.buckets, bad: make([]bool, len(s.chords)), asked: make([]int32, len(s.chords))}
		parts = append(parts, part)
		workers.Go(func() {
			for i := from; i < min(from+each, len(s.chords)); i++ {
				if i%4096 == 0 && ctx.Err() != nil {
					return
				}
				if fresh > 0 || !s.chords[i].whole() {
					part.look(int32(i))
				}
			}
		})
	}
	workers.Wait()
	for _, part := range parts {
		for _, i := range part.worst {
			s.blame(i)
		}
	}
	slices.Sort(s.worst)
	return ctx.Err()
}

// settler finds the chords that are in the way.
type settler struct {
	*thinner
	*buckets
	bad   []bool  // of each chord: to be cut
	worst []int32 // those that are bad
	asked []int32 // of each chord: 1 more than the one that was last looked at beside it
}

// cut replaces the bad chords.
func (s *settler) cut() {
	first := len(s.chords)
	for _, i := range s.worst {
		c := s.chords[i]
		at, _ := s.farthest(c)
		s.gone[i], s.keep[s.walk[at]] = true, true
		s.path(c.from, at)
		s.path(at, c.to)
	}
	s.worst = s.worst[:0]
	for i := first; i < len(s.chords); i++ {
		s.add(s.thinner, int32(i))
		s.bad = append(s.bad, false)
	}
}

// blame marks a chord that can be cut.
func (s *settler) blame(i int32) {
	if !s.bad[i] && !s.gone[i] && !s.chords[i].whole() {
		s.bad[i] = true
		s.worst = append(s.worst, i)
	}
}

// look holds a chord against those near it.
func (s *settler) look(i int32) {
	c := s.chords[i]
	m := s.measure(c)
	margin := max(s.tolerance, clearance)
	wide, high := int64(margin/m.east)+2, int64(margin/m.north)+2
	p, q := s.ends(c)
	s.cells(p, q, wide, high, func(slot uint64) {
		for e := s.heads[slot]; e != 0; e = s.entries[e].next {
			j := s.entries[e].chord
			if j == i || s.gone[j] || s.asked[j] == i+1 {
				continue
			}
			s.asked[j] = i + 1
			a, b := s.ends(s.chords[j])
			if s.boxesApart(p, q, a, b, wide, high) {
				continue
			}
			s.pair(i, j, &m)
		}
	})
}

// boxesApart tells whether two lines are farther apart than the margins by
// their bounds alone.
func (s *settler) boxesApart(p, q, a, b corner, wide, high int64) bool {
	return int64(min(p.x, q.x))-wide > int64(max(a.x, b.x)) || int64(max(p.x, q.x))+wide < int64(min(a.x, b.x)) ||
		int64(min(p.y, q.y))-high > int64(max(a.y, b.y)) || int64(max(p.y, q.y))+high < int64(min(a.y, b.y))
}

// pair blames those of two chords that are in the way of the other. Two that
// are both whole never are: so the outlines were drawn.
func (s *settler) pair(i, j int32, m *measure) {
	c, d := s.chords[i], s.chords[j]
	if c.whole() && d.whole() {
		return
	}
	p, q := s.ends(c)
	a, b := s.ends(d)
	if p == b && q == a || linesCross(p, q, a, b) {
		s.blame(i)
		s.blame(j)
	}
	if !c.whole() && (s.meets(c, m, a) || s.meets(c, m, b)) {
		s.blame(i)
	}
	if d.whole() {
		return
	}
	if m := s.measure(d); s.meets(d, &m, p) || s.meets(d, &m, q) {
		s.blame(j)
	}
}

// meets tells whether a corner that is kept is too near to a chord, or between
// it and the path that it replaces.
func (s *settler) meets(c chord, m *measure, v corner) bool {
	if p, q := s.ends(c); v == p || v == q {
		return false
	}
	squared := m.squared(v)
	if squared < clearance*clearance {
		return true
	}
	// All of the path is within the tolerance, and so is what lies between.
	return squared <= s.tolerance*s.tolerance*(1+1e-9) && s.between(c, v)
}

// between tells whether a corner is inside the ring of a chord's path and the
// chord, or on the path: by the lines that a ray to the west meets.
func (s *settler) between(c chord, v corner) bool {
	inside := false
	a := s.corners[s.walk[c.to]]
	for _, next := range s.walk[c.from : c.to+1] {
		b := s.corners[next]
		side := turn(a, b, v)
		if side == 0 && min(a.x, b.x) <= v.x && v.x <= max(a.x, b.x) && min(a.y, b.y) <= v.y && v.y <= max(a.y, b.y) {
			return true
		}
		if (a.y <= v.y) != (b.y <= v.y) && (side > 0) == (a.y > b.y) {
			inside = !inside
		}
		a = b
	}
	return inside
}
