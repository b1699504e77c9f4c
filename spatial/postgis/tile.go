package postgis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Tile gives the Mapbox Vector Tile of some collections in a grid: one layer each, named by the collection's id, in the catalog's order whatever
// order is asked for, all of them from one statement, whose text depends on
// the grid, the collections and the zoom only. Every feature carries its id as a property.
//
// A layer holds at most its rule's MaxFeatures, the first by its rule's Rank
// (unknown values last) and then id. When that leaves features out, the layer
// spatial.LimitLayer has a point in the middle of the tile with the properties
// collection and shown. A collection without tiles, or whose zooms do not
// include z, adds nothing; an empty tile has no bytes.
func (s *Store) Tile(ctx context.Context, grid spatial.Grid, collections []spatial.Collection, z, x, y int) ([]byte, error) {
	if !grid.Has(z, x, y) {
		return nil, spatial.Errorf(spatial.NotFound, "There is no tile %d/%d/%d (zoom/row/column) in %s.", z, y, x, grid.ID)
	}
	texts := s.tileTexts(grid, collections, z)
	if texts == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	kind := tileKind{texts, s.today(), spatial.CallerOf(ctx).Sees()}
	return s.tile(ctx, kind, boxesOf(grid, z, x, y))
}

// inOrder puts collections in the catalog's order, results behind it by id,
// each once.
func inOrder(collections []spatial.Collection) []spatial.Collection {
	var ordered, results []spatial.Collection
	for _, c := range spatial.Collections() {
		if slices.ContainsFunc(collections, func(o spatial.Collection) bool { return o.ID == c.ID }) {
			ordered = append(ordered, c)
		}
	}
	for _, c := range collections {
		if c.Relation != "" {
			results = append(results, c)
		}
	}
	byID := func(a, b spatial.Collection) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(results, byID)
	return append(ordered, slices.CompactFunc(results, func(a, b spatial.Collection) bool { return a.ID == b.ID })...)
}

// tileQuery is all that the text of a tile's query depends on.
type tileQuery struct {
	collections string
	grid        string
	zoom        int
}

// tileTexts gives the queries of tiles of some collections at a zoom, nil when
// they show nothing there. They are made once: making them took a third of the
// server's part in a tile that is not kept.
func (s *Store) tileTexts(grid spatial.Grid, collections []spatial.Collection, z int) *tileText {
	ids := make([]string, len(collections))
	for i, c := range collections {
		ids[i] = c.ID
	}
	shape := tileQuery{strings.Join(ids, ","), grid.ID, z}
	if texts, ok := s.tiles.get(shape); ok {
		return texts
	}
	var layers []spatial.Collection
	for _, c := range inOrder(collections) {
		if c.Tiles != nil && c.Tiles.In(grid, z) {
			layers = append(layers, c)
		}
	}
	var texts *tileText
	if len(layers) > 0 {
		texts = &tileText{plain: tilesTogether(plainTileSQL(layers, grid, z)), capped: tilesTogether(tileSQL(layers, grid, z))}
	}
	s.tiles.put(shape, texts)
	return texts
}

// withBuffer is the box of a tile with its buffer, in CRS84. Edges are computed
// here and not by ST_TileEnvelope, whose margin at the edge of the world depends
// on the version of PostGIS.
func withBuffer(grid spatial.Grid, z int, edges orb.Bound) orb.Bound {
	return grid.LonLat(edges.Pad(grid.Side(z) * spatial.TileBuffer / spatial.TileExtent))
}

