package synthetic

import (
	"math"

	"quanyu/spatial/network"
)

// Dead ends, the last of the map, bring it to the wanted number of junctions:
// each makes two, where it leaves a road and where it ends.
const (
	deadEndsInTowns = 0.7
	gateShare       = 0.01 // of dead ends in towns that are closed to cars
)

// fill adds dead ends until the map has the number of junctions.
func (g *generator) fill(junctions int) {
	degree := g.degrees()
	have := 0
	for _, d := range degree {
		if d > 0 && d != 2 {
			have++
		}
	}
	for ; have < junctions-1; have += 2 {
		low, high := 0, g.urban
		if !g.chance(deadEndsInTowns) {
			low, high = g.urban, g.rural
		}
		// More than half of the nodes of a map have two roads, three in four
		// outside towns: a few draws find one.
		at := low + g.random.IntN(high-low)
		for degree[at] != 2 {
			at = low + g.random.IntN(high-low)
		}
		degree[at]++
		g.deadEnd(int64(at))
	}
}

// degrees counts the ends of road at each node, two for a road that runs
// through it.
func (g *generator) degrees() []uint8 {
	degree := make([]uint8, len(g.places))
	for _, w := range g.ways {
		for i, n := range w.Refs {
			if i > 0 {
				degree[n]++
			}
			if i < len(w.Refs)-1 {
				degree[n]++
			}
		}
	}
	return degree
}

func (g *generator) deadEnd(at int64) {
	urban := int(at) < g.urban
	length, class := 0.05+0.1*g.random.Float64(), g.pick(network.Residential, network.Residential, network.Service, network.LivingStreet)
	if !urban {
		length, class = 0.2+1.0*g.random.Float64(), g.pick(network.Unclassified, network.Residential, network.Track, network.Service)
	}
	from := g.at(at)
	to := from.plus(direction(2 * math.Pi * g.random.Float64()).times(length))
	refs := append(g.bend([]int64{at}, from, to, 1+g.random.IntN(2), 0.1), g.node(to))
	g.way(class, refs...)
	if urban && g.chance(gateShare) {
		g.barriers = append(g.barriers, network.Barrier{Node: refs[1], Blocked: network.Car})
	}
}

func (g *generator) pick(classes ...network.Class) network.Class {
	return classes[g.random.IntN(len(classes))]
}
