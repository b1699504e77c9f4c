package api_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"
)

const testString = "teststring"

// echoSuite is the process that the suite is told to run.
type echoSuite struct {
	*cite
	inputs  []echoInput // in the order of the description, as the suite takes them
	outputs []string
}

// echoInput is what the suite reads of an input.
type echoInput struct {
	id     string
	schema struct {
		Type, Format     string
		ContentMediaType *string
		Properties       map[string]any
	}
}

func (in echoInput) isBBox() bool { return in.schema.Properties["bbox"] != nil }

// describeEcho reads the description.
func describeEcho(t *testing.T, s *cite) *echoSuite {
	t.Helper()
	var about struct {
		JobControlOptions []string
		Inputs            json.RawMessage
		Outputs           json.RawMessage
	}
	if err := json.Unmarshal(s.get("/processes/echo", "Accept", "application/json").want(t, 200).body, &about); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(about.JobControlOptions, "async-execute") || !slices.Contains(about.JobControlOptions, "sync-execute") {
		t.Fatalf("echo runs %v", about.JobControlOptions)
	}
	e := &echoSuite{cite: s, outputs: memberNames(t, about.Outputs)}
	var described map[string]struct{ Schema json.RawMessage }
	if err := json.Unmarshal(about.Inputs, &described); err != nil {
		t.Fatal(err)
	}
	for _, id := range memberNames(t, about.Inputs) {
		in := echoInput{id: id}
		if err := json.Unmarshal(described[id].Schema, &in.schema); err != nil {
			t.Fatal(err)
		}
		e.inputs = append(e.inputs, in)
	}
	return e
}

// memberNames lists the members of an object in its own order.
func memberNames(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
	}
	return names
}

// values fills the inputs as the suite does: text of no format, boxes, and
// objects, which it takes for ones of any members.
func (e *echoSuite) values() map[string]any {
	values := map[string]any{}
	for _, in := range e.inputs {
		switch {
		case in.schema.Type == "string" && in.schema.Format == "" && in.schema.ContentMediaType == nil:
			values[in.id] = testString
		case in.isBBox():
			values[in.id] = map[string]any{"crs": "urn:ogc:def:crs:EPSG:6.6:4326", "bbox": []int{345345345, 345345345, 345345345, 345345345}}
		case in.schema.Type == "object":
			values[in.id] = map[string]any{"value": testString}
		}
	}
	return values
}

// with is values with another one for the first input that is meant.
func (e *echoSuite) with(t *testing.T, meant func(echoInput) bool, value any) (values map[string]any, id string) {
	t.Helper()
	values = e.values()
	i := slices.IndexFunc(e.inputs, meant)
	if i < 0 {
		t.Fatal("echo has no such input, and the suite leaves the test out")
	}
	values[e.inputs[i].id] = value
	return values, e.inputs[i].id
}

// request is an execute request for outputs by value; none are named where
// outputs is nil.
func request(inputs map[string]any, outputs []string, response string) string {
	body := map[string]any{"inputs": inputs}
	if outputs != nil {
		wanted := map[string]any{}
		for _, id := range outputs {
			wanted[id] = map[string]any{"transmissionMode": "value"}
		}
		body["outputs"] = wanted
	}
	if response != "" {
		body["response"] = response
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return string(text)
}

// all asks for every output of the usual inputs, one for the first alone.
func (e *echoSuite) all(response string) string { return request(e.values(), e.outputs, response) }

func (e *echoSuite) one() string { return request(e.values(), []string{e.inputs[0].id}, "raw") }

func (e *echoSuite) run(body, prefer string) answer {
	headers := []string{"Content-Type", "application/json; charset=UTF-8", "Accept", "application/json"}
	if prefer != "" {
		headers = append(headers, "Prefer", prefer)
	}
	return e.do(http.MethodPost, "/processes/echo/execution", body, headers...)
}

// start runs a request as a job and gives its address; the suite has a blank
// after the preference in some tests.
func (e *echoSuite) start(t *testing.T, body string) string {
	t.Helper()
	job := e.run(body, "respond-async ").want(t, 201).header.Get("Location")
	e.get(job).want(t, 200).json(t) // without an Accept, as the suite asks
	return job
}

// finished runs a request as a job, checks each state on the way, and gives
// its address.
func (e *echoSuite) finished(t *testing.T, body string) string {
	t.Helper()
	job := e.start(t, body)
	for range 300 {
		state := e.get(job, "Accept", "application/json").want(t, 200).json(t)
		if state["type"] != "process" || state["processID"] != "echo" || state["jobID"] == "" {
			t.Fatalf("status %v", state)
		}
		linked(t, state, "monitor")
		switch state["status"] {
		case "successful":
			linked(t, state, "http://www.opengis.net/def/rel/ogc/1.0/results")
			return job
		case "accepted", "running":
			time.Sleep(50 * time.Millisecond)
		default:
			t.Fatalf("status %v", state)
		}
	}
	t.Fatalf("%s does not end", job)
	return ""
}

// holds fails the test unless a document has a member for each of the inputs.
func holds(t *testing.T, document, inputs map[string]any) {
	t.Helper()
	if got, want := slices.Sorted(maps.Keys(document)), slices.Sorted(maps.Keys(inputs)); !slices.Equal(got, want) {
		t.Errorf("outputs %v of inputs %v", got, want)
	}
}
