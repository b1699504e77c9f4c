package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"quanyu/spatial/postgis"
)

type dbCommand struct {
	Start dbStartCommand `cmd:"" help:"Start the embedded database and leave it running."`
	Stop  dbStopCommand  `cmd:"" help:"Stop the embedded database."`
	URL   dbURLCommand   `cmd:"" name:"url" help:"Print the connection URL, starting nothing."`
	Psql  dbPsqlCommand  `cmd:"" help:"Open psql on the database; arguments after -- go to psql."`
}

var errOwnServer = errors.New("QUANYU_DATABASE_URL names your own server, which quanyu neither starts nor stops")

type dbStartCommand struct{}

func (dbStartCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	if s.DatabaseURL != "" {
		return errOwnServer
	}
	url, err := postgis.Keep(ctx, postgis.ClusterOptions{Dir: s.DataDir, Create: true, Log: func(line string) { term.note("  %s", line) }})
	if err != nil {
		return err
	}
	fmt.Fprintln(term.out, url)
	term.note("The database runs until: quanyu db stop")
	return nil
}

type dbStopCommand struct{}

func (dbStopCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	if s.DatabaseURL != "" {
		return errOwnServer
	}
	if err := postgis.Stop(ctx, s.DataDir); err != nil {
		return err
	}
	term.note("Stopped.")
	return nil
}

type dbURLCommand struct{}

func (dbURLCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	url := s.DatabaseURL
	if url == "" {
		status, err := postgis.Status(s.DataDir)
		if err != nil {
			return err
		}
		url = status.URL
		if !status.Running {
			term.note("The database is not running; start it with: quanyu db start")
		}
	}
	fmt.Fprintln(term.out, url)
	return nil
}

type dbPsqlCommand struct {
	Args []string `arg:"" optional:"" passthrough:"" help:"Arguments for psql."`
}

func (c dbPsqlCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	db, err := s.reach(ctx, term, false)
	if err != nil {
		return err
	}
	defer db.release(term)
	args := c.Args
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	name := "psql"
	if db.cluster != nil { // its own client, which need not be on PATH
		if name, err = db.cluster.Binary(name); err != nil {
			return err
		}
	}
	psql := exec.CommandContext(ctx, name, append([]string{db.url}, args...)...)
	psql.Stdin, psql.Stdout, psql.Stderr = os.Stdin, term.out, term.err
	return psql.Run()
}
