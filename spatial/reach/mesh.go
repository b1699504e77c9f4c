package reach

import (
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// perDegree is how many units of coordinates a degree has: vertices of outlines
// are whole numbers of them.
const perDegree = 1e7

// corner is a vertex of outlines, in units of 1e-7 degrees.
type corner struct{ x, y int32 }

func (c corner) point() orb.Point {
	return orb.Point{float64(c.x) / perDegree, float64(c.y) / perDegree}
}

// hash is the same wherever a corner occurs.
func (c corner) hash() uint64 {
	return (uint64(uint32(c.x))<<32 | uint64(uint32(c.y))) * 0x9E3779B97F4A7C15
}

// mesh is the rings of some areas with every vertex once, so that what
// becomes of it becomes of it in all rings that share it.
type mesh struct {
	corners []corner
	keep    []bool  // of each corner
	walk    []int32 // the corners of one ring after the other, the first of each again at its end
	starts  []int   // of each ring in walk, and the end
}

// unseen is the neighbour of a corner that no ring has come to yet.
const unseen = -1

// newMesh numbers the vertices and keeps those that stay in any case: where
// rings that share it go on differently, on the cut at the antimeridian, one
// in so many, and one at least in every ring. Rings begin at one that is kept.
func newMesh(areas []Area) (*mesh, error) {
	b := &mesh{starts: []int{0}}
	if err := b.number(areas); err != nil {
		return nil, err
	}
	b.keep = make([]bool, len(b.corners))
	for v, c := range b.corners {
		b.keep[v] = c.x == 180*perDegree || c.x == -180*perDegree || c.hash()>>(64-pinBits) == 0
	}
	b.keepForks()
	for i := range len(b.starts) - 1 {
		b.begin(b.walk[b.starts[i]:b.starts[i+1]])
	}
	return b, nil
}

// pinBits: one vertex in 2^10 is kept, chosen by a hash of its coordinates and
// so the same in all rings. Douglas and Peucker's rule takes time with the
// square of a path's length where it goes badly; so paths are short. It costs
// one vertex in fifty of those that are left.
const pinBits = 10

func (b *mesh) number(areas []Area) error {
	size := 0
	for _, a := range areas {
		for _, polygon := range a.Polygon {
			for _, ring := range polygon {
				size += len(ring)
			}
		}
	}
	if size > math.MaxInt32 {
		return spatial.Errorf(spatial.Unprocessable, "Areas of %d vertices are too many to thin.", size)
	}
	b.walk = make([]int32, 0, size)
	table := make([]int32, 1<<bits.Len(uint(2*size))) // open addressing; 1 more than the number
	for _, a := range areas {
		for _, polygon := range a.Polygon {
			for _, ring := range polygon {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
					return spatial.Errorf(spatial.Invalid, "A ring of %d vertices is not closed.", len(ring))
				}
				for _, p := range ring {
					c := corner{int32(math.Round(p[0] * perDegree)), int32(math.Round(p[1] * perDegree))}
					if c.point() != p || math.Abs(p[0]) > 180 || math.Abs(p[1]) > bandEdge {
						return spatial.Errorf(spatial.Invalid, "%v is no vertex of an outline: beyond 180 or %v degrees, or no multiple of 1e-7.", p, bandEdge)
					}
					b.walk = append(b.walk, b.numberOf(table, c))
				}
				b.starts = append(b.starts, len(b.walk))
			}
		}
	}
	return nil
}

func (b *mesh) numberOf(table []int32, c corner) int32 {
	for slot := c.hash() >> (64 - bits.Len(uint(len(table)-1))); ; slot = (slot + 1) & uint64(len(table)-1) {
		switch v := table[slot] - 1; {
		case v < 0:
			b.corners = append(b.corners, c)
			table[slot] = int32(len(b.corners))
			return table[slot] - 1
		case b.corners[v] == c:
			return v
		}
	}
}

// keepForks keeps the corners at which rings meet or part.
func (b *mesh) keepForks() {
	type neighbours struct{ before, after int32 }
	known := slices.Repeat([]neighbours{{unseen, unseen}}, len(b.corners))
	for i := range len(b.starts) - 1 {
		ring := b.walk[b.starts[i]:b.starts[i+1]]
		before := ring[len(ring)-2]
		for j, v := range ring[:len(ring)-1] {
			here := neighbours{before, ring[j+1]}
			if known[v].after == unseen {
				known[v] = here
			} else if known[v] != here {
				b.keep[v] = true
			}
			before = v
		}
	}
}

// begin lets a ring begin at a corner that is kept: the first it comes to, or
// the westernmost where none is.
func (b *mesh) begin(ring []int32) {
	open := ring[:len(ring)-1]
	first := slices.IndexFunc(open, func(v int32) bool { return b.keep[v] })
	if first < 0 {
		first = 0
		for i, v := range open {
			c, best := b.corners[v], b.corners[open[first]]
			if c.x < best.x || c.x == best.x && c.y < best.y {
				first = i
			}
		}
		b.keep[open[first]] = true
	}
	slices.Reverse(open[:first])
	slices.Reverse(open[first:])
	slices.Reverse(open)
	ring[len(ring)-1] = ring[0]
}
