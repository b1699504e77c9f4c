package spatial

import (
	"encoding/json"
	"time"
)

// JobStatus is where a job stands, in the words of OGC API - Processes.
type JobStatus string

// The statuses. A job ends in one of the last three.
const (
	JobAccepted   JobStatus = "accepted" // waits for a worker
	JobRunning    JobStatus = "running"
	JobSuccessful JobStatus = "successful"
	JobFailed     JobStatus = "failed"
	JobDismissed  JobStatus = "dismissed"
)

// JobStatuses lists the statuses.
func JobStatuses() []JobStatus {
	return []JobStatus{JobAccepted, JobRunning, JobSuccessful, JobFailed, JobDismissed}
}

// Finished says whether the status is a last one.
func (s JobStatus) Finished() bool { return s != JobAccepted && s != JobRunning }

// JobRequest asks for a run of a process in the background. Who asks, and so
// whose job it is and under which row rule it runs, is the caller of the
// context.
type JobRequest struct {
	Process string
	Engine  string          // program and version, and version of the process
	Inputs  json.RawMessage // in canonical form: equal inputs are equal bytes
	Outputs []string        // wanted, in the order of the process
	Raw     bool            // the form of the results
}

// Job is one request for a run, as its caller sees it. Jobs with equal inputs on
// equal data share one run.
type Job struct {
	ID       string
	Process  string
	Outputs  []string
	Raw      bool
	Status   JobStatus
	Progress int // percent
	Message  string
	Created  time.Time
	Started  *time.Time
	Finished *time.Time
	Updated  time.Time
	Expires  *time.Time // end of the result's retention, of a successful job
	Gone     bool       // the result was removed: dismissed, or over its retention
	Problem  *Error     // of a failed one
	Features []string   // outputs that are collections, of a successful one
	Tiled    []string   // those of them that have tiles
}

// JobQuery asks for a page of jobs, newest first; zero values do not filter.
type JobQuery struct {
	Processes                []string
	Statuses                 []JobStatus
	Created                  *Interval     // when the job was stored
	MinDuration, MaxDuration time.Duration // of the run, finished or not
	After                    *JobPosition  // start after this job
	Limit                    int
}

// JobPosition is where a job stands in the list.
type JobPosition struct {
	Created time.Time `json:"c"`
	ID      string    `json:"i"`
}

// RunOutput is one output of a run, in the bytes that clients get.
type RunOutput struct {
	ID          string
	Title       string // of the collection that a list of features becomes
	TitleZH     string
	Description string
	MediaType   string
	Body        []byte
	Features    *FeatureCollection // what Body says, where it is a list of features
}

// RunTotal counts what became of runs, over all servers and since the beginning.
// The outcome is a status, the kind of an error, or taken-up for a run whose
// worker was lost.
type RunTotal struct {
	Process, Outcome string
	Runs             int64
	Seconds          float64
}

// RunTakenUp is the outcome of a run that another worker had to begin anew.
const RunTakenUp = "taken-up"

// JobFigures tell how jobs fare, for telemetry.
type JobFigures struct {
	Queued, Running map[string]int64 // by process
	Totals          []RunTotal
	Kept            int64 // results
	KeptBytes       int64
}

// ResultID is the id of the collection that an output of a job is.
func ResultID(job, output string) string { return ResultPrefix + job + "-" + output }

// ResultPrefix begins the ids of all results, and of no other collection.
const ResultPrefix = "result-"

// Ready is nil when the job has a result to give. A job that is not finished is
// NotFound, one whose result was removed Gone; a failed one gives its problem.
func (j Job) Ready() error {
	switch {
	case j.Status == JobFailed && j.Problem != nil:
		return j.Problem
	case j.Gone || j.Status == JobDismissed:
		return Errorf(Gone, "The job was dismissed, or the retention of its result is over.")
	case j.Status != JobSuccessful:
		return Errorf(NotFound, "The job is %s; its result is not ready.", j.Status)
	}
	return nil
}
