package postgis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// quick looks for lost workers often, so that no test waits for long; what is
// asserted does not depend on it.
var quick = postgis.WorkOptions{Beat: 100 * time.Millisecond, Retry: time.Millisecond, Drain: 50 * time.Millisecond, Workers: 4}

func jobsOf(t testing.TB, s *postgis.Store, o postgis.JobOptions) *postgis.Jobs {
	t.Helper()
	o.Log = quiet
	jobs, err := s.Jobs(o)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

// work starts a worker and gives what stops it and waits for its end.
func work(t testing.TB, jobs *postgis.Jobs, run postgis.Runner, o postgis.WorkOptions) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- jobs.Work(ctx, run, o) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("worker: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// until asks for a job until it is as wanted.
func until(t testing.TB, jobs *postgis.Jobs, ctx context.Context, id string, wanted func(spatial.Job) bool) spatial.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // a hang, not a speed limit
	defer cancel()
	for {
		job, err := jobs.Job(ctx, id)
		if err != nil {
			t.Fatalf("job %s: %v", id, err)
		}
		if wanted(job) {
			return job
		}
		select {
		case <-ctx.Done():
			t.Fatalf("job %s stays %+v", id, job)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func finished(j spatial.Job) bool { return j.Status.Finished() }

// asked is a request whose inputs are a number.
func asked(n int) spatial.JobRequest {
	return spatial.JobRequest{Process: "test", Engine: "1", Inputs: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n)), Outputs: []string{"points", "n"}}
}

// answer is a runner's: the input, and as many points.
func answer(inputs map[string]json.RawMessage) []spatial.RunOutput {
	var n int
	_ = json.Unmarshal(inputs["n"], &n)
	features := &spatial.FeatureCollection{}
	for i := range n {
		features.Features = append(features.Features, spatial.Feature{ID: fmt.Sprintf("p%03d", i), Geometry: orb.Point{100 + float64(i)/10, 30},
			Properties: map[string]any{"name_zh": "点", "minutes": float64(i) / 2, "covered": i%2 == 0}})
	}
	body, _ := json.Marshal(features)
	return []spatial.RunOutput{{ID: "points", Title: "Points", MediaType: "application/geo+json", Body: body, Features: features}, {ID: "n", MediaType: "application/json", Body: inputs["n"]}}
}

func answering(_ context.Context, _ string, inputs map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
	return answer(inputs), nil
}

func submit(t testing.TB, jobs *postgis.Jobs, ctx context.Context, r spatial.JobRequest) spatial.Job {
	t.Helper()
	job, err := jobs.Submit(ctx, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

var viewer = spatial.Caller{ID: "key:v", Role: spatial.Viewer}

func TestJobsBelongToTheirCaller(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	callers := map[string]context.Context{}
	owned := map[string]string{}
	for _, c := range []spatial.Caller{{}, planner, viewer} {
		callers[c.ID] = spatial.WithCaller(t.Context(), c)
		owned[c.ID] = submit(t, jobs, callers[c.ID], asked(1)).ID
	}
	admin := spatial.WithCaller(t.Context(), spatial.System())
	for owner, id := range owned {
		for other, ctx := range callers {
			if _, err := jobs.Job(ctx, id); (err == nil) != (owner == other) || err != nil && spatial.KindOf(err) != spatial.NotFound {
				t.Errorf("%q asks for a job of %q: %v", other, owner, err)
			}
			if _, err := jobs.Dismiss(ctx, id); owner != other && spatial.KindOf(err) != spatial.NotFound {
				t.Errorf("%q dismisses a job of %q: %v", other, owner, err)
			}
			if owner == other { // the order of a map: some are dismissed by now, and still there
				if list, err := jobs.Jobs(ctx, spatial.JobQuery{Limit: 10}); err != nil || len(list) != 1 || list[0].ID != id {
					t.Errorf("the list of %q is %v, %v", owner, list, err)
				}
			}
		}
		if _, err := jobs.Job(admin, id); err != nil {
			t.Errorf("an admin asks for a job of %q: %v", owner, err)
		}
	}
	narrowed := spatial.WithCaller(t.Context(), spatial.Caller{ID: "key:n", Role: spatial.Admin, Scopes: "process:*"})
	if list, err := jobs.Jobs(narrowed, spatial.JobQuery{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("an admin's key that may not read lists %v, %v", list, err)
	}
	// Who was demoted no longer sees what ran under the wider rule.
	if _, err := jobs.Job(spatial.WithCaller(t.Context(), spatial.Caller{ID: planner.ID}), owned[planner.ID]); spatial.KindOf(err) != spatial.NotFound {
		t.Errorf("demoted: %v", err)
	}
}

func TestConcurrentEqualRequestsShareOneRun(t *testing.T) {
	s, url := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	var runs atomic.Int32
	gate := make(chan struct{})
	work(t, jobs, func(ctx context.Context, _ string, inputs map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		runs.Add(1)
		<-gate
		return answer(inputs), nil
	}, quick)
	ids := make([]string, 64)
	var checks atomic.Int32
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			job, err := jobs.Submit(t.Context(), asked(3), func(context.Context) error { checks.Add(1); return nil })
			if err != nil {
				t.Error(err)
			}
			ids[i] = job.ID
		})
	}
	wg.Wait()
	close(gate)
	for _, id := range ids {
		if job := until(t, jobs, t.Context(), id, finished); job.Status != spatial.JobSuccessful || job.Progress != 100 {
			t.Fatalf("%+v", job)
		}
	}
	if slices.Sort(ids); runs.Load() != 1 || len(slices.Compact(ids)) != 64 || checks.Load() < 1 {
		t.Errorf("%d runs for %d jobs, %d checks", runs.Load(), len(ids), checks.Load())
	}
	conn := connectTo(t, url)
	if _, err := conn.Exec(t.Context(), "UPDATE collection_versions SET version = version + 1 WHERE collection = 'zones~shapes'"); err != nil { // how tiles draw is no data
		t.Fatal(err)
	}
	late, err := jobs.Submit(t.Context(), asked(3), func(context.Context) error { return errors.New("asked although the run is there") })
	if err != nil || late.Status != spatial.JobSuccessful {
		t.Fatalf("a later one: %+v, %v", late, err)
	}
	// Each of these differs in one thing, and is run for itself.
	inner := spatial.WithCaller(t.Context(), viewer)
	other := asked(3)
	other.Engine = "2"
	until(t, jobs, inner, submit(t, jobs, inner, asked(3)).ID, finished)
	until(t, jobs, t.Context(), submit(t, jobs, t.Context(), other).ID, finished)
	until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(4)).ID, finished)
	if _, err := conn.Exec(t.Context(), "UPDATE collection_versions SET version = version + 1 WHERE collection = 'seats'"); err != nil {
		t.Fatal(err)
	}
	until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(3)).ID, finished)
	if runs.Load() != 5 {
		t.Errorf("%d runs, want 5", runs.Load())
	}
}

