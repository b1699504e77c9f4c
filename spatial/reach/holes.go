package reach

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// closeHoles takes out the holes that are smaller than the detail squared and
// so narrow that no place in them is farther than the detail from a road. What
// it does is monotone: a hole within one that is closed is closed too.
//
// The definition would let every hole smaller than the detail squared go. Then
// a place could be inside that is half as far again from the road as it may.
func closeHoles(g *grid, list []ring) (kept []ring, closed int) {
	for _, r := range list {
		if len(r.points) < 4 { // a gap in the side of a cell, and nothing to either side
			closed++
		} else if r.area < 0 && -r.area < g.detail*g.detail && width(r.points) <= 2*inset*g.detail {
			closed++
		} else {
			kept = append(kept, r)
		}
	}
	return kept, closed
}

// width is the least distance between two parallel lines that have the ring
// between them, in metres and at most 1 % too long: no circle in the ring is
// wider. One of the lines passes along a side of the convex hull.
func width(points orb.Ring) float64 {
	const perDegree = equatorialRadius * radians * 1.003
	nearEquator := math.Inf(1)
	for _, p := range points {
		nearEquator = min(nearEquator, math.Abs(p[1]))
	}
	stretch := math.Cos(nearEquator * radians)
	places := make([]place, len(points))
	for i, p := range points {
		places[i] = place{(p[0] - points[0][0]) * stretch * perDegree, (p[1] - points[0][1]) * perDegree}
	}
	hull := convexHull(places)
	least := math.Inf(1)
	for i, a := range hull {
		b := hull[(i+1)%len(hull)]
		far := 0.0
		for _, c := range hull {
			far = max(far, cross(a, b, c))
		}
		least = min(least, far/math.Hypot(b.x-a.x, b.y-a.y))
	}
	return least
}

// convexHull gives the corners counter-clockwise (Andrew's monotone chain,
// 1979). It sorts the places that it is given.
func convexHull(places []place) []place {
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	var hull []place
	for range 2 { // below, then above
		begin := len(hull)
		for _, p := range places {
			for len(hull) >= begin+2 && cross(hull[len(hull)-2], hull[len(hull)-1], p) <= 0 {
				hull = hull[:len(hull)-1]
			}
			hull = append(hull, p)
		}
		hull = hull[:len(hull)-1]
		slices.Reverse(places)
	}
	return hull
}

// cross is twice the area of a triangle, positive when it turns left.
func cross(a, b, c place) float64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}
