package analysis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// allowance is what a context allows a run, besides computing while its caller
// waits.
type allowance struct {
	tell   func(done float64, what string)
	budget int  // 0: the synchronous one
	probe  bool // stop where the work would begin
}

type allowanceKey struct{}

func allowed(ctx context.Context) allowance {
	a, _ := ctx.Value(allowanceKey{}).(allowance)
	return a
}

// InBackground lets a run cost what a job may, for callers with the planner role
// or a higher one; for all others the synchronous budget stays. tell is told how
// far the run is: a fraction, and what it does. It may be called from several
// goroutines.
func InBackground(ctx context.Context, tell func(done float64, what string)) context.Context {
	a := allowance{tell: tell}
	if spatial.CallerOf(ctx).Role.AtLeast(spatial.Planner) {
		a.budget = jobBudget
	}
	return context.WithValue(ctx, allowanceKey{}, a)
}

// errProbed ends a run that was only to be checked.
var errProbed = errors.New("the run may begin")

// Check reads the inputs of a run and what they name, and says what Run would
// refuse before its work begins: bad inputs, and a cost over the synchronous
// budget (NeedsAsync) or over that of jobs (Unprocessable). A process without a
// cost is run.
func Check(ctx context.Context, p Process, inputs map[string]json.RawMessage, in Inputs) error {
	_, err := p.Run(context.WithValue(ctx, allowanceKey{}, allowance{probe: true}), inputs, in)
	if errors.Is(err, errProbed) {
		return nil
	}
	return err
}

// withSearches has the searches of a matrix reported, from 0.2 to 0.9 of a run.
func withSearches(ctx context.Context) context.Context {
	if allowed(ctx).tell == nil {
		return ctx
	}
	return network.WithProgress(ctx, func(done, total int) {
		report(ctx, 0.2+0.7*float64(done)/float64(total), fmt.Sprintf("%d of %d searches", done, total))
	})
}

// report tells how far a run is, where somebody wants to know.
func report(ctx context.Context, done float64, what string) {
	if tell := allowed(ctx).tell; tell != nil {
		tell(done, what)
	}
}

// part makes what is reported under a context one of several equal parts of
// what is left of a run once its inputs are read, from 0.2 on.
func part(ctx context.Context, i, of int) context.Context {
	a := allowed(ctx)
	if a.tell == nil || of < 2 {
		return ctx
	}
	whole := a.tell
	a.tell = func(done float64, what string) { whole(0.2+0.8*(float64(i)+done)/float64(of), what) }
	return context.WithValue(ctx, allowanceKey{}, a)
}
