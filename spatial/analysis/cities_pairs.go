package analysis

import (
	"context"
	"slices"

	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// cityPair is a trip that was asked for, from one city to another; a city's
// index is -1 for a centre that is none of the cities.
type cityPair struct {
	from, to int
	group    string // that both lie in, "" for none; of several the first
	first    int    // slowest speed factor at which it is within the limit
	weight   network.Weight
	state    network.ReachState
}

// search finds the time of every pair.
func (r *citiesRun) search(ctx context.Context) error {
	switch {
	case r.in.pairs == allPairs:
		return r.searchAll(ctx)
	case r.in.centre != nil:
		all := make([]int, len(r.cities.Features))
		for i := range all {
			all[i] = i
		}
		all = slices.DeleteFunc(all, r.isCentre)
		return r.searchCentre(ctx, []network.Snap{r.centreSnap}, []int{-1}, all, "")
	}
	for i, g := range r.groups {
		report(ctx, 0.2+0.7*float64(i)/float64(len(r.groups)), "searching pairs")
		if len(g.centres) == 0 {
			continue
		}
		members := slices.DeleteFunc(slices.Clone(g.members), func(i int) bool { return slices.Contains(g.centres, i) })
		snaps := make([]network.Snap, len(g.centres))
		for k, i := range g.centres {
			snaps[k] = r.snaps[i]
		}
		if err := r.searchCentre(ctx, snaps, g.centres, members, g.id); err != nil {
			return err
		}
	}
	return nil
}

// isCentre says whether a city is the centre that was asked for.
func (r *citiesRun) isCentre(i int) bool {
	f := r.cities.Features[i]
	code, ok := f.Properties["adcode"].(string)
	return f.ID == r.centre.ID || ok && code != "" && code == r.centre.Adcode
}

func (r *citiesRun) searchAll(ctx context.Context) error {
	times, err := r.router.Matrix(withSearches(ctx), r.snaps, r.snaps, network.NoLimit)
	if err != nil {
		return err
	}
	n, common := len(r.snaps), r.commonGroups()
	r.pairs = make([]cityPair, 0, n*max(0, n-1))
	for i := range n {
		for j := range n {
			if i != j {
				w, state := times.At(i, j)
				r.add(cityPair{from: i, to: j, group: common(i, j), weight: w, state: state})
			}
		}
	}
	return nil
}

// searchCentre makes one search from or to the nearest of some centres, whose
// indexes are at. A city that none can be told of is paired with the first.
func (r *citiesRun) searchCentre(ctx context.Context, centres []network.Snap, at, members []int, group string) error {
	targets := make([]network.Snap, len(members))
	for k, i := range members {
		targets[k] = r.snaps[i]
	}
	towards := r.in.direction == coverage.To
	reaches, err := r.router.Nearest(ctx, centres, targets, towards, network.NoLimit)
	if err != nil {
		return err
	}
	for k, reach := range reaches {
		p := cityPair{from: members[k], to: at[0], group: group, weight: reach.Weight, state: reach.State}
		if reach.State == network.Reached {
			p.to = at[reach.Source]
		}
		if countSnapped(centres) == 0 {
			p.state = network.Unsnapped
		}
		if !towards {
			p.from, p.to = p.to, p.from
		}
		r.add(p)
	}
	return nil
}

func (r *citiesRun) add(p cityPair) {
	p.first = len(r.band.Factors)
	if p.state == network.Reached {
		p.first = r.band.First(p.weight)
	}
	r.pairs = append(r.pairs, p)
}

// commonGroups gives a function that finds the first group of two cities.
func (r *citiesRun) commonGroups() func(i, j int) string {
	of := r.groupsOf()
	return func(i, j int) string {
		for _, a := range of[i] {
			if slices.Contains(of[j], a) {
				return r.groups[a].id
			}
		}
		return ""
	}
}

// groupsOf lists the groups of every city, by index.
func (r *citiesRun) groupsOf() [][]int {
	of := make([][]int, len(r.cities.Features))
	for at, g := range r.groups {
		for _, i := range g.members {
			of[i] = append(of[i], at)
		}
	}
	return of
}

// pairCount counts pairs; within has one figure for each speed factor.
type pairCount struct {
	pairs  int
	within []int
}

func (c *pairCount) add(p cityPair, factors int) {
	if c.within == nil {
		c.within = make([]int, factors)
	}
	c.pairs++
	for f := p.first; f < factors; f++ {
		c.within[f]++
	}
}

// share is the part of the pairs within the limit at a factor; nil without
// pairs.
func (c pairCount) share(factor int) *float64 {
	if c.pairs == 0 {
		return nil
	}
	v := float64(c.within[factor]) / float64(c.pairs)
	return &v
}

// at is the number of pairs within the limit at a factor.
func (c pairCount) at(factor int) int {
	if c.within == nil {
		return 0
	}
	return c.within[factor]
}
