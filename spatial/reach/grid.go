package reach

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// The WGS 84 ellipsoid.
const (
	equatorialRadius = 6378137.0
	flattening       = 1 / 298.257223563
	eccentricity2    = flattening * (2 - flattening)
)

const (
	radians = math.Pi / 180
	// MaxLatitude bounds the places that an outline can lie at, north and
	// south: the grid grows finer towards the poles, which it cannot hold.
	// No public road lies beyond.
	MaxLatitude = 80.0
	bandsPerDeg = 256
	// bandEdge leaves room above MaxLatitude for the outline itself.
	bandEdge = 81
	// stepsPerDetail grid steps on the equator are one detail; at 30 degrees
	// of latitude it is 13.9, at 60 twice as many. With 10, a road that is not
	// reached was inside and too far half as often again; with 16, work and
	// vertices grow by a quarter to a third.
	stepsPerDetail = 12
	// inset is the share of the detail by which the outline is drawn nearer to
	// the roads than the detail itself: see the package.
	inset = 0.0125
)

// grid is the plane that outlines are made on: Mercator's projection of the
// ellipsoid, in steps that divide the equator into a whole number of columns.
// It depends on the detail alone, so outlines made by different calls share
// their grid lines and can be compared to the last digit.
//
// The projection is conformal: near a place every direction has the same
// scale, so a circle on the ground is a circle on the grid and only its
// radius depends on the latitude. Instead of the smooth northing, a chain of
// straight pieces is used, one for each band of 1/256 degree (434 m) of
// latitude. Then a line that is straight in longitude and latitude, as RFC
// 7946 defines a line, is straight on the grid within each band, and a part
// of it lies exactly on the whole. It costs 6e-5 of the distance at 60
// degrees. That the radius is the same all over a band adds 2.7e-5 for a
// detail of 100 m there, and 1.4e-3 for one of 5 km.
type grid struct {
	detail  float64
	columns int     // around the world, a multiple of span
	scale   float64 // steps per radian of longitude
	bands   []band
	low     int // lowest and highest band in use
	high    int
}

// band is a strip of latitude: the northing of its southern edge in steps,
// steps per degree inside, and how many steps the outline is from a road.
type band struct{ y, slope, radius float64 }

func newGrid(detail spatial.Meters) *grid {
	around := 2 * math.Pi * equatorialRadius * stepsPerDetail / float64(detail)
	columns := span * int(math.Ceil(around/span))
	return &grid{
		detail: float64(detail), columns: columns, scale: float64(columns) / (2 * math.Pi),
		bands: make([]band, 2*bandEdge*bandsPerDeg), low: math.MaxInt, high: -1,
	}
}

// band gives the number of the band that a latitude is in, filled in.
func (g *grid) band(lat float64) int {
	i := int(math.Floor(lat*bandsPerDeg)) + bandEdge*bandsPerDeg
	if g.bands[i].slope == 0 {
		g.fill(i)
	}
	g.low, g.high = min(g.low, i), max(g.high, i)
	return i
}

func (g *grid) fill(i int) {
	south, north := bandSouth(i), bandSouth(i+1)
	y := g.scale * isometric(south)
	g.bands[i] = band{
		y:      y,
		slope:  (g.scale*isometric(north) - y) * bandsPerDeg,
		radius: g.detail * (1 - inset) * g.scale / parallelRadius((south+north)/2),
	}
}

// bandSouth is the latitude of a band's southern edge, which is exact.
func bandSouth(i int) float64 { return float64(i-bandEdge*bandsPerDeg) / bandsPerDeg }

func (g *grid) x(lon float64) float64 { return (lon + 180) * float64(g.columns) / 360 }

func (g *grid) y(lat float64, i int) float64 {
	return g.bands[i].y + (lat-bandSouth(i))*g.bands[i].slope
}

// widen fills the bands in which the outline of the places seen may lie.
func (g *grid) widen() {
	// A degree of latitude is never less than 110.5 km.
	more := int(g.detail/110_500*bandsPerDeg) + 2
	g.low, g.high = max(g.low-more, 0), min(g.high+more, len(g.bands)-1)
	for i := g.low; i <= g.high; i++ {
		g.fill(i)
	}
}

// lat is the latitude of a northing within the bands in use.
func (g *grid) lat(y float64) float64 {
	low, high := g.low, g.high
	for low < high { // the last band that begins at or below y
		middle := (low + high + 1) / 2
		if g.bands[middle].y <= y {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return bandSouth(low) + (y-g.bands[low].y)/g.bands[low].slope
}

// ground is the length of a grid step at a latitude.
func (g *grid) ground(lat float64) float64 { return parallelRadius(lat) / g.scale }

// isometric is the northing of the ellipsoid's Mercator projection in radians
// (Snyder, Map Projections: A Working Manual, 1987, equation 7-7).
func isometric(lat float64) float64 {
	e, sin := math.Sqrt(eccentricity2), math.Sin(lat*radians)
	return math.Atanh(sin) - e*math.Atanh(e*sin)
}

// parallelRadius is the radius of the circle of a latitude in metres.
func parallelRadius(lat float64) float64 {
	sin, cos := math.Sincos(lat * radians)
	return equatorialRadius * cos / math.Sqrt(1-eccentricity2*sin*sin)
}

func onGrid(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= MaxLatitude
}
