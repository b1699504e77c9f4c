package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// Outputs gives the outputs that a successful job of the caller asked for, in
// the order of the process. A job that is not ready is NotFound, one whose
// result was removed Gone; that of a failed one is its problem.
func (j *Jobs) Outputs(ctx context.Context, id string) ([]spatial.RunOutput, error) {
	job, err := j.Job(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := job.Ready(); err != nil {
		return nil, err
	}
	outputs, err := j.outputs(ctx, "(SELECT run FROM jobs WHERE id = $1)", id)
	return slices.DeleteFunc(outputs, func(o spatial.RunOutput) bool { return !slices.Contains(job.Outputs, o.ID) }), err
}

// Stored gives all outputs of a finished run that the request may share, if
// there is one, for an answer without a job.
func (j *Jobs) Stored(ctx context.Context, r spatial.JobRequest) ([]spatial.RunOutput, bool, error) {
	key, err := j.key(ctx, j.pool, r)
	if err != nil {
		return nil, false, mapError(ctx, err)
	}
	outputs, err := j.outputs(ctx, "(SELECT id FROM runs WHERE key = $1 AND status = 'successful' AND NOT gone AND expires > clock_timestamp())", key)
	return outputs, len(outputs) > 0, err
}

func (j *Jobs) outputs(ctx context.Context, run, arg string) ([]spatial.RunOutput, error) {
	rows, err := j.pool.Query(ctx, "SELECT output, media_type, body FROM run_outputs WHERE run = "+run+" ORDER BY position", arg)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	outputs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o spatial.RunOutput, err error) {
		return o, row.Scan(&o.ID, &o.MediaType, &o.Body)
	})
	return outputs, mapError(ctx, err)
}

// resultIDLength is that of the ids of jobs.
const resultIDLength = 26

// Collection gives the collection that an output of a job of the caller is.
// Every server finds it as soon as the job is acknowledged as finished.
func (j *Jobs) Collection(ctx context.Context, id string) (spatial.Collection, error) {
	missing := spatial.Errorf(spatial.NotFound, "There is no such result, or it is not yours.")
	rest, ok := strings.CutPrefix(id, spatial.ResultPrefix)
	if !ok || len(rest) < resultIDLength+2 || rest[resultIDLength] != '-' {
		return spatial.Collection{}, missing
	}
	job, err := j.Job(ctx, rest[:resultIDLength])
	if err != nil {
		return spatial.Collection{}, missingFor(err, missing)
	}
	if job.Gone {
		return spatial.Collection{}, spatial.Errorf(spatial.Gone, "The result was removed, or its retention is over.")
	}
	output := rest[resultIDLength+1:]
	if !slices.Contains(job.Features, output) {
		return spatial.Collection{}, missing
	}
	var c spatial.Collection
	err = j.pool.QueryRow(ctx, "SELECT o.about FROM run_outputs o JOIN jobs j ON j.run = o.run WHERE j.id = $1 AND o.output = $2", job.ID, output).Scan(&c)
	if errors.Is(err, pgx.ErrNoRows) {
		return spatial.Collection{}, missing
	}
	if err != nil {
		return spatial.Collection{}, mapError(ctx, err)
	}
	c.ID = id
	if job.Expires != nil {
		c.Description += fmt.Sprintf(" Result of job %s, kept until %s.", job.ID, job.Expires.Format("2006-01-02"))
	}
	return c, nil
}

func missingFor(err error, missing *spatial.Error) error {
	if spatial.KindOf(err) == spatial.NotFound {
		return missing
	}
	return err
}