func connectTo(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// One server takes the job, another works it, and the first has the result as
// soon as it says that there is one.
func TestTwoServersOnOneDatabase(t *testing.T) {
	here, url := open(t)
	there := openAt(t, url)
	front, back := jobsOf(t, here, postgis.JobOptions{}), jobsOf(t, there, postgis.JobOptions{})
	work(t, back, answering, quick)
	job := submit(t, front, t.Context(), asked(5))
	if job.Status != spatial.JobAccepted && !job.Status.Finished() && job.Status != spatial.JobRunning {
		t.Errorf("status %s", job.Status)
	}
	job = until(t, front, t.Context(), job.ID, finished)
	c, err := front.Collection(t.Context(), spatial.ResultID(job.ID, "points"))
	if err != nil {
		t.Fatal(err)
	}
	n, err := here.Count(t.Context(), spatial.ItemsQuery{Collection: c, Limit: 1})
	if err != nil || n != 5 {
		t.Errorf("%d features, %v", n, err)
	}
	outputs, err := front.Outputs(t.Context(), job.ID)
	if err != nil || len(outputs) != 2 || string(outputs[1].Body) != "5" {
		t.Errorf("outputs %v, %v", outputs, err)
	}
}

func TestDismissReachesTheSQL(t *testing.T) {
	s, url := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	began, ended := make(chan struct{}), make(chan error, 1)
	work(t, jobs, func(ctx context.Context, _ string, _ map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		close(began)
		err := s.Exec(ctx, "SELECT pg_sleep(600)")
		ended <- err
		return nil, err
	}, postgis.WorkOptions{}) // with its usual beat, so that the notification has to do it
	first, second := submit(t, jobs, t.Context(), asked(1)), submit(t, jobs, t.Context(), asked(1))
	<-began
	if job, err := jobs.Dismiss(t.Context(), first.ID); err != nil || job.Status != spatial.JobDismissed || job.Finished == nil {
		t.Fatalf("%+v, %v", job, err)
	}
	select {
	case err := <-ended:
		t.Fatalf("the run ended with another job on it: %v", err)
	default:
	}
	if job, err := jobs.Job(t.Context(), second.ID); err != nil || job.Status != spatial.JobRunning {
		t.Fatalf("the other job: %+v, %v", job, err)
	}
	if _, err := jobs.Dismiss(t.Context(), second.ID); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("the SQL ran to its end")
	}
	conn := connectTo(t, url)
	for n := -1; n != 0; {
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()").Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{first.ID, second.ID} {
		if _, err := jobs.Dismiss(t.Context(), id); spatial.KindOf(err) != spatial.Gone {
			t.Errorf("dismissed again: %v", err)
		}
		if _, err := jobs.Outputs(t.Context(), id); spatial.KindOf(err) != spatial.Gone {
			t.Errorf("its outputs: %v", err)
		}
	}
	// The same request again is a new run.
	if job := submit(t, jobs, t.Context(), asked(1)); job.Status == spatial.JobDismissed {
		t.Errorf("%+v", job)
	}
}

