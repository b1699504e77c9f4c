package borders

import (
	"math"

	"github.com/paulmach/orb"
)

// places finds vertices near a line: the plane is laid out in square cells, and
// each cell is a list, shared with others of the same hash.
type places struct {
	points []orb.Point
	cell   float64 // side
	heads  []int32 // of each list, the index of its first entry; 0 is none
	vertex []int32 // of each entry
	next   []int32
}

// newPlaces has room for about n vertices of points.
func newPlaces(points []orb.Point, n int, cell float64) *places {
	size := 2
	for size < 2*n {
		size *= 2
	}
	return &places{points: points, cell: cell, heads: make([]int32, size), vertex: make([]int32, 1, n+1), next: make([]int32, 1, n+1)}
}

func (s *places) add(v int32) {
	p := s.points[v]
	slot := s.slot(int64(math.Floor(p[0]/s.cell)), int64(math.Floor(p[1]/s.cell)))
	s.vertex, s.next = append(s.vertex, v), append(s.next, s.heads[slot])
	s.heads[slot] = int32(len(s.vertex) - 1)
}

func (s *places) slot(column, row int64) uint64 {
	return (uint64(column)*0x3C6EF372FE94F82B ^ uint64(row)*0x1B873593CC9E2D51) * 0x9E3779B97F4A7C15 >> 32 & uint64(len(s.heads)-1)
}

// near visits the vertices within a margin of the line from p to q, and some
// others, until visit says to stop; one may come more than once.
func (s *places) near(p, q orb.Point, margin float64, visit func(v int32) bool) {
	if p[1] > q[1] {
		p, q = q, p
	}
	margin += s.cell * 1e-6 // against rounding
	for row := math.Floor((p[1] - margin) / s.cell); row <= math.Floor((q[1]+margin)/s.cell); row++ {
		west, east := p[0], q[0]
		if q[1] > p[1] {
			slope := (q[0] - p[0]) / (q[1] - p[1])
			low := max(p[1], row*s.cell-margin) - p[1]
			high := min(q[1], (row+1)*s.cell+margin) - p[1]
			west, east = p[0]+slope*low, p[0]+slope*high
		}
		for column := math.Floor((min(west, east) - margin) / s.cell); column <= math.Floor((max(west, east)+margin)/s.cell); column++ {
			for e := s.heads[s.slot(int64(column), int64(row))]; e != 0; e = s.next[e] {
				if !visit(s.vertex[e]) {
					return
				}
			}
		}
	}
}
