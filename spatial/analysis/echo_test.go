package analysis

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"quanyu/spatial"
)

func TestEchoGivesBackWhatItTakes(t *testing.T) {
	p := &echoProcess{newShared("test", time.Now)}
	for name, values := range map[string]struct{ good, bad []string }{
		"string":   {[]string{`"a"`, `""`, `"点"`}, []string{`1`, `{}`, `["a"]`}},
		"number":   {[]string{`1`, `-1.5e300`}, []string{`"1"`, `1e999`, `true`}},
		"boolean":  {[]string{`true`, `false`}, []string{`1`, `"true"`}},
		"datetime": {[]string{`"2026-01-02T03:04:05Z"`, `"2026-01-02T03:04:05.123+08:00"`}, []string{`"2026-01-02"`, `"soon"`, `5`}},
		"array":    {[]string{`[]`, `[1,2,3]`}, []string{`1`, `["a"]`, `[1.5]`}},
		"object":   {[]string{`{}`, `{"a":{"b":[1]}}`, `{"value":"teststring"}`}, []string{`[]`, `"a"`}},
		"bbox":     {[]string{`{"bbox":[1,2,3,4]}`, `{"bbox":[1,2,3,4,5,6],"crs":"urn:x"}`}, []string{`{}`, `{"bbox":[1,2,3]}`, `[1,2,3,4]`, `{"bbox":[1,2,3,"4"]}`, `{"bbox":[1,2,3,4],"crs":1}`}},
		"binary":   {[]string{`""`, `"aGVsbG8="`, `{"href":"https://data.test/a.tiff"}`}, []string{`"a b"`, `{"href":""}`, `{"type":"wrong/type"}`, `1`}},
		"pause":    {[]string{`0`}, []string{`-1`, `31`, `0.5`, `"1"`}},
	} {
		for _, text := range values.good {
			result, err := p.Run(t.Context(), map[string]json.RawMessage{name: json.RawMessage(text)}, nil)
			if err != nil || len(result.Outputs) != 1 || result.Outputs[0].ID != name {
				t.Errorf("%s %s: %v, %v", name, text, result, err)
				continue
			}
			if got, err := json.Marshal(result.Outputs[0].Value); err != nil || string(got) != text {
				t.Errorf("%s %s comes back as %s", name, text, got)
			}
		}
		for _, text := range values.bad {
			_, err := p.Run(t.Context(), map[string]json.RawMessage{name: json.RawMessage(text)}, nil)
			var e *spatial.Error
			if !errors.As(err, &e) || e.Kind != spatial.Invalid || e.Faults[0].Pointer != "/inputs/"+name {
				t.Errorf("%s %s: %v", name, text, err)
			}
		}
	}
	if _, err := p.Run(t.Context(), map[string]json.RawMessage{"other": json.RawMessage(`1`)}, nil); spatial.KindOf(err) != spatial.Invalid {
		t.Errorf("a stranger: %v", err)
	}
}

// A check stops where the work begins, and tells what a run would cost too much
// for.
func TestCheckDoesNoWork(t *testing.T) {
	p := &echoProcess{newShared("test", time.Now)}
	if err := Check(t.Context(), p, map[string]json.RawMessage{"pause": json.RawMessage(`30`)}, nil); err != nil {
		t.Error(err)
	}
	if err := Check(t.Context(), p, map[string]json.RawMessage{"pause": json.RawMessage(`"x"`)}, nil); spatial.KindOf(err) != spatial.Invalid {
		t.Errorf("bad input: %v", err)
	}
	planner := spatial.WithCaller(t.Context(), spatial.Caller{Role: spatial.Planner})
	tell := func(float64, string) {}
	for cost, want := range map[int][3]spatial.Kind{ // while the caller waits, as a job of anyone, as a job of a planner
		syncBudget:     {"", "", ""},
		syncBudget + 1: {spatial.NeedsAsync, spatial.NeedsAsync, ""},
		jobBudget:      {spatial.NeedsAsync, spatial.NeedsAsync, ""},
		jobBudget + 1:  {spatial.Unprocessable, spatial.Unprocessable, spatial.Unprocessable},
	} {
		got := [3]spatial.Kind{spatial.KindOf(p.afford(t.Context(), cost, "")), spatial.KindOf(p.afford(InBackground(t.Context(), tell), cost, "")), spatial.KindOf(p.afford(InBackground(planner, tell), cost, ""))}
		if got != want {
			t.Errorf("%d: %q, want %q", cost, got, want)
		}
	}
}

func TestLongRunsTellHowFarTheyAre(t *testing.T) {
	var steps []float64
	ctx := InBackground(t.Context(), func(done float64, what string) {
		if what == "" {
			t.Error("no word for it")
		}
		steps = append(steps, done)
	})
	p := &echoProcess{newShared("test", time.Now)}
	if _, err := p.Run(ctx, map[string]json.RawMessage{"pause": json.RawMessage(`1`)}, nil); err != nil || len(steps) != 2 {
		t.Errorf("%v, %v", steps, err)
	}
}