func TestListOfJobsIsPagedAndFiltered(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	stop := work(t, jobs, answering, quick)
	var ids []string
	for i := range 7 {
		ids = append(ids, submit(t, jobs, t.Context(), asked(i)).ID)
		until(t, jobs, t.Context(), ids[i], finished)
	}
	stop()
	waiting := submit(t, jobs, t.Context(), asked(99))
	ids = append(ids, waiting.ID)
	slices.Reverse(ids)
	for limit := 1; limit <= 9; limit++ {
		var got []string
		var after *spatial.JobPosition
		for {
			page, err := jobs.Jobs(t.Context(), spatial.JobQuery{Limit: limit, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, job := range page[:min(limit, len(page))] {
				got = append(got, job.ID)
				after = &spatial.JobPosition{Created: job.Created, ID: job.ID}
			}
			if len(page) <= limit {
				break
			}
		}
		if !slices.Equal(got, ids) {
			t.Errorf("pages of %d: %v, want %v", limit, got, ids)
		}
	}
	middle := waiting.Created
	for name, one := range map[string]struct {
		q    spatial.JobQuery
		want int
	}{
		"status":       {spatial.JobQuery{Statuses: []spatial.JobStatus{spatial.JobSuccessful}}, 7},
		"two statuses": {spatial.JobQuery{Statuses: []spatial.JobStatus{spatial.JobAccepted, spatial.JobFailed}}, 1},
		"process":      {spatial.JobQuery{Processes: []string{"other"}}, 0},
		"since":        {spatial.JobQuery{Created: &spatial.Interval{Start: &middle}}, 1},
		"before":       {spatial.JobQuery{Created: &spatial.Interval{End: &middle}}, 7},
		"long":         {spatial.JobQuery{MinDuration: time.Hour}, 0},
		"short":        {spatial.JobQuery{MaxDuration: time.Hour}, 7},
	} {
		one.q.Limit = 100
		if list, err := jobs.Jobs(t.Context(), one.q); err != nil || len(list) != one.want {
			t.Errorf("%s: %d jobs, want %d, %v", name, len(list), one.want, err)
		}
	}
}

// One caller cannot fill the queue for all, and planners are served first.
func TestTheQueueIsShared(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	inner := spatial.WithCaller(t.Context(), planner)
	var refused error
	n := 0
	for ; refused == nil && n < 500; n++ {
		_, refused = jobs.Submit(t.Context(), asked(n), nil)
	}
	if spatial.KindOf(refused) != spatial.Unavailable || n != 201 {
		t.Fatalf("after %d jobs: %v", n, refused)
	}
	if _, err := jobs.Submit(t.Context(), asked(0), nil); err != nil {
		t.Errorf("a job that shares a run: %v", err)
	}
	first := submit(t, jobs, inner, asked(999))
	order := make(chan string, 1000)
	work(t, jobs, func(_ context.Context, _ string, inputs map[string]json.RawMessage, _ func(float64, string)) ([]spatial.RunOutput, error) {
		order <- string(inputs["n"])
		return answer(map[string]json.RawMessage{"n": json.RawMessage("1")}), nil
	}, postgis.WorkOptions{Workers: 1, Drain: time.Millisecond})
	if got := <-order; got != "999" {
		t.Errorf("the first to be served is %s", got)
	}
	until(t, jobs, inner, first.ID, finished)
}
