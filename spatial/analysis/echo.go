package analysis

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"quanyu/spatial"
)

// longestPause bounds how long echo may wait, in seconds.
const longestPause = 30

// echoProcess gives its inputs back. It is there for clients and test suites,
// which find each kind of input and output in it, among them the OGC's suite of
// OGC API - Processes.
type echoProcess struct{ *shared }

// Run checks the inputs, waits for as long as pause says, and gives back what
// was given. An input that is left out has no output.
func (p *echoProcess) Run(ctx context.Context, members map[string]json.RawMessage, _ Inputs) (Result, error) {
	var faults []error
	o := object{at: "/inputs", members: members, faults: &faults}
	o.only(p.Spec().InputNames()...)
	values := readEcho(o)
	if err := spatial.JoinFaults(faults...); err != nil {
		return Result{}, err
	}
	if err := p.afford(ctx, 1, "one"); err != nil {
		return Result{}, err
	}
	if err := wait(ctx, values); err != nil {
		return Result{}, err
	}
	var result Result
	for _, spec := range p.Spec().Outputs {
		if v, ok := values[spec.ID]; ok {
			result.Outputs = append(result.Outputs, Output{spec.ID, v, spec.MediaType})
		}
	}
	return result, nil
}

// readEcho keeps every input that is given, as it was given.
func readEcho(o object) map[string]any {
	values := map[string]any{}
	keep := func(name string, sound func(json.RawMessage) bool, must string) {
		raw, ok := o.raw(name)
		if !ok {
			return
		}
		if !sound(raw) {
			o.fault(name, "must be "+must+", not "+shown(raw), nil)
			return
		}
		values[name] = raw
	}
	keep("string", is[string], "a string")
	keep("number", is[float64], "a number")
	keep("boolean", is[bool], "true or false")
	keep("datetime", isTime, "an instant such as 2026-01-02T15:04:05Z")
	keep("array", is[[]int64], "a list of whole numbers")
	keep("object", is[map[string]json.RawMessage], "an object")
	keep("bbox", isBox, "an object with bbox, four or six numbers, and optionally crs")
	keep("binary", isBinary, "a string of base64, or a link")
	keep("pause", isPause, fmt.Sprintf("a whole number of seconds from 0 to %d", longestPause))
	return values
}

func is[T any](raw json.RawMessage) bool {
	var v T
	return json.Unmarshal(raw, &v) == nil
}

func isTime(raw json.RawMessage) bool {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, text)
	return err == nil
}

// isBox takes any finite numbers: what they mean is for the CRS to say.
func isBox(raw json.RawMessage) bool {
	var box struct {
		BBox []float64 `json:"bbox"`
		CRS  *string   `json:"crs"`
	}
	return json.Unmarshal(raw, &box) == nil && slices.Contains([]int{4, 6}, len(box.BBox))
}

// isBinary takes base64, and a link as well, which is given back and not
// followed: this server fetches nothing for a stranger.
func isBinary(raw json.RawMessage) bool {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		_, err := base64.StdEncoding.DecodeString(text)
		return err == nil
	}
	var link struct {
		Href string `json:"href"`
	}
	return json.Unmarshal(raw, &link) == nil && link.Href != ""
}

func isPause(raw json.RawMessage) bool {
	var v float64
	return json.Unmarshal(raw, &v) == nil && v == math.Trunc(v) && v >= 0 && v <= longestPause
}

// wait pauses and tells each second how far it is.
func wait(ctx context.Context, values map[string]any) error {
	raw, ok := values["pause"].(json.RawMessage)
	if !ok {
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return err
	}
	for i := range int(seconds) {
		report(ctx, float64(i)/seconds, fmt.Sprintf("paused for %d of %v seconds", i, seconds))
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
	return nil
}
