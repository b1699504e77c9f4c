package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A newcomer's whole path: up on an empty data directory, a summary, a ready
// server, the same answer from the terminal beside it, and a clean end.
func TestUpFromNothingAnswersAndStops(t *testing.T) {
	dir := dataDir(t)
	up := start(t, "--data-dir", dir, "up", "--listen", "127.0.0.1:0")
	base := up.await(t, `Ready\. The map: +(http://\S+?)/?$`)
	for _, want := range []string{"end of 2020", "end of 2023", "Farthest from an airport now"} {
		if !strings.Contains(up.seen.String(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, up.seen.String())
		}
	}
	checkComplete(t, base)
	example, _, code := quanyu(t, nil, "--data-dir", dir, "process", "coverage", "--example")
	if code != exitOK {
		t.Fatalf("process --example: exit %d", code)
	}
	answer, stderr, code := quanyu(t, strings.NewReader(example), "--data-dir", dir, "process", "coverage", "--inputs", "-", "--format", "json")
	if code != exitOK || !json.Valid([]byte(answer)) {
		t.Errorf("process beside a running server: exit %d\n%s", code, stderr)
	}
	up.stop(t)
	_, stderr, code = quanyu(t, nil, "--data-dir", dir, "db", "url")
	if code != exitOK || !strings.Contains(stderr, "not running") {
		t.Errorf("the database outlived its only holder: exit %d, %s", code, stderr)
	}
}

// Killed at any step of the first start, the next start completes it.
func TestKilledDuringSeedTheNextUpIsComplete(t *testing.T) {
	dir := dataDir(t)
	for _, delay := range []time.Duration{0, 150 * time.Millisecond, 400 * time.Millisecond, time.Second} {
		up := start(t, "--data-dir", dir, "up", "--listen", "127.0.0.1:0")
		up.await(t, `schema +up to date`)
		time.Sleep(delay) // lands in the facts, the network or after, whatever the machine's speed
		up.kill(t)
	}
	up := start(t, "--data-dir", dir, "up", "--listen", "127.0.0.1:0")
	checkComplete(t, up.await(t, `Ready\. The map: +(http://\S+?)/?$`))
	up.stop(t)
}

// checkComplete asks a fresh server for what a whole seed holds.
func checkComplete(t *testing.T, base string) {
	t.Helper()
	if status, body := get(t, base+"/health/ready"); status != http.StatusOK {
		t.Errorf("not ready: %d %s", status, body)
	}
	for query, want := range map[string]float64{
		"/collections/seats/items?level=prefecture&limit=1":                       337,
		"/collections/divisions/items?level=prefecture&limit=1":                   337,
		"/collections/divisions/items?division_type=statistical&limit=1":          8,
		"/collections/border-places/items?limit=1":                                36,
		"/collections/roads/items?network=condensed&mode=car&limit=1&f=json":      -1,
		"/collections/datasets/items?filter=kind%3D%27modelled%27&limit=1&f=json": -1,
	} {
		_, body := get(t, base+query)
		var page struct{ NumberMatched float64 }
		if err := json.Unmarshal(body, &page); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		if page.NumberMatched != want && (want >= 0 || page.NumberMatched < 1) {
			t.Errorf("%s: %v features, want %v", query, page.NumberMatched, want)
		}
	}
}

func get(t *testing.T, url string) (int, []byte) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

func TestUsageFaultsExitWithTwo(t *testing.T) {
	for _, args := range [][]string{{"fly"}, {"up", "--wings"}, {"process", "coverage", "--format", "gif"}, {"import"},
		{"process", "nope"}, {"process", "coverage"}, {"up", "--listen", "nonsense"}} {
		_, stderr, code := quanyu(t, nil, args...)
		if code != exitUsage || !strings.Contains(stderr, "--help") {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
}

func TestHelpNamesAVariableForEveryFlag(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"up", "--help"}, {"key", "create", "--help"}, {"process", "--help"}, {"import", "osm", "--help"}, {"network", "condense", "--help"}} {
		stdout, _, code := quanyu(t, nil, args...)
		if code != exitOK {
			t.Errorf("%v: exit %d", args, code)
		}
		for flag, paragraph := range flagHelp(stdout) {
			if flag != "--help" && !strings.Contains(paragraph, "$QUANYU_") {
				t.Errorf("%v: %s names no variable: %s", args, flag, paragraph)
			}
		}
	}
}

// flagHelp gives the help paragraph of each flag, lines joined.
func flagHelp(text string) map[string]string {
	paragraphs := map[string]string{}
	flag := ""
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || !strings.HasPrefix(line, "  "):
			flag = ""
		case strings.HasPrefix(trimmed, "-"):
			flag = trimmed[strings.Index(trimmed, "--"):]
			flag, _, _ = strings.Cut(flag, " ")
			flag, _, _ = strings.Cut(flag, "=")
		}
		if flag != "" {
			paragraphs[flag] += trimmed + " "
		}
	}
	return paragraphs
}

func TestCommandsThatNeedADatabaseSayHowToMakeOne(t *testing.T) {
	dir := dataDir(t)
	example := `{"demand":{"collection":"seats"},"facilities":{"collection":"airports"},"minutes":60}`
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"process", "coverage", "--inputs", "-"}, {"db", "psql"}} {
		_, stderr, code := quanyu(t, strings.NewReader(example), append([]string{"--data-dir", dir}, args...)...)
		if code != exitFailed || !strings.Contains(stderr, "quanyu up") {
			t.Errorf("%v: exit %d, %s", args, code, stderr)
		}
	}
}

func TestBusyPortIsToldBeforeAnyWork(t *testing.T) {
	dir := dataDir(t)
	up := start(t, "--data-dir", dir, "up", "--listen", "127.0.0.1:0")
	base := up.await(t, `Ready\. The map: +(http://\S+?)/?$`)
	address := strings.TrimPrefix(base, "http://")
	_, stderr, code := quanyu(t, nil, "--data-dir", dir, "up", "--listen", address)
	if code != exitFailed || !strings.Contains(stderr, "--listen") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	up.stop(t)
}
