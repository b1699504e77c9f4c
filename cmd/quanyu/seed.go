package main

import (
	"context"
	"fmt"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
)

type migrateCommand struct{}

func (migrateCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	db, err := s.prepare(ctx, term)
	if err != nil {
		return err
	}
	return db.use(ctx, term, func(store *postgis.Store) error { return warnSlowFilters(ctx, store, term) })
}

type seedCommand struct{}

func (seedCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	return s.withPrepared(ctx, term, func(store *postgis.Store) error {
		if err := seed(ctx, store, term); err != nil {
			return err
		}
		return printCounts(term)
	})
}

// printCounts tells how many rows of each collection ship.
func printCounts(term *terminal) error {
	facts, err := seeds.Facts()
	if err != nil {
		return err
	}
	counts := table{head: []string{"collection", "rows"}, right: []bool{false, true}}
	for _, t := range facts.Tables {
		counts.add(t.Collection.ID, grouped(int64(len(t.Records))))
	}
	counts.write(term.out)
	return nil
}

// seed loads the shipped facts, then the condensed network. Each is stored
// whole or not at all, and stored again only when it has changed.
func seed(ctx context.Context, store *postgis.Store, term *terminal) error {
	if err := seedFacts(ctx, store, term); err != nil {
		return err
	}
	return seedNetwork(ctx, store, term)
}

func seedFacts(ctx context.Context, store *postgis.Store, term *terminal) error {
	step := term.begin("facts")
	facts, err := seeds.Facts()
	if err != nil {
		step.leave()
		return fmt.Errorf("the shipped facts: %w", err)
	}
	rows := 0
	for _, table := range facts.Tables {
		rows += len(table.Records)
	}
	changed, err := store.Load(ctx, facts, func(done, total int) { step.advance(int64(done), int64(total), "rows") })
	if err != nil {
		step.leave()
		return fmt.Errorf("loading the shipped facts: %w", err)
	}
	step.end(outcome(changed, fmt.Sprintf("%s rows of %d datasets", grouped(int64(rows)), len(facts.Datasets))))
	return nil
}

func seedNetwork(ctx context.Context, store *postgis.Store, term *terminal) error {
	step := term.begin("road network")
	condensed, dataset, err := seeds.CondensedNetwork()
	if err != nil {
		step.leave()
		return fmt.Errorf("the shipped road network: %w", err)
	}
	changed, err := storeNetwork(ctx, store, condensed, dataset, step)
	if err != nil {
		step.leave()
		return fmt.Errorf("loading the shipped road network: %w", err)
	}
	step.end(outcome(changed, fmt.Sprintf("condensed, %s links (modelled)", grouped(int64(condensed.Graph.NumEdges())))))
	return nil
}

func outcome(changed bool, what string) string {
	if changed {
		return what
	}
	return what + ", unchanged"
}

// routers weighs a network for each mode's default profile and leaves out
// the modes that have no road in it: a network of motorways has none to walk.
func routers(n *network.Network) ([]*network.Router, error) {
	var all []*network.Router
	for _, mode := range []string{"car", "bike", "walk"} {
		profile, ok := network.DefaultProfile(mode)
		if !ok {
			return nil, fmt.Errorf("no default profile for mode %s", mode)
		}
		router, err := network.NewRouter(n, profile)
		if spatial.KindOf(err) == spatial.Unprocessable {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, router)
	}
	return all, nil
}
