package synthetic

import (
	"math"

	"github.com/paulmach/orb"
)

// The land lies within 73 to 135 degrees east and 18 to 53 north: an ellipse
// around its middle, without coasts or borders. It is drawn in kilometres east
// and north of the middle, on the sinusoidal projection (equal areas; lengths
// along parallels true), so that densities are those on the ground.
const (
	middleLon, middleLat = 104, 35.5
	halfWidthKM          = 2700.0
	halfHeightKM         = 1948.0
	kmPerDegree          = 111.32
)

// vec is a place or a shift in kilometres, east and north.
type vec struct{ x, y float64 }

func (v vec) plus(w vec) vec        { return vec{v.x + w.x, v.y + w.y} }
func (v vec) minus(w vec) vec       { return vec{v.x - w.x, v.y - w.y} }
func (v vec) times(k float64) vec   { return vec{v.x * k, v.y * k} }
func (v vec) dot(w vec) float64     { return v.x*w.x + v.y*w.y }
func (v vec) length() float64       { return math.Sqrt(v.dot(v)) }
func (v vec) left() vec             { return vec{-v.y, v.x} }
func (v vec) to(w vec) float64      { return w.minus(v).length() }
func direction(radians float64) vec { return vec{math.Cos(radians), math.Sin(radians)} }

// unit is the direction of v, east for none.
func (v vec) unit() vec {
	if l := v.length(); l > 0 {
		return v.times(1 / l)
	}
	return vec{1, 0}
}

// place is a coordinate in units of 1e-7 degrees, as road files have them.
type place struct{ lon, lat int32 }

func toPlace(v vec) place {
	lat := middleLat + v.y/kmPerDegree
	lon := middleLon + v.x/(kmPerDegree*math.Cos(lat*math.Pi/180))
	return place{int32(math.Round(lon * 1e7)), int32(math.Round(lat * 1e7))}
}

func (p place) point() orb.Point { return orb.Point{float64(p.lon) / 1e7, float64(p.lat) / 1e7} }

// land is the part of the whole that a map shows. A map of fewer junctions is
// a smaller one, not a thinner: what lies within an hour of a town is as much
// on each.
type land struct{ scale float64 }

func landFor(junctions int) land {
	return land{math.Sqrt(float64(junctions) / MaxJunctions)}
}

// density is how thickly people live at a place, 0 outside the land and 1 at
// most. It falls to a twenty-fifth across a line from the north-east to the
// south-west, such as Hu Huanyong drew in 1935 (Acta Geographica Sinica 2):
// 43 % of China's area lie east of it, with 94 % of its people.
func (l land) density(v vec) float64 {
	x, y := v.x/(halfWidthKM*l.scale), v.y/(halfHeightKM*l.scale)
	if x*x+y*y > 1 {
		return 0
	}
	east := ((x+0.20)*1.44 - (y+0.60)*0.82) / 1.657
	return 0.04 + 0.96/(1+math.Exp(-east/0.06))
}

// settled draws a place where people live.
func (g *generator) settled() vec {
	for {
		v := vec{(2*g.random.Float64() - 1) * halfWidthKM, (2*g.random.Float64() - 1) * halfHeightKM}.times(g.land.scale)
		if g.chance(g.land.density(v)) {
			return v
		}
	}
}
