package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

// circleProcess draws what is reached from a centre, or reaches it, within
// some limits.
type circleProcess struct{ *shared }

// Run reads the inputs and the places, searches once as far as the largest
// limit, and draws each limit.
func (p *circleProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := circleRun{shared: p.shared}
	if err := run.prepare(ctx, members, in); err != nil {
		return Result{}, err
	}
	if err := run.read(ctx, in); err != nil {
		return Result{}, err
	}
	vertices, limits := run.network.Graph.NumVertices(), len(run.in.minutes)
	cost := vertices*(1+drawCost*limits) + pointCost*len(run.places)
	if err := p.afford(ctx, cost, fmt.Sprintf("%d road vertices x (1 + %d for each of %d limits), %d a place", vertices, drawCost, limits, pointCost)); err != nil {
		return Result{}, err
	}
	var err error
	if run.router, err = p.router(ctx, &run.journey); err != nil {
		return Result{}, err
	}
	run.snap = run.router.Snap(run.centre.Point)
	if err := mustSnap(run.router, run.snap, run.centre.Point, run.in.centre.at); err != nil {
		return Result{}, err
	}
	if err := run.search(ctx); err != nil {
		return Result{}, err
	}
	run.settle()
	return run.result(), nil
}

// circleRun is one run: what was asked, what was read, what was found.
type circleRun struct {
	*shared
	journey
	in         circleInputs
	centre     spot
	places     []townPlace     // near the network
	positioned map[string]bool // codes of the seats whose position is known
	divisions  []spatial.Feature

	router  *network.Router
	snap    network.Snap
	circles []circle
	people  census
	members []member
}

// circle is what one limit reaches.
type circle struct {
	limit  network.Weight
	area   reach.Area
	meters spatial.Meters // of roads
}

// prepare reads the inputs and looks up what they name.
func (r *circleRun) prepare(ctx context.Context, members map[string]json.RawMessage, in Inputs) error {
	var faults []error
	r.in, r.journey = readCircle(members, &faults)
	faults = append(faults, r.lookUp(ctx, in, r.shared)...)
	if err := spatial.JoinFaults(faults...); err != nil {
		return err
	}
	found, datasets, err := findPlaces(ctx, in, r.today(), []place{r.in.centre})
	if err != nil {
		return err
	}
	r.cite(datasets)
	r.centre = found[0]
	return r.choose(ctx, in, []orb.Point{r.centre.Point})
}

// search goes as far as the largest limit and takes from that what each limit
// reaches: places, stretches of road, and the area around those.
func (r *circleRun) search(ctx context.Context) error {
	for _, m := range r.in.minutes {
		r.circles = append(r.circles, circle{limit: network.Weight(math.Round(m * 60_000))})
	}
	largest := r.circles[len(r.circles)-1].limit
	field, err := r.router.Reach(ctx, []network.Snap{r.snap}, r.in.direction == coverage.To, largest)
	if err != nil {
		return err
	}
	defer field.Close()
	report(ctx, 0.4, "roads reached")
	r.timePlaces(field)
	if r.indicative() {
		return nil // its roads are models: there is nothing to draw
	}
	return r.draw(ctx, field)
}
