package postgis_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// What the client has to mend fails at once; what may pass is tried three times.
func TestRunsAreTriedAgainWhereThatMayHelp(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	var tries atomic.Int32
	faults := []error{
		spatial.BadField("/inputs/n", "is odd", nil),
		errors.New("a disk broke"),
		spatial.Errorf(spatial.Unavailable, "The database cannot be reached."),
		spatial.Errorf(spatial.NeedsAsync, "It costs too much."),
	}
	work(t, jobs, func(_ context.Context, _ string, inputs map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		n := int(inputs["n"][0] - '0')
		if n == 4 {
			panic("the process broke")
		}
		tries.Add(1)
		if n == 5 && tries.Load() == 1 {
			return nil, errors.New("once only")
		}
		if n == 5 {
			return answer(inputs), nil
		}
		return nil, faults[n]
	}, quick)
	for n, want := range []struct {
		tries int32
		kind  spatial.Kind
	}{{1, spatial.Invalid}, {3, spatial.Internal}, {3, spatial.Unavailable}, {1, spatial.NeedsAsync}, {0, spatial.Internal}, {2, ""}} {
		tries.Store(0)
		job := until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(n)).ID, finished)
		kind := spatial.Kind("")
		if job.Problem != nil {
			kind = job.Problem.Kind
		}
		if kind != want.kind || n != 4 && tries.Load() != want.tries {
			t.Errorf("%d: %d tries, %+v, want %+v", n, tries.Load(), job, want)
		}
		if job.Problem == nil {
			continue
		}
		if strings.Contains(job.Problem.Error(), "disk") {
			t.Errorf("%d: the problem tells of the inside: %v", n, job.Problem)
		}
		if _, err := jobs.Outputs(t.Context(), job.ID); spatial.KindOf(err) != want.kind {
			t.Errorf("%d: its results are %v", n, err)
		}
	}
	figures, err := jobs.Figures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]int64{}
	for _, total := range figures.Totals {
		counted[total.Outcome] = total.Runs
	}
	if counted["successful"] != 1 || counted["internal"] != 2 || counted["invalid"] != 1 || figures.Kept != 1 || figures.KeptBytes < 1 {
		t.Errorf("figures %+v", figures)
	}
}

// A run whose worker no longer beats is begun anew, and the lost worker, should
// it come back, can store nothing.
func TestLostRunsAreTakenUpAndTheirWorkersFencedOff(t *testing.T) {
	s, url := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	conn := connectTo(t, url)
	began, goOn := make(chan struct{}), make(chan struct{})
	lost := work(t, jobs, func(_ context.Context, _ string, inputs map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		close(began)
		<-goOn // deaf to its context, as a worker that hangs
		return answer(map[string]json.RawMessage{"n": json.RawMessage("1")}), nil
	}, postgis.WorkOptions{Beat: time.Hour, Drain: time.Minute})
	job := submit(t, jobs, t.Context(), asked(7))
	<-began
	if _, err := conn.Exec(t.Context(), "UPDATE runs SET beat = beat - interval '1 day'"); err != nil {
		t.Fatal(err)
	}
	work(t, jobs, answering, quick)
	job = until(t, jobs, t.Context(), job.ID, finished)
	close(goOn)
	lost()
	outputs, err := jobs.Outputs(t.Context(), job.ID)
	if err != nil || len(outputs) != 2 || string(outputs[1].Body) != "7" {
		t.Fatalf("the result is %+v, %v", outputs, err)
	}
	var attempts, tables int
	if err := conn.QueryRow(t.Context(), "SELECT (SELECT max(attempts) FROM runs), (SELECT count(*) FROM pg_tables WHERE schemaname = 'results')").Scan(&attempts, &tables); err != nil || attempts != 2 || tables != 1 {
		t.Errorf("%d attempts, %d tables, %v", attempts, tables, err)
	}
	figures, err := jobs.Figures(t.Context())
	if err != nil || len(figures.Totals) != 2 || figures.Totals[1].Outcome != spatial.RunTakenUp || figures.Totals[1].Runs != 1 {
		t.Errorf("figures %+v, %v", figures, err)
	}
}

