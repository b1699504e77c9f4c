package postgis

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"quanyu/spatial"
)

// tileText is the two queries of tiles of some collections at a zoom. Both give
// a tile, and whether it has all features that it could have. plain is for
// tiles that leave nothing out, and says of others only that they do; capped is
// right for all. What plain leaves out (places in the order of rank, the layer of
// limits) is a third of a small tile's work in the database: at zoom 12 the whole
// took 133 microseconds, and plain ST_AsMVT 90.
type tileText struct {
	plain, capped string
	crowded       atomic.Bool  // a tile was seen that leaves features out: capped is asked at once
	mean          atomic.Int64 // bytes of a tile, late ones counting most
}

// smallTile is the mean of bytes up to which tiles are read together: where it
// takes the database less to make a tile than to take a statement. Tiles read
// together are made one after the other, so others gain less than they
// lose to the processors that are idle meanwhile.
const smallTile = 768

// tileKind is what tiles must have in common to be read together.
type tileKind struct {
	texts *tileText
	day   time.Time
	sight spatial.Sight
}

// tileBoxes are left, bottom, right and top of a tile in its grid's CRS, and then of
// the tile with its buffer in CRS84.
type tileBoxes []float64

func boxesOf(grid spatial.Grid, z, x, y int) tileBoxes {
	edges := grid.Edges(z, x, y)
	found := withBuffer(grid, z, edges)
	return tileBoxes{edges.Min[0], edges.Min[1], edges.Max[0], edges.Max[1], found.Min[0], found.Min[1], found.Max[0], found.Max[1]}
}

// readTile is a tile, whole when no feature is left out.
type readTile struct {
	bytes []byte
	whole bool
}

// tile reads one tile, a small one together with those that others ask for.
func (s *Store) tile(ctx context.Context, kind tileKind, boxes tileBoxes) ([]byte, error) {
	texts := kind.texts
	read := func(text string) statementOf[tileBoxes, readTile] {
		return func(ctx context.Context, list []tileBoxes) ([]readTile, error) {
			return s.readTiles(ctx, text, kind.day, list)
		}
	}
	if !texts.crowded.Load() {
		ask := s.tileBatches.ask
		if texts.mean.Load() > smallTile {
			ask = alone
		}
		tile, err := ask(ctx, kind, boxes, read(texts.plain))
		if err == nil {
			texts.mean.Add((int64(len(tile.bytes)) - texts.mean.Load()) / 64)
		}
		if tile.whole || err != nil {
			return tile.bytes, err
		}
		texts.crowded.Store(true)
	}
	tile, err := alone(ctx, kind, boxes, read(texts.capped))
	return tile.bytes, err
}

// alone reads one tile by a statement of its own.
func alone(ctx context.Context, _ tileKind, boxes tileBoxes, read statementOf[tileBoxes, readTile]) (readTile, error) {
	list, err := read(ctx, []tileBoxes{boxes})
	if err != nil {
		return readTile{}, err
	}
	return list[0], nil
}

// readTiles reads tiles by one of their queries.
func (s *Store) readTiles(ctx context.Context, text string, day time.Time, list []tileBoxes) ([]readTile, error) {
	all := make([]float64, 0, 8*mostTogether)
	for _, boxes := range list {
		all = append(all, boxes...)
	}
	rows, err := s.reader(ctx).Query(ctx, text, all, day)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	defer rows.Close()
	tiles := make([]readTile, len(list))
	for rows.Next() {
		var i int
		var tile readTile
		if err := rows.Scan(&i, &tile.bytes, &tile.whole); err != nil {
			return nil, mapError(ctx, err)
		}
		tiles[i] = tile
	}
	return tiles, mapError(ctx, rows.Err())
}

// tilesTogether reads up to mostTogether tiles by the query of one, with their boxes in $1
// one after the other. Places in the list are constants and not counted out of $1, since
// PostgreSQL would plan for the length of each list anew. OFFSET 0 has
// boxes made once a tile and not once a feature.
func tilesTogether(one string) string {
	places := make([]string, mostTogether)
	for i := range places {
		places[i] = fmt.Sprintf("(%d)", i)
	}
	edge := func(n int) string { return fmt.Sprintf("($1::float8[])[8 * i + %d]", n) }
	return fmt.Sprintf(`SELECT asked.i, made.* FROM (SELECT i, ST_MakeBox2D(ST_MakePoint(%s, %s), ST_MakePoint(%s, %s)) AS edges, ST_MakeEnvelope(%s, %s, %s, %s, 4326) AS found
FROM (VALUES %s) places(i) WHERE 8 * i < cardinality($1::float8[]) OFFSET 0) asked
CROSS JOIN LATERAL (%s) made`, edge(1), edge(2), edge(3), edge(4), edge(5), edge(6), edge(7), edge(8), strings.Join(places, ", "), one)
}
