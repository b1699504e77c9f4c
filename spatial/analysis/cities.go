package analysis

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// citiesProcess tells which share of the trips between cities is within a
// time.
type citiesProcess struct{ *shared }

// Run reads the inputs, groups the cities and searches all pairs.
func (p *citiesProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := citiesRun{shared: p.shared}
	if err := run.read(ctx, members, in); err != nil {
		return Result{}, err
	}
	if err := run.check(ctx); err != nil {
		return Result{}, err
	}
	var err error
	if run.router, err = p.router(ctx, &run.journey); err != nil {
		return Result{}, err
	}
	if err := run.snap(); err != nil {
		return Result{}, err
	}
	if err := run.search(ctx); err != nil {
		return Result{}, err
	}
	report(ctx, 0.9, "pairs searched")
	if err := run.radiate(ctx); err != nil {
		return Result{}, err
	}
	return run.result(), nil
}

// citiesRun is one run: what was asked, what was read, what was found.
type citiesRun struct {
	*shared
	journey
	in     citiesInputs
	band   coverage.Band
	cities spatial.FeatureSet
	centre spot          // where one was asked for
	target *chosenTarget // nil for none
	kind   string
	groups []cityGroup

	router     *network.Router
	snaps      []network.Snap // of cities
	centreSnap network.Snap
	pairs      []cityPair // by from, then to, within a group

	structure structure
	radiation []radiationShown // by kind, then place
}

// read reads the inputs and finds what they name.
func (r *citiesRun) read(ctx context.Context, members map[string]json.RawMessage, in Inputs) error {
	var faults []error
	r.in, r.journey = readCityReach(members, &faults)
	faults = append(faults, r.lookUp(ctx, in, r.shared)...)
	if err := spatial.JoinFaults(faults...); err != nil {
		return err
	}
	r.band = coverage.NewBand(r.in.factors, r.in.minutes)
	if r.in.target != "" {
		target, datasets, err := readTarget(ctx, in, r.in.target, r.today(), judgesTimes("city-reach", clustersTarget))
		if err != nil {
			return err
		}
		r.cite(datasets)
		r.target = target
	}
	var points []orb.Point
	if r.in.centre != nil {
		found, datasets, err := findPlaces(ctx, in, r.today(), []place{*r.in.centre})
		if err != nil {
			return err
		}
		r.cite(datasets)
		r.centre, points = found[0], []orb.Point{found[0].Point}
	}
	var err error
	r.cities, err = readPointsOf(ctx, in, r.in.cities, r.today(), false, "name_zh", "name_en", "adcode", "province_adcode", "resident_population")
	if err != nil {
		return fmt.Errorf("reading cities: %w", err)
	}
	r.cite(r.cities.Datasets)
	if err := r.readStructure(ctx, in); err != nil {
		return err
	}
	if err := r.groupCities(ctx, in); err != nil {
		return err
	}
	return r.choose(ctx, in, append(points, pointsOf(r.cities.Features)...))
}

// check refuses what costs too much.
func (r *citiesRun) check(ctx context.Context) error {
	n, vertices := len(r.cities.Features), r.network.Graph.NumVertices()
	searches, pairs, specials := n, n*n, len(r.structure.specials)
	if r.in.pairs == toCentre {
		searches, pairs = max(1, len(r.groups)), n*max(1, len(r.groups))
	}
	searches++ // for the special places
	return r.afford(ctx, matrixCost(r.network.Graph, searches, n+specials)+pairCost*pairs,
		fmt.Sprintf("%d searches x %d road vertices, %d for each of %d cities and special places, %d for each of %d pairs", searches, vertices, pointCost, n+specials, pairCost, pairs))
}

// snap ties cities and centre to the road.
func (r *citiesRun) snap() error {
	spots := make([]spot, len(r.cities.Features))
	for i, f := range r.cities.Features {
		spots[i] = spotOf(f)
	}
	r.snaps = snapSpots(r.router, spots)
	if r.in.centre == nil {
		return nil
	}
	r.centreSnap = r.router.Snap(r.centre.Point)
	return mustSnap(r.router, r.centreSnap, r.centre.Point, r.in.centre.at)
}
