package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"quanyu/seeds/osm"
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/network/synthetic"
)

// cities is how many of the largest towns are asked about.
const cities = 20

// prepare makes the router. Only it stays in memory.
func (b *bench) prepare(ctx context.Context) error {
	graph := b.generated
	if b.pbf != "" {
		graph = b.imported
	}
	n, err := graph(ctx)
	if err != nil {
		return err
	}
	profile, _ := network.DefaultProfile("car")
	err = b.measure("router: weights, components, index", func() (string, error) {
		start := time.Now()
		b.router, err = network.NewRouter(n, profile)
		return short(time.Since(start)), err
	})
	if err != nil {
		return err
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	vertices := n.Graph.NumVertices()
	b.note("in memory, graph and router", fmt.Sprintf("%.0f MiB, %d bytes a junction (%d junctions, %d edges)",
		float64(memory.HeapAlloc)/(1<<20), int(memory.HeapAlloc)/vertices, vertices, n.Graph.NumEdges()))
	return nil
}

func (b *bench) generated(ctx context.Context) (*network.Network, error) {
	var m *synthetic.Map
	err := b.measure("generate the map", func() (_ string, err error) {
		start := time.Now()
		if m, err = synthetic.Generate(b.seed, b.junctions); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s, %d nodes, %d ways", short(time.Since(start)), m.Nodes(), len(m.Source.Ways)), nil
	})
	if err != nil {
		return nil, err
	}
	for _, t := range m.Towns[:min(cities, len(m.Towns))] {
		b.cities = append(b.cities, t.Center)
	}
	var n *network.Network
	err = b.measure("build the graph", func() (string, error) {
		start := time.Now()
		g, _, err := network.Build(m.Source, m.Coordinate)
		if err != nil {
			return "", err
		}
		took := time.Since(start)
		n, err = network.New("synthetic", network.KindImported, g, spatial.DatasetVersion{ID: "synthetic", Version: "1"})
		return short(took), err
	})
	if err != nil {
		return nil, err
	}
	m = nil
	err = b.measure("order the junctions (nested dissection)", func() (string, error) {
		start := time.Now()
		n.Graph, err = n.Graph.Ranked(ctx, nil)
		return short(time.Since(start)), err
	})
	return n, err
}

func (b *bench) imported(ctx context.Context) (*network.Network, error) {
	info, err := os.Stat(b.pbf)
	if err != nil {
		return nil, err
	}
	var n *network.Network
	err = b.measure("import", func() (string, error) {
		start := time.Now()
		read := start
		progress := func(p osm.Progress) {
			if p.Phase == osm.PhaseGraph {
				read = time.Now()
			}
		}
		if n, _, err = osm.Network(ctx, b.pbf, "benchmark", osm.Options{}, progress); err != nil {
			return "", err
		}
		mb, took := float64(info.Size())/1e6, time.Since(start)
		return fmt.Sprintf("%.1f MB in %s: %.1f MB/s (reading %.1f MB/s, then the graph in %s)",
			mb, short(took), mb/took.Seconds(), mb/read.Sub(start).Seconds(), short(time.Since(read))), nil
	})
	return n, err
}
