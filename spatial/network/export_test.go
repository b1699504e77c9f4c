package network

import "context"

// The plain ways and the fast ones, each by itself, for tests that compare
// them.

func (r *Router) SearchEverywhere(ctx context.Context, sources []Snap, reverse bool) ([]Weight, error) {
	return r.searchEverywhere(ctx, sources, reverse)
}

func (r *Router) PlainMatrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	return r.plainMatrix(ctx, sources, targets, limit)
}

func (r *Router) HierarchyMatrix(ctx context.Context, sources, targets []Snap, limit Weight) (*Matrix, error) {
	return r.hierarchyMatrix(ctx, sources, targets, limit)
}
