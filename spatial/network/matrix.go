package network

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"quanyu/spatial/network/hierarchy"
)

// Matrix is the time between every source and every target, access legs
// included.
type Matrix struct {
	Sources, Targets int
	weights          []Weight // by source, then target; Never where state is not Reached
	states           []byte   // likewise, index in reachStates
}

var reachStates = [...]ReachState{Reached, Beyond, Unreachable, Unsnapped}

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
// same on one processor and on many, by searches and by the hierarchy: which of
// these is taken is a matter of cost alone.
func (r *Router) Matrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	worth, err := r.worthHierarchy(ctx, sources, targets, limit)
	if err != nil {
		return nil, err
	}
	if worth {
		return r.hierarchyMatrix(ctx, sources, targets, limit)
	}
	return r.plainMatrix(ctx, sources, targets, limit)
}

// Costs of the two ways in the time that a search takes to settle a vertex, as
// scripts/bench-network measures them: customizing costs a few a vertex of the graph, once; a
// row or a column of the table some thousands.
const (
	customizeCost = 8
	tableRowCost  = 4000
)

// probes is how many sources are searched from to see what a search settles.
const probes = 3

// worthHierarchy compares the ways. What a search settles without a limit is
// the source's component, near enough; within a limit it is measured on a few
// sources, one of which may well lie on an island.
func (r *Router) worthHierarchy(ctx context.Context, sources, targets []Snap, limit Weight) (bool, error) {
	vertices := r.graph.NumVertices()
	if len(r.graph.ranks) == 0 || len(sources) == 0 || len(sources) < customizeCost && !r.hierarchyReady() {
		return false, nil
	}
	settled, err := r.settled(ctx, sources, limit)
	if err != nil {
		return false, err
	}
	cost := tableRowCost * (len(sources) + len(targets))
	if !r.hierarchyReady() {
		cost += customizeCost * vertices
	}
	return settled > cost, nil
}

// settled estimates how many vertices searches from all sources settle.
func (r *Router) settled(ctx context.Context, sources []Snap, limit Weight) (int, error) {
	sum := 0
	if limit == NoLimit {
		for _, s := range sources {
			sum += int(s.Component)
		}
		return sum, nil
	}
	for i := range probes {
		f, err := r.Reach(ctx, sources[i*len(sources)/probes:][:1], false, limit)
		if err != nil {
			return 0, err
		}
		sum += f.Size()
		f.Close()
	}
	return sum * len(sources) / probes, nil
}

// hierarchyMatrix fills the matrix from one table of the hierarchy; ways along
// one road, which need no vertex, are added to it.
func (r *Router) hierarchyMatrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	h, err := r.Hierarchy(ctx)
	if err != nil {
		return nil, err
	}
	from, to := make([][]hierarchy.Seed, len(sources)), make([][]hierarchy.Seed, len(targets))
	for i, s := range sources {
		from[i] = r.seeds(s, false)
	}
	for j, t := range targets {
		to[j] = r.seeds(t, true)
	}
	table, err := h.Table(ctx, from, to)
	if err != nil {
		return nil, err
	}
	m := newMatrix(len(sources), len(targets))
	byEdge := sourcesByEdge(targets)
	err = inParallel(ctx, len(sources), func(_ context.Context, i int) error {
		row := asWeights(table[i*len(targets) : (i+1)*len(targets)])
		if s := sources[i]; s.State == Snapped && !s.AtVertex {
			for _, j := range byEdge[s.Edge] {
				w, _ := r.alongEdge(s, targets[j], false)
				row[j] = min(row[j], w.plus(s.Access).plus(targets[j].Access))
			}
		}
		r.setRow(m, i, sources[i:i+1], targets, row, limit)
		return nil
	})
	return m, err
}

// setRow enters the times from one source, and why those are missing that are.
func (r *Router) setRow(m *Matrix, i int, source, targets []Snap, row []Weight, limit Weight) {
	connected := r.connected(source, sourcesByEdge(source), false)
	for j, t := range targets {
		switch w := row[j]; {
		case source[0].State != Snapped || t.State != Snapped:
			m.set(i, j, Never, Unsnapped)
		case w != Never && w <= limit:
			m.set(i, j, w, Reached)
		case w != Never || connected(t):
			m.set(i, j, Never, Beyond)
		default:
			m.set(i, j, Never, Unreachable)
		}
	}
}

// plainMatrix makes one search a source.
func (r *Router) plainMatrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	m := newMatrix(len(sources), len(targets))
	var done atomic.Int64
	err := inParallel(ctx, len(sources), func(ctx context.Context, i int) error {
		defer func() { searched(ctx, int(done.Add(1)), len(sources)) }()
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
	m.states[at] = byte(slices.Index(reachStates[:], state))
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
