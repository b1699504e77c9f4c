package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// refreshSeconds is how often a page shows an unfinished job anew.
const refreshSeconds = "2"

func (s *server) getStatus(c echo.Context) error {
	job, err := s.job(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formJSON, formHTML)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	info := s.statusInfo(c, job)
	if chosen.name != formHTML.name {
		return c.JSON(http.StatusOK, info)
	}
	if !job.Status.Finished() {
		c.Response().Header().Set("Refresh", refreshSeconds)
	}
	return s.html(c, "job.html", view{Title: "Job " + job.ID, TitleZH: "任务", Links: info["links"].([]link), Body: info,
		Crumbs: s.crumbs(c, "jobs", "Jobs 任务", job.ID, job.ID)})
}

func (s *server) dismiss(c echo.Context) error {
	job, err := s.cfg.Jobs.Dismiss(c.Request().Context(), param(c, "jobId"))
	if err != nil {
		return noSuchJob(err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, s.statusInfo(c, job))
}

// getResult answers in the form that was asked for at execution; a failed job
// with its problem.
func (s *server) getResult(c echo.Context) error {
	job, err := s.job(c)
	if err != nil {
		return err
	}
	if !job.Status.Finished() {
		return &refusal{status: http.StatusNotFound, code: "result-not-ready", typeURI: typeBase + "result-not-ready", detail: job.Ready().Error()}
	}
	if err := job.Ready(); err != nil {
		return err
	}
	outputs, err := s.cfg.Results.Outputs(c.Request().Context(), job.ID)
	if err != nil {
		return err
	}
	for _, l := range s.resultLinks(c, job) {
		c.Response().Header().Add("Link", "<"+l.Href+`>; rel="`+l.Rel+`"; type="`+l.Type+`"`)
	}
	return writeResult(c, execution{outputs: job.Outputs, raw: job.Raw}, outputs)
}

// resultCollection finds the collection that an output of a job is.
func (s *server) resultCollection(c echo.Context, id string) (spatial.Collection, bool, error) {
	if s.cfg.Results == nil || !strings.HasPrefix(id, spatial.ResultPrefix) {
		return spatial.Collection{}, false, nil
	}
	one, err := s.cfg.Results.Collection(c.Request().Context(), id)
	if isKind(err, spatial.NotFound) {
		return one, false, nil
	}
	return one, err == nil, err
}
