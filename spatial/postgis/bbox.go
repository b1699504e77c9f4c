package postgis

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// boxSides is into how many stretches the sides of a projected box are cut
// before they are moved to WGS 84, where they are bent.
const boxSides = 64

// boxSQL is the condition that a geometry has a point in common with a box.
// The box is moved to the storage CRS with its sides cut into short stretches;
// a box over the antimeridian becomes two. Collections without geometry have
// nothing in any box.
func boxSQL(st *statement, c spatial.Collection, b spatial.BBox) (string, error) {
	boxes, err := storageBoxes(b)
	if err != nil {
		return "", err
	}
	if c.Geometry == spatial.NoGeometry || len(boxes) == 0 {
		return "false", nil
	}
	conditions := make([]string, len(boxes))
	for i, box := range boxes {
		conditions[i] = relates("ST_Intersects", "t.geom", movedBox(st, box, b.CRS))
	}
	return "(" + strings.Join(conditions, " OR ") + ")", nil
}

// movedBox is the SQL of a box in EPSG:4326. A box without width or height is
// the line or point that it is, since GEOS takes no such polygon.
func movedBox(st *statement, box orb.Bound, crs spatial.CRS) string {
	corner := func(p orb.Point) string {
		return fmt.Sprintf("ST_SetSRID(ST_MakePoint(%s, %s), %d)", st.bind(p[0], "float8"), st.bind(p[1], "float8"), crs.SRID)
	}
	width, height := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	var shape string
	switch {
	case width == 0 && height == 0:
		shape = corner(box.Min)
	case width == 0 || height == 0:
		shape = fmt.Sprintf("ST_MakeLine(%s, %s)", corner(box.Min), corner(box.Max))
	default:
		shape = fmt.Sprintf("ST_MakeEnvelope(%s, %s, %s, %s, %d)", st.bind(box.Min[0], "float8"), st.bind(box.Min[1], "float8"),
			st.bind(box.Max[0], "float8"), st.bind(box.Max[1], "float8"), crs.SRID)
	}
	if crs.SRID == spatial.CRS84.SRID {
		return shape
	}
	if longest := max(width, height); longest > 0 && !isGeographic(crs) {
		shape = fmt.Sprintf("ST_Segmentize(%s, %s)", shape, st.bind(longest/boxSides, "float8"))
	}
	return fmt.Sprintf("ST_Transform(%s, %d)", shape, spatial.CRS84.SRID)
}

// storageBoxes checks a box and cuts it to where its CRS can be trusted; over
// the antimeridian it becomes two, and outside of that area none.
func storageBoxes(b spatial.BBox) ([]orb.Bound, error) {
	lo, hi := b.Bound.Min, b.Bound.Max
	for _, v := range []float64{lo[0], lo[1], hi[0], hi[1]} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, spatial.BadParameter("bbox", "has a number that is not finite", nil)
		}
	}
	if lo[1] > hi[1] {
		return nil, spatial.BadParameter("bbox", "has its lower edge above its upper one", nil)
	}
	if isGeographic(b.CRS) {
		return lonLatBoxes(lo, hi), nil
	}
	if lo[0] > hi[0] {
		return nil, spatial.BadParameter("bbox", "has its left edge right of its right one", nil)
	}
	return clip(b.Bound, domain(b.CRS)), nil
}

// lonLatBoxes brings longitudes to -180..180 and splits at the antimeridian.
func lonLatBoxes(lo, hi orb.Point) []orb.Bound {
	world := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	if hi[0]-lo[0] >= 360 {
		lo[0], hi[0] = -180, 180
	}
	if lo[0] < -180 || lo[0] > 180 || hi[0] < -180 || hi[0] > 180 {
		lo[0], hi[0] = wrap(lo[0]), wrap(hi[0])
	}
	if lo[0] <= hi[0] {
		return clip(orb.Bound{Min: lo, Max: hi}, world)
	}
	east := clip(orb.Bound{Min: lo, Max: orb.Point{180, hi[1]}}, world)
	return append(east, clip(orb.Bound{Min: orb.Point{-180, lo[1]}, Max: hi}, world)...)
}

// wrap brings a longitude into -180..180.
func wrap(lon float64) float64 {
	if lon >= -180 && lon <= 180 {
		return lon
	}
	return math.Mod(math.Mod(lon+180, 360)+360, 360) - 180
}

func clip(b, to orb.Bound) []orb.Bound {
	if !b.Intersects(to) {
		return nil
	}
	return []orb.Bound{{
		Min: orb.Point{max(b.Min[0], to.Min[0]), max(b.Min[1], to.Min[1])},
		Max: orb.Point{min(b.Max[0], to.Max[0]), min(b.Max[1], to.Max[1])},
	}}
}

// mercatorHalf is half the width of Web Mercator's world in metres: pi times
// the semi-major axis of WGS 84, 6378137 m.
const mercatorHalf = math.Pi * 6378137

// domain is where a projected CRS is used: for Web Mercator its square world;
// for a Gauss-Kruger zone all of China and more (at 20 degrees north, 64 degrees
// to either side), but less than where its meridians reach the pole or the
// antimeridian. There, on a sphere of radius R, longitude from the central
// meridian is atan(sinh(x/R) / cos(y/R)).
func domain(crs spatial.CRS) orb.Bound {
	if crs.SRID == 3857 {
		return orb.Bound{Min: orb.Point{-mercatorHalf, -mercatorHalf}, Max: orb.Point{mercatorHalf, mercatorHalf}}
	}
	const radius, northing = 6378137, 8.2e6
	falseEasting, zone := 500_000.0, crs.SRID-4534
	if crs.SRID < 4534 { // zones 25 to 45, whose number leads the easting
		zone = crs.SRID - 4513
		falseEasting += float64(25+zone) * 1e6
	}
	central := 75 + 3*float64(zone)
	reach := func(degrees float64) float64 {
		return radius * math.Asinh(math.Tan(degrees*math.Pi/180)*math.Cos(northing/radius))
	}
	return orb.Bound{Min: orb.Point{falseEasting - reach(80), -northing}, Max: orb.Point{falseEasting + reach(min(80, 179-central)), northing}}
}
