package analysis

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// The processes of long searches tell of them, never beyond the end, and the
// answer is the same whether anybody listens or not.
func TestSearchesTellHowFarTheyAre(t *testing.T) {
	in := newCountry(network.KindImported, t.Fatal)
	for name, one := range map[string]struct {
		p        Process
		text     string
		says     string
		steps    int
		checking string // bad inputs
	}{
		"matrix":   {newMatrixProcess(), plainMatrix, "searches", 10, `{"origins":{"collection":"seats"}}`},
		"circle":   {&circleProcess{newShared("e", clock)}, `{"centre":{"adcode":"512000"},"minutes":[30,60]}`, "drawing 60 minutes", 5, `{"minutes":[30]}`},
		"coverage": {newCoverage("e", clock), `{"demand":{"collection":"seats"},"facilities":{"collection":"airports"},"minutes":60}`, "points judged", 3, `{"minutes":60}`},
	} {
		var mu sync.Mutex
		var said []string
		ctx := InBackground(t.Context(), func(done float64, what string) {
			mu.Lock()
			defer mu.Unlock()
			if done < 0 || done > 1 {
				t.Errorf("%s: %v done", name, done)
			}
			said = append(said, what)
		})
		loud, err := one.p.Run(ctx, inputs(t, one.text, nil), in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(said) < one.steps || !strings.Contains(strings.Join(said, "; "), one.says) {
			t.Errorf("%s says %q", name, said)
		}
		if a, b := plainJSON(t, loud), plainJSON(t, ask(t, one.p, in, one.text, nil)); !bytes.Equal(a, b) {
			t.Errorf("%s: %s in the background, %s while the caller waits", name, a, b)
		}
		if err := Check(t.Context(), one.p, inputs(t, one.text, nil), in); err != nil {
			t.Errorf("%s: check: %v", name, err)
		}
		if err := Check(t.Context(), one.p, inputs(t, one.checking, nil), in); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s: check of bad inputs: %v", name, err)
		}
	}
}

func plainJSON(t *testing.T, r Result) []byte {
	t.Helper()
	text, err := json.Marshal(r.Outputs)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A filter may be CQL2 text or CQL2 JSON, with one meaning; a fault points at it.
func TestFiltersAreTextOrJSON(t *testing.T) {
	in := newCountry(network.KindImported, t.Fatal)
	asText := ask(t, newMatrixProcess(), in, plainMatrix, nil)
	asJSON := ask(t, newMatrixProcess(), in, `{"origins":{"collection":"seats","filter":{"op":"=","args":[{"property":"level"},"prefecture"]}},"destinations":{"collection":"airports"}}`, nil)
	if a, b := decoded[any](t, asText, "minutes"), decoded[any](t, asJSON, "minutes"); len(a.([]any)) == 0 || !bytes.Equal(mustMarshal(t, a), mustMarshal(t, b)) {
		t.Errorf("text finds %v, JSON %v", a, b)
	}
	shown := decoded[map[string]any](t, asJSON, "provenance")["parameters"].(map[string]any)["origins"].(map[string]any)["filter"]
	if _, ok := shown.(map[string]any); !ok {
		t.Errorf("provenance repeats the filter as %v", shown)
	}
	for text, pointer := range map[string]string{
		`{"origins":{"collection":"seats","filter":{"op":"=","args":[{"property":"nothing"},1]}},"destinations":{"collection":"airports"}}`: "/inputs/origins/filter",
		`{"origins":{"collection":"seats","filter":[1]},"destinations":{"collection":"airports"}}`:                                          "/inputs/origins/filter",
	} {
		_, err := newMatrixProcess().Run(t.Context(), inputs(t, text, nil), in)
		if err == nil || !strings.Contains(err.Error(), pointer) {
			t.Errorf("%s: %v", text, err)
		}
	}
	cities := &citiesProcess{newShared("e", clock)}
	a := ask(t, cities, in, `{"cities":"level = 'prefecture'"}`, nil)
	b := ask(t, cities, in, `{"cities":{"op":"=","args":[{"property":"level"},"prefecture"]}}`, nil)
	if !bytes.Equal(mustMarshal(t, decoded[any](t, a, "metric")), mustMarshal(t, decoded[any](t, b, "metric"))) {
		t.Error("city-reach takes text and JSON differently")
	}
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
