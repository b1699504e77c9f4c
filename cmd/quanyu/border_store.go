package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"time"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// store measures the places of the database and keeps the figures there.
func (c borderDistancesCommand) store(ctx context.Context, store *postgis.Store, term *terminal) error {
	collection, _ := spatial.CollectionByID("border-places")
	set, err := store.Features(ctx, spatial.FeatureQuery{Collection: collection, AsOf: time.Now(), Limit: maxBorderPlaces})
	if err != nil {
		return err
	}
	places := map[string]orb.Point{}
	for _, f := range set.Features {
		addPlace(places, f)
	}
	found, err := c.measure(places)
	if err != nil {
		return err
	}
	figures, err := c.figures(found)
	if err != nil {
		return err
	}
	if err := store.SetBorderDistances(ctx, figures); err != nil {
		return err
	}
	term.note("Stored the distances of %d places.", len(found))
	return writeDistances(term, found)
}

// maxBorderPlaces bounds the places of one run; a few dozen ship.
const maxBorderPlaces = 10_000

func (c borderDistancesCommand) figures(found []seeds.BorderDistance) (postgis.BorderDistances, error) {
	sum, err := fileHash(c.File)
	if err != nil {
		return postgis.BorderDistances{}, err
	}
	title := c.Title
	if title == "" {
		title = c.Dataset
	}
	figures := postgis.BorderDistances{
		Layer:       spatial.Dataset{ID: c.Dataset, Title: title, Licence: c.Licence, Version: c.Date, SHA256: sum, Kind: spatial.Measured},
		ToleranceKm: c.ToleranceKm, Km: map[string]float64{}, Hash: sum,
	}
	if c.Date != "" {
		figures.LayerDate, _ = time.Parse(time.DateOnly, c.Date) // checked before
	}
	for _, d := range found {
		figures.Km[d.Place] = d.Meters.Kilometers()
	}
	return figures, nil
}

// fileHash is the SHA-256 of a file in lower-case hex.
func fileHash(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
