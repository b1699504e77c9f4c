package tiles

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// MaxZoom is the deepest matrix of WebMercatorQuad as the standard lists it.
const MaxZoom = 24

// maxLatitude bounds the square of Web Mercator: atan(sinh(pi)) in degrees.
const maxLatitude = 85.0511287798066

// Address is one tile of WebMercatorQuad.
type Address struct{ Z, X, Y int }

// ParseAddress reads the three path segments of a tile. A segment that is no
// plain decimal number, or a tile outside the matrix, names no tile: NotFound.
func ParseAddress(z, row, col string) (Address, error) {
	var a Address
	for _, part := range []struct {
		text string
		to   *int
	}{{z, &a.Z}, {row, &a.Y}, {col, &a.X}} {
		n, ok := plainNumber(part.text)
		if !ok {
			return a, spatial.Errorf(spatial.NotFound, "There is no tile %s/%s/%s: zoom, row and column are whole numbers.", z, row, col)
		}
		*part.to = n
	}
	if a.Z > MaxZoom || a.X >= 1<<a.Z || a.Y >= 1<<a.Z {
		return a, spatial.Errorf(spatial.NotFound, "There is no tile %d/%d/%d in WebMercatorQuad: zoom goes to %d, row and column to 2^zoom-1.", a.Z, a.Y, a.X, MaxZoom)
	}
	return a, nil
}

// plainNumber reads digits without sign, spaces or leading zeros, so that one
// tile has one address and caches hold it once.
func plainNumber(text string) (int, bool) {
	if text == "" || len(text) > 8 || (len(text) > 1 && text[0] == '0') {
		return 0, false
	}
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// Bound is the tile's extent in degrees, longitude first.
func (a Address) Bound() orb.Bound {
	n := math.Exp2(float64(a.Z))
	return orb.Bound{
		Min: orb.Point{float64(a.X)/n*360 - 180, latitude(float64(a.Y+1) / n)},
		Max: orb.Point{float64(a.X+1)/n*360 - 180, latitude(float64(a.Y) / n)},
	}
}

// latitude of a fraction of the map's height from the top, in degrees.
func latitude(fraction float64) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*fraction))) * 180 / math.Pi
}

// At gives the tile of zoom z that holds a point in degrees; points outside
// the map go to its nearest tile.
func At(p orb.Point, z int) Address {
	n := math.Exp2(float64(z))
	lat := math.Max(-maxLatitude, math.Min(maxLatitude, p[1])) * math.Pi / 180
	x := (p[0] + 180) / 360 * n
	y := (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * n
	last := n - 1
	return Address{Z: z, X: int(math.Max(0, math.Min(last, math.Floor(x)))), Y: int(math.Max(0, math.Min(last, math.Floor(y))))}
}
