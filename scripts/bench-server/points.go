package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// clusters hold two thirds of the points, as towns do.
const (
	clusters      = 400
	clusterSpread = 0.05 // degrees, standard deviation
)

// places are the points' coordinates, in the order of their ids.
func places(count int, seed uint64) []orb.Point {
	r := rand.New(rand.NewPCG(seed, 2))
	anywhere := func() orb.Point {
		return orb.Point{area.Min[0] + r.Float64()*(area.Max[0]-area.Min[0]), area.Min[1] + r.Float64()*(area.Max[1]-area.Min[1])}
	}
	var towns [clusters]orb.Point
	for i := range towns {
		towns[i] = anywhere()
	}
	points := make([]orb.Point, count)
	for i := range points {
		p := anywhere()
		if i%3 > 0 {
			town := towns[r.IntN(clusters)]
			p = orb.Point{town[0] + r.NormFloat64()*clusterSpread, town[1] + r.NormFloat64()*clusterSpread}
		}
		points[i] = orb.Point{round(min(max(p[0], area.Min[0]), area.Max[0])), round(min(max(p[1], area.Min[1]), area.Max[1]))}
	}
	return points
}

func pointRecords(points []orb.Point) []spatial.Record {
	kinds := []string{"clinic", "school", "park", "market", "library"}
	records := make([]spatial.Record, len(points))
	for i, p := range points {
		records[i] = spatial.Record{Feature: spatial.Feature{ID: pointID(i), Geometry: p, Properties: map[string]any{
			"source": dataset, "name_zh": fmt.Sprintf("点%06d", i), "name_en": fmt.Sprintf("Place %06d", i), "kind": kinds[i%len(kinds)], "capacity": float64(10 + i%500), "unit": "place",
		}}}
	}
	return records
}

func pointID(i int) string { return fmt.Sprintf("point-%06d", i) }
