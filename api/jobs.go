package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// Jobs is what api needs to run processes in the background. Whose jobs are
// seen is decided by the caller in the context.
type Jobs interface {
	// Submit stores a job. check is asked first where a new run is to begin,
	// and not where the job shares one.
	Submit(ctx context.Context, r spatial.JobRequest, check func(context.Context) error) (spatial.Job, error)
	// Job gives a job, NotFound when there is none or it is another caller's.
	Job(ctx context.Context, id string) (spatial.Job, error)
	// Jobs gives up to q.Limit+1 jobs; the last one only tells that there is more.
	Jobs(ctx context.Context, q spatial.JobQuery) ([]spatial.Job, error)
	// Dismiss ends a job and removes its result; Gone when that was done before.
	Dismiss(ctx context.Context, id string) (spatial.Job, error)
}

// Results is what api needs of the results of jobs.
type Results interface {
	// Outputs gives the outputs that a job asked for.
	Outputs(ctx context.Context, job string) ([]spatial.RunOutput, error)
	// Stored gives all outputs of a finished run of the same request on the
	// same data, if there is one.
	Stored(ctx context.Context, r spatial.JobRequest) ([]spatial.RunOutput, bool, error)
	// Collection gives the collection that an output is: NotFound, or Gone.
	Collection(ctx context.Context, id string) (spatial.Collection, error)
	// Figures are for telemetry.
	Figures(ctx context.Context) (spatial.JobFigures, error)
}

const (
	relResults = relOGC + "results"
	typeBase   = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
)

// asksAsync says whether the client prefers a job (RFC 7240).
func asksAsync(r *http.Request) bool {
	for _, preference := range strings.Split(strings.Join(r.Header.Values("Prefer"), ","), ",") {
		name, _, _ := strings.Cut(preference, ";")
		if strings.EqualFold(strings.TrimSpace(name), "respond-async") {
			return true
		}
	}
	return false
}

// submit stores a job and answers 201 with its status. Whatever a synchronous
// run would refuse before its work begins is refused here as well, but for a
// cost over its budget where the caller's role allows one.
func (s *server) submit(c echo.Context, p analysis.Process, e execution) error {
	job, err := s.cfg.Jobs.Submit(c.Request().Context(), e.request, func(ctx context.Context) error {
		leave, err := s.runs.enter(ctx)
		if err != nil {
			return err
		}
		defer leave()
		err = analysis.Check(ctx, p, e.inputs, s.cfg.Inputs)
		if !isKind(err, spatial.NeedsAsync) {
			return err
		}
		if denied := s.needsRole(c, spatial.Planner); denied != nil {
			r := *refuse(denied)
			r.detail = refuse(err).detail + " " + r.detail
			return &r
		}
		return nil
	})
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Location", s.path(c, "jobs", job.ID))
	h.Set("Preference-Applied", "respond-async")
	h.Set("Cache-Control", "no-store")
	return c.JSON(http.StatusCreated, s.statusInfo(c, job))
}

// job finds the job that the path names.
func (s *server) job(c echo.Context) (spatial.Job, error) {
	job, err := s.cfg.Jobs.Job(c.Request().Context(), param(c, "jobId"))
	return job, noSuchJob(err)
}

func noSuchJob(err error) error {
	if !isKind(err, spatial.NotFound) {
		return err
	}
	return &refusal{status: http.StatusNotFound, code: "no-such-job", typeURI: typeBase + "no-such-job", internal: err,
		detail: "There is no such job, or it is another caller's; /jobs lists yours.",
		faults: []spatial.Fault{{Parameter: "jobId", Detail: "names no job of yours"}}}
}

// statusInfo is a job in the form of the standard, with links to what it gave.
func (s *server) statusInfo(c echo.Context, job spatial.Job) map[string]any {
	at := s.path(c, "jobs", job.ID)
	links := []link{
		{Href: at, Rel: "self", Type: mediaJSON, Title: "This job"},
		{Href: at, Rel: "monitor", Type: mediaJSON, Title: "Status of this job"},
		{Href: at + "?f=html", Rel: "alternate", Type: mediaHTML, Title: "This job as html"},
		{Href: s.path(c, "processes", job.Process), Rel: relOGC + "process", Type: mediaJSON, Title: "The process"},
	}
	info := map[string]any{
		"jobID": job.ID, "processID": job.Process, "type": "process", "status": job.Status, "progress": job.Progress,
		"created": job.Created.Format(time.RFC3339Nano), "updated": job.Updated.Format(time.RFC3339Nano),
	}
	if job.Message != "" {
		info["message"] = job.Message
	}
	if job.Problem != nil {
		info["message"] = job.Problem.Detail
	}
	for name, t := range map[string]*time.Time{"started": job.Started, "finished": job.Finished, "expires": job.Expires} {
		if t != nil {
			info[name] = t.Format(time.RFC3339Nano)
		}
	}
	if job.Status == spatial.JobFailed || job.Status == spatial.JobSuccessful && !job.Gone {
		links = append(links, link{Href: at + "/results", Rel: relResults, Type: mediaJSON, Title: "The results"})
	}
	info["links"] = append(links, s.resultLinks(c, job)...)
	return info
}

// resultLinks lead to the collections and tilesets that a job gave.
func (s *server) resultLinks(c echo.Context, job spatial.Job) []link {
	var links []link
	if job.Gone || job.Status != spatial.JobSuccessful {
		return nil
	}
	for _, output := range job.Features {
		id := spatial.ResultID(job.ID, output)
		at := s.path(c, "collections", id)
		links = append(links,
			link{Href: at, Rel: "collection", Type: mediaJSON, Title: "Output " + output + " as a collection"},
			link{Href: at + "/items", Rel: "items", Type: mediaGeoJSON, Title: "Output " + output + " as features"})
		if slices.Contains(job.Tiled, output) {
			links = append(links,
				link{Href: at + "/tiles", Rel: relOGC + "tilesets-vector", Type: mediaJSON, Title: "Output " + output + " as vector tiles"},
				link{Href: s.path(c, "styles", id), Rel: relOGC + "styles", Type: mediaJSON, Title: "MapLibre style of output " + output})
		}
	}
	return links
}
