package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
)

type networkCommand struct {
	Condense condenseCommand `cmd:"" help:"Contract a road network to links between places, as the one shipped with quanyu was."`
}

type condenseCommand struct {
	Network string   `required:"" placeholder:"NAME" help:"Imported network to condense."`
	Links   int      `default:"30000" help:"Number of links to stop at; more stay where the places need them."`
	Exact   []string `default:"car,car-design,car-cautious" placeholder:"PROFILE" help:"Profiles of one mode under which times between places stay exact; places meet their roads under the first."`
	Out     string   `default:"." type:"path" help:"Directory for road-vertices.csv and road-links.csv."`
}

func (c condenseCommand) options() (network.CondenseOptions, error) {
	options := network.CondenseOptions{Links: c.Links}
	for _, name := range c.Exact {
		profile, ok := network.ProfileByName(name)
		if !ok {
			return options, fmt.Errorf("there is no profile %q", name)
		}
		options.Profiles = append(options.Profiles, profile)
	}
	return options, nil
}

// Run condenses a network around the seats, airports and border places of the
// database and writes the two files.
func (c condenseCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		source, err := store.Network(ctx, c.Network)
		if err != nil {
			return err
		}
		if source.Kind != network.KindImported {
			return fmt.Errorf("network %q is condensed already; name an imported one", c.Network)
		}
		places, err := condensePlaces(ctx, store)
		if err != nil {
			return err
		}
		options, err := c.options()
		if err != nil {
			return err
		}
		step := term.begin("condensing")
		table, err := network.Condense(ctx, source, places, options,
			func(p network.CondenseProgress) {
				step.name = p.Step
				step.advance(int64(p.Links), 0, "links left")
			})
		if err != nil {
			step.leave()
			return err
		}
		step.name = "condensing"
		step.end(fmt.Sprintf("%s links, %s vertices, %d places not on the road", grouped(int64(len(table.Links))),
			grouped(int64(len(table.Vertices))), len(table.NotSnapped)))
		return c.write(table, source, term)
	})
}

// condensePlaces are the places that must survive: all seats, airports and
// border places that have a point.
func condensePlaces(ctx context.Context, store *postgis.Store) ([]network.Place, error) {
	var places []network.Place
	for _, id := range seeds.RoadPlaceCollections() {
		collection, _ := spatial.CollectionByID(id)
		set, err := store.Features(ctx, spatial.FeatureQuery{Collection: collection, AsOf: time.Now(), Limit: 1_000_000})
		if err != nil {
			return nil, err
		}
		for _, f := range set.Features {
			if place, placed := seeds.RoadPlace(id, f); placed {
				places = append(places, place)
			}
		}
	}
	if len(places) == 0 {
		return nil, errors.New("the database has no places to condense around; load the facts with quanyu seed")
	}
	return places, nil
}

// notice is what both files say of themselves before their header.
func (c condenseCommand) notice(source *network.Network) []string {
	return []string{
		"Modelled, condensed: figures computed from a road network, not the roads themselves.",
		fmt.Sprintf("Source: network %q, version %.12s, dataset %s %s.", source.Name, source.Version, source.Dataset.ID, source.Dataset.Version),
		"Derived from OpenStreetMap, © OpenStreetMap contributors, Open Database License 1.0.",
		fmt.Sprintf("Made by: quanyu network condense --network %s --links %d --exact %s", source.Name, c.Links, strings.Join(c.Exact, ",")),
	}
}

func (c condenseCommand) write(table *network.LinkTable, source *network.Network, term *terminal) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	vertices, err := os.Create(filepath.Join(c.Out, "road-vertices.csv"))
	if err != nil {
		return err
	}
	defer vertices.Close()
	links, err := os.Create(filepath.Join(c.Out, "road-links.csv"))
	if err != nil {
		return err
	}
	defer links.Close()
	if err := network.WriteLinks(vertices, links, table, c.notice(source)); err != nil {
		return err
	}
	for _, file := range []*os.File{vertices, links} {
		if err := file.Close(); err != nil {
			return err
		}
		term.note("  wrote %s", file.Name())
	}
	return nil
}
