package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
)

// keeping holds the flags of results of jobs.
type keeping struct {
	ResultDays int `default:"30" placeholder:"DAYS" help:"How long results of jobs are kept after they were last asked for."`
}

// jobs opens the jobs of a store.
func (k keeping) jobs(store *postgis.Store, s *settings) (*postgis.Jobs, error) {
	if k.ResultDays < 1 {
		return nil, usageError{fmt.Errorf("--result-days has to be at least 1 (see --help)")}
	}
	return store.Jobs(postgis.JobOptions{Retention: time.Duration(k.ResultDays) * 24 * time.Hour, Log: s.logger()})
}

type workCommand struct {
	keeping
	Workers int `default:"1" placeholder:"N" help:"Jobs worked at one time."`
}

// Run works jobs until it is told to stop. Any number of such processes share
// one database.
func (c workCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	if c.Workers < 1 {
		return usageError{fmt.Errorf("--workers has to be at least 1 (see --help)")}
	}
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		jobs, err := c.jobs(store, s)
		if err != nil {
			return err
		}
		term.note("Working jobs (Ctrl-C stops it)")
		return jobs.Work(ctx, runner(store), postgis.WorkOptions{Workers: c.Workers})
	})
}

// runner runs the processes of this build for workers.
func runner(in analysis.Inputs) postgis.Runner {
	all := processes()
	return func(ctx context.Context, id string, inputs map[string]json.RawMessage, tell func(float64, string)) ([]spatial.RunOutput, error) {
		process, ok := analysis.ProcessByID(all, id)
		if !ok {
			return nil, spatial.Errorf(spatial.Unprocessable, "This version of the program has no process %q.", id)
		}
		result, err := process.Run(analysis.InBackground(ctx, tell), inputs, in)
		if err != nil {
			return nil, err
		}
		return analysis.Encode(process.Spec(), result)
	}
}

// beside runs a server and, unless workers is 0, a worker in one process: the
// end of one ends the other.
func beside(ctx context.Context, workers int, jobs *postgis.Jobs, store *postgis.Store, serve func(context.Context) error) error {
	if workers < 1 {
		return serve(ctx)
	}
	both, ctx := errgroup.WithContext(ctx)
	ctx, cancel := context.WithCancel(ctx)
	both.Go(func() error { defer cancel(); return serve(ctx) })
	both.Go(func() error {
		defer cancel()
		return jobs.Work(ctx, runner(store), postgis.WorkOptions{Workers: workers})
	})
	return both.Wait()
}