// A worker that died between the queue and its first word, and one that died
// too often.
func TestRunsLostBeforeTheyBeganAndLostTooOften(t *testing.T) {
	s, url := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	conn := connectTo(t, url)
	early, often := submit(t, jobs, t.Context(), asked(1)), submit(t, jobs, t.Context(), asked(2))
	for _, sql := range []string{
		"UPDATE river.river_job SET state = 'running', attempted_at = now() - interval '1 day', attempt = 1, attempted_by = ARRAY['gone']",
		"UPDATE runs SET updated = now() - interval '1 day'",
		"UPDATE runs SET status = 'running', attempts = 3, beat = now() - interval '1 day' WHERE inputs->>'n' = '2'",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	work(t, jobs, answering, quick)
	if job := until(t, jobs, t.Context(), early.ID, finished); job.Status != spatial.JobSuccessful {
		t.Errorf("%+v", job)
	}
	if job := until(t, jobs, t.Context(), often.ID, finished); job.Status != spatial.JobFailed || !strings.Contains(job.Problem.Detail, "lost 3 times") {
		t.Errorf("%+v", job)
	}
}

// A worker that is told to stop gives its run back, which costs no attempt.
func TestAStoppedWorkerGivesItsRunBack(t *testing.T) {
	s, url := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	began := make(chan struct{}, 10)
	stop := work(t, jobs, func(ctx context.Context, _ string, _ map[string]json.RawMessage, tell func(float64, string)) ([]spatial.RunOutput, error) {
		tell(0.5, "half way")
		began <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}, postgis.WorkOptions{Beat: time.Hour, Drain: time.Millisecond})
	job := submit(t, jobs, t.Context(), asked(1))
	<-began
	half := until(t, jobs, t.Context(), job.ID, func(j spatial.Job) bool { return j.Progress == 50 })
	if half.Status != spatial.JobRunning || half.Message != "half way" || half.Started == nil {
		t.Errorf("%+v", half)
	}
	stop()
	if job, err := jobs.Job(t.Context(), job.ID); err != nil || job.Status != spatial.JobAccepted {
		t.Fatalf("%+v, %v", job, err)
	}
	var attempts int
	if err := connectTo(t, url).QueryRow(t.Context(), "SELECT attempts FROM runs").Scan(&attempts); err != nil || attempts != 0 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
	work(t, jobs, answering, quick)
	if job := until(t, jobs, t.Context(), job.ID, finished); job.Status != spatial.JobSuccessful {
		t.Errorf("%+v", job)
	}
}

func TestARunIsBoundedInTime(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	o := quick
	o.Limit = 200 * time.Millisecond
	work(t, jobs, func(ctx context.Context, _ string, _ map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}, o)
	job := until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(1)).ID, finished)
	if job.Status != spatial.JobFailed || job.Problem.Kind != spatial.Unprocessable {
		t.Errorf("%+v", job)
	}
}

// The run sees the caller that asked, and so the rows of that caller.
func TestRunsHaveTheirCaller(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	seen := make(chan spatial.Caller, 1)
	work(t, jobs, func(ctx context.Context, _ string, inputs map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		seen <- spatial.CallerOf(ctx)
		return answer(inputs), nil
	}, quick)
	submit(t, jobs, spatial.WithCaller(t.Context(), planner), asked(1))
	if got := <-seen; got != planner {
		t.Errorf("run as %+v", got)
	}
}

// Told to stop at any time of its start, a worker ends without a fault.
func TestAWorkerStopsBeforeItHasBegun(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	for i := range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(i)*5*time.Millisecond, cancel) // wherever it lands
		if err := jobs.Work(ctx, answering, quick); err != nil {
			t.Errorf("stopped after %d ms: %v", i*5, err)
		}
	}
}
