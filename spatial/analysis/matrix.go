package analysis

import (
	"context"
	"encoding/json"
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// matrixProcess gives the travel times between all of two lists of points.
type matrixProcess struct{ *shared }

// Run reads the inputs, finds the points and asks the router for all pairs.
func (p *matrixProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := matrixRun{shared: p.shared}
	if err := run.read(ctx, members, in); err != nil {
		return Result{}, err
	}
	n, m := len(run.origins), len(run.destinations)
	cost := matrixCost(run.network.Graph, n, m) + timeCost*n*m
	says := fmt.Sprintf("%d origins x %d road vertices, %d a point, %d for each of %d x %d times", n, run.network.Graph.NumVertices(), pointCost, timeCost, n, m)
	if err := p.afford(ctx, cost, says); err != nil {
		return Result{}, err
	}
	router, err := p.router(ctx, &run.journey)
	if err != nil {
		return Result{}, err
	}
	run.router, run.from, run.to = router, snapSpots(router, run.origins), snapSpots(router, run.destinations)
	if run.times, err = router.Matrix(withSearches(ctx), run.from, run.to, network.NoLimit); err != nil {
		return Result{}, err
	}
	report(ctx, 0.9, "times found")
	return run.result(), nil
}

// matrixRun is one run: what was asked, what was read, what was found.
type matrixRun struct {
	*shared
	journey
	in                    matrixInputs
	origins, destinations []spot
	router                *network.Router
	from, to              []network.Snap
	times                 *network.Matrix
}

// read reads the inputs and finds what they name.
func (r *matrixRun) read(ctx context.Context, members map[string]json.RawMessage, in Inputs) error {
	var faults []error
	r.in, r.journey = readMatrix(members, &faults)
	faults = append(faults, r.lookUp(ctx, in, r.shared)...)
	if err := spatial.JoinFaults(faults...); err != nil {
		return err
	}
	var errs [2]error
	for i, end := range []struct {
		asked endpoints
		found *[]spot
	}{{r.in.origins, &r.origins}, {r.in.destinations, &r.destinations}} {
		var datasets []spatial.DatasetVersion
		*end.found, datasets, errs[i] = end.asked.find(ctx, in, r.today())
		r.cite(datasets)
	}
	if err := spatial.JoinFaults(errs[:]...); err != nil {
		return err
	}
	return r.choose(ctx, in, spotPoints(r.origins, r.destinations))
}
