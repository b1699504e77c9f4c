package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

type borderCommand struct {
	Distances borderDistancesCommand `cmd:"" help:"Measure how far each border place is from the land border of a layer."`
}

type borderDistancesCommand struct {
	Property    string   `placeholder:"NAME" help:"Property of the layer that names the country; without it every feature is a border line."`
	Own         []string `placeholder:"VALUE" help:"Values of that property that are no foreign country, comma-separated."`
	Store       bool     `help:"Keep the figures in the database in place of the shipped ones."`
	Dataset     string   `placeholder:"ID" help:"Id of the layer among the datasets; with --store."`
	Title       string   `placeholder:"TEXT" help:"Title of the layer; the id when empty."`
	Licence     string   `default:"unstated" placeholder:"ID" help:"Licence of the layer (SPDX identifier where there is one)."`
	Date        string   `placeholder:"YYYY-MM-DD" help:"Date to which the layer speaks."`
	ToleranceKm float64  `default:"1" placeholder:"KM" help:"How far the layer and the places may be off together."`
	File        string   `arg:"" help:"GeoJSON FeatureCollection of country polygons or border lines, longitude and latitude."`
}

// Run measures the border places of the shipped facts, or with --store those
// of the database, and prints a row each.
func (c borderDistancesCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	if err := c.check(); err != nil {
		return usageError{err}
	}
	if c.Store {
		return s.withStore(ctx, term, func(store *postgis.Store) error { return c.store(ctx, store, term) })
	}
	facts, err := seeds.Facts()
	if err != nil {
		return err
	}
	places := map[string]orb.Point{}
	for _, t := range facts.Tables {
		if t.Collection.ID == "border-places" {
			for _, r := range t.Records {
				addPlace(places, r.Feature)
			}
		}
	}
	found, err := c.measure(places)
	if err != nil {
		return err
	}
	return writeDistances(term, found)
}

func (c borderDistancesCommand) check() error {
	switch {
	case c.Property == "" && len(c.Own) > 0:
		return fmt.Errorf("--own needs --property: it lists values of that property")
	case c.Store && c.Dataset == "":
		return fmt.Errorf("--store needs --dataset: every figure names where it comes from")
	case !(c.ToleranceKm >= 0 && c.ToleranceKm <= 1000):
		return fmt.Errorf("--tolerance-km is %v; allowed are 0 to 1000", c.ToleranceKm)
	}
	if c.Date != "" {
		if _, err := time.Parse(time.DateOnly, c.Date); err != nil {
			return fmt.Errorf("--date is %q; a date looks like 2021-06-27", c.Date)
		}
	}
	return nil
}

func (c borderDistancesCommand) measure(places map[string]orb.Point) ([]seeds.BorderDistance, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return seeds.BorderDistances(f, seeds.BorderLayer{Property: c.Property, Own: c.Own}, places)
}

func addPlace(places map[string]orb.Point, f spatial.Feature) {
	if p, ok := f.Geometry.(orb.Point); ok {
		places[f.ID] = p
	}
}

// writeDistances prints kilometres to 10 m and the nearest border point.
func writeDistances(term *terminal, found []seeds.BorderDistance) error {
	w := csv.NewWriter(term.out)
	_ = w.Write([]string{"id", "border_distance_km", "nearest", "lon", "lat"})
	for _, d := range found {
		decimal := func(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }
		_ = w.Write([]string{d.Place, decimal(d.Meters.Kilometers(), 2), d.Nearest, decimal(d.At[0], 4), decimal(d.At[1], 4)})
	}
	w.Flush()
	return w.Error()
}
