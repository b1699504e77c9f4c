package reach_test

import (
	"testing"

	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

// BenchmarkOutline draws a dense town, and the same with open country between
// its roads, where there is more outline to draw.
func BenchmarkOutline(b *testing.B) {
	town := city(125, 1)
	b.Run("town", func(b *testing.B) { benchmark(b, town) })
	b.Run("country", func(b *testing.B) { benchmark(b, thinned(town, 3)) })
}

// BenchmarkOutlineHeidelberg draws all roads of a real extract, half of them
// at random, those for cars, and those within 10 km of driving.
func BenchmarkOutlineHeidelberg(b *testing.B) {
	g := extract(b, "heidelberg")
	var all []reach.Part
	for e := range network.Edge(g.NumEdges()) {
		all = append(all, g.Shape(e))
	}
	b.Run("all", func(b *testing.B) { benchmark(b, all) })
	b.Run("half", func(b *testing.B) { benchmark(b, thinned(all, 2)) })
	from := townAround(g, onRoad(g, network.Car), network.Car)
	for name, limit := range map[string]float64{"cars": 1e9, "10km": 10_000} {
		reached, _ := from.within(limit, network.Car)
		b.Run(name, func(b *testing.B) { benchmark(b, reached) })
	}
}

func benchmark(b *testing.B, parts []reach.Part) {
	pieces := 0
	for _, part := range parts {
		pieces += len(part) - 1
	}
	var a reach.Area
	b.ReportAllocs()
	for b.Loop() {
		a = outline(b, parts, 100)
	}
	b.ReportMetric(float64(pieces), "pieces")
	b.ReportMetric(float64(vertices(a)), "vertices")
}
