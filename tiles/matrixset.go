package tiles

import (
	"math"
	"strconv"

	"quanyu/spatial"
)

// pixelMetres is the standard's rendering pixel, by which scale denominators
// are defined (OGC 17-083r4, clause 6.1.1.1).
const pixelMetres = 0.00028

// degreeMetres is the length of a degree on the equator of WGS 84, which
// turns cells in degrees into metres for scale denominators.
const degreeMetres = math.Pi * 6378137 / 180

// tilePixels is the nominal side of a tile in cells.
const tilePixels = 256

// MatrixSet describes a grid (TileMatrixSet of OGC 17-083r4).
type MatrixSet struct {
	ID              string   `json:"id"`
	Title           string   `json:"title"`
	URI             string   `json:"uri"`
	CRS             string   `json:"crs"`
	OrderedAxes     []string `json:"orderedAxes"`
	WellKnownScales string   `json:"wellKnownScaleSet"`
	Matrices        []Matrix `json:"tileMatrices"`
}

// Matrix is one zoom of a grid; CellSize is in units of the CRS.
type Matrix struct {
	ID               string     `json:"id"`
	ScaleDenominator float64    `json:"scaleDenominator"`
	CellSize         float64    `json:"cellSize"`
	CornerOfOrigin   string     `json:"cornerOfOrigin"`
	PointOfOrigin    [2]float64 `json:"pointOfOrigin"`
	TileWidth        int        `json:"tileWidth"`
	TileHeight       int        `json:"tileHeight"`
	MatrixWidth      int        `json:"matrixWidth"`
	MatrixHeight     int        `json:"matrixHeight"`
}

// MatrixSetURI is a grid's entry in the OGC's register.
func MatrixSetURI(grid spatial.Grid) string {
	return "http://www.opengis.net/def/tilematrixset/OGC/1.0/" + grid.ID
}

// NewMatrixSet describes a grid with all its zooms.
func NewMatrixSet(grid spatial.Grid) MatrixSet {
	set := MatrixSet{ID: grid.ID, URI: MatrixSetURI(grid), CRS: grid.CRS.URI}
	metres := 1.0
	if grid.CRS == spatial.CRS84 {
		set.Title, set.OrderedAxes, metres = "CRS84 for the World", []string{"Lon", "Lat"}, degreeMetres
		set.WellKnownScales = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad"
	} else {
		set.Title, set.OrderedAxes = "Google Maps Compatible for the World", []string{"E", "N"}
		set.WellKnownScales = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
	}
	for z := 0; z <= grid.MaxZoom; z++ {
		cell := grid.Side(z) / tilePixels
		columns, rows := grid.Size(z)
		set.Matrices = append(set.Matrices, Matrix{
			ID: strconv.Itoa(z), ScaleDenominator: cell * metres / pixelMetres, CellSize: cell,
			CornerOfOrigin: "topLeft", PointOfOrigin: [2]float64{grid.World.Min[0], grid.World.Max[1]},
			TileWidth: tilePixels, TileHeight: tilePixels, MatrixWidth: columns, MatrixHeight: rows,
		})
	}
	return set
}
