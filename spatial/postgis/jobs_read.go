package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// jobColumns are those that scanJob reads, of jobs j and runs r. A job that
// shares a run that was there before begins when it was stored.
const jobColumns = `j.id, j.process, j.outputs, j.raw, ` + jobStatus + `, r.progress, coalesce(r.message, ''), j.created,
	CASE WHEN r.started IS NOT NULL THEN greatest(r.started, j.created) END,
	CASE WHEN j.dismissed IS NOT NULL THEN j.dismissed WHEN r.finished IS NOT NULL THEN greatest(r.finished, j.created) END,
	greatest(r.updated, j.created, j.dismissed), r.expires,
	j.dismissed IS NOT NULL OR r.gone OR coalesce(r.expires < clock_timestamp(), false), r.problem,
	ARRAY(SELECT o.output ` + jobFeatures + ` ORDER BY o.position), ARRAY(SELECT o.output ` + jobFeatures + ` AND o.about->>'Tiles' IS NOT NULL)`

const jobFeatures = "FROM run_outputs o WHERE o.run = r.id AND o.relation IS NOT NULL AND o.output = ANY(j.outputs)"

const jobStatus = "CASE WHEN j.dismissed IS NOT NULL THEN 'dismissed' ELSE r.status END"

// ownJobs is the condition of jobs that the caller may see: an admin who may read
// all, others their own, anonymous callers those of each other; and none that ran
// under a wider row rule than the caller has now.
func ownJobs(ctx context.Context, st *statement) string {
	caller := spatial.CallerOf(ctx)
	sights := []string{}
	for _, s := range spatial.Sights() {
		sights = append(sights, string(s))
		if s == caller.Sees() {
			break
		}
	}
	own := "j.sight = ANY(" + st.bind(sights, "text[]") + ")"
	if caller.Sees() != spatial.SeesAll {
		own += " AND j.caller = " + st.bind(caller.ID, "text")
	}
	return own
}

// Job gives a job of the caller; NotFound for any other.
func (j *Jobs) Job(ctx context.Context, id string) (spatial.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	return j.job(ctx, j.pool, id, "")
}

func (j *Jobs) job(ctx context.Context, q querier, id, lock string) (spatial.Job, error) {
	missing := spatial.Errorf(spatial.NotFound, "There is no such job, or it is not yours.")
	if !spatial.IsID(id) {
		return spatial.Job{}, missing
	}
	st := &statement{}
	st.add("SELECT %s FROM jobs j JOIN runs r ON r.id = j.run WHERE j.id = %s AND %s %s", jobColumns, st.bind(id, "text"), ownJobs(ctx, st), lock)
	rows, err := q.Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return spatial.Job{}, mapError(ctx, err)
	}
	job, err := pgx.CollectExactlyOneRow(rows, scanJob)
	if errors.Is(err, pgx.ErrNoRows) {
		return spatial.Job{}, missing
	}
	return job, mapError(ctx, err)
}

// Jobs gives a page of the caller's jobs, newest first: up to q.Limit + 1, the
// last one telling that there are more.
func (j *Jobs) Jobs(ctx context.Context, q spatial.JobQuery) ([]spatial.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	if q.Limit < 1 || q.Limit > maxPage {
		return nil, spatial.BadParameter("limit", fmt.Sprintf("is %d", q.Limit), fmt.Sprintf("1 to %d", maxPage))
	}
	st := &statement{}
	where := jobConditions(ctx, st, q)
	st.add("SELECT %s FROM jobs j JOIN runs r ON r.id = j.run WHERE %s ORDER BY j.created DESC, j.id DESC LIMIT %s", jobColumns, where, st.bind(int64(q.Limit)+1, "bigint"))
	rows, err := j.pool.Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	jobs, err := pgx.CollectRows(rows, scanJob)
	return jobs, mapError(ctx, err)
}

func jobConditions(ctx context.Context, st *statement, q spatial.JobQuery) string {
	all := []string{ownJobs(ctx, st)}
	if q.Processes != nil {
		all = append(all, "j.process = ANY("+st.bind(q.Processes, "text[]")+")")
	}
	if q.Statuses != nil {
		all = append(all, jobStatus+" = ANY("+st.bind(q.Statuses, "text[]")+")")
	}
	if q.Created != nil && q.Created.Start != nil {
		all = append(all, "j.created >= "+st.bind(*q.Created.Start, "timestamptz"))
	}
	if q.Created != nil && q.Created.End != nil {
		all = append(all, "j.created < "+st.bind(*q.Created.End, "timestamptz"))
	}
	const took = "coalesce(j.dismissed, r.finished, clock_timestamp()) - r.started" // null before it starts
	if q.MinDuration > 0 {
		all = append(all, took+" >= make_interval(secs => "+st.bind(q.MinDuration.Seconds(), "float8")+")")
	}
	if q.MaxDuration > 0 {
		all = append(all, took+" <= make_interval(secs => "+st.bind(q.MaxDuration.Seconds(), "float8")+")")
	}
	if q.After != nil {
		all = append(all, fmt.Sprintf("(j.created, j.id) < (%s, %s COLLATE \"C\")", st.bind(q.After.Created, "timestamptz"), st.bind(q.After.ID, "text")))
	}
	return strings.Join(all, " AND ")
}

// storedProblem is an error of a run as its row keeps it.
type storedProblem struct {
	Kind   spatial.Kind    `json:"kind"`
	Detail string          `json:"detail"`
	Faults []spatial.Fault `json:"faults,omitempty"`
}

func scanJob(row pgx.CollectableRow) (spatial.Job, error) {
	var job spatial.Job
	var problem *storedProblem
	err := row.Scan(&job.ID, &job.Process, &job.Outputs, &job.Raw, &job.Status, &job.Progress, &job.Message, &job.Created,
		&job.Started, &job.Finished, &job.Updated, &job.Expires, &job.Gone, &problem, &job.Features, &job.Tiled)
	if problem != nil {
		job.Problem = &spatial.Error{Kind: problem.Kind, Detail: problem.Detail, Faults: problem.Faults}
	}
	if job.Status == spatial.JobDismissed {
		job.Message = "dismissed"
	}
	for _, t := range []*time.Time{&job.Created, job.Started, job.Finished, &job.Updated, job.Expires} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return job, err
}
