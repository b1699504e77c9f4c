package analysis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// withTargets adds figures of the plans, and limits of an operator's own.
func withTargets(in *plain) *plain {
	target := func(id, comparator string, value any, unit string) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"plan": "national-14fyp", "article": int64(22), "comparator": comparator, "value": value, "unit": unit, "target_year": int64(2025)}}
	}
	in.tables["targets"] = append(in.tables["targets"], target("n01-city-count", "=", 8.0, "count"), target("s01-large-cities", "=", 2.0, "count"), target("s01-towns", "=", 2016.0, "count"),
		target("n21-border-towns", "=", 3.0, "count"), target("n21-ports-build", "=", 2.0, "count"), target("n13-clusters", "=", 0.0, "count"), target("n22-two-hours", "<=", 2.0, "hours"), target("n14-commute-circle", "<=", 60.0, "minutes"),
		target("n22-airport-minutes", "<=", 60.0, "minutes"), target("at-least", ">=", 60.0, "minutes"), target("day", "<=", 24.0, "hours"), target("instant", "<", 0.001, "minutes"))
	return in
}

// TestTimesAtTheTarget: the target's exact value meets <= and misses <, one
// millisecond more misses both; slower and faster speeds make it uncertain.
func TestTimesAtTheTarget(t *testing.T) {
	const hours2 = network.Weight(7_200_000)
	for _, c := range []struct {
		comparator, unit string
		value            float64
		l                longest
		factors          []float64
		want             string
	}{
		{"<=", "hours", 2, longest{weight: hours2, times: 1}, []float64{1}, "met 2"},
		{"<=", "hours", 2, longest{weight: hours2 + 1, times: 1}, []float64{1}, "not-met 2.0000002777777777"},
		{"<=", "hours", 2, longest{weight: hours2 - 1, times: 1}, []float64{1}, "met 1.9999997222222223"},
		{"<", "hours", 2, longest{weight: hours2, times: 1}, []float64{1}, "not-met 2"},
		{"<", "hours", 2, longest{weight: hours2 - 1, times: 1}, []float64{1}, "met 1.9999997222222223"},
		{"<=", "minutes", 120, longest{weight: hours2, times: 1}, []float64{1, 2}, "met 120"},
		{"<=", "minutes", 60, longest{weight: hours2, times: 1}, []float64{1, 2}, "uncertain 120"},
		{"<=", "minutes", 0.1, longest{weight: 6000, times: 1}, []float64{1}, "met 0.1"}, // not so in binary floating point
		{"<=", "minutes", 60, longest{weight: 1, times: 2, endless: 1}, []float64{1}, "not-met none"},
		{"<=", "minutes", 60, longest{weight: 1, times: 2, unknown: 1}, []float64{1}, "uncertain 1.6666666666666667e-05"},
		{"<=", "minutes", 60, longest{weight: hours2, times: 2, unknown: 1}, []float64{1}, "not-met 120"},
		{"<=", "minutes", 60, longest{unknown: 1}, []float64{1}, "nothing none"},
	} {
		figure, err := coverage.NewFigure(c.comparator, c.value)
		if err != nil {
			t.Fatal(err)
		}
		target := &chosenTarget{figure, targetShown{Unit: c.unit}}
		if got := judgement(target.judgeLongest("", c.l, coverage.NewBand(c.factors, 1))); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// judgement is verdict and value in a line.
func judgement(j judgedShown) string {
	verdict, value := "nothing", "none"
	if j.Verdict != nil {
		verdict = string(*j.Verdict)
	}
	if j.Value != nil {
		value = fmt.Sprint(*j.Value)
	}
	return verdict + " " + value
}

// TestCountsAtTheTarget asks the processes for counts: at the value, beside it,
// and of what nothing is loaded.
func TestCountsAtTheTarget(t *testing.T) {
	in := withTargets(withBorder(withCities(newPlain(t.Fatal))))
	in.tables["border-places"][4].Properties["role"], in.tables["border-places"][5].Properties["role"] = "build", "build"
	in.tables["border-places"][6].Properties["role"], in.tables["border-places"][7].Properties["role"] = "build", "none"
	for _, at := range []int{4, 5} { // named once
		in.tables["border-places"][at].Properties["mentions"] = []any{map[string]any{"id": "other", "role": "support"}, map[string]any{"id": "twin-port", "role": "build"}}
	}
	for _, c := range []struct {
		process       Process
		inputs        string
		target, value string
	}{
		{newClasses(), plainClasses, "n01-city-count", "met 8"}, {newClasses(), plainClasses, "s01-large-cities", "met 2"}, {newClasses(), plainClasses, "s01-towns", "nothing none"},
		{newBorder(), plainBorder, "n21-ports-build", "met 2"}, {newBorder(), plainBorder, "n21-border-towns", "not-met 4"}, {newBorder(), `{"filter":"tier = 'prefecture'"}`, "n21-border-towns", "not-met 4"},
		{newCities(), plainCities, "n13-clusters", "met 0"},
	} {
		j := decoded[judgedShown](t, ask(t, c.process, in, c.inputs, map[string]string{"target": fmt.Sprintf("%q", c.target)}), "metric")
		if got := judgement(j); got != c.value || j.Target == nil || j.Target.ID != c.target || j.Target.Share != nil || j.Measure == nil {
			t.Errorf("%s: %s of %+v, want %s", c.target, got, j, c.value)
		}
	}
	in.tables["targets"][slices.IndexFunc(in.tables["targets"], func(f spatial.Feature) bool { return f.ID == "n01-city-count" })].Properties["value"] = 7.0
	if j := decoded[judgedShown](t, ask(t, newClasses(), in, plainClasses, map[string]string{"target": `"n01-city-count"`}), "metric"); judgement(j) != "not-met 8" {
		t.Errorf("8 cities against 7: %+v", j)
	}
	if j := decoded[judgedShown](t, ask(t, newClasses(), in, plainClasses, nil), "metric"); j != (judgedShown{}) {
		t.Errorf("without a target: %+v", j)
	}
}

// TestLongestPairAgainstATarget takes the longest pair from the pairs shown.
func TestLongestPairAgainstATarget(t *testing.T) {
	in := withTargets(newPlain(t.Fatal))
	for _, c := range []struct{ inputs, target string }{
		{`{"pairs":"to-centre","cities":"level = 'prefecture' AND province_adcode = '510000'","centre":{"adcode":"512000"}}`, "n22-two-hours"},
		{`{"pairs":"to-centre","cities":"level = 'prefecture' AND province_adcode = '510000'","centre":{"adcode":"512000"}}`, "instant"},
		{plainCities, "day"},
	} {
		r := ask(t, newCities(), in, c.inputs, map[string]string{"target": fmt.Sprintf("%q", c.target)})
		m, most, endless, counted := decoded[citiesMetric](t, r, "metric"), 0.0, false, 0
		for _, p := range decoded[[]pairShown](t, r, "pairs") {
			if p.Group == nil && c.target == "day" {
				continue
			}
			if counted++; p.Mins == nil {
				endless = true
			} else {
				most = max(most, *p.Mins)
			}
		}
		unit := map[string]float64{"n22-two-hours": 60, "day": 60, "instant": 1}[c.target]
		if counted == 0 || (m.Value == nil) != endless || m.Value != nil && math.Abs(*m.Value-most/unit) > 1e-12 {
			t.Errorf("%s: %s, want %v minutes, endless %v", c.target, judgement(m.judgedShown), most, endless)
		}
		if want := map[bool]coverage.Verdict{true: coverage.Met, false: coverage.NotMet}[!endless && c.target != "instant"]; *m.Verdict != want {
			t.Errorf("%s: %s, want %s", c.target, *m.Verdict, want)
		}
	}
}

// TestPlannedMembersAgainstATarget: the verdicts of areas are of their planned
// members' own seats, and the metric is of the farthest of all.
func TestPlannedMembersAgainstATarget(t *testing.T) {
	in := withTargets(withAreas(newPlain(t.Fatal)))
	truth, centre := newOracle(t, in.network, "car"), crossing(2, 0)
	most := 0.0
	for _, code := range []string{"512000", "514000", "510200"} {
		most = max(most, truth.between(byName(in, "seats", "seat-"+code).Geometry, centre)/60_000)
	}
	for target, want := range map[string]coverage.Verdict{"day": coverage.Met, "instant": coverage.NotMet} {
		r := ask(t, newCircle(), in, plainAreas, map[string]string{"target": fmt.Sprintf("%q", target)})
		rows, m := areaRows(t, r), decoded[circleMetric](t, r, "metric")
		unit := map[string]float64{"day": 60, "instant": 1}[target]
		if row := rows["nested"]; row.Verdict == nil || *row.Verdict != want || math.Abs(*row.Value-most/unit) > 1e-12 {
			t.Errorf("%s: nested %s at %v, want %s at %v minutes", target, *row.Verdict, *row.Value, want, most)
		}
		if row := rows["nested core"]; *row.Verdict != coverage.Met || *row.Value != 0 {
			t.Errorf("%s: the centre alone is its core: %s", target, *row.Verdict)
		}
		if row := rows["middle"]; *row.Verdict != coverage.NotMet || row.Value != nil {
			t.Errorf("%s: a member that no way leads to: %s", target, *row.Verdict)
		}
		if m.Areas != 2 || *m.Verdict != coverage.NotMet || m.Value != nil || m.Verdicts[coverage.NotMet]+m.Verdicts[coverage.Met] != 2 || m.Judged != 7 {
			t.Errorf("%s: %+v", target, m)
		}
	}
}

// TestTargetsThatAProcessCannotJudge are refused with those that it can.
func TestTargetsThatAProcessCannotJudge(t *testing.T) {
	in := withTargets(withAreas(withBorder(withCities(newPlain(t.Fatal)))))
	for _, c := range []struct {
		process Process
		inputs  string
		target  string
		says    string
		allowed string
	}{
		{newClasses(), plainClasses, `"nowhere"`, `there is no target "nowhere"`, "n01-city-count s01-large-cities s01-towns"},
		{newClasses(), plainClasses, `"half"`, "what it counts is none of", "n01-city-count s01-large-cities s01-towns"},
		{newBorder(), plainBorder, `"n01-city-count"`, "n01-city-count cannot be judged by border-chain", "n21-border-towns n21-ports-build"},
		{newCities(), plainCities, `"n01-city-count"`, `its unit is "count", while what is measured is a time`, "minutes n13-clusters n22-two-hours day instant"},
		{newCities(), plainCities, `"n14-commute-circle"`, "it is measured by commute-circle", "minutes n13-clusters n22-two-hours day instant"},
		{newCities(), plainCities, `"at-least"`, `its comparator is ">="`, "minutes n13-clusters n22-two-hours day instant"},
		{newCircle(), plainAreas, `"n22-airport-minutes"`, "it is measured by coverage", "minutes n14-commute-circle day instant"},
		{newCircle(), plainAreas, `"vague"`, "it has no value", "minutes n14-commute-circle day instant"},
		{newCircle(), plainAreas, `5`, "must be a string", ""},
	} {
		_, err := c.process.Run(context.Background(), inputs(t, c.inputs, map[string]string{"target": c.target}), in)
		var e *spatial.Error
		if !errors.As(err, &e) || e.Kind != spatial.Invalid || len(e.Faults) != 1 || e.Faults[0].Pointer != "/inputs/target" || !strings.Contains(e.Faults[0].Detail, c.says) {
			t.Errorf("%s: %v", c.target, err)
			continue
		}
		if allowed, _ := e.Faults[0].Allowed.([]string); strings.Join(allowed, " ") != c.allowed {
			t.Errorf("%s: allowed are %v", c.target, allowed)
		}
	}
}
