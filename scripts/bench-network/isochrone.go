package main

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

const detail spatial.Meters = 100

// isochrones measures a 60-minute isochrone as the process makes it: the
// search, the reached parts of roads, and the polygon with 100 m of detail.
func (b *bench) isochrones(ctx context.Context) error {
	froms := map[string][]network.Snap{}
	for range max(b.runs/5, 5) {
		froms["junctions"] = append(froms["junctions"], b.vertex())
	}
	for _, p := range b.cities {
		froms["large cities"] = append(froms["large cities"], b.router.Snap(p))
	}
	for _, where := range []string{"junctions", "large cities"} {
		if len(froms[where]) == 0 {
			continue
		}
		err := b.measure("60-minute isochrone with its polygon, from "+where, func() (string, error) {
			var whole, search []time.Duration
			var parts, corners int
			for _, from := range froms[where] {
				start := time.Now()
				area, n, searched, err := b.isochrone(ctx, from)
				if err != nil {
					return "", err
				}
				whole, search = append(whole, time.Since(start)), append(search, searched)
				parts += n
				for _, polygon := range area.Polygon {
					for _, ring := range polygon {
						corners += len(ring)
					}
				}
			}
			n := len(froms[where])
			return fmt.Sprintf("%s, of which the search %s (%d runs; on average %d parts of roads, %d corners)", timings(whole), timings(search), n, parts/n, corners/n), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) isochrone(ctx context.Context, from network.Snap) (area reach.Area, parts int, searched time.Duration, err error) {
	start := time.Now()
	f, err := b.router.Reach(ctx, []network.Snap{from}, false, hour)
	if err != nil {
		return area, 0, 0, err
	}
	defer f.Close()
	searched = time.Since(start)
	lines := func(yield func(orb.LineString) bool) {
		var line orb.LineString
		more := true
		f.Stretches(hour, func(s network.Stretch) {
			if more {
				parts++
				line = b.router.Line(s, line[:0])
				more = yield(line)
			}
		})
	}
	area, err = reach.Outline(ctx, lines, detail)
	if err != nil {
		return area, 0, 0, err
	}
	thin, err := reach.Thin(ctx, []reach.Area{area}, detail*0.005) // as the process does
	if err != nil {
		return area, 0, 0, err
	}
	return thin[0], parts, searched, nil
}
