package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"quanyu/spatial/analysis"
)

// TestCoverageRefusesBadInputsByName goes through the real process, which
// judges its inputs before it reads anything.
func TestCoverageRefusesBadInputsByName(t *testing.T) {
	cfg := config(newStore(1))
	cfg.Processes = analysis.Processes("quanyu test", func() time.Time { return noon })
	c := serve(t, cfg)
	const good = `"demand":{"collection":"seats"},"facilities":{"collection":"airports"}`
	for inputs, want := range map[string]string{
		good + `,"minutes":0`:                              "/inputs/minutes",
		good + `,"minutes":-5`:                             "/inputs/minutes",
		good + `,"minutes":1e9`:                            "/inputs/minutes",
		good + `,"minutes":"sixty"`:                        "/inputs/minutes",
		good + `,"minutes":60,"as_of":"2020-13-01"`:        "/inputs/as_of",
		good + `,"minutes":60,"unknown":1`:                 "/inputs/unknown",
		`"demand":{"collection":"nowhere"},"minutes":60`:   "/inputs/demand/collection",
		`"demand":{"collection":"seats","filter":"level"}`: "/inputs/demand/filter",
	} {
		a := c.do(http.MethodPost, "/processes/coverage/execution", `{"inputs":{`+inputs+`}}`, "Content-Type", "application/json").want(t, 400)
		found := false
		for _, pointer := range a.faults(t) {
			found = found || strings.HasPrefix(pointer, want)
		}
		if !found {
			t.Errorf("%s: faults %v, want %s: %s", inputs, a.faults(t), want, a.body)
		}
	}
	about := c.get("/processes/coverage").want(t, 200).json(t)
	for _, name := range []string{"demand", "facilities", "minutes", "profile", "as_of", "target"} {
		if about["inputs"].(map[string]any)[name] == nil {
			t.Errorf("the description lacks the input %s", name)
		}
	}
	c.get("/processes/coverage?f=html").want(t, 200)
}
