package analysis

import (
	"context"
	"encoding/json"
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
)

// coverageProcess tells which demand points reach a facility within a time.
type coverageProcess struct{ *shared }

// Run reads the inputs, then the features, then searches once.
func (c *coverageProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := coverageRun{shared: c.shared}
	if err := run.prepare(ctx, members, in); err != nil {
		return Result{}, err
	}
	if err := run.read(ctx, in); err != nil {
		return Result{}, err
	}
	cost := coverageCost(run.network.Graph, len(run.demand.Features)+len(run.facilities.Features))
	if err := c.afford(ctx, cost, fmt.Sprintf("one a road vertex, %d a point", pointCost)); err != nil {
		return Result{}, err
	}
	router, err := c.router(ctx, &run.journey)
	if err != nil {
		return Result{}, err
	}
	if run.found, err = coverage.Compute(ctx, run.request(), router); err != nil {
		return Result{}, err
	}
	report(ctx, 0.9, "points judged")
	return run.result(), nil
}

// coverageRun is one run: what was asked, what was read, what was found.
type coverageRun struct {
	*shared
	journey
	in                 coverageInputs
	target             *chosenTarget // nil for none
	demand, facilities spatial.FeatureSet
	provinces          map[string]spatial.Feature // by code
	found              coverage.Result
	edited             []string // notes of what the scenario did to facilities
}

// prepare reads the inputs and looks up what they name; every fault is
// reported, those of names included.
func (r *coverageRun) prepare(ctx context.Context, members map[string]json.RawMessage, in Inputs) error {
	var faults []error
	r.in, r.journey = readCoverage(members, r.today(), &faults)
	if r.in.target != "" {
		target, datasets, err := readTarget(ctx, in, r.in.target, r.in.asOf, judgesShares)
		faults = append(faults, err)
		r.target = target
		r.cite(datasets)
	}
	faults = append(faults, r.lookUp(ctx, in, r.shared)...)
	return spatial.JoinFaults(faults...)
}

// read fetches the features, the names of provinces and the network.
func (r *coverageRun) read(ctx context.Context, in Inputs) (err error) {
	if r.demand, err = readPointsOf(ctx, in, r.in.demand, r.in.asOf, false, "name_zh", "name_en", "adcode", "province_adcode", r.in.weight); err != nil {
		return fmt.Errorf("reading demand: %w", err)
	}
	if r.facilities, err = readPointsOf(ctx, in, r.in.facilities, r.in.asOf, true, "name_zh", "name_en", "opened"); err != nil {
		return fmt.Errorf("reading facilities: %w", err)
	}
	r.facilities.Features, r.edited, err = r.scenario.onFacilities(ctx, in, r.in.facilities, r.in.asOf, r.facilities.Features)
	if err != nil {
		return err
	}
	provinces, err := readProvinces(ctx, in, r.in.asOf)
	if err != nil {
		return fmt.Errorf("reading provinces: %w", err)
	}
	r.provinces = byAdcode(provinces.Features)
	r.cite(r.demand.Datasets)
	r.cite(r.facilities.Datasets)
	r.cite(provinces.Datasets)
	return r.choose(ctx, in, pointsOf(r.demand.Features, r.facilities.Features))
}

// request puts what was read into the terms of coverage.
func (r *coverageRun) request() coverage.Request {
	q := coverage.Request{Minutes: r.in.minutes, Direction: r.in.direction, Factors: r.in.factors,
		Demand: make([]coverage.Demand, len(r.demand.Features)), Facilities: make([]coverage.Facility, len(r.facilities.Features))}
	for i, f := range r.demand.Features {
		q.Demand[i] = coverage.Demand{ID: f.ID, Province: provinceOf(f), Point: pointOf(f)}
		if v, ok := asFloat(f.Properties[r.in.weight]); ok && r.in.weight != "" {
			q.Demand[i].Weight = &v
		}
	}
	for i, f := range r.facilities.Features {
		q.Facilities[i] = coverage.Facility{ID: f.ID, Point: pointOf(f)}
	}
	return q
}
