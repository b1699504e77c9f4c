package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// jobCursor is where a page of jobs starts, and the query that it belongs to.
type jobCursor struct {
	After spatial.JobPosition `json:"p"`
	Query string              `json:"q"`
}

// getJobs lists the caller's jobs, newest first.
func (s *server) getJobs(c echo.Context) error {
	offers := []form{formJSON, formHTML}
	chosen, err := negotiate(c, offers...)
	if err != nil {
		return err
	}
	q := newQuery(c)
	q.get("f")
	wanted, hash := readJobQuery(q)
	if err := q.finish(); err != nil {
		return err
	}
	jobs, err := s.cfg.Jobs.Jobs(c.Request().Context(), wanted)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	links := s.selfLinks(c, chosen, offers...)
	if len(jobs) > wanted.Limit {
		jobs = jobs[:wanted.Limit]
		last := jobs[len(jobs)-1]
		next := base64.RawURLEncoding.EncodeToString(mustJSON(jobCursor{spatial.JobPosition{Created: last.Created, ID: last.ID}, hash}))
		links = append(links, link{Href: s.self(c, "cursor", next), Rel: "next", Type: chosen.media, Title: "Next page"})
	}
	list := []map[string]any{}
	for _, job := range jobs {
		list = append(list, s.statusInfo(c, job))
	}
	if chosen.name == formHTML.name {
		return s.html(c, "jobs.html", view{Title: "Jobs", TitleZH: "任务", Links: links, Crumbs: s.crumbs(c, "jobs", "Jobs 任务"),
			Body: map[string]any{"Base": s.path(c, "jobs"), "Jobs": list}})
	}
	return c.JSON(http.StatusOK, map[string]any{"jobs": list, "links": links})
}

// readJobQuery reads the parameters of the job list; the hash tells queries
// apart that list other jobs.
func readJobQuery(q *query) (wanted spatial.JobQuery, hash string) {
	wanted.Limit = readLimit(q)
	wanted.Processes = q.list("processID", nil)
	var statuses []string
	for _, status := range spatial.JobStatuses() {
		statuses = append(statuses, string(status))
	}
	for _, status := range q.list("status", statuses) {
		wanted.Statuses = append(wanted.Statuses, spatial.JobStatus(status))
	}
	q.list("type", []string{"process"})
	if text, ok := q.get("datetime"); ok {
		interval, err := parseDatetime(text)
		q.add(err)
		wanted.Created = interval
	}
	wanted.MinDuration, wanted.MaxDuration = readSeconds(q, "minDuration"), readSeconds(q, "maxDuration")
	var parts []string
	for _, name := range []string{"type", "processID", "status", "datetime", "minDuration", "maxDuration"} {
		parts = append(parts, strings.Join(q.values[name], ","))
	}
	hash = digest(parts...)
	if text, ok := q.get("cursor"); ok {
		wanted.After = readJobCursor(q, text, hash)
	}
	return wanted, hash
}

// list reads a parameter of one value or more, given apart or with commas.
func (q *query) list(name string, allowed []string) []string {
	q.known = append(q.known, name)
	var options any
	if allowed != nil {
		options = allowed
	}
	var all []string
	for _, value := range q.values[name] {
		for _, one := range strings.Split(value, ",") {
			switch {
			case one == "" || strings.ContainsRune(one, 0) || !utf8.ValidString(one):
				q.fault(name, "has an empty value, or one that is not UTF-8 text without NUL", options)
			case allowed != nil && !slices.Contains(allowed, one):
				q.fault(name, "\""+clip(one)+"\" is not among those allowed", options)
			}
			all = append(all, one)
		}
	}
	return all
}

// mostSeconds keeps a duration within what PostgreSQL can add to a time.
const mostSeconds = 1_000_000_000

func readSeconds(q *query, name string) time.Duration {
	text, ok := q.get(name)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > mostSeconds {
		q.fault(name, "\""+clip(text)+"\" is not a whole number of seconds", fmt.Sprintf("0 to %d", mostSeconds))
		return 0
	}
	return time.Duration(n) * time.Second
}

func readJobCursor(q *query, text, hash string) *spatial.JobPosition {
	var k jobCursor
	body, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(text) > maxCursor || json.Unmarshal(body, &k) != nil || k.Query != hash || k.After.ID == "" ||
		strings.ContainsRune(k.After.ID, 0) || k.After.Created.Year() < 1 || k.After.Created.Year() > 9999 {
		q.fault("cursor", "is not a cursor of this list", "the cursor of a next link, with the other parameters of that link")
		return nil
	}
	return &k.After
}
