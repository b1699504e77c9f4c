package main

import (
	"context"
	"fmt"
	"time"

	"quanyu/spatial/network"
	"quanyu/spatial/network/hierarchy"
)

// customized is the hierarchy, made in the first step that asks for it.
func (b *bench) customized(ctx context.Context) error {
	return b.measure("hierarchy: skeleton and customization", func() (string, error) {
		start := time.Now()
		m, err := b.router.Hierarchy(ctx)
		if err != nil {
			return "", err
		}
		if m == nil {
			return "none: the graph is not ranked", nil
		}
		whole := time.Since(start)
		weights := make([]uint32, m.Skeleton().NumInputs())
		for i := range weights {
			forward, backward := b.router.EdgeWeights(network.Edge(i / 2))
			weights[i] = uint32([]network.Weight{forward, backward}[i%2])
		}
		start = time.Now()
		if _, err := m.Skeleton().Customize(ctx, weights); err != nil {
			return "", err
		}
		arcs, vertices := m.Skeleton().NumArcs(), m.Skeleton().NumVertices()
		return fmt.Sprintf("%s, of which customization %s; %d arcs (%.2f a vertex), %.0f bytes a vertex with one metric", short(whole), short(time.Since(start)),
			arcs, float64(arcs)/float64(vertices), float64(m.Skeleton().Bytes()+m.Bytes())/float64(vertices)), nil
	})
}

// sweeps measures one-to-all over the hierarchy, singly and eight at a time.
func (b *bench) sweeps(ctx context.Context) error {
	m, err := b.router.Hierarchy(ctx)
	if m == nil || err != nil {
		return err
	}
	vertices := m.Skeleton().NumVertices()
	dist, lanes := make([]uint32, vertices), make([]hierarchy.Batch, vertices)
	err = b.measure("hierarchy: one to all, a sweep", func() (string, error) {
		list, err := repeated(b.sweepRuns(), func() error {
			return m.SweepRanks([]hierarchy.Seed{{Vertex: uint32(b.vertex().Vertex)}}, false, dist)
		})
		return perVertex(list, vertices, 1), err
	})
	if err != nil {
		return err
	}
	return b.measure("hierarchy: eight to all, one sweep", func() (string, error) {
		list, err := repeated(b.sweepRuns(), func() error {
			seeds := make([][]hierarchy.Seed, hierarchy.Lanes)
			for i := range seeds {
				seeds[i] = []hierarchy.Seed{{Vertex: uint32(b.vertex().Vertex)}}
			}
			return m.SweepBatch(seeds, false, lanes)
		})
		return perVertex(list, vertices, hierarchy.Lanes) + " and tree", err
	})
}

func (b *bench) sweepRuns() int { return 4 * b.searches }

func repeated(n int, do func() error) ([]time.Duration, error) {
	var list []time.Duration
	for range n + 1 { // the first makes the scratch
		start := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		list = append(list, time.Since(start))
	}
	return list[1:], nil
}

func perVertex(list []time.Duration, vertices, trees int) string {
	text := timings(list)
	return fmt.Sprintf("%s; %.1f ns a vertex", text, float64(quantile(list, 0.5).Nanoseconds())/float64(vertices)/float64(trees))
}

// matrices measures all pairs between places near junctions, as the process
// does it once they are snapped.
func (b *bench) matrices(ctx context.Context) error {
	for _, n := range []int{100, 1000} {
		places := make([]network.Snap, n)
		for i := range places {
			places[i] = b.router.Snap(*b.near())
		}
		err := b.measure(fmt.Sprintf("matrix %d x %d", n, n), func() (string, error) {
			list, err := repeated(5, func() error {
				_, err := b.router.Matrix(ctx, places, places, network.NoLimit)
				return err
			})
			return timings(list), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// edited measures what a scenario costs: a hundred roads closed, then a
// hundred slowed down, each with the hierarchy that follows.
func (b *bench) edited(ctx context.Context) error {
	const roads = 100
	ids := b.someRoads(roads)
	for _, edit := range []network.Edit{{Kind: network.CloseRoad, Roads: ids}, {Kind: network.SetSpeed, Roads: ids, Factor: 0.5}} {
		err := b.measure(fmt.Sprintf("%s: %d roads", edit.Kind, roads), func() (string, error) {
			start := time.Now()
			r, err := b.router.With(ctx, []network.Edit{edit})
			if err != nil {
				return "", err
			}
			router := time.Since(start)
			start = time.Now()
			if _, err := r.Hierarchy(ctx); err != nil {
				return "", err
			}
			return fmt.Sprintf("router %s, hierarchy %s", short(router), short(time.Since(start))), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// someRoads draws ids of roads that cars may use.
func (b *bench) someRoads(n int) []string {
	var ids []string
	for len(ids) < n {
		e := network.Edge(b.random.IntN(b.router.Network().Graph.NumEdges()))
		if forward, backward := b.router.EdgeWeights(e); forward != network.Never || backward != network.Never {
			ids = append(ids, b.router.RoadID(e))
		}
	}
	return ids
}
