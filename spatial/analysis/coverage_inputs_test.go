package analysis

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// TestCoverageFaults gives one wrong input at a time: the fault points at it
// and says what would be right.
func TestCoverageFaults(t *testing.T) {
	for _, c := range []struct{ name, value, pointer, says string }{
		{"minutes", "0", "/inputs/minutes", "must be a number greater than 0 and at most 1440, not 0"},
		{"minutes", "-5", "/inputs/minutes", "not -5"},
		{"minutes", "1e9", "/inputs/minutes", "not 1e9"},
		{"minutes", "1e999", "/inputs/minutes", "not 1e999"},
		{"minutes", "1440.001", "/inputs/minutes", "at most 1440"},
		{"minutes", `"sixty"`, "/inputs/minutes", `not "sixty"`},
		{"minutes", `NaN`, "/inputs/minutes", `not NaN`},
		{"minutes", `[60]`, "/inputs/minutes", `not [60]`},
		{"minutes", "null", "/inputs/minutes", "is required"},
		{"minutes", "", "/inputs/minutes", "is required"},
		{"demand", "", "/inputs/demand", "is required"},
		{"demand", `"seats"`, "/inputs/demand", `must be an object, not "seats"`},
		{"demand", `{}`, "/inputs/demand/collection", "is required"},
		{"demand", `{"collection":5}`, "/inputs/demand/collection", "must be a string, not 5"},
		{"demand", `{"collection":"seat"}`, "/inputs/demand/collection", `"seat" is not among those allowed`},
		{"demand", `{"collection":"divisions"}`, "/inputs/demand/collection", `"divisions" is not among those allowed`},
		{"demand", `{"collection":"seats","colour":"red"}`, "/inputs/demand/colour", "there is no such member"},
		{"demand", `{"collection":"seats","filter":"levl = 'prefecture'"}`, "/inputs/demand/filter", `at character 1: "levl" is no property of seats; level is`},
		{"demand", `{"collection":"seats","filter":7}`, "/inputs/demand/filter", "must be a string"},
		{"demand", `{"collection":"seats","weight":"people"}`, "/inputs/demand/weight", `"people" is not among those allowed`},
		{"demand", `{"collection":"seats","weight":"name_zh"}`, "/inputs/demand/weight", "not among those allowed"},
		{"facilities", `{"collection":"airports","filter":"kind == 'x'"}`, "/inputs/facilities/filter", "at character 6: = was expected"},
		{"facilities", `{"collection":"airports","weight":"id"}`, "/inputs/facilities/weight", "there is no such member"},
		{"direction", `"away"`, "/inputs/direction", `"away" is not among those allowed`},
		{"mode", `"rocket"`, "/inputs/mode", `"rocket" is not among those allowed`},
		{"profile", `"rocket"`, "/inputs/profile", `"rocket" is not among those allowed`},
		{"as_of", `"2020-02-30"`, "/inputs/as_of", "must be a date YYYY-MM-DD from 1900-01-01 to 2100-12-31"},
		{"as_of", `"1899-12-31"`, "/inputs/as_of", `not "1899-12-31"`},
		{"as_of", `"9999-12-31"`, "/inputs/as_of", `not "9999-12-31"`},
		{"as_of", `"2020-12-31T00:00:00Z"`, "/inputs/as_of", "must be a date"},
		{"as_of", `2020`, "/inputs/as_of", "must be a string"},
		{"target", `"nowhere"`, "/inputs/target", `there is no target "nowhere"`},
		{"target", `"minutes"`, "/inputs/target", `its unit is "minutes", while coverage is a share`},
		{"target", `"vague"`, "/inputs/target", "it has no value"},
		{"speed_factors", `[]`, "/inputs/speed_factors", "must be a list of 1 to 9 numbers"},
		{"speed_factors", `1`, "/inputs/speed_factors", "must be a list"},
		{"speed_factors", `[1,1,1,1,1,1,1,1,1,1]`, "/inputs/speed_factors", "must be a list of 1 to 9 numbers"},
		{"speed_factors", `[1,0]`, "/inputs/speed_factors/1", "must be a number from 0.1 to 10, not 0"},
		{"speed_factors", `[null]`, "/inputs/speed_factors/0", "not null"},
		{"network", `"moon"`, "/inputs/network", `There is no network "moon"; there is plain.`},
		{"network", `["plain"]`, "/inputs/network", "must be a string"},
		{"scenario", `"more-roads"`, "/inputs/scenario", `there is no scenario "more-roads"`},
		{"scenario", `5`, "/inputs/scenario", "must be an object, not 5"},
		{"wind/~", `1`, "/inputs/wind~1~0", "there is no such member"},
	} {
		_, err := newCoverage("e", clock).Run(context.Background(), inputs(t, plainInputs, map[string]string{c.name: c.value}), newPlain(t.Fatal))
		var e *spatial.Error
		if !errors.As(err, &e) || e.Kind != spatial.Invalid || len(e.Faults) != 1 {
			t.Errorf("%s %s: got %v, want one fault", c.name, c.value, err)
		} else if f := e.Faults[0]; f.Pointer != c.pointer || !strings.Contains(f.Detail, c.says) {
			t.Errorf("%s %s: got %q at %s, want %q at %s", c.name, c.value, f.Detail, f.Pointer, c.says, c.pointer)
		}
	}
}

