package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
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
	if n.Graph, err = b.mapped(n.Graph); err != nil {
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
	b.note("junctions, edges", fmt.Sprintf("%d, %d", n.Graph.NumVertices(), n.Graph.NumEdges()))
	return nil
}

// mapped writes the graph to a file and maps it, as a server does.
func (b *bench) mapped(g *network.Graph) (mapped *network.Graph, err error) {
	file, err := os.CreateTemp("", "bench-*.graph")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name()) // a mapping stays
	encoded, err := g.Encode()
	if err != nil {
		return nil, err
	}
	size := len(encoded)
	if _, err := file.Write(encoded); err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	encoded = nil
	err = b.measure("open the graph's file: checksum, checks", func() (string, error) {
		start := time.Now()
		mapped, err = network.Open(file.Name())
		return fmt.Sprintf("%s; the file has %.0f MiB, %d bytes a junction", short(time.Since(start)), float64(size)/(1<<20), size/g.NumVertices()), err
	})
	return mapped, err
}

// resident tells what the process holds in RAM once router and hierarchy are
// there and nothing is asked: graph pages in use, router, hierarchy, program.
func (b *bench) resident(context.Context) error {
	for range 3 { // pools of scratch give way after two collections
		debug.FreeOSMemory()
	}
	var kib float64
	if _, err := fmt.Sscan(procField("/proc/self/status", "VmRSS"), &kib); err != nil {
		return nil // not on this system
	}
	b.note("resident: graph, router, hierarchy and program", fmt.Sprintf("%.0f MiB, %.0f bytes a junction", kib/1024, kib*1024/float64(b.router.Network().Graph.NumVertices())))
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
