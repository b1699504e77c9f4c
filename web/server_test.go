package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"quanyu/api"
	"quanyu/seeds"
	"quanyu/spatial/analysis"
	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// handler is the whole server over a real database with the shipped facts and
// the shipped road network, as `quanyu up` makes it.
func handler(t *testing.T, store *postgis.Store) http.Handler {
	t.Helper()
	return api.New(api.Config{
		Version: "test", Items: store, Tiles: store, Inputs: store, Ready: store.Ready, Page: builtPage(t),
		Processes: analysis.Processes("quanyu test", time.Now), Log: slog.New(slog.DiscardHandler),
	})
}

func seeded(t *testing.T) *postgis.Store {
	t.Helper()
	store, err := postgis.Open(context.Background(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	seed(t, store)
	return store
}

func seed(t *testing.T, store *postgis.Store) {
	t.Helper()
	ctx := context.Background()
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(ctx, facts, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	condensed, dataset, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	profile, _ := network.DefaultProfile("car")
	router, err := network.NewRouter(condensed, profile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LoadNetwork(ctx, condensed, dataset, router.Roads(), func(int) {}); err != nil {
		t.Fatal(err)
	}
}
