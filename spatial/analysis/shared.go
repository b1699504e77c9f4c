package analysis

import (
	"context"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// shared is what all processes have in common: who computes, when, at what
// cost at most, and the routers, which several processes search.
type shared struct {
	engine  string
	now     func() time.Time
	budget  int // of one run, in the units of cost.go
	drawn   int // the most vertices that one run may draw
	routers *routers
}

func newShared(engine string, now func() time.Time) *shared {
	return &shared{engine: engine, now: now, budget: syncBudget, drawn: maxDrawn, routers: &routers{}}
}

// chinaTime is UTC+8, in which civil dates are given; China has no summer time.
var chinaTime = time.FixedZone("UTC+8", 8*60*60)

// today is the civil date now, as midnight UTC.
func (s *shared) today() time.Time {
	y, m, d := s.now().In(chinaTime).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// afford refuses a run that would cost more than the budget: what is run while
// the caller waits, or in the background what a job may cost. says tells what
// makes up the cost. It stands before the work of a process begins.
func (s *shared) afford(ctx context.Context, cost int, says string) error {
	a := allowed(ctx)
	switch {
	case cost > jobBudget:
		return spatial.Errorf(spatial.Unprocessable, "This run would cost %d units (%s); %d is the most that a run may cost.", cost, says, jobBudget)
	case cost > max(s.budget, a.budget):
		return spatial.Errorf(spatial.NeedsAsync,
			"This run would cost %d units (%s); %d is the most that is run while the caller waits. As a job (Prefer: respond-async) it takes the planner role.", cost, says, s.budget)
	case a.probe:
		return errProbed
	}
	report(ctx, 0.1, "inputs read")
	return nil
}

// mayDraw refuses areas of more vertices than a client should be sent.
func (s *shared) mayDraw(vertices int) error {
	if vertices <= s.drawn {
		return nil
	}
	return spatial.Errorf(spatial.Unprocessable,
		"The areas asked for have more than %d vertices together; ask for a larger detail_m, or for fewer or lower limits.", s.drawn)
}

// router gives the router of a journey, its scenario applied.
func (s *shared) router(ctx context.Context, j *journey) (*network.Router, error) {
	base, err := s.routers.get(ctx, j.network, j.profile)
	report(ctx, 0.2, "network ready")
	if err != nil || len(j.scenario.roads) == 0 {
		return base, err
	}
	return s.routers.edited(ctx, base, j.scenario)
}
