package analysis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

var update = flag.Bool("update", false, "write the golden files anew")

func newCoverage(engine string, now func() time.Time) *coverageProcess {
	return &coverageProcess{newShared(engine, now)}
}

// clock stands still: three hours before midnight UTC, when it is already the
// 24th in China.
func clock() time.Time { return time.Date(2026, 11, 23, 21, 0, 0, 0, time.UTC) }

const plainInputs = `{"demand":{"collection":"seats","filter":"level = 'prefecture'","weight":"resident_population"},
 "facilities":{"collection":"airports","filter":"kind = 'transport'"},"minutes":45,"target":"half","as_of":"2020-12-31"}`

// inputs reads a JSON object and puts other members in; an empty text takes
// one away.
func inputs(t *testing.T, text string, with map[string]string) map[string]json.RawMessage {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		t.Fatal(err)
	}
	for name, value := range with {
		if members[name] = json.RawMessage(value); value == "" {
			delete(members, name)
		}
	}
	return members
}

func run(t *testing.T, p Process, in Inputs, with map[string]string) Result {
	t.Helper()
	r, err := p.Run(context.Background(), inputs(t, plainInputs, with), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// document is a whole result as one JSON object, outputs in their order.
func document(t *testing.T, r Result) []byte {
	t.Helper()
	var b bytes.Buffer
	for i, o := range r.Outputs {
		value, err := json.MarshalIndent(o.Value, " ", " ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n %q: %s", map[bool]string{true: "{", false: ","}[i == 0], o.ID, value)
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// TestCoverageGolden keeps one whole answer; hashes of network and profile
// are left out, since they move with every speed.
func TestCoverageGolden(t *testing.T) {
	r := run(t, newCoverage("quanyu test", clock), newPlain(t.Fatal), nil)
	p := r.Outputs[3].Value.(spatial.Provenance)
	if p.NetworkVersion == "" || p.ProfileHash == "" {
		t.Errorf("hashes are missing: %+v", p)
	}
	p.NetworkVersion, p.ProfileHash = "", ""
	r.Outputs[3].Value = p
	compareGolden(t, "testdata/coverage.golden.json", document(t, r))
}

// TestCoverageIsWhatItRestsOn holds metric, breakdown and evidence together.
func TestCoverageIsWhatItRestsOn(t *testing.T) {
	for _, direction := range []string{`"to"`, `"from"`} {
		for _, minutes := range []string{"1", "20", "45", "60", "1440"} {
			r := run(t, newCoverage("e", clock), newPlain(t.Fatal), map[string]string{"direction": direction, "minutes": minutes})
			m, rows := r.Outputs[0].Value.(coverageMetric), r.Outputs[1].Value.([]provinceShown)
			evidence := r.Outputs[2].Value.(spatial.FeatureCollection)
			covered, last := 0, ""
			for _, f := range evidence.Features {
				if f.ID <= last {
					t.Errorf("%s after %s", f.ID, last)
				}
				last = f.ID
				is := f.Properties["covered"].(bool)
				if is {
					covered++
				}
				if margin, known := f.Properties["margin_minutes"].(float64); is != (known && margin >= 0) || known == (f.Properties["facility"] == nil) {
					t.Errorf("%v", f.Properties)
				}
			}
			numerator, denominator := 0, 0
			for _, row := range rows {
				numerator, denominator = numerator+row.Numerator, denominator+row.Denominator
			}
			if covered != m.Numerator || numerator != m.Numerator || denominator != m.Denominator || len(evidence.Features) != m.Denominator || m.Denominator != 10 {
				t.Errorf("%s %s min: %d covered, breakdown %d of %d, metric %d of %d", direction, minutes, covered, numerator, denominator, m.Numerator, m.Denominator)
			}
			if *m.Low > *m.Base || *m.Base != *m.Share || *m.Base > *m.High {
				t.Errorf("band %v %v %v of share %v", *m.Low, *m.Base, *m.High, *m.Share)
			}
		}
	}
}

// TestFacilitiesOpenAsOf follows the airports through the years: one without
// dates, one from June 2022 on, one until June 2010.
func TestFacilitiesOpenAsOf(t *testing.T) {
	for asOf, want := range map[string]string{
		"2009-12-31": "Facilities taken as open on 2009-12-31: 3, of which 1 have no known opening date.",
		"2010-06-01": "on 2010-06-01: 2,", // closed on the day that it closes
		"2022-05-31": "on 2022-05-31: 2,",
		"2022-06-01": "on 2022-06-01: 3,",
		"":           "on 2026-11-24: 3,", // today in China
	} {
		with := map[string]string{"as_of": `"` + asOf + `"`}
		if asOf == "" {
			with["as_of"] = ""
		}
		in := newPlain(t.Fatal)
		p := run(t, newCoverage("e", clock), in, with).Outputs[3].Value.(spatial.Provenance)
		if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, want) {
			t.Errorf("as of %s: %s", asOf, notes)
		}
		for _, q := range in.queries {
			if day := q.AsOf.Format(time.DateOnly); asOf != "" && day != asOf {
				t.Errorf("%s read as of %s, want %s", q.Collection.ID, day, asOf)
			}
		}
	}
}

func TestMoreAirportsNeverLower(t *testing.T) {
	p := newCoverage("e", clock)
	before := run(t, p, newPlain(t.Fatal), map[string]string{"as_of": `"2021-01-01"`}).Outputs[0].Value.(coverageMetric)
	after := run(t, p, newPlain(t.Fatal), map[string]string{"as_of": `"2023-01-01"`}).Outputs[0].Value.(coverageMetric)
	if after.Numerator <= before.Numerator || *after.Low < *before.Low || *after.High < *before.High {
		t.Errorf("with BBB %+v, before %+v", after, before)
	}
	rank := map[coverage.Verdict]int{coverage.NotMet: 1, coverage.Uncertain: 2, coverage.Met: 3}
	if rank[*before.Verdict] == 0 || rank[*after.Verdict] < rank[*before.Verdict] {
		t.Errorf("verdicts %s, then %s", *before.Verdict, *after.Verdict)
	}
}

func TestRepeatsByteForByte(t *testing.T) {
	p, later := newCoverage("e", clock), newCoverage("e", func() time.Time { return clock().Add(time.Minute) })
	first := document(t, run(t, p, newPlain(t.Fatal), nil))
	again := document(t, run(t, p, newPlain(t.Fatal), nil))
	other := document(t, run(t, later, newPlain(t.Fatal), nil))
	if !bytes.Equal(first, again) {
		t.Error("the same inputs gave other bytes")
	}
	if other = bytes.ReplaceAll(other, []byte("21:01:00Z"), []byte("21:00:00Z")); !bytes.Equal(first, other) {
		t.Error("more than computed_at depends on the clock")
	}
}

// TestRunsTogether answers eight requests at once from one process.
func TestRunsTogether(t *testing.T) {
	p := newCoverage("e", clock)
	want := document(t, run(t, p, newPlain(t.Fatal), nil))
	var group sync.WaitGroup
	for range 8 {
		in := newPlain(t.Fatal)
		group.Go(func() {
			r, err := p.Run(context.Background(), inputs(t, plainInputs, nil), in)
			if err != nil || !bytes.Equal(document(t, r), want) {
				t.Errorf("beside others: %v", err)
			}
		})
	}
	group.Wait()
}

func TestEmptyDemandHasNoShare(t *testing.T) {
	r := run(t, newCoverage("e", clock), newPlain(t.Fatal), map[string]string{"demand": `{"collection":"seats","filter":"level = 'none'"}`})
	m := r.Outputs[0].Value.(coverageMetric)
	if m.Share != nil || m.Low != nil || m.Verdict != nil || m.Denominator != 0 || m.WeightedShare != nil {
		t.Errorf("%+v", m)
	}
	if body := string(document(t, r)); !strings.Contains(body, `"features": []`) || !strings.Contains(body, "No demand matches") {
		t.Error(body)
	}
}

func TestOverBudgetNeedsAsync(t *testing.T) {
	p := newCoverage("e", clock)
	p.budget = 10
	_, err := p.Run(context.Background(), inputs(t, plainInputs, nil), newPlain(t.Fatal))
	var e *spatial.Error
	if !errors.As(err, &e) || e.Kind != spatial.NeedsAsync || !strings.Contains(e.Detail, "10 is the most") {
		t.Errorf("got %v", err)
	}
	if national := coverageCost(newPlain(t.Fatal).network.Graph, 40_000) + 400_000; national > syncBudget/5 {
		t.Errorf("20,000 x 20,000 points on a national network cost %d of %d", national, syncBudget)
	}
}

func TestRoutersAreSharedAndBounded(t *testing.T) {
	var kept routers
	n, profile := newPlain(t.Fatal).network, readProfile(object{faults: &[]error{}})
	first, err := kept.get(t.Context(), n, profile)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"a", "b", "c"} {
		other := *n
		other.Version = version
		if _, err := kept.get(t.Context(), &other, profile); err != nil {
			t.Fatal(err)
		}
	}
	if again, _ := kept.get(t.Context(), n, profile); again != first {
		t.Error("a router was built twice")
	}
	other := *n
	other.Version = "d"
	if _, err := kept.get(t.Context(), &other, profile); err != nil || len(kept.entries) != maxRouters {
		t.Errorf("%d routers kept, %v", len(kept.entries), err)
	}
	if again, _ := kept.get(t.Context(), n, profile); again != first {
		t.Error("the last used was forgotten, not the one unused longest")
	}
}

// TestRoutersOfOneFileUnderTwoNamesAreTwo: their roads have other ids.
func TestRoutersOfOneFileUnderTwoNamesAreTwo(t *testing.T) {
	n := newPlain(t.Fatal).network
	other := *n
	other.Name = "other"
	kept := routers{}
	profile, _ := network.DefaultProfile("car")
	for _, want := range []*network.Network{n, &other, n} {
		r, err := kept.get(t.Context(), want, profile)
		if err != nil || r.Network().Name != want.Name {
			t.Errorf("asked for %q: %v, %v", want.Name, r, err)
		}
	}
}

// TestFailedScenariosPushOutNoRouter: nor does one who leaves while another
// builds wait for it.
func TestFailedScenariosPushOutNoRouter(t *testing.T) {
	n := newPlain(t.Fatal).network
	kept := routers{}
	profile, _ := network.DefaultProfile("car")
	base, err := kept.get(t.Context(), n, profile)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 * maxRouters {
		if _, err := kept.build(t.Context(), fmt.Sprint(i), func() (*network.Router, error) { return nil, errors.New("bad edit") }); err == nil {
			t.Fatal("a failed building gave no error")
		}
	}
	if again, err := kept.get(t.Context(), n, profile); again != base || err != nil {
		t.Errorf("the base router was built anew (%v)", err)
	}
	e := kept.entry("slow")
	<-e.turn // somebody builds
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := kept.build(gone, "slow", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting ended with %v", err)
	}
}
