package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/settlement"
)

// typesProcess tells the type of county seats and of towns, with every figure
// that the type rests on.
type typesProcess struct{ *shared }

// Run reads the divisions, then searches once from the large cities.
func (p *typesProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := typesRun{shared: p.shared}
	if err := run.read(ctx, members, in); err != nil {
		return Result{}, err
	}
	large := 0 // counties that are large cities themselves, each with a search of its own
	for _, t := range run.places {
		if run.isLarge[t.code] {
			large++
		}
	}
	points, vertices := len(run.places)+len(run.large), run.network.Graph.NumVertices()
	says := fmt.Sprintf("%d searches x %d road vertices, %d for each of %d points", 1+large, vertices, pointCost, points)
	if err := p.afford(ctx, (1+large)*vertices+pointCost*points, says); err != nil {
		return Result{}, err
	}
	var err error
	if run.router, err = p.router(ctx, &run.journey); err != nil {
		return Result{}, err
	}
	if err := run.search(ctx); err != nil {
		return Result{}, err
	}
	report(ctx, 0.9, "large cities searched")
	return run.result(), nil
}

// typesRun is one run: what was asked, what was read, what was found.
type typesRun struct {
	*shared
	journey
	in      typesInputs
	places  []typedPlace
	large   []spatial.Feature // large cities
	isLarge map[string]bool   // their codes
	lists   lists

	router *network.Router
}

// typedPlace is a county seat or a town.
type typedPlace struct {
	division spatial.Feature
	seat     *spatial.Feature // nil where none is loaded
	code     string
	town     bool
	series   []observed // of its residents
	city     *spatial.Feature
	minutes  *float64 // to that; +Inf where no way leads to any
	state    string   // of the search
}

// The states of the search for a large city.
const (
	typeFound    = "reached"
	typeNoWay    = string(network.Unreachable)
	typeOffRoad  = string(network.Unsnapped)
	typeNoSeat   = "position-unknown"
	typeNoCities = "no-large-cities"
)

// search finds the nearest large city of every place. A place that is one
// itself looks for another.
func (r *typesRun) search(ctx context.Context) error {
	spots := make([]spot, len(r.places))
	for i, t := range r.places {
		if t.seat != nil {
			spots[i] = spotOf(*t.seat)
		}
	}
	snaps := snapSpots(r.router, spots)
	cities := make([]spot, len(r.large))
	for i, f := range r.large {
		cities[i] = spotOf(f)
	}
	sources := snapSpots(r.router, cities)
	reaches, err := r.router.Nearest(ctx, sources, snaps, true, network.NoLimit)
	if err != nil {
		return err
	}
	report(ctx, 0.5, "large cities searched")
	for i := range r.places {
		t, reach := &r.places[i], reaches[i]
		if r.isLarge[t.code] {
			if reach, err = r.another(ctx, sources, snaps[i], t.code); err != nil {
				return err
			}
		}
		r.settleCity(t, reach, spots[i].Placed)
	}
	return nil
}

// another is the way to the nearest large city other than one.
func (r *typesRun) another(ctx context.Context, sources []network.Snap, from network.Snap, code string) (network.Reach, error) {
	others := make([]network.Snap, len(sources))
	for i, f := range r.large {
		if others[i].State = network.NotSnapped; f.Properties["adcode"] != code {
			others[i] = sources[i]
		}
	}
	reaches, err := r.router.Nearest(ctx, others, []network.Snap{from}, true, network.NoLimit)
	if err != nil {
		return network.Reach{}, err
	}
	return reaches[0], nil
}

// settleCity fills in the nearest large city of a place. Only where a search
// was made and found no way is a city infinitely far: an unknown position is
// not.
func (r *typesRun) settleCity(t *typedPlace, reach network.Reach, placed bool) {
	minutes := math.Inf(1)
	switch {
	case !placed:
		t.state = typeNoSeat
		return
	case len(r.large) == 0:
		t.state = typeNoCities
		return
	case reach.State == network.Unsnapped:
		t.state = typeOffRoad
		return
	case reach.State == network.Reached:
		t.state, t.city, minutes = typeFound, &r.large[reach.Source], minutesOf(reach.Weight)
	default:
		t.state = typeNoWay
	}
	t.minutes = &minutes
}

// change is how a place's residents changed between its latest count and the
// latest one at least so many years before; nil where there are no two such.
func (t typedPlace) change(years int) (share *float64, from, to int) {
	var last, first *observed
	for i, o := range t.series {
		if last == nil || o.year > last.year {
			last = &t.series[i]
		}
	}
	for i, o := range t.series {
		if last.year-o.year >= years && (first == nil || o.year > first.year) {
			first = &t.series[i]
		}
	}
	if first == nil || first.value <= 0 {
		return nil, 0, 0
	}
	// Not last/first - 1, which makes a tenth fewer a little less than a tenth.
	v := (last.value - first.value) / first.value
	return &v, first.year, last.year
}

// countyVerdict and townVerdict apply the rules to a place.
func (r *typesRun) countyVerdict(t typedPlace) settlement.Verdict[settlement.CountyType] {
	change, _, _ := t.change(r.in.years)
	return settlement.CountyRule{Loss: -r.in.loss, Minutes: r.in.minutes}.TypeOf(settlement.CountySigns{
		PopulationChange: change, MinutesToCity: t.minutes, MainFunction: settlement.MainFunction(r.lists.functions.of(t.code)),
		Specialised: r.lists.counties.has(t.code), Official: settlement.CountyType(r.lists.countyTypes.of(t.code))})
}

func (r *typesRun) townVerdict(t typedPlace) settlement.Verdict[settlement.TownType] {
	return settlement.TownRule{Minutes: r.in.minutes}.TypeOf(settlement.TownSigns{
		MinutesToCity: t.minutes, Specialised: r.lists.towns.has(t.code), Official: settlement.TownType(r.lists.townTypes.of(t.code))})
}
