package reach

import (
	"iter"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// place is a place on the grid, in steps.
type place struct{ x, y float64 }

// stretch is a run of reached road on the grid that keeps going north, or east
// where it goes along, and keeps going east, or west, within one band. Then
// each grid line has at most one interval in common with the places within
// radius of the run, which is what makes those quick to find.
type stretch struct {
	first, size uint32 // of its places
	radius      float64
}

// The bounds of a stretch: a longer one has only two places. They keep the
// tiles that it comes to few, and its places in cache.
const (
	stretchPlaces = 32
	stretchSpan   = 32
)

// maxPlaces bounds the memory of an outline, at up to 40 bytes each.
const maxPlaces = 8_000_000

// cutter cuts parts of roads to stretches.
type cutter struct {
	grid      *grid
	places    []place
	stretches []stretch

	open        bool // whether the last stretch may grow
	band        int
	east, north float64 // its way so far; of these, the sign counts
}

func cut(g *grid, parts iter.Seq[Part]) (*cutter, error) {
	c := &cutter{grid: g}
	for part := range parts {
		for _, p := range part {
			if !onGrid(p) {
				return nil, spatial.Errorf(spatial.Unprocessable, "A reached road passes %v, %v; outlines are made between %v degrees south and north.", p[0], p[1], MaxLatitude)
			}
		}
		c.part(part)
		if len(c.places) > maxPlaces {
			return nil, spatial.Errorf(spatial.Unprocessable, "The reached roads have more than %d million vertices, the most that an outline is made of.", maxPlaces/1_000_000)
		}
	}
	return c, nil
}

func (c *cutter) part(part Part) {
	c.makeRoom(2 * len(part))
	drawn := false
	var last spot
	for i, p := range part {
		here := c.spot(p)
		if i > 0 && p != part[i-1] {
			c.line(last, here)
			drawn = true
		}
		last = here
	}
	c.close()
	if !drawn && len(part) > 0 {
		c.point(last)
	}
}

// makeRoom doubles the room where it is short, for a small part of the copying
// that append does.
func (c *cutter) makeRoom(n int) {
	if cap(c.places)-len(c.places) < n {
		c.places = slices.Grow(c.places, max(n, len(c.places), 1<<14))
	}
}

// spot is a point of a road with its place and its band.
type spot struct {
	orb.Point
	place
	band int
}

func (c *cutter) spot(p orb.Point) spot {
	i := c.grid.band(p[1])
	return spot{p, place{c.grid.x(p[0]), c.grid.y(p[1], i)}, i}
}

// point adds a place alone. On the edge between two bands the smaller radius
// is taken: a road that ends there has either, and must contain its end.
func (c *cutter) point(at spot) {
	radius := c.grid.bands[at.band].radius
	if at.Point[1] == bandSouth(at.band) {
		radius = min(radius, c.grid.bands[c.grid.band(bandSouth(at.band-1))].radius)
	}
	c.begin(at.place, radius)
	c.close()
}

// line adds a straight line, cut where it passes from band to band.
func (c *cutter) line(from, to spot) {
	if turn := nearest(to.Point[0], from.Point[0]); turn != to.Point[0] {
		to.Point[0] = turn
		to.x = c.grid.x(turn)
	}
	for from.band < to.band && to.Point[1] > bandSouth(from.band+1) { // north
		middle := c.passing(from.Point, to.Point, from.band+1)
		c.extend(from.place, middle, from.band)
		from.place, from.band = middle, from.band+1
	}
	for at := from.Point[1]; from.band > to.band; from.band-- { // south
		middle := c.passing(from.Point, to.Point, from.band)
		if at > bandSouth(from.band) {
			c.extend(from.place, middle, from.band)
		}
		from.place = middle
	}
	c.extend(from.place, to.place, from.band)
}

// passing is where a line passes the southern edge of a band. It is worked out
// from south to north, so that it does not depend on the way the line goes.
func (c *cutter) passing(a, b orb.Point, band int) place {
	if a[1] > b[1] {
		a, b = b, a
	}
	lat := bandSouth(band)
	lon := a[0] + (lat-a[1])/(b[1]-a[1])*(b[0]-a[0])
	return place{c.grid.x(lon), c.grid.bands[c.grid.band(lat)].y}
}

// nearest is the longitude moved by full turns to within half a turn of
// another one.
func nearest(lon, to float64) float64 {
	switch {
	case lon-to > 180:
		return lon - 360
	case lon-to < -180:
		return lon + 360
	}
	return lon
}

// extend adds a straight piece of road within a band, to the stretch before it
// where it can.
func (c *cutter) extend(from, to place, band int) {
	dx, dy := to.x-from.x, to.y-from.y
	if !c.open || !c.fits(from, to, band) {
		c.close()
		c.begin(from, c.grid.bands[band].radius)
		c.band, c.east, c.north = band, 0, 0
	}
	if dx != 0 {
		c.east = dx
	}
	if dy != 0 {
		c.north = dy
	}
	c.places = append(c.places, to)
}

func (c *cutter) fits(from, to place, band int) bool {
	first := c.stretches[len(c.stretches)-1].first
	begin := c.places[first]
	return c.band == band && c.places[len(c.places)-1] == from &&
		c.east*(to.x-from.x) >= 0 && c.north*(to.y-from.y) >= 0 &&
		len(c.places)-int(first) < stretchPlaces &&
		math.Abs(to.x-begin.x) <= stretchSpan && math.Abs(to.y-begin.y) <= stretchSpan
}

func (c *cutter) begin(at place, radius float64) {
	c.stretches = append(c.stretches, stretch{first: uint32(len(c.places)), radius: radius})
	c.places = append(c.places, at)
	c.open = true
}

// close turns the last stretch north and, where it reaches over the
// antimeridian, adds its image at the other end of the world.
func (c *cutter) close() {
	if !c.open {
		return
	}
	c.open = false
	s := &c.stretches[len(c.stretches)-1]
	places := c.places[s.first:]
	s.size = uint32(len(places))
	if a, b := places[0], places[len(places)-1]; a.y > b.y || a.y == b.y && a.x > b.x {
		slices.Reverse(places)
	}
	low, high := c.box(s)
	world := float64(c.grid.columns)
	for _, shift := range [2]float64{world, -world} {
		if low.x+shift > world || high.x+shift < 0 {
			continue
		}
		image := stretch{uint32(len(c.places)), uint32(len(places)), s.radius}
		for _, p := range places {
			c.places = append(c.places, place{p.x + shift, p.y})
		}
		c.stretches = append(c.stretches, image)
	}
}

func (c *cutter) placesOf(s *stretch) []place { return c.places[s.first : s.first+s.size] }

// box is the range of x and y that the places within radius of a stretch lie
// in.
func (c *cutter) box(s *stretch) (low, high place) {
	a, b := c.places[s.first], c.places[s.first+s.size-1]
	return place{min(a.x, b.x) - s.radius, a.y - s.radius}, place{max(a.x, b.x) + s.radius, b.y + s.radius}
}

// axes is a stretch in the axes of the lines that it is drawn on.
type axes struct {
	places []place
	legs   []place // for each piece, the way along it, radius long
}

// set takes a stretch as it is.
func (a *axes) set(places []place, radius float64) {
	a.places, a.legs = places, a.legs[:0]
	for i, p := range places[1:] {
		dx, dy := p.x-places[i].x, p.y-places[i].y
		perLength := radius / math.Sqrt(dx*dx+dy*dy)
		a.legs = append(a.legs, place{dx * perLength, dy * perLength})
	}
}

// turn takes another with the axes swapped, so that what reads along rows reads
// along columns.
func (a *axes) turn(other *axes) {
	a.places, a.legs = a.places[:0], a.legs[:0]
	for _, p := range other.places {
		a.places = append(a.places, place{p.y, p.x})
	}
	for _, l := range other.legs {
		a.legs = append(a.legs, place{l.y, l.x})
	}
	if p, q := a.places[0], a.places[len(a.places)-1]; p.y > q.y || p.y == q.y && p.x > q.x {
		slices.Reverse(a.places)
		slices.Reverse(a.legs)
		for i, l := range a.legs {
			a.legs[i] = place{-l.x, -l.y}
		}
	}
}
