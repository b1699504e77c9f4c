package spatial

import (
	"math"

	"github.com/paulmach/orb"
)

// mercatorHalf is half the side of Web Mercator's square world in metres: pi
// times the semi-major axis of WGS 84, 6378137 m.
const mercatorHalf = math.Pi * 6378137

// A tile's own coordinates have TileExtent steps from edge to edge; geometry is
// cut TileBuffer steps outside of it, so that lines drawn over the edge meet.
const (
	TileExtent = 4096
	TileBuffer = 64
)

// Grid is a tile matrix set of OGC Two Dimensional Tile Matrix Set 2.0 (OGC
// 17-083r4) in which each zoom has twice the columns and rows of the one
// before. Row 0 is at the top, column 0 at the left.
type Grid struct {
	ID            string
	CRS           CRS
	World         orb.Bound // of all tiles of a zoom, in the CRS, easting or longitude first
	Columns, Rows int       // of zoom 0
	MaxZoom       int       // the last matrix that the standard lists
	// Finer is what is added to a zoom to get the one of WebMercatorQuad with
	// cells of the same size on the equator, by which TileRule counts.
	Finer int
}

// WebMercatorQuad is the grid of most web maps (annex D.1 of the standard).
func WebMercatorQuad() Grid {
	return Grid{
		ID: "WebMercatorQuad", CRS: epsg(3857, false), Columns: 1, Rows: 1, MaxZoom: 24,
		World: orb.Bound{Min: orb.Point{-mercatorHalf, -mercatorHalf}, Max: orb.Point{mercatorHalf, mercatorHalf}},
	}
}

// WorldCRS84Quad is the grid in degrees, longitude first, that reaches the
// poles (registered by the OGC under this name).
func WorldCRS84Quad() Grid {
	return Grid{
		ID: "WorldCRS84Quad", CRS: CRS84, Columns: 2, Rows: 1, MaxZoom: 23, Finer: 1,
		World: orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}},
	}
}

// Grids lists the grids that tiles are served in.
func Grids() []Grid { return []Grid{WebMercatorQuad(), WorldCRS84Quad()} }

// GridByID finds a grid that tiles are served in.
func GridByID(id string) (Grid, bool) {
	for _, g := range Grids() {
		if g.ID == id {
			return g, true
		}
	}
	return Grid{}, false
}

// Size is the number of columns and rows at a zoom.
func (g Grid) Size(z int) (columns, rows int) { return g.Columns << z, g.Rows << z }

// Has says whether there is such a tile.
func (g Grid) Has(z, x, y int) bool {
	if z < 0 || z > g.MaxZoom {
		return false
	}
	columns, rows := g.Size(z)
	return x >= 0 && y >= 0 && x < columns && y < rows
}

// Side is the length of a tile's sides at a zoom, in units of the CRS.
func (g Grid) Side(z int) float64 {
	return (g.World.Max[0] - g.World.Min[0]) / float64(g.Columns) / math.Exp2(float64(z))
}

// Edges are the edges of a tile in the CRS of the grid.
func (g Grid) Edges(z, x, y int) orb.Bound {
	side := g.Side(z)
	left, top := g.World.Min[0]+float64(x)*side, g.World.Max[1]-float64(y)*side
	return orb.Bound{Min: orb.Point{left, top - side}, Max: orb.Point{left + side, top}}
}

// LonLat moves a box from the CRS of the grid to CRS84. It is a box there as
// well: Web Mercator keeps meridians and parallels straight (Snyder, Map
// Projections: A Working Manual, equations 7-4 and 7-5 for the sphere).
func (g Grid) LonLat(b orb.Bound) orb.Bound {
	if g.CRS == CRS84 {
		return b
	}
	degrees := func(p orb.Point) orb.Point {
		const radius = mercatorHalf / math.Pi
		return orb.Point{p[0] / mercatorHalf * 180, math.Atan(math.Sinh(p[1]/radius)) * 180 / math.Pi}
	}
	return orb.Bound{Min: degrees(b.Min), Max: degrees(b.Max)}
}

// Project moves a point of CRS84 to the CRS of the grid. Latitudes beyond the
// grid are brought to its edge.
func (g Grid) Project(p orb.Point) orb.Point {
	if g.CRS != CRS84 {
		const radius = mercatorHalf / math.Pi
		lat := max(-90, min(90, p[1])) * math.Pi / 180
		p = orb.Point{p[0] / 180 * mercatorHalf, math.Asinh(math.Tan(lat)) * radius}
	}
	return orb.Point{p[0], max(g.World.Min[1], min(g.World.Max[1], p[1]))}
}

// At gives the column and row of the tile that holds a point in degrees;
// points outside the world go to its nearest tile.
func (g Grid) At(p orb.Point, z int) (x, y int) {
	p, side := g.Project(p), g.Side(z)
	columns, rows := g.Size(z)
	clamp := func(v float64, n int) int { return int(max(0, min(float64(n-1), math.Floor(v)))) }
	return clamp((p[0]-g.World.Min[0])/side, columns), clamp((g.World.Max[1]-p[1])/side, rows)
}

// Zooms are the first and last zoom of a grid at which the rule shows its
// collection.
func (r TileRule) Zooms(g Grid) (first, last int) {
	return max(0, r.MinZoom-g.Finer), min(g.MaxZoom, r.MaxZoom-g.Finer)
}

// In says whether the rule shows its collection at a zoom of a grid.
func (r TileRule) In(g Grid, z int) bool {
	first, last := r.Zooms(g)
	return z >= first && z <= last
}
