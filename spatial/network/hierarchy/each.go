package hierarchy

import (
	"context"
	"sync"
	"sync/atomic"
)

// scratch is how a goroutine gets memory to work in, and gives it back.
type scratch[T any] struct {
	take func() T
	give func(T)
}

// each calls do for 0 to n-1, on several goroutines with scratch of their own,
// until ctx is done. The error is that of ctx.
func each[T any](ctx context.Context, n, workers int, s scratch[T], do func(i int, mine T)) error {
	var taken atomic.Int64
	run := func() {
		mine := s.take()
		defer s.give(mine)
		for ctx.Err() == nil {
			i := int(taken.Add(1)) - 1
			if i >= n {
				return
			}
			do(i, mine)
		}
	}
	var wait sync.WaitGroup
	for range min(workers, n) - 1 {
		wait.Go(run)
	}
	if n > 0 {
		run()
	}
	wait.Wait()
	return ctx.Err()
}
