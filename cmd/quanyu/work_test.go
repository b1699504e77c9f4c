package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A job whose worker is killed is begun anew by another one, with the server
// doing no work of its own.
func TestAKilledWorkersJobIsTakenUp(t *testing.T) {
	dir := dataDir(t)
	up := start(t, "--data-dir", dir, "up", "--workers", "0", "--listen", "127.0.0.1:0")
	base := up.await(t, `Ready\. The map: +(http://\S+?)/?$`)
	doomed := start(t, "--data-dir", dir, "work")
	doomed.await(t, `Working jobs`)
	job := startJob(t, base, `{"inputs":{"string":"survivor","pause":3},"outputs":{"string":{}},"response":"raw"}`)
	awaitJob(t, job, "running")
	doomed.kill(t)
	heir := start(t, "--data-dir", dir, "work", "--workers", "2")
	heir.await(t, `a run is taken up again`)
	awaitJob(t, job, "successful")
	if _, body := get(t, job+"/results"); strings.TrimSpace(string(body)) != `"survivor"` {
		t.Errorf("the result is %s", body)
	}
	if _, body := get(t, base+"/metrics"); !strings.Contains(string(body), `quanyu_job_seconds_count{outcome="taken-up",process="echo"} 1`) {
		t.Error("the figures do not tell of the run that was taken up")
	}
	// A worker that is asked to stop gives its job back at once.
	job = startJob(t, base, `{"inputs":{"string":"handed on","pause":30}}`)
	awaitJob(t, job, "running")
	heir.stop(t)
	awaitJob(t, job, "accepted")
	up.stop(t)
}

func startJob(t *testing.T, base, body string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, base+"/processes/echo/execution", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Prefer", "respond-async")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("status %d", response.StatusCode)
	}
	return response.Header.Get("Location")
}

func awaitJob(t *testing.T, address, status string) {
	t.Helper()
	deadline := time.After(3 * time.Minute) // a hang, not a speed limit
	for {
		_, body := get(t, address)
		var info struct{ Status, Message string }
		if err := json.Unmarshal(body, &info); err != nil {
			t.Fatalf("%s: %s", address, body)
		}
		if info.Status == status {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("the job does not become %s: %s", status, body)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func TestWorkFlags(t *testing.T) {
	for _, args := range [][]string{{"work", "--workers", "0"}, {"work", "--workers", "many"}} {
		if _, stderr, code := quanyu(t, nil, args...); code != exitUsage {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
}
