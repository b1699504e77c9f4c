package network

import "context"

type progressKey struct{}

// WithProgress has a matrix tell how many of its searches are done; tell is
// called from several goroutines.
func WithProgress(ctx context.Context, tell func(done, total int)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// searched tells of a search that is done, where somebody wants to know.
func searched(ctx context.Context, done, total int) {
	if tell, ok := ctx.Value(progressKey{}).(func(done, total int)); ok {
		tell(done, total)
	}
}
