package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/migrations"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// dataset is that of all made-up rows.
const dataset = "bench"

// The collections that hold the data: polygons and points of the contract.
const (
	polygonsIn = "divisions"
	pointsIn   = "facilities"
)

// bench is a run: the database, its data, and the servers over it.
type bench struct {
	options
	*table
	dir     string
	cluster *postgis.Cluster
	centers []orb.Point // of the counties
	places  []orb.Point
	cold    *process // keeps nothing
	warm    *process // keeps tiles and features in memory
}

// prepare makes the database, loads the data into it and starts the servers.
func (b *bench) prepare(ctx context.Context) (err error) {
	if b.dir, err = os.MkdirTemp("", "quanyu-bench-"); err != nil {
		return err
	}
	if err := os.Chmod(b.dir, 0o755); err != nil { // the database's own user has to get in
		return err
	}
	if b.cluster, err = postgis.Attach(ctx, postgis.ClusterOptions{Dir: b.dir + "/data", Create: true}); err != nil {
		return err
	}
	if err := migrations.Up(ctx, b.cluster.URL(), func(string) {}); err != nil {
		return err
	}
	if err := b.load(ctx); err != nil {
		return err
	}
	if b.cold, err = b.start(ctx, "cold", "--cache", "0"); err != nil {
		return err
	}
	b.warm, err = b.start(ctx, "warm")
	return err
}

// load stores the data through the store, as an operator's import does, and
// makes the tables that plain SQL is asked on.
func (b *bench) load(ctx context.Context) error {
	counties := newTessellation(b.options.counties, b.seed).records(b.options.counties)
	for _, c := range counties {
		b.centers = append(b.centers, c.Geometry.Bound().Center())
	}
	b.places = places(b.points, b.seed)
	store, err := postgis.Open(ctx, b.cluster.URL(), "")
	if err != nil {
		return err
	}
	defer store.Close()
	polygons, _ := spatial.CollectionByID(polygonsIn)
	points, _ := spatial.CollectionByID(pointsIn)
	_, err = store.Load(ctx, spatial.Load{Name: dataset, Hash: strings.Repeat("b", 64),
		Datasets: []spatial.Dataset{{ID: dataset, Title: "Made up for measuring", Licence: "CC0-1.0", Version: "1", Kind: spatial.Modelled}},
		Tables:   []spatial.TableLoad{{Collection: polygons, Records: counties}, {Collection: points, Records: pointRecords(b.places)}},
	}, func(int, int) {})
	if err != nil {
		return err
	}
	return b.makeRaw(ctx)
}

//go:embed raw.sql
var rawSQL string

// makeRaw makes a copy of each table with nothing but what a tile shows, its
// geometry in Web Mercator and indexed: plain SQL at its best. All geometries
// must be valid, as those of a real import are.
func (b *bench) makeRaw(ctx context.Context) error {
	db, err := pgx.Connect(ctx, b.cluster.URL())
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	if _, err := db.Exec(ctx, rawSQL); err != nil {
		return err
	}
	var broken int
	if err := db.QueryRow(ctx, "SELECT count(*) FROM divisions WHERE NOT ST_IsValid(geom)").Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d of the made-up counties are not valid", broken)
	}
	for _, table := range []string{polygonsIn, pointsIn, "raw_divisions", "raw_facilities"} {
		if _, err := db.Exec(ctx, "VACUUM ANALYZE "+table); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) close() error {
	err := errors.Join(b.cold.stop(), b.warm.stop())
	if b.cluster != nil {
		err = errors.Join(err, b.cluster.Release())
	}
	return errors.Join(err, os.RemoveAll(b.dir))
}
