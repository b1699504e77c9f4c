package api

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// parseBBox reads the parameter bbox (OGC API Features, 7.15.3): four numbers
// in the axis order of the CRS, or six, whose heights are read and left
// aside. In degrees the first longitude may exceed the second: the box then
// crosses the antimeridian.
func parseBBox(text string, crs spatial.CRS) (*spatial.BBox, error) {
	bad := func(format string, args ...any) (*spatial.BBox, error) {
		return nil, spatial.BadParameter("bbox", fmt.Sprintf(format, args...), "min1,min2,max1,max2 in the axis order of bbox-crs, or six numbers with heights")
	}
	parts := strings.Split(text, ",")
	if len(parts) != 4 && len(parts) != 6 {
		return bad("has %d numbers; 4 or 6 are needed", len(parts))
	}
	numbers := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return bad("number %d, %q, is not a finite number", i+1, clip(part))
		}
		numbers[i] = v
	}
	low, high := numbers[:2], numbers[len(numbers)/2:len(numbers)/2+2]
	if len(numbers) == 6 && numbers[2] > numbers[5] {
		return bad("the lower height exceeds the upper")
	}
	b := orb.Bound{Min: orb.Point{low[0], low[1]}, Max: orb.Point{high[0], high[1]}}
	if crs.LatLon {
		b = orb.Bound{Min: orb.Point{low[1], low[0]}, Max: orb.Point{high[1], high[0]}}
	}
	if b.Min[1] > b.Max[1] {
		return bad("the lower %s exceeds the upper", axis(crs, 1))
	}
	if !geographic(crs) {
		if b.Min[0] > b.Max[0] {
			return bad("the lower %s exceeds the upper", axis(crs, 0))
		}
		return &spatial.BBox{Bound: b, CRS: crs}, nil
	}
	if b.Min[1] < -90 || b.Max[1] > 90 {
		return bad("a latitude lies outside -90 to 90")
	}
	if math.Abs(b.Min[0]) > 180 || math.Abs(b.Max[0]) > 180 {
		return bad("a longitude lies outside -180 to 180")
	}
	return &spatial.BBox{Bound: b, CRS: crs}, nil
}

// geographic says whether coordinates of the CRS are degrees: CRS84, WGS 84
// and CGCS2000 are, the rest of those offered are projected.
func geographic(crs spatial.CRS) bool { return crs.SRID == 4326 || crs.SRID == 4490 }

func axis(crs spatial.CRS, i int) string {
	if geographic(crs) {
		return [...]string{"longitude", "latitude"}[i]
	}
	return [...]string{"easting", "northing"}[i]
}

// readCRS reads a parameter that names a CRS; absent it is CRS84.
func readCRS(q *query, name string) spatial.CRS {
	text, ok := q.get(name)
	if !ok {
		return spatial.CRS84
	}
	crs, known := spatial.ParseCRS(text)
	if !known {
		q.fault(name, fmt.Sprintf("%q is not a CRS that is offered here", clip(text)), crsURIs())
		return spatial.CRS84
	}
	return crs
}

// crsURIs lists the systems offered, CRS84 first.
func crsURIs() []string {
	var uris []string
	for _, crs := range spatial.OfferedCRS() {
		uris = append(uris, crs.URI)
	}
	return uris
}
