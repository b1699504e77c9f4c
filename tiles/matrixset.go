package tiles

import (
	"math"
	"strconv"
)

// WebMercatorQuad is the id of the one tile matrix set served.
const WebMercatorQuad = "WebMercatorQuad"

// WebMercatorQuadURI is its entry in the OGC's register.
const WebMercatorQuadURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"

// WebMercatorCRS is its coordinate reference system.
const WebMercatorCRS = "http://www.opengis.net/def/crs/EPSG/0/3857"

// originShift is half the circumference of the sphere of EPSG:3857 in metres:
// pi * 6378137.
const originShift = math.Pi * 6378137

// pixelMetres is the standard's rendering pixel, by which scale denominators
// are defined (OGC 17-083r4, clause 6.1.1.1).
const pixelMetres = 0.00028

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

// Matrix is one zoom of a grid; CellSize is in metres of the CRS.
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

// WebMercatorQuadSet describes WebMercatorQuad with all its zooms.
func WebMercatorQuadSet() MatrixSet {
	set := MatrixSet{
		ID: WebMercatorQuad, Title: "Google Maps Compatible for the World",
		URI: WebMercatorQuadURI, CRS: WebMercatorCRS, OrderedAxes: []string{"E", "N"},
		WellKnownScales: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
	}
	for z := 0; z <= MaxZoom; z++ {
		cell := 2 * originShift / 256 / math.Exp2(float64(z))
		set.Matrices = append(set.Matrices, Matrix{
			ID: strconv.Itoa(z), ScaleDenominator: cell / pixelMetres, CellSize: cell,
			CornerOfOrigin: "topLeft", PointOfOrigin: [2]float64{-originShift, originShift},
			TileWidth: 256, TileHeight: 256, MatrixWidth: 1 << z, MatrixHeight: 1 << z,
		})
	}
	return set
}
