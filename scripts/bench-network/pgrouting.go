package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
)

// compared are the limits at which both must have reached as many vertices,
// within the one search to the last of them.
var compared = [4]network.Weight{5 * 60_000, 15 * 60_000, 30 * 60_000, hour}

// disposable are settings of a database that is thrown away.
var disposable = map[string]string{"fsync": "off", "synchronous_commit": "off", "max_wal_size": "4GB", "work_mem": "256MB"}

// sideBySide compares the search within 60 minutes with pgRouting's
// pgr_drivingDistance, from the same centres over the same graph.
func (b *bench) sideBySide(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "quanyu-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cluster, err := postgis.Attach(ctx, postgis.ClusterOptions{Dir: dir, Create: true, Settings: disposable})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Release()) }()
	db, err := pgx.Connect(ctx, cluster.URL())
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	if err := b.load(ctx, db); err != nil {
		return err
	}
	return b.compare(ctx, db, b.comparedFrom())
}

// comparedFrom are the centres: of large cities first, since much to search
// favours pgRouting, which reads its edges anew for each question.
func (b *bench) comparedFrom() []network.Snap {
	var froms []network.Snap
	for _, p := range b.cities {
		if s := b.router.Snap(p); len(froms) < b.centers && s.AtVertex {
			froms = append(froms, s)
		}
	}
	for len(froms) < b.centers {
		froms = append(froms, b.vertex())
	}
	return froms
}

//go:embed edges.sql
var edgesSQL string

// load copies the graph into the table that pgRouting reads. Costs are whole
// milliseconds; a negative one is a direction that is closed.
func (b *bench) load(ctx context.Context, db *pgx.Conn) error {
	return b.measure("pgRouting: load the edges", func() (string, error) {
		start := time.Now()
		if _, err := db.Exec(ctx, "CREATE EXTENSION pgrouting"); err != nil {
			var missing *pgconn.PgError
			if errors.As(err, &missing) && missing.Code == "0A000" { // feature_not_supported: no control file
				return "", errors.New("pgRouting is not installed; scripts/setup.sh bench does it")
			}
			return "", err
		}
		if _, err := db.Exec(ctx, edgesSQL); err != nil {
			return "", err
		}
		copied, err := db.CopyFrom(ctx, pgx.Identifier{"edges"}, []string{"id", "source", "target", "cost", "reverse_cost", "lon", "lat"}, b.edgeRows())
		if err != nil {
			return "", err
		}
		if _, err := db.Exec(ctx, "CREATE INDEX ON edges USING gist (ST_MakePoint(lon, lat)); ANALYZE edges"); err != nil {
			return "", err
		}
		var version string
		err = db.QueryRow(ctx, "SELECT pgr_version()").Scan(&version)
		return fmt.Sprintf("%s, %d edges, pgRouting %s", short(time.Since(start)), copied, version), err
	})
}

// edgeRows are the edges that a car may travel, with the place of their first
// vertex.
func (b *bench) edgeRows() pgx.CopyFromSource {
	g := b.router.Network().Graph
	cost := func(w network.Weight) float64 {
		if w == network.Never {
			return -1
		}
		return float64(w)
	}
	next := 0
	return pgx.CopyFromFunc(func() ([]any, error) {
		for ; next < g.NumEdges(); next++ {
			e := network.Edge(next)
			forward, backward := b.router.EdgeWeights(e)
			if forward == network.Never && backward == network.Never {
				continue
			}
			next++
			from, to := g.Ends(e)
			at := g.Point(from)
			return []any{int64(e), int64(from), int64(to), cost(forward), cost(backward), at[0], at[1]}, nil
		}
		return nil, nil
	})
}

// ways are the two that pgRouting is asked in: over the whole table as its
// manual shows, and over a box that holds all that a car can reach.
var ways = [2]struct{ name, edges string }{
	{"all edges", "SELECT id, source, target, cost, reverse_cost FROM edges"},
	{"edges in a box", "SELECT id, source, target, cost, reverse_cost FROM edges WHERE ST_MakePoint(lon, lat) && ST_MakeEnvelope(%f, %f, %f, %f)"},
}

// ourRuns is how often our search runs from each centre.
const ourRuns = 20

func (b *bench) compare(ctx context.Context, db *pgx.Conn, froms []network.Snap) error {
	var ours time.Duration
	err := b.measure("60 minutes, ours", func() (string, error) {
		var list []time.Duration
		for _, from := range froms {
			for range ourRuns {
				start := time.Now()
				if _, err := b.reach(ctx, from, hour); err != nil {
					return "", err
				}
				list = append(list, time.Since(start))
			}
		}
		text := timings(list) // sorts
		ours = quantile(list, 0.5)
		return fmt.Sprintf("%s (%d centres, %d times each)", text, len(froms), ourRuns), nil
	})
	if err != nil {
		return err
	}
	for i, way := range ways {
		err := b.measure("60 minutes, pgr_drivingDistance over "+way.name, func() (string, error) {
			var list []time.Duration
			for _, from := range froms {
				edges := way.edges
				if i == 1 {
					edges = b.boxed(edges, from)
				}
				took, err := b.ask(ctx, db, edges, from)
				if err != nil {
					return "", err
				}
				list = append(list, took)
			}
			text := timings(list)
			return fmt.Sprintf("%s; ours takes 1/%.0f at p50; the same vertices", text, float64(quantile(list, 0.5))/float64(ours)), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// boxed fills in the box around a centre that no car leaves within the hour.
func (b *bench) boxed(edges string, from network.Snap) string {
	p := b.router.Network().Graph.Point(from.Vertex)
	high := 0.0
	for _, s := range b.router.Profile().Speeds {
		high = max(high, s.DefaultKMH*s.Factor)
	}
	lat := high / 110.5 // km a degree, at least
	lon := lat / math.Cos((math.Abs(p[1])+lat)*math.Pi/180)
	return fmt.Sprintf(edges, p[0]-lon, p[1]-lat, p[0]+lon, p[1]+lat)
}

// ask lets pgRouting search from a centre, and holds what it reached within
// each limit against ours.
func (b *bench) ask(ctx context.Context, db *pgx.Conn, edges string, from network.Snap) (time.Duration, error) {
	start := time.Now()
	rows, err := db.Query(ctx, "SELECT agg_cost FROM pgr_drivingDistance($1, $2::bigint, $3::float8, directed => true)", edges, int64(from.Vertex), float64(hour))
	if err != nil {
		return 0, err
	}
	costs, err := pgx.CollectRows(rows, pgx.RowTo[float64])
	if err != nil {
		return 0, err
	}
	took := time.Since(start)
	slices.Sort(costs)
	for _, limit := range compared {
		theirs, _ := slices.BinarySearch(costs, float64(limit)+0.5)
		ours, err := b.reach(ctx, from, limit)
		if err != nil {
			return 0, err
		}
		if theirs != ours {
			return 0, fmt.Errorf("from vertex %d within %d ms pgRouting reaches %d vertices and we %d", from.Vertex, limit, theirs, ours)
		}
	}
	return took, nil
}
