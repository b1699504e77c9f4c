package main

import (
	"context"
	"path/filepath"

	"quanyu/migrations"
	"quanyu/spatial/postgis"
)

// settings are the flags that every command shares.
type settings struct {
	DatabaseURL string `placeholder:"URL" help:"PostgreSQL with PostGIS to use instead of the embedded one."`
	DataDir     string `default:".quanyu" type:"path" help:"Where the embedded database, its log and the files of road graphs live."`
	Log         string `default:"text" enum:"text,json" help:"Form of the log lines: text or json."`
}

// database is a reachable PostgreSQL: the operator's own, or the embedded one
// that this process holds up until it is released.
type database struct {
	url     string
	graphs  string           // folder of road graphs as files
	cluster *postgis.Cluster // nil with an operator's own server
}

// reach finds the database. Only the commands that may begin a data directory
// pass create; the others are told what is missing.
func (s *settings) reach(ctx context.Context, term *terminal, create bool) (*database, error) {
	graphs := filepath.Join(s.DataDir, "graphs")
	if s.DatabaseURL != "" {
		return &database{url: s.DatabaseURL, graphs: graphs}, nil
	}
	cluster, err := postgis.Attach(ctx, postgis.ClusterOptions{
		Dir: s.DataDir, Create: create, Log: func(line string) { term.note("  %s", line) },
	})
	if err != nil {
		return nil, err
	}
	return &database{url: cluster.URL(), graphs: graphs, cluster: cluster}, nil
}

// release lets go of the embedded database, which stops when no other process
// holds it.
func (d *database) release(term *terminal) {
	if d.cluster == nil {
		return
	}
	if err := d.cluster.Release(); err != nil {
		term.note("quanyu: stopping the embedded database: %v", err)
	}
}

// withStore runs work on an open store of a database that is there already.
func (s *settings) withStore(ctx context.Context, term *terminal, work func(*postgis.Store) error) error {
	db, err := s.reach(ctx, term, false)
	if err != nil {
		return err
	}
	return db.use(ctx, term, work)
}

// withPrepared is withStore on a database that is created and migrated first
// where need be.
func (s *settings) withPrepared(ctx context.Context, term *terminal, work func(*postgis.Store) error) error {
	db, err := s.prepare(ctx, term)
	if err != nil {
		return err
	}
	return db.use(ctx, term, work)
}

// use runs work on an open store and releases the database after it.
func (d *database) use(ctx context.Context, term *terminal, work func(*postgis.Store) error) error {
	defer d.release(term)
	store, err := postgis.Open(ctx, d.url, d.graphs)
	if err != nil {
		return err
	}
	defer store.Close()
	return work(store)
}

// prepare reaches the database, creating it if need be, and migrates it.
func (s *settings) prepare(ctx context.Context, term *terminal) (*database, error) {
	step := term.begin("database")
	db, err := s.reach(ctx, term, true)
	if err != nil {
		step.leave()
		return nil, err
	}
	where := "your server"
	if db.cluster != nil {
		where = "embedded, in " + s.DataDir
	}
	step.end(where)
	step = term.begin("schema")
	if err := migrations.Up(ctx, db.url, func(string) {}); err != nil {
		step.leave()
		db.release(term)
		return nil, err
	}
	step.end("up to date")
	return db, nil
}
