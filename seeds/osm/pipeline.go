package osm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"

	"quanyu/spatial/network"
)

// decoder is the scratch memory of one goroutine.
type decoder struct {
	inflater inflater
	block    block
	ways     []network.Way // results are gathered here, then copied at their size
	found    []located
}

// job carries one blob to a worker and its result back to the consumer.
type job[T any] struct {
	blob   rawBlob
	result chan T
}

// inOrder decodes blobs on all processors and hands the results to use one at
// a time in file order. At most twice as many blobs as processors are held at
// once: 64 MiB each at the very worst, some 100 KiB in PBF files as they are
// and 1 MiB in XML.
func inOrder[T any](ctx context.Context, next func() (rawBlob, error), decode func(*decoder, rawBlob) (T, error), use func(rawBlob, T) error) error {
	workers := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan job[T])
	order := make(chan job[T], workers)
	group.Go(func() error {
		defer close(work)
		defer close(order)
		return feed(ctx, next, work, order)
	})
	for range workers {
		group.Go(func() error {
			d := &decoder{}
			defer d.inflater.close()
			for j := range work {
				result, err := decode(d, j.blob)
				if err != nil {
					return fmt.Errorf("byte %d: %w", j.blob.offset, err)
				}
				j.result <- result // has room for one
			}
			return nil
		})
	}
	group.Go(func() error {
		for j := range order {
			select {
			case result := <-j.result:
				if err := use(j.blob, result); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

func feed[T any](ctx context.Context, next func() (rawBlob, error), work, order chan<- job[T]) error {
	for {
		blob, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		j := job[T]{blob, make(chan T, 1)}
		select {
		case order <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case work <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
