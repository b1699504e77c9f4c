package reach

import (
	"math"

	"github.com/paulmach/orb"
)

// EllipsoidArea is the area of polygons on the WGS 84 ellipsoid in square
// metres, holes taken out. Lines are straight in longitude and latitude, as
// in RFC 7946; rings do not cross the antimeridian, as it demands. Exteriors
// and holes are told apart by their order in the polygon, not by their turn.
func EllipsoidArea(m orb.MultiPolygon) float64 {
	sum := 0.0
	for _, polygon := range m {
		for i, ring := range polygon {
			area := math.Abs(ringArea(ring))
			if i > 0 {
				area = -area
			}
			sum += area
		}
	}
	return sum
}

// ringArea is positive where the ring turns counter-clockwise.
func ringArea(ring orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += lineArea(ring[i-1], ring[i])
	}
	return sum
}

// lineArea is the area between a line and the equator, positive where it runs
// west and north of it. The zone is not linear along a slanting line: one of
// many degrees is taken in steps, each by Simpson's rule.
func lineArea(a, b orb.Point) float64 {
	steps := max(1, int(math.Abs(b[1]-a[1])))
	sum := 0.0
	for i := range steps {
		from := a[1] + (b[1]-a[1])*float64(i)/float64(steps)
		to := a[1] + (b[1]-a[1])*float64(i+1)/float64(steps)
		sum += (zone(from) + 4*zone((from+to)/2) + zone(to)) / 6
	}
	return (a[0] - b[0]) * radians * sum / float64(steps)
}

// zone is the area of the ellipsoid between the equator and a latitude, for
// each radian of longitude, in square metres (Snyder, Map Projections: A
// Working Manual, 1987, equation 3-12).
func zone(lat float64) float64 {
	e, sin := math.Sqrt(eccentricity2), math.Sin(lat*radians)
	polarSquared := equatorialRadius * equatorialRadius * (1 - eccentricity2)
	return polarSquared / 2 * (sin/(1-eccentricity2*sin*sin) + math.Atanh(e*sin)/e)
}
