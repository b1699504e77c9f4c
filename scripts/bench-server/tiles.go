package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// tilesOfACase is how many different tiles are asked for, where there are as
// many.
const tilesOfACase = 200

// connections are the numbers of clients at one time.
var connections = []int{8, 64}

type tileCase struct {
	name       string
	collection string
	raw        string // table, and columns beside the geometry
	columns    string
	zoom       int
	at         []orb.Point // where features are
}

func (b *bench) tileCases() []tileCase {
	var cases []tileCase
	for _, zoom := range []int{6, 10, 12, 14} {
		if zoom <= 12 {
			cases = append(cases, tileCase{"counties", polygonsIn, "raw_divisions", "id, name_zh, name_en, adcode, level, resident_population", zoom, b.centers})
		}
		if zoom != 12 {
			cases = append(cases, tileCase{"points", pointsIn, "raw_facilities", "id, name_zh, name_en, kind, capacity, unit", zoom, b.places})
		}
	}
	return cases
}

func (b *bench) tiles(ctx context.Context) error {
	for _, c := range b.tileCases() {
		if err := b.tileCase(ctx, c); err != nil {
			return fmt.Errorf("%s z%d: %w", c.name, c.zoom, err)
		}
	}
	return nil
}

func (b *bench) tileCase(ctx context.Context, c tileCase) error {
	grid, name := spatial.WebMercatorQuad(), fmt.Sprintf("tile of %s, zoom %d", c.name, c.zoom)
	random, seen := rand.New(rand.NewPCG(b.seed, uint64(c.zoom))), map[[2]int]bool{}
	var paths []string
	var boxes []orb.Bound
	for try := 0; len(paths) < tilesOfACase && try < 50*tilesOfACase; try++ {
		x, y := grid.At(c.at[random.IntN(len(c.at))], c.zoom)
		if at := [2]int{x, y}; !seen[at] {
			seen[at] = true
			paths = append(paths, fmt.Sprintf("/collections/%s/tiles/WebMercatorQuad/%d/%d/%d", c.collection, c.zoom, y, x))
			boxes = append(boxes, grid.Edges(c.zoom, x, y))
		}
	}
	if err := b.ask(ctx, name, boxes, 3857); err != nil {
		return err
	}
	script := fmt.Sprintf(`\set i random(1, %d)
SELECT ST_AsMVT(m, 'layer', 4096, 'geom') FROM (
	SELECT %s, ST_AsMVTGeom(t.geom, b.tile, 4096, 64, true) AS geom
	FROM asked b JOIN %s t ON t.geom && ST_Expand(b.tile, (ST_XMax(b.tile) - ST_XMin(b.tile)) / 64)
	WHERE b.name = '%s' AND b.i = :i) m WHERE m.geom IS NOT NULL;
`, len(paths), c.columns, c.raw, name)
	return b.beside(ctx, name, script, []contender{{"cold", b.cold, paths}, {"warm", b.warm, paths}, {"warm, gzip", b.warm, gzipped(paths)}})
}

func gzipped(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = p + "\tAccept-Encoding: gzip"
	}
	return list
}

// ask stores what pgbench draws from.
func (b *bench) ask(ctx context.Context, name string, boxes []orb.Bound, srid int) error {
	db, err := pgx.Connect(ctx, b.cluster.URL())
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	for i, box := range boxes {
		if _, err := db.Exec(ctx, "INSERT INTO asked (name, i, tile) VALUES ($1, $2, ST_MakeEnvelope($3, $4, $5, $6, $7))",
			name, i+1, box.Min[0], box.Min[1], box.Max[0], box.Max[1], srid); err != nil {
			return err
		}
	}
	_, err = db.Exec(ctx, "ANALYZE asked")
	return err
}

// contender is a way of our server to answer a case.
type contender struct {
	who      string
	process  *process
	requests []string
}

// beside measures plain SQL and then ours, at each number of connections.
func (b *bench) beside(ctx context.Context, name, script string, list []contender) error {
	for _, n := range connections {
		raw, err := b.pgbench(ctx, n, script)
		if err != nil {
			return err
		}
		b.row(name, "plain SQL", n, raw, 0)
		for _, c := range list {
			f, err := b.wrk(ctx, c.process, n, c.requests)
			if err != nil {
				return err
			}
			b.row(name, "quanyu, "+c.who, n, f, raw.rate)
		}
	}
	return nil
}
