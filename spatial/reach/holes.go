package reach

import (
	"cmp"
	"math"
	"slices"
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
		} else if r.area < 0 && -r.area < g.detail*g.detail && narrow(r, 2*inset*g.detail) {
			closed++
		} else {
			kept = append(kept, r)
		}
	}
	return kept, closed
}

// narrow tells whether a ring lies between two parallel lines so many metres
// apart, less 1 %: then it has no wider circle in it. If so, two lines do along
// one of which lies a side of its convex hull.
func narrow(r ring, most float64) bool {
	const perDegree = equatorialRadius * radians * 1.003
	bound := r.points.Bound()
	nearEquator := 0.0
	if bound.Min[1] > 0 || bound.Max[1] < 0 {
		nearEquator = min(math.Abs(bound.Min[1]), math.Abs(bound.Max[1]))
	}
	stretch := math.Cos(nearEquator * radians)
	// A ring is smaller than its width times its diameter.
	wide, high := (bound.Max[0]-bound.Min[0])*stretch*perDegree, (bound.Max[1]-bound.Min[1])*perDegree
	if -r.area > most*math.Hypot(wide, high) {
		return false
	}
	points := r.points
	places := make([]place, len(points))
	for i, p := range points {
		places[i] = place{(p[0] - points[0][0]) * stretch * perDegree, (p[1] - points[0][1]) * perDegree}
	}
	hull := convexHull(places)
	for i, a := range hull {
		b := hull[(i+1)%len(hull)]
		far := 0.0
		for _, c := range hull {
			far = max(far, cross(a, b, c))
		}
		if far <= most*math.Hypot(b.x-a.x, b.y-a.y) {
			return true
		}
	}
	return false
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
