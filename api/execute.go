package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// execution is an execute request (OGC API - Processes 1.0, 7.11).
type execution struct {
	inputs  map[string]json.RawMessage
	outputs []string // wanted, in the order of the Spec
	raw     bool
}

// execute runs a process within the request. `Prefer: respond-async` is let
// pass: the standard lets a server that has no jobs answer at once.
func (s *server) execute(c echo.Context) error {
	p, err := s.process(c)
	if err != nil {
		return err
	}
	body, err := readJSON(c)
	if err != nil {
		return err
	}
	request, err := parseExecution(body, p.Spec())
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	select {
	case s.runs <- struct{}{}:
		defer func() { <-s.runs }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	started := time.Now()
	result, err := p.Run(ctx, request.inputs, s.cfg.Inputs)
	s.metrics.runs.WithLabelValues(p.Spec().ID, runOutcome(err)).Observe(time.Since(started).Seconds())
	if err != nil {
		return err
	}
	return writeResult(c, request, result)
}

func runOutcome(err error) string {
	if err == nil {
		return "done"
	}
	return string(spatial.KindOf(err))
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
			inputs, err := parseInputs(value)
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
			errs = append(errs, spatial.BadField(at, "is not taken: runs are synchronous, so there is nobody to call back", nil))
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
func parseInputs(raw json.RawMessage) (map[string]json.RawMessage, error) {
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
		if _, ok := members["href"]; ok {
			errs = append(errs, spatial.BadField("/inputs/"+escapePointer(name), "is a reference; inputs are taken by value only", nil))
		}
		if value, ok := members["value"]; ok && qualified(members) {
			inputs[name] = value
		}
	}
	return inputs, spatial.JoinFaults(errs...)
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

// part is one output on its way out.
type part struct {
	id, media string
	body      []byte
}

// writeResult sends the outputs that were asked for. Raw outputs go out bare
// when there is one and as multipart/related when there are several.
func writeResult(c echo.Context, e execution, result analysis.Result) error {
	var parts []part
	for _, id := range e.outputs {
		out, ok := result.Output(id)
		if !ok {
			return fmt.Errorf("the process gave no output %q that its description names", id)
		}
		body, err := json.Marshal(out.Value)
		if err != nil {
			return fmt.Errorf("output %q: %w", id, err)
		}
		parts = append(parts, part{id: id, media: out.MediaType, body: body})
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	switch {
	case !e.raw:
		return c.Blob(http.StatusOK, mediaJSON, document(parts))
	case len(parts) == 1:
		return c.Blob(http.StatusOK, parts[0].media, append(parts[0].body, '\n'))
	default:
		return writeParts(c, parts)
	}
}

// document joins outputs in order; objects are qualified by their media type,
// other values are plain (results.yaml of the standard).
func document(parts []part) []byte {
	body := []byte{'{'}
	for i, p := range parts {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(append(body, mustJSON(p.id)...), ':')
		if p.body[0] != '{' {
			body = append(body, p.body...)
			continue
		}
		body = append(append(body, `{"value":`...), p.body...)
		body = append(append(append(body, `,"mediaType":`...), mustJSON(p.media)...), '}')
	}
	return append(body, "}\n"...)
}

func writeParts(c echo.Context, parts []part) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.SetBoundary("quanyu-" + requestID(c)[:min(16, len(requestID(c)))] + "-part"); err != nil {
		return err
	}
	for _, p := range parts {
		out, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {p.media}, "Content-Id": {p.id}})
		if err != nil {
			return err
		}
		if _, err := out.Write(p.body); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Blob(http.StatusOK, `multipart/related; type="`+mediaJSON+`"; boundary=`+w.Boundary(), body.Bytes())
}