// tileSQL makes one tile: asked.edges are those of the tile in the grid's CRS,
// asked.found is the tile with its buffer in EPSG:4326, as tilesTogether has it, $2 is the
// civil date of today.
func tileSQL(layers []spatial.Collection, grid spatial.Grid, z int) string {
	var ctes, tiles, limits []string
	for i, c := range layers {
		detail := c.Tiles.At(z + grid.Finer)
		ctes = append(ctes, fmt.Sprintf("l%d AS MATERIALIZED (%s)", i, layerSQL(c, grid, z, detail)))
		tiles = append(tiles, fmt.Sprintf("coalesce((SELECT ST_AsMVT(m, '%s', %d, 'geom') FROM (%s) m WHERE m.geom IS NOT NULL), '')",
			c.ID, spatial.TileExtent, featuresOfLayer(c, grid, z, i, detail.MaxFeatures)))
		limits = append(limits, fmt.Sprintf("SELECT '%s' AS collection, %d AS shown WHERE EXISTS (SELECT FROM l%d WHERE place > %d)",
			c.ID, detail.MaxFeatures, i, detail.MaxFeatures))
	}
	ctes = append(ctes, "cut AS ("+strings.Join(limits, " UNION ALL ")+")")
	tiles = append(tiles, fmt.Sprintf(`coalesce((SELECT ST_AsMVT(m, '%s', %d, 'geom')
		FROM (SELECT collection, shown, ST_MakePoint(%[2]d / 2, %[2]d / 2) AS geom FROM cut) m), '')`, spatial.LimitLayer, spatial.TileExtent))
	return "WITH " + strings.Join(ctes, ",\n") + "\nSELECT " + strings.Join(tiles, "\n|| ") + ", NOT EXISTS (SELECT FROM cut)"
}

// plainTileSQL is tileSQL for tiles that leave nothing out; its second column
// says whether this is one.
func plainTileSQL(layers []spatial.Collection, grid spatial.Grid, z int) string {
	var from, tiles, whole []string
	for i, c := range layers {
		detail := c.Tiles.At(z + grid.Finer)
		rows, order := layerRows(c, grid, z, detail), rankSQL(c, c.Tiles.Rank)
		from = append(from, fmt.Sprintf("(SELECT ST_AsMVT(m, '%s', %d, 'geom') FILTER (WHERE m.geom IS NOT NULL) AS tile, count(*) AS n FROM (SELECT %s FROM (%s) t ORDER BY %s LIMIT %d) m) l%d",
			c.ID, spatial.TileExtent, tileColumns(c, grid, z), rows, order, detail.MaxFeatures+1, i))
		tiles = append(tiles, fmt.Sprintf("coalesce(l%d.tile, '')", i))
		whole = append(whole, fmt.Sprintf("l%d.n <= %d", i, detail.MaxFeatures))
	}
	return "SELECT " + strings.Join(tiles, " || ") + ", " + strings.Join(whole, " AND ") + "\nFROM " + strings.Join(from, ",\n")
}

// layerSQL selects the rows of one layer, one more than it may show, with their
// place in the order of rank.
func layerSQL(c spatial.Collection, grid spatial.Grid, z int, detail spatial.TileDetail) string {
	order := rankSQL(c, c.Tiles.Rank)
	return fmt.Sprintf(`SELECT t.*, row_number() OVER (ORDER BY %[1]s) AS place FROM (%[2]s ORDER BY %[1]s LIMIT %[3]d) t`, order, layerRows(c, grid, z, detail), detail.MaxFeatures+1)
}

// layerRows selects all rows that a layer could show.
func layerRows(c spatial.Collection, grid spatial.Grid, z int, detail spatial.TileDetail) string {
	extra := ""
	if detail.Property != "" {
		p, _ := c.Property(detail.Property)
		extra = fmt.Sprintf(" AND %s >= %v", columnOf(p), detail.AtLeast)
	}
	rows := fmt.Sprintf("SELECT %s FROM %s t WHERE t.geom && asked.found AND %s%s", layerColumns(c, grid), tableOf(c), validOn("$2::date"), extra)
	if ranked := rankedRows(c, grid, z, extra); ranked != "" {
		rows = fmt.Sprintf("SELECT * FROM (%s UNION ALL %s AND NOT %s) t", ranked, rows, isRanked(c, z+grid.Finer))
	}
	return rows
}

// rankedRows selects the points of a tile by their ranks, if the collection is
// ranked at this zoom; "" where tiles take all points.
func rankedRows(c spatial.Collection, grid spatial.Grid, z int, extra string) string {
	if c.Geometry != spatial.Point || z > lastRanked {
		return ""
	}
	index := max(4, z+z%2) // the first of the partial indexes that has them
	return fmt.Sprintf(`SELECT %s FROM tile_ranks r JOIN %s t ON t.id = r.id AND t.version = r.version
		WHERE r.collection = %s AND r.srid = %d AND r.zoom <= %d AND r.zoom <= %d AND r.geom && asked.found AND %s AND %s%s`,
		layerColumns(c, grid), tableOf(c), quoteLiteral(c.ID), sridOf(grid), z, index, isRanked(c, z+grid.Finer), validOn("$2::date"), extra)
}

