// Package tiles knows the grid of vector tiles and what is said about it:
// addresses and their bounds, the tile matrix set, limits, tileset metadata,
// TileJSON, MapLibre styles, and a cache that asks a Source for each tile
// once. It never touches HTTP or SQL.
//
// The grids are those of spatial.Grids. Addresses are z, x (column), y (row,
// 0 at the top), as in {z}/{row}/{col} = z, y, x.
package tiles

import (
	"context"

	"quanyu/spatial"
)

// Source makes tiles. postgis.Store is the one in the product.
type Source interface {
	// Tile gives a Mapbox Vector Tile with one layer a collection, named by
	// its id; no features give no bytes.
	Tile(ctx context.Context, grid spatial.Grid, collections []spatial.Collection, z, x, y int) ([]byte, error)
	// DataVersion names the state of the collections' rows. It changes when
	// any of them does and is answered from memory.
	DataVersion(collections ...spatial.Collection) string
	// TileVersion names the state of the rows that a tile shows. It changes
	// when any of them does, and mostly not when rows elsewhere do; it is
	// answered from memory as well.
	TileVersion(grid spatial.Grid, collections []spatial.Collection, z, x, y int) string
}
