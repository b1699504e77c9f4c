package main

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"regexp"
	"strings"

	"quanyu/seeds/osm"
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
)

type importCommand struct {
	OSM importOSMCommand `cmd:"" name:"osm" help:"Add a road network from an OpenStreetMap extract (.osm.pbf, .osm, .osm.gz, .osm.bz2)."`
}

type importOSMCommand struct {
	Network string `placeholder:"NAME" help:"Name of the network; the file's base name when empty."`
	OneWay  string `default:"auto" enum:"auto,implied,stated" help:"Motorways and roundabouts without a oneway tag: implied (one way), stated (both ways), or auto: implied unless the whole file lacks oneway tags."`
	File    string `arg:"" help:"Path of the file, or an http(s) URL; a download that was cut off goes on where it stopped."`
}

var networkName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// reservedNetwork is the name of the network that ships with the product.
const reservedNetwork = "condensed"

func (c importOSMCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	name, err := c.name()
	if err != nil {
		return err
	}
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		path := c.File
		if isURL(path) {
			if path, err = download(ctx, path, filepath.Join(s.DataDir, "downloads"), term); err != nil {
				return err
			}
		}
		imported, dataset, err := c.read(ctx, path, name, term)
		if err != nil {
			return err
		}
		step := term.begin("storing")
		changed, err := storeNetwork(ctx, store, imported, dataset, step)
		if err != nil {
			step.leave()
			return err
		}
		step.end(outcome(changed, fmt.Sprintf("network %q, version %.12s", name, imported.Version)))
		return nil
	})
}

// name is the network's name: the one asked for, or the file's without its
// endings.
func (c importOSMCommand) name() (string, error) {
	name := c.Network
	if name == "" {
		name = strings.ToLower(osm.BaseName(c.File))
	}
	switch {
	case !networkName.MatchString(name):
		return "", fmt.Errorf("%q cannot name a network: use letters a-z, digits, - and _, and choose one with --network", name)
	case name == reservedNetwork:
		return "", fmt.Errorf("the name %q is taken by the network that ships with quanyu; choose another with --network", name)
	}
	return name, nil
}

func (c importOSMCommand) rule() osm.OneWayRule {
	if c.OneWay == "auto" {
		return osm.OneWayAuto
	}
	return osm.OneWayRule(c.OneWay)
}

func isURL(path string) bool {
	return strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://")
}

func download(ctx context.Context, address, dir string, term *terminal) (string, error) {
	step := term.begin("download")
	path, err := osm.Download(ctx, address, dir, func(p osm.Progress) { step.advance(p.Done, p.Total, "bytes") })
	if err != nil {
		step.leave()
		return "", fmt.Errorf("%w; run the same command again to go on from where it stopped", err)
	}
	step.end(path)
	return path, nil
}

// read builds the network in memory; nothing is stored before all of it is
// there.
func (c importOSMCommand) read(ctx context.Context, path, name string, term *terminal) (*network.Network, spatial.Dataset, error) {
	step := term.begin("reading")
	phase := osm.Phase("")
	imported, dataset, err := osm.Network(ctx, path, name, osm.Options{OneWay: c.rule()}, func(p osm.Progress) {
		if p.Phase != phase {
			phase = p.Phase
			step.enter(string(phase))
		}
		step.advance(p.Done, p.Total, "bytes")
	})
	if err != nil {
		step.leave()
		return nil, dataset, err
	}
	step.end(fmt.Sprintf("%s junctions, %s roads between them",
		grouped(int64(imported.Graph.NumVertices())), grouped(int64(imported.Graph.NumEdges()))))
	return imported, dataset, nil
}

// storeNetwork writes a network with its rows of the roads collection, one
// set for each mode that can use it.
func storeNetwork(ctx context.Context, store *postgis.Store, n *network.Network, dataset spatial.Dataset, step *step) (bool, error) {
	all, err := routers(n)
	if err != nil {
		return false, err
	}
	total := int64(0)
	for range roads(all) {
		total++
	}
	return store.LoadNetwork(ctx, n, dataset, roads(all), func(done int) { step.advance(int64(done), total, "roads") })
}

func roads(all []*network.Router) iter.Seq[spatial.Feature] {
	return func(yield func(spatial.Feature) bool) {
		for _, router := range all {
			for road := range router.Roads() {
				if !yield(road) {
					return
				}
			}
		}
	}
}
