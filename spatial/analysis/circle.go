package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

// circleProcess draws what is reached from a centre, or reaches it, within
// some limits; or from the centres of metropolitan areas, one circle each.
type circleProcess struct{ *shared }

// Run reads the inputs and the places. For each centre it then searches once as
// far as the largest limit, draws each limit, and holds the members that it
// finds against those that a plan names.
func (p *circleProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := circleRun{shared: p.shared}
	if err := run.prepare(ctx, members, in); err != nil {
		return Result{}, err
	}
	if err := run.read(ctx, in); err != nil {
		return Result{}, err
	}
	if err := run.check(ctx); err != nil {
		return Result{}, err
	}
	var err error
	if run.router, err = p.router(ctx, &run.journey); err != nil {
		return Result{}, err
	}
	run.at = run.router.SnapAll(len(run.places), func(i int) *orb.Point { return &run.places[i].at })
	runs, drawn := run.each(), 0
	for i, one := range runs {
		if err := one.compute(part(ctx, i, len(runs))); err != nil {
			return Result{}, err
		}
		if drawn += one.vertices; len(runs) > 1 {
			if err := p.mayDraw(drawn); err != nil {
				return Result{}, err
			}
		}
	}
	return run.result(runs), nil
}

// circleRun is one run: what was asked, what was read, what was found. A run
// for metropolitan areas has a run of its own for each, which shares what was
// read.
type circleRun struct {
	*shared
	journey
	in         circleInputs
	centre     spot
	area       *metroArea      // whose circle this is, nil for a centre that was asked for
	areas      []metroArea     // to compare with
	target     *chosenTarget   // nil for none
	places     []townPlace     // near the network
	positioned map[string]bool // codes of the seats whose position is known
	divisions  []spatial.Feature

	router   *network.Router
	at       []network.Snap // of places, the same for every centre
	snap     network.Snap
	circles  []circle
	vertices int // of the areas drawn
	people   census
	order    []*member // every division of the level of membership
	members  []member
	far      map[*townPlace]network.Weight // of seats, without limit
	rows     []areaShown
	longest  longest // of the members that the plans give the areas, wider extents alone
	swing    []swingShown
}

// check refuses what costs too much.
func (r *circleRun) check(ctx context.Context) error {
	vertices, limits, circles := r.network.Graph.NumVertices(), len(r.in.minutes), 1
	if r.in.areas != nil {
		circles = len(r.areas)
	}
	cost := circles * (vertices*(2+drawCost*limits) + pointCost*len(r.places))
	return r.afford(ctx, cost, fmt.Sprintf("%d circles x (%d road vertices x (2 + %d for each of %d limits), %d a place)", circles, vertices, drawCost, limits, pointCost))
}

// each gives the runs of the centres: itself, or one for each area. The places
// are copied, since each run writes its times to them.
func (r *circleRun) each() []*circleRun {
	if r.in.areas == nil {
		return []*circleRun{r}
	}
	runs := make([]*circleRun, len(r.areas))
	for i := range r.areas {
		one := *r
		one.area, one.areas = &r.areas[i], r.areas[i:i+1]
		one.centre, one.places = one.area.centre, slices.Clone(r.places)
		runs[i] = &one
	}
	return runs
}

// compute finds the circles of one centre. The centre of an area that is not on
// the road has none, and its row says so; one that was asked for is refused.
func (r *circleRun) compute(ctx context.Context) error {
	if r.snap.State = network.NotSnapped; r.centre.Placed {
		r.snap = r.router.Snap(r.centre.Point)
	}
	if r.area != nil && r.snap.State != network.Snapped {
		r.rows = []areaShown{r.area.without(r)}
		return nil
	}
	if err := mustSnap(r.router, r.snap, r.centre.Point, r.in.centre.at); err != nil {
		return err
	}
	if err := r.search(ctx); err != nil {
		return err
	}
	r.settle()
	return r.compare(ctx)
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
	if r.in.target != "" {
		target, datasets, err := readTarget(ctx, in, r.in.target, r.today(), judgesTimes("commute-circle"))
		if err != nil {
			return err
		}
		r.cite(datasets)
		r.target = target
	}
	if r.in.areas != nil {
		return r.prepareAreas(ctx, in)
	}
	found, datasets, err := findPlaces(ctx, in, r.today(), []place{r.in.centre})
	if err != nil {
		return err
	}
	r.cite(datasets)
	r.centre = found[0]
	if err := r.areasOfCentre(ctx, in); err != nil {
		return err
	}
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
