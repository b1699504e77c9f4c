package main

import (
	"context"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

type upCommand struct{ listening }

// Run brings everything up, step by step, prints what the plan's first
// question has for an answer, and serves until it is told to stop.
func (c upCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	listener, err := c.bind()
	if err != nil {
		return err
	}
	defer listener.Close()
	return s.withPrepared(ctx, term, func(store *postgis.Store) error {
		if err := seed(ctx, store, term); err != nil {
			return err
		}
		if err := warnSlowFilters(ctx, store, term); err != nil {
			return err
		}
		if err := summarize(seeing(ctx, spatial.SeesPublic), store, term); err != nil { // what the server will answer anyone
			return err
		}
		term.note("")
		term.note("Ready. The map:      http://%s/", listener.Addr())
		term.note("       In QGIS/GDAL: OAPIF:http://%s/", listener.Addr())
		term.note("       This table:   quanyu process coverage --example | quanyu process coverage --inputs -")
		term.note("Ctrl-C stops it.")
		return c.serve(ctx, listener, store, s)
	})
}
