package api

import (
	"bytes"
	"encoding/json"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// execution is an execute request (OGC API - Processes 1.0, 7.11).
type execution struct {
	inputs  map[string]json.RawMessage
	outputs []string // wanted, in the order of the Spec
	raw     bool
	request spatial.JobRequest
}

// parseExecution reads a request strictly and reports all faults of its shape
// together; what the inputs hold is the process's to judge.
func parseExecution(body json.RawMessage, spec analysis.Spec) (execution, error) {
	members, ok := object(body)
	if !ok {
		return execution{}, spatial.BadField("", "has to be an object", []string{"inputs", "outputs", "response"})
	}
	e := execution{inputs: map[string]json.RawMessage{}}
	var errs []error
	for _, name := range sortedKeys(members) {
		at, value := "/"+escapePointer(name), members[name]
		switch name {
		case "inputs":
			inputs, err := parseInputs(value, spec)
			e.inputs = inputs
			errs = append(errs, err)
		case "outputs":
			wanted, err := parseOutputs(value, spec)
			e.outputs = wanted
			errs = append(errs, err)
		case "response":
			var text string
			if json.Unmarshal(value, &text) != nil || text != "raw" && text != "document" {
				errs = append(errs, spatial.BadField(at, "is neither raw nor document", []string{"document", "raw"}))
			}
			e.raw = text == "raw"
		case "subscriber":
			errs = append(errs, spatial.BadField(at, "is not taken: this server calls nobody back; ask for the status of the job", nil))
		default:
			errs = append(errs, spatial.BadField(at, "is not a member of an execute request", []string{"inputs", "outputs", "response"}))
		}
	}
	if e.outputs == nil {
		for _, out := range spec.Outputs {
			e.outputs = append(e.outputs, out.ID)
		}
	}
	return e, spatial.JoinFaults(errs...)
}

func object(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	trimmed := bytes.TrimSpace(raw)
	if len(trimmed) == 0 || trimmed[0] != '{' || json.Unmarshal(raw, &members) != nil {
		return nil, false
	}
	return members, true
}

// parseInputs unwraps qualified values, {"value": …}; references are refused,
// since this server fetches nothing for a stranger.
//
// An input that is an object may be {"value": …} itself: what is wrapped in it
// is then no object. Links pass where the process takes them, and are its to
// judge.
func parseInputs(raw json.RawMessage, spec analysis.Spec) (map[string]json.RawMessage, error) {
	inputs, ok := object(raw)
	if !ok {
		return nil, spatial.BadField("/inputs", "has to be an object of inputs by name", nil)
	}
	var errs []error
	for _, name := range sortedKeys(inputs) {
		members, isObject := object(inputs[name])
		if !isObject {
			continue
		}
		if _, ok := members["href"]; ok && !slices.Contains(spec.Links, name) {
			errs = append(errs, spatial.BadField("/inputs/"+escapePointer(name), "is a reference; inputs are taken by value only", nil))
		}
		if value, ok := members["value"]; ok && qualified(members) && !plainObject(spec, name, value) {
			inputs[name] = value
		}
	}
	return inputs, spatial.JoinFaults(errs...)
}

// plainObject says that an input takes objects and the value is none, so what
// holds the value is the object.
func plainObject(spec analysis.Spec, name string, value json.RawMessage) bool {
	i := slices.IndexFunc(spec.Inputs, func(in analysis.InputSpec) bool { return in.ID == name })
	if i < 0 || spec.Inputs[i].Schema["type"] != "object" {
		return false
	}
	_, wrapped := object(value)
	return !wrapped
}

// qualified says whether an object has only members of qualifiedInputValue.
func qualified(members map[string]json.RawMessage) bool {
	for name := range members {
		if !slices.Contains([]string{"value", "mediaType", "encoding", "schema", "format"}, name) {
			return false
		}
	}
	return true
}

// parseOutputs reads which outputs are wanted; an empty object wants all, as
// an absent one does.
func parseOutputs(raw json.RawMessage, spec analysis.Spec) ([]string, error) {
	wanted, ok := object(raw)
	if !ok {
		return nil, spatial.BadField("/outputs", "has to be an object of outputs by name", nil)
	}
	var known, chosen []string
	for _, out := range spec.Outputs {
		known = append(known, out.ID)
		if _, ok := wanted[out.ID]; ok {
			chosen = append(chosen, out.ID)
		}
	}
	var errs []error
	for _, name := range sortedKeys(wanted) {
		at := "/outputs/" + escapePointer(name)
		if !slices.Contains(known, name) {
			errs = append(errs, spatial.BadField(at, "is not an output of this process", known))
			continue
		}
		i := slices.IndexFunc(spec.Outputs, func(o analysis.OutputSpec) bool { return o.ID == name })
		errs = append(errs, checkOutput(at, wanted[name], spec.Outputs[i].MediaType))
	}
	return chosen, spatial.JoinFaults(errs...)
}

func checkOutput(at string, raw json.RawMessage, media string) error {
	members, ok := object(raw)
	if !ok {
		return spatial.BadField(at, "has to be an object, which may be empty", nil)
	}
	var errs []error
	for _, name := range sortedKeys(members) {
		switch name {
		case "transmissionMode":
			if string(members[name]) != `"value"` {
				errs = append(errs, spatial.BadField(at+"/transmissionMode", "is not offered", []string{"value"}))
			}
		case "format":
			var format struct {
				MediaType string `json:"mediaType"`
			}
			if json.Unmarshal(members[name], &format) != nil || format.MediaType != "" && format.MediaType != media {
				errs = append(errs, spatial.BadField(at+"/format", "is not a form of this output", []string{media}))
			}
		default:
			errs = append(errs, spatial.BadField(at+"/"+escapePointer(name), "is not a member of an output request", []string{"transmissionMode", "format"}))
		}
	}
	return spatial.JoinFaults(errs...)
}