// isRanked is asked once a tile, and only one of the two ways to its points is
// gone then.
func isRanked(c spatial.Collection, zoom int) string {
	return fmt.Sprintf("(SELECT EXISTS (SELECT FROM tile_states WHERE collection = %s AND ranked >= %d))", quoteLiteral(c.ID), zoom)
}

// layerColumns are those that rank and show a layer's features; fewer are
// carried through the sort than the table has.
func layerColumns(c spatial.Collection, grid spatial.Grid) string {
	columns := []string{`t."id"`, `t."version"`, shownGeometry(grid)}
	for _, name := range slices.Concat(c.Tiles.Properties, c.Tiles.Rank) {
		p, _ := c.Property(strings.TrimPrefix(name, "-"))
		if column := columnOf(p); !slices.Contains(columns, column) {
			columns = append(columns, column)
		}
	}
	return strings.Join(columns, ", ")
}

// shownGeometry is the column that holds geometries in the CRS of a grid.
func shownGeometry(grid spatial.Grid) string {
	if grid.CRS == spatial.CRS84 {
		return `t."geom"`
	}
	return `t."geom_3857"`
}

// rankSQL is the order of TileRule.Rank; what is unknown ranks last either way,
// and id decides between equals.
func rankSQL(c spatial.Collection, rank []string) string {
	var terms []string
	for _, name := range rank {
		p, _ := c.Property(strings.TrimPrefix(name, "-"))
		term := columnOf(p)
		if strings.HasPrefix(name, "-") {
			term += " DESC"
		}
		terms = append(terms, term+" NULLS LAST")
	}
	return strings.Join(append(terms, "t.id", "t.version"), ", ")
}

// drawnGeometry is the geometry that tiles of a zoom draw: the generalised shape
// where there is one. It is asked for row by row, since shapes of all rows and
// zooms are one table that a join might read whole.
func drawnGeometry(c spatial.Collection, grid spatial.Grid, z int) string {
	shown := shownGeometry(grid)
	if _, last := c.Tiles.Zooms(grid); c.Geometry != spatial.MultiPolygon || z >= last {
		return shown
	}
	return fmt.Sprintf("coalesce((SELECT s.shape FROM tile_shapes s WHERE s.collection = %s AND s.id = t.id AND s.version = t.version AND s.srid = %d AND s.zoom = %d), %s)",
		quoteLiteral(c.ID), sridOf(grid), z, shown)
}

func featuresOfLayer(c spatial.Collection, grid spatial.Grid, z, i, shown int) string {
	// Without OFFSET 0 the condition on geom moves in here, and every geometry is
	// cut twice: once for the condition, once for the tile.
	return fmt.Sprintf("SELECT %s FROM l%d t WHERE t.place <= %d ORDER BY t.place OFFSET 0", tileColumns(c, grid, z), i, shown)
}

// tileColumns are what a layer's features show.
func tileColumns(c spatial.Collection, grid spatial.Grid, z int) string {
	columns := []string{fmt.Sprintf("ST_AsMVTGeom(%s, asked.edges, %d, %d, true) AS geom", drawnGeometry(c, grid, z), spatial.TileExtent, spatial.TileBuffer), "t.id"}
	for _, name := range c.Tiles.Properties {
		p, ok := c.Property(name)
		if !ok || name == "id" {
			continue
		}
		columns = append(columns, tileValue(p)+" AS "+quoteIdent(p.Name))
	}
	return strings.Join(columns, ", ")
}

// tileValue brings a value to one of the types that vector tiles have.
func tileValue(p spatial.Property) string {
	switch p.Type {
	case spatial.String, spatial.Integer, spatial.Number, spatial.Boolean:
		return columnOf(p)
	case spatial.Timestamp:
		return keyText(p)
	case spatial.StringList:
		return "array_to_json(" + columnOf(p) + ")::text"
	}
	return columnOf(p) + "::text"
}
