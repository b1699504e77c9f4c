package postgis

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// lastRanked is the last zoom of a grid whose tiles take points by their ranks;
// beyond it they hold few enough to be looked at all.
const lastRanked = 10

var ranksTable = derived{
	table: "tile_ranks", columns: []string{"collection", "id", "version", "srid", "visibility", "zoom", "geom"},
	key:  "n.id = t.id AND n.version = t.version AND n.srid = t.srid",
	same: "n.visibility = t.visibility AND n.zoom = t.zoom AND n.geom::bytea = t.geom::bytea",
}

// rank notes, for each point and grid, the first zoom at which it is among those
// that a tile shows, and one more, so that the tile knows of having left some
// out. What is among the first of a tile is so in the one beneath it, so a tile
// finds its points, and no more than it shows, by one index (partial, by zoom).
// A point of the buffer is drawn as the tile that it lies in draws it.
//
// Zooms at which no tile has to leave anything out are not ranked. Points count with those
// that everyone who sees them sees too.
func rank(ctx context.Context, conn *pgxpool.Conn, c spatial.Collection) (bool, error) {
	var ranks []pointRank
	var at state
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) (err error) {
		if at, err = readState(ctx, tx, c); err != nil || at.done {
			return err
		}
		ranks, at.ranked, err = readRanks(ctx, tx, c)
		return err
	})
	if err != nil || at.done {
		return false, err
	}
	next := 0
	return ranksTable.store(ctx, conn, c, at, func() ([]any, error) {
		if next == len(ranks) {
			return nil, nil
		}
		r := ranks[next]
		next++
		return []any{c.ID, r.id, r.version, r.srid, r.visibility, r.zoom, r.geom}, nil
	})
}

// pointRank is a row of tile_ranks, without the collection.
type pointRank struct {
	id         string
	version    int64
	visibility string
	srid, zoom int
	finer      int    // of the grid
	geom       []byte // EWKB
}

// crowd counts the points of one grid's tiles, by zoom and tile, for those who
// see a visibility.
type crowd struct {
	grid       spatial.Grid
	visibility string
	counts     []map[[2]int]int
	cut        int // last zoom at which a tile leaves something out, -1 for none
}

// crowdsOf are one for each grid and visibility.
func crowdsOf() (all []*crowd) {
	for _, visibility := range sees("restricted") {
		for _, grid := range spatial.Grids() {
			c := &crowd{grid: grid, visibility: visibility, counts: make([]map[[2]int]int, lastRanked+1), cut: -1}
			for z := range c.counts {
				c.counts[z] = map[[2]int]int{}
			}
			all = append(all, c)
		}
	}
	return all
}

// enter counts a point in and gives the first zoom that may show it, or one more
// than lastRanked.
func (c *crowd) enter(rule *spatial.TileRule, p orb.Point) (zoom int) {
	zoom = lastRanked + 1
	for z := lastRanked; z >= 0; z-- {
		x, y := c.grid.At(p, z)
		at, most := [2]int{x, y}, rule.At(z+c.grid.Finer).MaxFeatures
		c.counts[z][at]++
		if c.counts[z][at] > most {
			c.cut = max(c.cut, z)
		}
		if c.counts[z][at] <= most+1 {
			zoom = z
		}
	}
	return zoom
}

// readRanks reads the points in the order of the rule and ranks them, up to the
// last zoom that leaves any out. Those that come into force later count as well,
// those out of force do not.
func readRanks(ctx context.Context, tx pgx.Tx, c spatial.Collection) (ranks []pointRank, last int, err error) {
	crowds := crowdsOf()
	rows, err := tx.Query(ctx, fmt.Sprintf(`SELECT id, version, visibility, geom, ST_X(geom), ST_Y(geom) FROM %s t
		WHERE NOT ST_IsEmpty(geom) AND (t.valid_to IS NULL OR t.valid_to > (now() AT TIME ZONE INTERVAL '8 hours')::date) ORDER BY %s`, tableOf(c), rankSQL(c, c.Tiles.Rank)))
	if err != nil {
		return nil, 0, err
	}
	var r pointRank
	var p orb.Point
	_, err = pgx.ForEachRow(rows, []any{&r.id, &r.version, &r.visibility, &r.geom, &p[0], &p[1]}, func() error {
		for _, crowd := range crowds {
			if !slices.Contains(sees(crowd.visibility), r.visibility) {
				continue
			}
			zoom := crowd.enter(c.Tiles, p)
			if crowd.visibility == r.visibility && zoom <= lastRanked {
				r.srid, r.zoom, r.finer = sridOf(crowd.grid), zoom, crowd.grid.Finer
				ranks = append(ranks, r)
			}
		}
		r.geom = nil // the next one has its own
		return nil
	})
	last = -1
	for _, crowd := range crowds {
		if crowd.cut >= 0 {
			last = max(last, crowd.cut+crowd.grid.Finer)
		}
	}
	return slices.DeleteFunc(ranks, func(r pointRank) bool { return r.zoom+r.finer > last }), last, err
}
