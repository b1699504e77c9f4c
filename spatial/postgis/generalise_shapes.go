package postgis

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/borders"
	"quanyu/spatial/geom"
)

// drawnShape is a row of tile_shapes, without the collection.
type drawnShape struct {
	row   areaRow
	srid  int
	zoom  int
	shape []byte // EWKB
}

// sees lists the visibilities that all who see one of them see.
func sees(visibility string) []string {
	all := []string{"public", "internal", "restricted"}
	return all[:slices.Index(all, visibility)+1]
}

// shapesFor makes the shapes of the rows of one visibility in one grid, zoom by
// zoom, until a zoom leaves out too little to be worth it. The last zoom has
// none: clients go on enlarging it.
func shapesFor(ctx context.Context, grid spatial.Grid, c spatial.Collection, rows []areaRow, visibility string) ([]drawnShape, error) {
	var beside []areaRow
	var polygons []orb.MultiPolygon
	total := 0
	for _, r := range rows {
		if slices.Contains(sees(visibility), r.visibility) {
			beside, polygons = append(beside, r), append(polygons, r.in(grid))
		}
		if r.visibility == visibility {
			total += pointsIn(r.in(grid))
		}
	}
	if total == 0 {
		return nil, nil
	}
	mesh, err := borders.NewMesh(polygons, (grid.World.Max[0]-grid.World.Min[0])*1e-10) // 4 mm, the rounding of seven decimals
	if err != nil {
		return nil, err
	}
	var shapes []drawnShape
	for zoom, last := c.Tiles.Zooms(grid); zoom < last; zoom++ {
		if err := mesh.Thin(ctx, grid.Side(zoom)/spatial.TileExtent*shapeTolerance); err != nil {
			return nil, err
		}
		made, kept, err := levelOf(mesh, beside, visibility, grid, zoom)
		if err != nil {
			return nil, err
		}
		if float64(kept) > worthwhile*float64(total) {
			break
		}
		shapes = append(shapes, made...)
	}
	return shapes, nil
}

// levelOf gives the shapes of a mesh as it is thinned now, and their vertices.
func levelOf(mesh *borders.Mesh, rows []areaRow, visibility string, grid spatial.Grid, zoom int) (shapes []drawnShape, kept int, err error) {
	srid := sridOf(grid)
	for i, r := range rows {
		if r.visibility != visibility {
			continue
		}
		polygon, n := mesh.Polygon(i)
		if polygon == nil {
			continue
		}
		kept += n
		shape, err := geom.EncodeEWKB(polygon, srid)
		if err != nil {
			return nil, 0, err
		}
		shapes = append(shapes, drawnShape{row: r, srid: srid, zoom: zoom, shape: shape})
	}
	return shapes, kept, nil
}

// sridOf is the SRID of a grid's column of geometries.
func sridOf(grid spatial.Grid) int {
	if grid.CRS == spatial.CRS84 {
		return 4326
	}
	return 3857
}

func pointsIn(polygon orb.MultiPolygon) (n int) {
	for _, part := range polygon {
		for _, ring := range part {
			n += len(ring)
		}
	}
	return n
}
