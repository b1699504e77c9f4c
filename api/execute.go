package api

import (
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// execute runs a process within the request. `Prefer: respond-async` is let
// pass: the standard lets a server that has no jobs answer at once.
func (s *server) execute(c echo.Context) error {
	p, err := s.process(c)
	if err != nil {
		return err
	}
	body, err := readJSON(c)
	if err != nil {
		return err
	}
	request, err := parseExecution(body, p.Spec())
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	leave, err := s.runs.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	started := time.Now()
	result, err := p.Run(ctx, request.inputs, s.cfg.Inputs)
	s.metrics.runs.WithLabelValues(p.Spec().ID, runOutcome(err)).Observe(time.Since(started).Seconds())
	if err != nil {
		return err
	}
	return writeResult(c, request, result)
}

func runOutcome(err error) string {
	if err == nil {
		return "done"
	}
	return string(spatial.KindOf(err))
}
