package reach

import (
	"math"

	"github.com/paulmach/orb"
)

// key names a crossing on the grid of the whole world.
type key int64

// chain is a run of an outline through one tile, with what is inside to its
// left: from the crossing start up to, and without, the crossing end, which
// is where the next chain starts. A ring within one tile ends where it starts.
type chain struct {
	start, end  key
	first, size int       // of its points
	last        orb.Point // where the next chain starts
	area        float64   // its share of the ring's area, in square metres
}

// strip is a row of tiles, with what all of them have in common, and the
// chains found there.
type strip struct {
	grid   *grid
	south  int // its first row of nodes
	lat    [nodes]float64
	zone   [nodes]float64 // see zone
	points []orb.Point
	chains []chain
}

func newStrip(g *grid, row int) *strip {
	s := &strip{grid: g, south: row * span}
	for j := range nodes {
		s.lat[j] = g.lat(float64(s.south + j))
		s.zone[j] = zone(s.lat[j])
	}
	return s
}

// trace follows the links of a tile: first the chains that come in over its
// border, then the rings within.
func (s *strip) trace(t *tile) {
	for _, c := range t.begun {
		if c.onBorder() {
			s.follow(t, c)
		}
	}
	for _, c := range t.begun {
		if t.next[c] != none {
			s.follow(t, c)
		}
	}
	t.begun = t.begun[:0]
}

// follow takes the links of a chain out of the tile, and writes it down.
func (s *strip) follow(t *tile, c crossing) {
	chain := chain{start: s.key(t, c), first: len(s.points)}
	at, zone := s.place(t, c)
	for {
		next := t.next[c]
		if next == none {
			break
		}
		t.next[c] = none
		s.points = append(s.points, at)
		to, zoneTo := s.place(t, next)
		// Where a ring is followed with its inside to the left, lines going
		// west have it to their south.
		chain.area += (at[0] - to[0]) * (zone + zoneTo)
		c, at, zone = next, to, zoneTo
	}
	chain.area *= radians / 2
	chain.end, chain.last = s.key(t, c), at
	chain.size = len(s.points) - chain.first
	s.chains = append(s.chains, chain)
}

// key packs a crossing's row, column and direction.
func (s *strip) key(t *tile, c crossing) key {
	i, j, d := c.parts()
	world := s.grid.columns + 1
	row := s.south + j + world // rows south of the equator are below 0
	return key((row*world+int(t.west)+i)*4 + int(d))
}

// alongColumn tells whether a crossing lies on a column, between two rows.
func (g *grid) alongColumn(k key, column int) bool {
	d := direction(k & 3)
	return (d == north || d == south) && int(k/4)%(g.columns+1) == column
}

// place is where a crossing lies, rounded to 1e-7 degrees, and the zone there.
func (s *strip) place(t *tile, c crossing) (orb.Point, float64) {
	i, j, d := c.parts()
	share := t.share(c)
	x := (int(t.west) + i) * unit
	lat, zone := s.lat[j], s.zone[j]
	switch d {
	case east:
		x += share
	case west:
		x -= share
	case north:
		lat += (s.lat[j+1] - lat) * float64(share) / unit
		zone += (s.zone[j+1] - zone) * float64(share) / unit
	default:
		lat += (s.lat[j-1] - lat) * float64(share) / unit
		zone += (s.zone[j-1] - zone) * float64(share) / unit
	}
	lon := float64(x)*360/float64(s.grid.columns*unit) - 180
	return orb.Point{rounded(lon), rounded(lat)}, zone
}

// rounded is a coordinate in the unit that road networks have, 1e-7 degrees:
// 1.1 cm or less.
func rounded(degrees float64) float64 { return math.RoundToEven(degrees*1e7) / 1e7 }
