package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// coverageProcess tells which demand points reach a facility within a time.
type coverageProcess struct {
	engine  string
	now     func() time.Time
	budget  int // of one run, in the units of coverageCost
	routers *routers
}

func newCoverage(engine string, now func() time.Time) *coverageProcess {
	return &coverageProcess{engine: engine, now: now, budget: syncBudget, routers: &routers{}}
}

// chinaTime is UTC+8, in which civil dates are given; China has no summer time.
var chinaTime = time.FixedZone("UTC+8", 8*60*60)

// today is the civil date now, as midnight UTC.
func (c *coverageProcess) today() time.Time {
	y, m, d := c.now().In(chinaTime).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Run reads the inputs, then the features, then searches once.
func (c *coverageProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := coverageRun{provenance: spatial.Provenance{Engine: c.engine}}
	if err := run.prepare(ctx, members, c.today(), in); err != nil {
		return Result{}, err
	}
	if err := run.read(ctx, in); err != nil {
		return Result{}, err
	}
	cost := coverageCost(run.network.Graph, len(run.demand.Features)+len(run.facilities.Features))
	if cost > c.budget {
		return Result{}, spatial.Errorf(spatial.NeedsAsync,
			"This run would cost %d units (one a road vertex, %d a point); %d is the most that is run while the caller waits.", cost, pointCost, c.budget)
	}
	router, err := c.routers.get(run.network, run.in.profile)
	if err != nil {
		return Result{}, err
	}
	if run.found, err = coverage.Compute(ctx, run.request(), router); err != nil {
		return Result{}, err
	}
	run.provenance.ComputedAt = c.now().UTC()
	return run.result(), nil
}

// coverageRun is one run: what was asked, what was read, what was found.
type coverageRun struct {
	in                 coverageInputs
	target             *chosenTarget // nil for none
	network            *network.Network
	demand, facilities spatial.FeatureSet
	provinces          map[string]spatial.Feature // by code
	found              coverage.Result
	provenance         spatial.Provenance
}

// prepare reads the inputs and looks up what they name; every fault is
// reported, those of names included.
func (r *coverageRun) prepare(ctx context.Context, members map[string]json.RawMessage, today time.Time, in Inputs) error {
	var faults []error
	r.in = readCoverage(members, today, &faults)
	if r.in.target != "" {
		target, datasets, err := readTarget(ctx, in, r.in.target, r.in.asOf)
		faults = append(faults, err)
		r.target = target
		r.cite(datasets)
	}
	if r.in.network != "" {
		n, err := namedNetwork(ctx, in, r.in.network)
		faults = append(faults, err)
		r.network = n
	}
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
	provinces, err := readProvinces(ctx, in, r.in.asOf)
	if err != nil {
		return fmt.Errorf("reading provinces: %w", err)
	}
	r.provinces = map[string]spatial.Feature{}
	for _, f := range provinces.Features {
		if code, ok := f.Properties["adcode"].(string); ok {
			r.provinces[code] = f
		}
	}
	r.cite(r.demand.Datasets)
	r.cite(r.facilities.Datasets)
	r.cite(provinces.Datasets)
	r.network, r.provenance.NetworkChoice, err = chooseNetwork(ctx, in, r.network, r.demand, r.facilities)
	if err != nil {
		return fmt.Errorf("choosing a road network: %w", err)
	}
	r.cite([]spatial.DatasetVersion{r.network.Dataset})
	return nil
}

func (r *coverageRun) cite(datasets []spatial.DatasetVersion) {
	r.provenance.Datasets = append(r.provenance.Datasets, datasets...)
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
