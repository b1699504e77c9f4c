package api_test

import (
	"context"

	"quanyu/api"
	"quanyu/spatial"
)

// withJobs gives a configuration jobs that never run, one a way to end, by
// their ids.
func withJobs(cfg api.Config) api.Config {
	ended := fakeJobs{}
	for id, status := range map[string]spatial.JobStatus{"done": spatial.JobSuccessful, "empty": spatial.JobSuccessful, "waiting": spatial.JobAccepted,
		"gone": spatial.JobDismissed, "failed": spatial.JobFailed, "mistaken": spatial.JobFailed} {
		ended[id] = spatial.Job{ID: id, Process: "sum", Outputs: []string{"total"}, Raw: true, Status: status, Created: noon, Updated: noon, Gone: status == spatial.JobDismissed}
	}
	for id, kind := range map[string]spatial.Kind{"failed": spatial.Unprocessable, "mistaken": spatial.Invalid} {
		job := ended[id]
		job.Problem = spatial.Errorf(kind, "It came to nothing.")
		ended[id] = job
	}
	cfg.Jobs, cfg.Results = ended, ended
	return cfg
}

// fakeJobs are jobs by id.
type fakeJobs map[string]spatial.Job

func (f fakeJobs) Submit(context.Context, spatial.JobRequest, func(context.Context) error) (spatial.Job, error) {
	return f["waiting"], nil
}

func (f fakeJobs) Job(_ context.Context, id string) (spatial.Job, error) {
	if job, ok := f[id]; ok {
		return job, nil
	}
	return spatial.Job{}, spatial.Errorf(spatial.NotFound, "There is no job %s.", id)
}

func (f fakeJobs) Jobs(context.Context, spatial.JobQuery) ([]spatial.Job, error) {
	return []spatial.Job{f["done"], f["gone"]}, nil
}

func (f fakeJobs) Dismiss(ctx context.Context, id string) (spatial.Job, error) {
	job, err := f.Job(ctx, id)
	if job.Gone {
		err = spatial.Errorf(spatial.Gone, "The job was dismissed before.")
	}
	return job, err
}

func (f fakeJobs) Outputs(_ context.Context, id string) ([]spatial.RunOutput, error) {
	if id == "empty" {
		return nil, nil
	}
	return []spatial.RunOutput{{ID: "total", MediaType: "application/json", Body: []byte("4")}}, nil
}

func (fakeJobs) Stored(context.Context, spatial.JobRequest) ([]spatial.RunOutput, bool, error) {
	return nil, false, nil
}

func (fakeJobs) Collection(_ context.Context, id string) (spatial.Collection, error) {
	if id == spatial.ResultID("gone", "total") {
		return spatial.Collection{}, spatial.Errorf(spatial.Gone, "The result was removed.")
	}
	return spatial.Collection{}, spatial.Errorf(spatial.NotFound, "There is no result %s.", id)
}

func (fakeJobs) Figures(context.Context) (spatial.JobFigures, error) {
	return spatial.JobFigures{}, nil
}