// TestCoverageFaultsTogether spoils everything at once.
func TestCoverageFaultsTogether(t *testing.T) {
	all := inputs(t, `{"demand":{"collection":"seats","filter":"x","weight":"y","z":1},"facilities":{"filter":""},"minutes":"sixty",
		"direction":"up","mode":"rocket","profile":"fast","as_of":"today","target":"t","speed_factors":[-1],"network":"moon","scenario":{},"colour":"red"}`, nil)
	_, err := newCoverage("e", clock).Run(context.Background(), all, newPlain(t.Fatal))
	var e *spatial.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	var pointers []string
	for _, f := range e.Faults {
		pointers = append(pointers, strings.TrimPrefix(f.Pointer, "/inputs/"))
	}
	want := "colour demand/z demand/filter demand/weight facilities/collection minutes direction as_of speed_factors/0 mode profile scenario/edits target network"
	if got := strings.Join(pointers, " "); got != want {
		t.Errorf("got faults of\n%s, want\n%s", got, want)
	}
}

func TestAllowedIsNamed(t *testing.T) {
	for name, value := range map[string]string{"mode": `"x"`, "profile": `"x"`, "direction": `"x"`, "target": `"x"`, "x": "1",
		"demand": `{"collection":"seats","weight":"x"}`, "facilities": `{"collection":"x"}`} {
		_, err := newCoverage("e", clock).Run(context.Background(), inputs(t, plainInputs, map[string]string{name: value}), newPlain(t.Fatal))
		var e *spatial.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		if allowed, _ := e.Faults[0].Allowed.([]string); len(allowed) == 0 {
			t.Errorf("%s: nothing allowed is named: %+v", name, e.Faults)
		}
	}
}

// TestNullIsLeftOut gives every optional input as null.
func TestNullIsLeftOut(t *testing.T) {
	with := map[string]string{"demand": `{"collection":"seats","filter":null,"weight":null}`, "as_of": "null"}
	for _, name := range []string{"direction", "mode", "profile", "target", "speed_factors", "network", "scenario"} {
		with[name] = "null"
	}
	r := run(t, newCoverage("e", clock), newPlain(t.Fatal), with)
	shown, err := json.Marshal(r.Outputs[3].Value.(spatial.Provenance).Parameters)
	if err != nil {
		t.Fatal(err)
	}
	profile, _ := network.DefaultProfile("car")
	want := `{"demand":{"collection":"seats","filter":null,"weight":null},"facilities":{"collection":"airports","filter":"kind = 'transport'"},` +
		`"minutes":45,"direction":"to","as_of":"2026-11-24","target":null,"speed_factors":[0.85,1,1.15],"mode":"car","profile":"` + profile.Name + `","network":null,"scenario":null}`
	if string(shown) != want {
		t.Errorf("got %s, want %s", shown, want)
	}
}

func TestProfileImpliesItsMode(t *testing.T) {
	read := func(text string) (network.Profile, []error) {
		var faults []error
		return readProfile(object{at: "/inputs", members: inputs(t, text, nil), faults: &faults}), faults
	}
	for _, p := range network.Profiles() {
		if got, faults := read(`{"profile":"` + p.Name + `"}`); got.Name != p.Name || len(faults) > 0 {
			t.Errorf("profile %s: got %s, %v", p.Name, got.Name, faults)
		}
		if got, faults := read(`{"mode":"` + p.Mode + `"}`); got.Mode != p.Mode || len(faults) > 0 {
			t.Errorf("mode %s: got %s, %v", p.Mode, got.Name, faults)
		}
	}
	if _, faults := read(`{"mode":"walk","profile":"car"}`); len(faults) != 1 || !strings.Contains(faults[0].Error(), "/inputs/profile") {
		t.Errorf("a car on foot: %v", faults)
	}
}

// FuzzCoverageInputs holds that no inputs panic, that what is wrong with them
// is always the client's fault, and that what is read is within its limits.
func FuzzCoverageInputs(f *testing.F) {
	for _, seed := range []string{plainInputs, `{}`, `{"demand":null}`, `{"demand":{"collection":"seats","filter":"id = ''"},"minutes":1e-320}`,
		`{"speed_factors":[1e400,{}],"as_of":"0000-00-00","scenario":false}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var members map[string]json.RawMessage
		if json.Unmarshal(body, &members) != nil {
			return
		}
		var faults []error
		in, j := readCoverage(members, clock(), &faults)
		if err := spatial.JoinFaults(faults...); err != nil {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Fatalf("%s: %v", body, err)
			}
			return
		}
		if !minutesSpan.holds(in.minutes) || in.demand.collection.ID == "" || in.facilities.collection.ID == "" || len(in.factors) == 0 || j.profile.Name == "" {
			t.Fatalf("%s is read as %+v", body, in)
		}
	})
}
