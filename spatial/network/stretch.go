package network

import (
	"math"

	"github.com/paulmach/orb"
)

// placeAfter is how far along an edge one is after a time from its first
// vertex: the inverse of edgeTime. It stays within the edge.
func (r *Router) placeAfter(e Edge, ms float64) float64 {
	at, pace := 0.0, r.pace.of(e)
	for _, run := range r.graph.Runs(e) {
		length := float64(run.Centimeters) / 100
		took := length * 3600 / r.profile.SpeedKMH(run) * pace
		if ms < took {
			return at + math.Max(ms, 0)/took*length
		}
		ms -= took
		at += length
	}
	return float64(r.graph.Length(e))
}

// line appends the part of an edge's shape that a stretch names. Lengths along
// the shape are scaled to the edge's own, which was rounded to centimetres.
func (g *Graph) line(s Stretch, line orb.LineString) orb.LineString {
	shape, length := g.shape(s.Edge), g.Length(s.Edge)
	if s.From <= 0 && s.To >= length {
		for _, c := range shape {
			line = append(line, c.point())
		}
		return line
	}
	total := 0.0
	for i := 1; i < len(shape); i++ {
		total += float64(Distance(shape[i-1].point(), shape[i].point()))
	}
	scale := 0.0
	if length > 0 {
		scale = total / float64(length)
	}
	from, to, at := math.Min(float64(s.From)*scale, total), math.Min(float64(s.To)*scale, total), 0.0
	for i := 1; i < len(shape); i++ {
		a, b := shape[i-1].point(), shape[i].point()
		d := float64(Distance(a, b))
		if i == len(shape)-1 {
			d = total - at // its end is that of the line, to the last bit
		}
		start, end := math.Max(from-at, 0), math.Min(to-at, d)
		if start <= end {
			if len(line) == 0 || start > 0 {
				line = append(line, between(a, b, start/math.Max(d, 1e-9)))
			}
			line = append(line, between(a, b, end/math.Max(d, 1e-9)))
		}
		at += d
	}
	return line
}

// between is the point at a share of the way from a to b, the short way round
// the earth; either may lie up to half a turn past 180 degrees.
func between(a, b orb.Point, share float64) orb.Point {
	if b[0]-a[0] > 180 {
		b[0] -= 360
	} else if b[0]-a[0] < -180 {
		b[0] += 360
	}
	p := a
	switch {
	case share >= 1:
		p = b
	case share > 0:
		p = orb.Point{a[0] + (b[0]-a[0])*share, a[1] + (b[1]-a[1])*share}
	}
	if p[0] > 180 {
		p[0] -= 360
	} else if p[0] < -180 {
		p[0] += 360
	}
	return p
}
