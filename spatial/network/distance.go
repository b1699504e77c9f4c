package network

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// The WGS 84 ellipsoid: equatorial radius in metres, and flattening.
const (
	equatorialRadius = 6378137.0
	flattening       = 1 / 298.257223563
)

// Distance is the length of the shortest line between two points on the
// WGS 84 ellipsoid by Lambert's formula (haversine on reduced latitudes, then
// a correction for the flattening): within 10 m over thousands of kilometres
// and a few millionths on road segments, where a sphere is off by up to
// 0.5 %. It crosses the antimeridian the short way. Near the antipode, where
// the correction breaks down, the plain sphere answers.
func Distance(a, b orb.Point) spatial.Meters {
	if a == b {
		return 0
	}
	const rad = math.Pi / 180
	beta1 := math.Atan((1 - flattening) * math.Tan(a[1]*rad))
	beta2 := math.Atan((1 - flattening) * math.Tan(b[1]*rad))
	mean, half := (beta1+beta2)/2, (beta2-beta1)/2
	sinMean, sinHalf := math.Sin(mean), math.Sin(half)
	cosMean, cosHalf := math.Cos(mean), math.Cos(half)
	sinLon := math.Sin((b[0] - a[0]) * rad / 2)
	h := sinHalf*sinHalf + (cosMean*cosMean-sinHalf*sinHalf)*sinLon*sinLon
	if h <= 0 {
		return 0
	}
	if h > 0.99 {
		return spatial.Meters(2 * equatorialRadius * math.Asin(math.Min(1, math.Sqrt(h))))
	}
	sigma := 2 * math.Asin(math.Sqrt(h))
	sin := math.Sin(sigma)
	x := (sigma - sin) * sinMean * sinMean * cosHalf * cosHalf / (1 - h)
	y := (sigma + sin) * cosMean * cosMean * sinHalf * sinHalf / h
	return spatial.Meters(equatorialRadius * (sigma - flattening/2*(x+y)))
}

// plane is the plane that touches the ellipsoid at a latitude: metres per
// degree of latitude there, and how many of those degrees one degree of
// longitude counts for. Within the snap radius of a profile (20 km by car)
// distances on it are right to a few metres.
type plane struct{ perDegree, stretch float64 }

func planeAt(lat float64) plane {
	const rad = math.Pi / 180
	const e2 = flattening * (2 - flattening)
	sin, cos := math.Sincos(lat * rad)
	w := 1 - e2*sin*sin
	// Radii of curvature along the meridian and across it.
	meridian := equatorialRadius * (1 - e2) / (w * math.Sqrt(w))
	across := equatorialRadius / math.Sqrt(w)
	return plane{perDegree: meridian * rad, stretch: across * cos / meridian}
}
