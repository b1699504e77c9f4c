package borders

import (
	"context"
	"math"
)

// settler draws lines for the stretches of arcs and splits those that are in
// the way of others.
type settler struct {
	*Mesh
	tolerance float64
	lines     []stretch
	gone      []bool // of each line: it was split
	all, late *places
	added     []int32 // vertices kept since they were last looked at
}

// draw makes the lines of an arc. One that was touched may have stretches that
// the rule alone would have split otherwise.
func (s *settler) draw(i int32) {
	a := &s.arcs[i]
	from := int32(0)
	for to := int32(1); to < int32(len(a.walk)); to++ {
		if int(to) < len(a.walk)-1 && !s.keep[a.walk[to]] {
			continue
		}
		if c := (stretch{i, from, to}); a.touched {
			s.open(c)
		} else {
			s.line(c)
		}
		from = to
	}
}

func (s *settler) line(c stretch) {
	s.lines, s.gone = append(s.lines, c), append(s.gone, false)
}

// open draws a stretch as one line or, where that is too far from it, as more.
func (s *settler) open(c stretch) {
	stack := []stretch{c}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c.whole() {
			s.line(c)
			continue
		}
		if at, away := s.farthest(&s.arcs[c.arc], c.from, c.to); away > s.tolerance {
			stack = append(stack, s.split(c, at)...)
		} else {
			s.line(c)
		}
	}
}

// split keeps the vertex at a place of a stretch.
func (s *settler) split(c stretch, at int32) []stretch {
	a := &s.arcs[c.arc]
	a.touched = true
	s.keep[a.walk[at]] = true
	s.added = append(s.added, a.walk[at])
	return []stretch{{c.arc, at, c.to}, {c.arc, c.from, at}}
}

// settle splits lines until none is in the way. A line is held against all
// vertices once, and then against those that are new.
func (s *settler) settle(ctx context.Context) error {
	s.index()
	for fresh := 0; ; {
		bad := s.twins()
		for i, c := range s.lines {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			against := s.all
			if i < fresh {
				against = s.late
			}
			if !s.gone[i] && !c.whole() && s.hit(c, against) {
				bad[i] = true
			}
		}
		fresh = len(s.lines)
		s.added = s.added[:0]
		for i := range fresh {
			if c := s.lines[i]; bad[i] {
				at, _ := s.farthest(&s.arcs[c.arc], c.from, c.to)
				s.gone[i] = true
				for _, half := range s.split(c, at) {
					s.open(half)
				}
			}
		}
		if len(s.added) == 0 {
			return nil
		}
		s.late = newPlaces(s.points, len(s.added), s.all.cell)
		for _, v := range s.added {
			s.all.add(v)
			s.late.add(v)
		}
	}
}

// index has every vertex that is drawn. Cells are about as large as lines are
// long.
func (s *settler) index() {
	length := 0.0
	for _, c := range s.lines {
		p, q := s.lineEnds(c)
		length += max(math.Abs(s.points[p][0]-s.points[q][0]), math.Abs(s.points[p][1]-s.points[q][1]))
	}
	s.all = newPlaces(s.points, len(s.lines), max(length/float64(max(1, len(s.lines))), s.tolerance, math.SmallestNonzeroFloat64))
	done := make([]bool, len(s.points))
	for _, c := range s.lines {
		p, q := s.lineEnds(c)
		for _, v := range []int32{p, q} {
			if !done[v] {
				done[v] = true
				s.all.add(v)
			}
		}
	}
}

func (s *settler) lineEnds(c stretch) (p, q int32) {
	walk := s.arcs[c.arc].walk
	return walk[c.from], walk[c.to]
}

// twins are the lines that join the ends of another one: what lies between them
// would be gone.
func (s *settler) twins() map[int]bool {
	bad, first := map[int]bool{}, make(map[[2]int32]int, len(s.lines))
	for i, c := range s.lines {
		if s.gone[i] {
			continue
		}
		key := ends(s.lineEnds(c))
		j, known := first[key]
		if !known {
			first[key] = i
			continue
		}
		for _, k := range []int{i, j} {
			if !s.lines[k].whole() {
				bad[k] = true
			}
		}
	}
	return bad
}

// hit tells whether a vertex that is kept lies on a line or between it and the
// stretch that it replaces. All of the stretch is within the tolerance of the
// line, and so is what lies between.
func (s *settler) hit(c stretch, against *places) (found bool) {
	p, q := s.lineEnds(c)
	a, b := s.points[p], s.points[q]
	against.near(a, b, s.tolerance, func(v int32) bool {
		if v != p && v != q && distance(a, b, s.points[v]) <= s.tolerance*(1+1e-9) {
			found = s.between(c, v)
		}
		return !found
	})
	return found
}

// between tells whether a vertex is inside the ring of a stretch and its line,
// or on it, by the sides that a ray to the west meets.
func (s *settler) between(c stretch, v int32) bool {
	walk, at := s.arcs[c.arc].walk, s.points[v]
	inside := false
	a := s.points[walk[c.to]]
	for _, next := range walk[c.from : c.to+1] {
		b := s.points[next]
		turn := 0
		if near := inBox(a, b, at); near || (a[1] <= at[1]) != (b[1] <= at[1]) {
			turn = side(a, b, at)
			if near && turn == 0 {
				return true
			}
		}
		if (a[1] <= at[1]) != (b[1] <= at[1]) && (turn > 0) == (a[1] > b[1]) {
			inside = !inside
		}
		a = b
	}
	return inside
}
