package network

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Matrix is the time between every source and every target, access legs
// included.
type Matrix struct {
	Sources, Targets int
	weights          []Weight // by source, then target; Never where state is not Reached
	states           []byte   // likewise, index in reachStates
}

var reachStates = [...]ReachState{Reached, Beyond, Unreachable, Unsnapped}

const (
	isReached = iota
	isBeyond
	isUnreachable
	isUnsnapped
)

func newMatrix(sources, targets int) *Matrix {
	return &Matrix{Sources: sources, Targets: targets,
		weights: make([]Weight, sources*targets), states: make([]byte, sources*targets)}
}

// At is the time from source i to target j; Never in any state but Reached.
func (m *Matrix) At(i, j int) (Weight, ReachState) {
	at := i*m.Targets + j
	return m.weights[at], reachStates[m.states[at]]
}

// Matrix gives the times of all pairs within a limit. It is exact, and the
// same on one processor and on many.
func (r *Router) Matrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	return r.plainMatrix(ctx, sources, targets, limit)
}

// plainMatrix makes one search a source.
func (r *Router) plainMatrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	m := newMatrix(len(sources), len(targets))
	err := inParallel(ctx, len(sources), func(ctx context.Context, i int) error {
		if sources[i].State != Snapped {
			for j := range targets {
				m.set(i, j, Never, Unsnapped)
			}
			return nil
		}
		s := r.borrow()
		defer r.giveBack(s)
		f := Field{router: r, scratch: s, sources: sources[i : i+1], limit: limit}
		f.start()
		if err := r.searchFor(ctx, s, targets, false, false, limit); err != nil {
			return err
		}
		f.Each(targets, func(j int, w Weight, state ReachState) { m.set(i, j, w, state) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Matrix) set(i, j int, w Weight, state ReachState) {
	at := i*m.Targets + j
	m.weights[at] = w
	for k, s := range reachStates {
		if s == state {
			m.states[at] = byte(k)
		}
	}
}

// inParallel does n pieces of work on all processors; the first error ends it.
func inParallel(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := do(ctx, int(i)); err != nil {
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}
