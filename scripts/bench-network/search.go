package main

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// hour is 60 minutes.
const hour network.Weight = 60 * 60 * 1000

// vertex draws a junction: every one is as likely, so most lie in towns.
func (b *bench) vertex() network.Snap {
	return network.Snap{State: network.Snapped, AtVertex: true, Vertex: network.Vertex(b.random.IntN(b.router.Network().Graph.NumVertices()))}
}

// reach is our search from one place, within a limit: how many vertices it
// settles.
func (b *bench) reach(ctx context.Context, from network.Snap, limit network.Weight) (int, error) {
	f, err := b.router.Reach(ctx, []network.Snap{from}, false, limit)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.Size(), nil
}

// oneToAll is the exact search over the whole network.
func (b *bench) oneToAll(ctx context.Context) error {
	return b.measure("exact search, one to all", func() (string, error) {
		var took time.Duration
		settled := 0
		if _, err := b.reach(ctx, b.vertex(), network.NoLimit); err != nil { // its scratch is made once
			return "", err
		}
		for range b.searches {
			from := b.vertex()
			start := time.Now()
			n, err := b.reach(ctx, from, network.NoLimit)
			if err != nil {
				return "", err
			}
			took += time.Since(start)
			settled += n
		}
		return fmt.Sprintf("%s, %.0f ns a settled vertex (mean of %d sources, %d vertices each)", short(took/time.Duration(b.searches)),
			float64(took.Nanoseconds())/float64(settled), b.searches, settled/b.searches), nil
	})
}

// withinAnHour is the exact search that an isochrone begins with.
func (b *bench) withinAnHour(ctx context.Context) error {
	var froms []network.Snap
	for range b.runs {
		froms = append(froms, b.vertex())
	}
	return b.searchWithin(ctx, "exact search within 60 minutes, from junctions", froms)
}

// withinAnHourOfCities begins where most can be reached.
func (b *bench) withinAnHourOfCities(ctx context.Context) error {
	var froms []network.Snap
	for _, p := range b.cities {
		for range 10 {
			froms = append(froms, b.router.Snap(p))
		}
	}
	if len(froms) == 0 {
		return nil
	}
	return b.searchWithin(ctx, "exact search within 60 minutes, from large cities", froms)
}

func (b *bench) searchWithin(ctx context.Context, step string, froms []network.Snap) error {
	return b.measure(step, func() (string, error) {
		var list []time.Duration
		var took time.Duration
		settled := 0
		for _, from := range froms {
			start := time.Now()
			n, err := b.reach(ctx, from, hour)
			if err != nil {
				return "", err
			}
			list = append(list, time.Since(start))
			took += list[len(list)-1]
			settled += n
		}
		return fmt.Sprintf("%s, %.0f ns a settled vertex (%d searches, %d vertices on average)", timings(list),
			float64(took.Nanoseconds())/float64(settled), len(froms), settled/len(froms)), nil
	})
}

// The size of a national coverage question: county seats and airports.
const seats, facilities = 3000, 250

// nationalCoverage asks which seats are within an hour of a facility, as the
// process does: points are snapped, and searched for in one go.
func (b *bench) nationalCoverage(ctx context.Context) error {
	return b.measure(fmt.Sprintf("coverage: %d seats, %d facilities", seats, facilities), func() (string, error) {
		q := coverage.Request{Minutes: 60, Direction: coverage.To, Factors: coverage.DefaultFactors()}
		for range seats {
			q.Demand = append(q.Demand, coverage.Demand{Point: b.near()})
		}
		for range facilities {
			q.Facilities = append(q.Facilities, coverage.Facility{Point: b.near()})
		}
		var list []time.Duration
		covered := 0
		for range 5 {
			start := time.Now()
			result, err := coverage.Compute(ctx, q, b.router)
			if err != nil {
				return "", err
			}
			list = append(list, time.Since(start))
			covered = result.States[coverage.Covered]
		}
		return fmt.Sprintf("%s (5 times; %d covered)", timings(list), covered), nil
	})
}

// near draws a point up to 200 m from a junction.
func (b *bench) near() *orb.Point {
	p := b.router.Network().Graph.Point(b.vertex().Vertex)
	p[0] += (b.random.Float64() - 0.5) * 0.0036
	p[1] += (b.random.Float64() - 0.5) * 0.0036
	return &p
}
