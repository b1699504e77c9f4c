package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// execute runs a process within the request, or as a job where the client
// prefers that and the server has jobs. A finished run of the same request on
// the same data is not made again.
func (s *server) execute(c echo.Context) error {
	p, err := s.process(c)
	if err != nil {
		return err
	}
	body, err := readJSON(c)
	if err != nil {
		return err
	}
	e, err := parseExecution(body, p.Spec())
	if err != nil {
		return err
	}
	if e.request, err = s.jobRequest(p.Spec(), e); err != nil {
		return err
	}
	// A job reads the inputs in this form; one run of both gives the same bytes.
	e.inputs = nil
	if err := json.Unmarshal(e.request.Inputs, &e.inputs); err != nil {
		return err
	}
	if s.cfg.Jobs != nil && asksAsync(c.Request()) {
		return s.submit(c, p, e)
	}
	outputs, err := s.outputs(c.Request().Context(), p, e)
	if err != nil {
		return err
	}
	return writeResult(c, e, outputs)
}

// outputs finds or computes all outputs of a run.
func (s *server) outputs(ctx context.Context, p analysis.Process, e execution) ([]spatial.RunOutput, error) {
	if s.cfg.Results != nil {
		if outputs, ok, err := s.cfg.Results.Stored(ctx, e.request); ok || err != nil {
			return outputs, err
		}
	}
	if !p.Spec().Idle {
		leave, err := s.runs.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	started := time.Now()
	result, err := p.Run(ctx, e.inputs, s.cfg.Inputs)
	s.metrics.runs.WithLabelValues(p.Spec().ID, runOutcome(err)).Observe(time.Since(started).Seconds())
	if err != nil {
		return nil, err
	}
	return analysis.Encode(p.Spec(), result)
}

// jobRequest puts an execution into the form in which equal ones are equal:
// inputs with their members sorted, numbers as they were written.
func (s *server) jobRequest(spec analysis.Spec, e execution) (spatial.JobRequest, error) {
	inputs := map[string]any{}
	for name, raw := range e.inputs {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			return spatial.JobRequest{}, fmt.Errorf("input %s: %w", name, err)
		}
		inputs[name] = value
	}
	return spatial.JobRequest{Process: spec.ID, Engine: s.cfg.Version + " " + spec.Version, Inputs: mustJSON(inputs), Outputs: e.outputs, Raw: e.raw}, nil
}

func runOutcome(err error) string {
	if err == nil {
		return "done"
	}
	return string(spatial.KindOf(err))
}
