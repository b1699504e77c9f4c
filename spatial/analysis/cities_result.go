package analysis

import (
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// The states of a pair at the base factor.
const stateWithin = "within"

// citiesMetric is the output metric. Shares are fractions, null without pairs.
type citiesMetric struct {
	pairsShown
	judgedShown
	Cities          int            `json:"cities"`
	WithoutPosition int            `json:"without_position"` // of the cities; their pairs are in state not-snapped
	States          map[string]int `json:"states"`           // pairs
	InGroups        pairsShown     `json:"in_groups"`        // pairs of which both cities lie in one group
	GroupedBy       string         `json:"grouped_by"`
	Centre          *endShown      `json:"centre"` // the one asked for
	Band            []pairsBand    `json:"band"`
}

// pairsShown is a count of pairs with its shares.
type pairsShown struct {
	Numerator   int      `json:"numerator"`
	Denominator int      `json:"denominator"`
	Share       *float64 `json:"share"`
	Low         *float64 `json:"low"`
	Base        *float64 `json:"base"`
	High        *float64 `json:"high"`
}

type pairsBand struct {
	Factor    float64  `json:"factor"`
	Numerator int      `json:"numerator"`
	Share     *float64 `json:"share"`
}

// groupShown is a row of the output groups.
type groupShown struct {
	ID     string   `json:"id"`
	NameZH any      `json:"name_zh"`
	NameEN any      `json:"name_en"`
	Cities int      `json:"cities"`
	Centre *string  `json:"centre"`        // the city that trips to a centre lead to
	Others []string `json:"other_centres"` // a trip leads to the nearest of all
	pairsShown
	Value   *float64          `json:"value"` // the target's, of the pairs counted
	Verdict *coverage.Verdict `json:"verdict"`
}

// pairShown is a row of the output pairs; a city is named by its id.
type pairShown struct {
	From   *string  `json:"from"` // null for a centre that is none of the cities
	FromZH any      `json:"from_name_zh"`
	To     *string  `json:"to"`
	ToZH   any      `json:"to_name_zh"`
	Group  *string  `json:"group"`
	State  string   `json:"state"`
	Within bool     `json:"within"`
	Mins   *float64 `json:"minutes"`
	Margin *float64 `json:"margin_minutes"`
}

// result puts the outputs together, in the order of the Spec.
func (r *citiesRun) result() Result {
	return Result{Outputs: []Output{
		{"metric", r.metric(), mediaJSON},
		{"groups", r.groupRows(), mediaJSON},
		{"evidence", r.evidence(), mediaGeoJSON},
		{"pairs", r.pairRows(), mediaJSON},
		{"structure", r.structureRows(), mediaJSON},
		{"radiation", r.radiation, mediaJSON},
		{"provenance", r.provenance(), mediaJSON},
	}}
}

func (r *citiesRun) shares(c pairCount) pairsShown {
	base := r.band.Base
	return pairsShown{c.at(base), c.pairs, c.share(base), c.share(0), c.share(base), c.share(len(r.band.Factors) - 1)}
}

func (r *citiesRun) metric() citiesMetric {
	var all, grouped pairCount
	m := citiesMetric{Cities: len(r.cities.Features), WithoutPosition: len(unplaced(r.cities.Features)), GroupedBy: r.kind,
		States: map[string]int{stateWithin: 0, string(network.Beyond): 0, string(network.Unreachable): 0, string(network.Unsnapped): 0}}
	for _, p := range r.pairs {
		all.add(p, len(r.band.Factors))
		m.States[r.stateOf(p)]++
		if p.group != "" {
			grouped.add(p, len(r.band.Factors))
		}
	}
	m.pairsShown, m.InGroups, m.judgedShown = r.shares(all), r.shares(grouped), r.judge()
	for i, f := range r.band.Factors {
		m.Band = append(m.Band, pairsBand{f, all.at(i), all.share(i)})
	}
	if r.in.centre != nil {
		at := [2]float64(r.centre.Point)
		m.Centre = &endShown{orNull(r.centre.ID), r.centre.Adcode, r.centre.NameZH, r.centre.NameEN, &at, showSnap(r.router, r.centreSnap)}
	}
	return m
}

// stateOf is the state of a pair at the base factor.
func (r *citiesRun) stateOf(p cityPair) string {
	switch {
	case p.state != network.Reached:
		return string(p.state)
	case p.first <= r.band.Base:
		return stateWithin
	}
	return string(network.Beyond)
}

// groupRows counts the pairs inside each group, or those to its centre or to
// the one centre asked for.
func (r *citiesRun) groupRows() []groupShown {
	counts, times := make([]pairCount, len(r.groups)), make([]longest, len(r.groups))
	of := r.groupsOf()
	for _, p := range r.pairs {
		for at, g := range r.groups {
			if r.pairIn(p, at, g, of) {
				counts[at].add(p, len(r.band.Factors))
				times[at].add(p.weight, p.state)
			}
		}
	}
	rows := make([]groupShown, len(r.groups))
	for i, g := range r.groups {
		rows[i] = groupShown{ID: g.id, NameZH: g.nameZH, NameEN: g.nameEN, Cities: len(g.members), pairsShown: r.shares(counts[i])}
		rows[i].Others = []string{}
		if r.judgesTime() {
			judged := r.target.judgeLongest(longestPair, times[i], r.band)
			rows[i].Value, rows[i].Verdict = judged.Value, judged.Verdict
		}
		if len(g.centres) > 0 && r.in.centre == nil {
			rows[i].Centre = &r.cities.Features[g.centres[0]].ID
			for _, at := range g.centres[1:] {
				rows[i].Others = append(rows[i].Others, r.cities.Features[at].ID)
			}
		}
	}
	return rows
}

func (r *citiesRun) pairRows() []pairShown {
	rows := make([]pairShown, len(r.pairs))
	for i, p := range r.pairs {
		rows[i] = pairShown{From: r.cityID(p.from), FromZH: r.cityName(p.from), To: r.cityID(p.to), ToZH: r.cityName(p.to), Group: orNull(p.group), State: r.stateOf(p), Within: p.first <= r.band.Base}
		rows[i].Mins, rows[i].Margin = r.minutes(p)
	}
	return rows
}

// minutes are the time of a pair and what the limit leaves of it, null where
// there is no way.
func (r *citiesRun) minutes(p cityPair) (minutes, margin *float64) {
	if p.state != network.Reached {
		return nil, nil
	}
	m, left := r.band.Minutes(p.weight)
	return &m, &left
}

func (r *citiesRun) cityID(i int) *string {
	if i < 0 {
		return nil
	}
	return &r.cities.Features[i].ID
}

func (r *citiesRun) cityName(i int) any {
	if i < 0 {
		return r.centre.NameZH
	}
	return r.cities.Features[i].Properties["name_zh"]
}

func (r *citiesRun) provenance() spatial.Provenance {
	notes := []string{fmt.Sprintf("Speeds are a model. low, base and high are the shares at the slowest, middle and fastest of the speed factors %v; each divides all travel times, access legs included. All other figures are at factor %v.",
		r.band.Factors, r.band.Factors[r.band.Base])}
	if r.in.pairs == allPairs {
		notes = append(notes, "Both directions of two cities are pairs of their own: n cities make n x (n - 1) pairs, those of cities without road or position included.")
	} else {
		notes = append(notes, "One pair for each city and its centre, cities without road or position included; the centre itself is in no pair.")
	}
	if r.kind == byProvince {
		notes = append(notes, "No city cluster with a member among the cities is loaded, so they are grouped by province; the centre of a province is the city nearest to the province's own seat.")
	} else {
		notes = append(notes, "Cities are grouped by city cluster; the centres of a cluster are the central cities that its plan names, and a trip is to the nearest; for want of one, the city with the most residents. A city of which a cluster takes parts belongs where at least half of its urban residents live in these. A city in no cluster is in no group, one in several in each of them.")
	}
	if n := len(r.snaps) - countSnapped(r.snaps); n > 0 {
		notes = append(notes, fmt.Sprintf("Cities too far from any road, or without a position, whose pairs count as not within: %d.", n))
	}
	return r.explain(r.shared, r.in.parameters(&r.journey), notes, r.structureNotes(), r.target.notes(), r.scenario.facilityNote())
}
