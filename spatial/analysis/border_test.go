package analysis

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

func newBorder() *borderProcess { return &borderProcess{newShared("quanyu test", clock)} }

const plainBorder = `{"minutes":20}`

// withBorder adds a chain to a country: a prefecture, a county, two towns and a
// port on the grid, a port and a town far from any road, and a town of which
// neither position nor county is known. Hospitals are there, stations are not.
func withBorder(in *plain) *plain {
	place := func(id, tier string, code any, at orb.Geometry) spatial.Feature {
		return spatial.Feature{ID: id, Geometry: at, Properties: map[string]any{"tier": tier, "role": "support", "kind": "road", "neighbour": "MM", "adcode": code,
			"name_zh": id, "name_en": nil, "plan": "national-14fyp", "article": int64(21)}}
	}
	in.tables["border-places"] = []spatial.Feature{
		place("county-a", "county", "512001", crossing(3, 0)),
		place("lost-town", "town", nil, nil),
		place("pass-port", "port", "512003", orb.Point{85, 45}),
		place("prefecture-a", "prefecture", "512000", crossing(2, 0)),
		place("river-port", "port", "512001", crossing(1, 0)),
		place("town-a", "town", "512001", crossing(0, 0)),
		place("town-b", "town", "512002", crossing(7, 3)),
		place("town-c", "town", "990001", crossing(5, 1)),
	}
	in.tables["divisions"] = append(in.tables["divisions"], spatial.Feature{ID: "990001", Properties: map[string]any{"adcode": "990001", "level": "county", "parent_adcode": "510000"}})
	facility := func(id, kind string, at orb.Point) spatial.Feature {
		return spatial.Feature{ID: id, Geometry: at, Properties: map[string]any{"kind": kind, "name_zh": id, "name_en": nil, "opened": nil, "closed": nil}}
	}
	in.tables["facilities"] = []spatial.Feature{facility("clinic", "clinic", crossing(0, 0)), facility("hospital-1", "hospital", crossing(5, 0)), facility("hospital-2", "hospital", crossing(1, 2))}
	return in
}

func linksOf(t *testing.T, r Result, output string) map[string]linkShown {
	t.Helper()
	found := map[string]linkShown{}
	for _, l := range decoded[[]linkShown](t, r, output) {
		found[l.Place+" "+l.Kind] = l
	}
	return found
}

// TestBorderLinks compares every link with the oracle's times.
func TestBorderLinks(t *testing.T) {
	in := withBorder(newPlain(t.Fatal))
	truth := newOracle(t, in.network, "car")
	r := ask(t, newBorder(), in, plainBorder, nil)
	links := linksOf(t, r, "links")
	if len(links) != 8*len(linkKinds) {
		t.Fatalf("%d links", len(links))
	}
	to := func(id string) orb.Geometry {
		for _, table := range []string{"seats", "airports", "facilities", "border-places"} {
			if f := byName(in, table, id); f.ID != "" {
				return f.Geometry
			}
		}
		return nil
	}
	nearest := func(from orb.Geometry, ids ...string) string {
		slices.SortStableFunc(ids, func(a, b string) int { return int(truth.between(from, to(a)) - truth.between(from, to(b))) })
		return ids[0]
	}
	for place, ends := range map[string]map[string]string{
		"town-a":       {toPort: "river-port", toCounty: "seat-512001", toPrefecture: "seat-512000", toAirport: "AAA"},
		"town-b":       {toPort: "river-port", toPrefecture: "seat-512000"},
		"river-port":   {toCounty: "seat-512001", toPrefecture: "seat-512000", toAirport: "AAA"},
		"county-a":     {toPort: "river-port", toPrefecture: "seat-512000"},
		"prefecture-a": {toPort: "river-port"},
		"town-c":       {toPort: "river-port"},
	} {
		from := byName(in, "border-places", place).Geometry
		ends[toHospital] = nearest(from, "hospital-1", "hospital-2")
		for kind, end := range ends {
			l, minutes := links[place+" "+kind], truth.between(from, to(end))/60_000
			want := map[bool]string{true: "sound", false: "weak"}[minutes <= 20]
			if l.Target == nil || *l.Target != end || l.Minutes == nil || *l.Minutes != minutes || l.State != want || (l.Excess != nil) != (want == "weak") || l.Excess != nil && math.Abs(*l.Excess-(minutes-20)) > 1e-9 {
				t.Errorf("%s to %s: %+v, want %s in %v minutes", place, kind, l, end, minutes)
			}
		}
	}
	for key, want := range map[string][2]string{
		"river-port port": {"not-due", ""}, "county-a county-seat": {"not-due", ""}, "prefecture-a county-seat": {"not-due", ""}, "prefecture-a prefecture-seat": {"not-due", ""},
		"town-a rail":               {"no-data", "no railway station is loaded"},
		"town-b county-seat":        {"unknown", "no seat of 512002 is loaded"},
		"pass-port county-seat":     {"unknown", "the position of the seat is not known"},
		"pass-port hospital":        {"broken", "not-snapped"},
		"pass-port prefecture-seat": {"broken", "not-snapped"},
		"lost-town port":            {"unknown", "the position of the place is not known"},
		"lost-town county-seat":     {"unknown", "the county that the place lies in is not known"},
		"town-c prefecture-seat":    {"unknown", "no prefecture is known above 990001"},
	} {
		reason := ""
		if links[key].Reason != nil {
			reason = *links[key].Reason
		}
		if l := links[key]; l.State != want[0] || reason != want[1] || l.Minutes != nil {
			t.Errorf("%s: %s because %q, want %v", key, l.State, reason, want)
		}
	}
}

// TestWorstLinksFirst ranks what the links say.
func TestWorstLinksFirst(t *testing.T) {
	in := withBorder(newPlain(t.Fatal))
	r := ask(t, newBorder(), in, plainBorder, nil)
	broken, links := decoded[[]linkShown](t, r, "broken"), decoded[[]linkShown](t, r, "links")
	n := 0
	for _, l := range links {
		if l.State == "weak" || l.State == "broken" {
			n++
		}
	}
	if len(broken) != n || broken[0].State != "broken" || broken[n-1].State != "weak" {
		t.Fatalf("%d of %d: %+v", len(broken), n, broken)
	}
	for i := 1; i < n; i++ {
		if a, b := broken[i-1], broken[i]; a.State == "weak" && (b.State != "weak" || *a.Excess < *b.Excess) {
			t.Errorf("%+v before %+v", a, b)
		}
	}
	m := decoded[borderMetric](t, r, "metric")
	of := map[string]int{}
	for _, l := range links {
		of[l.State]++
	}
	for _, k := range decoded[[]kindCount](t, r, "kinds") {
		if total := k.Sound + k.Weak + k.Broken + k.Unknown + k.NoData + k.NotDue; total != 8 {
			t.Errorf("%d links of %s", total, k.Kind)
		}
		of["sound"], of["weak"], of["broken"], of["unknown"] = of["sound"]-k.Sound, of["weak"]-k.Weak, of["broken"]-k.Broken, of["unknown"]-k.Unknown
	}
	if of["sound"] != 0 || of["weak"] != 0 || of["broken"] != 0 || of["unknown"] != 0 {
		t.Errorf("kinds and links differ by %v", of)
	}
	if judged := m.Sound + n; m.Judged != judged || *m.Share != float64(m.Sound)/float64(judged) || m.Tiers["town"] != 4 || m.Places != 8 {
		t.Errorf("%+v, %d weak or broken", m, n)
	}
}

// TestLinkAtTheLimit: exactly the limit is sound, a millisecond less is weak.
func TestLinkAtTheLimit(t *testing.T) {
	in := withBorder(newPlain(t.Fatal))
	minutes := *linksOf(t, ask(t, newBorder(), in, plainBorder, nil), "links")["town-a port"].Minutes
	for limit, want := range map[float64]string{minutes: "sound", minutes - 1.0/60_000: "weak"} {
		text, _ := json.Marshal(limit)
		if l := linksOf(t, ask(t, newBorder(), in, plainBorder, map[string]string{"minutes": string(text)}), "links")["town-a port"]; l.State != want {
			t.Errorf("%v of %v minutes: %s", minutes, limit, l.State)
		}
	}
}

// TestTiersAboveAndBelow follows the chain up and down.
func TestTiersAboveAndBelow(t *testing.T) {
	in := withBorder(newPlain(t.Fatal))
	for _, filter := range []string{"", `"tier = 'town'"`} {
		for _, f := range decoded[features](t, ask(t, newBorder(), in, plainBorder, map[string]string{"filter": filter}), "places").Features {
			want := map[string]string{
				"prefecture-a": "[] [county-a pass-port river-port]", "county-a": "[prefecture-a] [town-a]", "river-port": "[prefecture-a] [town-a]", "pass-port": "[prefecture-a] []",
				"town-a": "[county-a river-port] []", "town-b": "[river-port] []", "town-c": "[river-port] []", "lost-town": "[] []"}[f.ID]
			if got := fmt.Sprintf("%v %v", f.Properties["up"], f.Properties["down"]); got != want {
				t.Errorf("%s: %s, want %s", f.ID, got, want)
			}
		}
	}
}

// TestNearestOfDay: a facility that closes leaves the links, and a country
// without border places has none.
func TestNearestOfDay(t *testing.T) {
	in := withBorder(newPlain(t.Fatal))
	before := linksOf(t, ask(t, newBorder(), in, plainBorder, map[string]string{"as_of": `"2009-12-31"`}), "links")["town-c airport"]
	after := linksOf(t, ask(t, newBorder(), in, plainBorder, map[string]string{"as_of": `"2012-12-31"`}), "links")["town-c airport"]
	if *before.Target != "CCC" || *after.Target != "AAA" {
		t.Errorf("%s, then %s", *before.Target, *after.Target)
	}
	r := ask(t, newBorder(), newPlain(t.Fatal), `{}`, nil)
	if m := decoded[borderMetric](t, r, "metric"); m.Places != 0 || m.Share != nil || len(decoded[[]linkShown](t, r, "broken")) != 0 {
		t.Errorf("%+v", m)
	}
	notes := strings.Join(decoded[spatial.Provenance](t, r, "provenance").Notes, "\n")
	for _, says := range []string{"No port is loaded", "No hospital is loaded", "No railway station is loaded"} {
		if !strings.Contains(notes, says) {
			t.Errorf("the notes lack %q: %s", says, notes)
		}
	}
}

func TestBorderFaults(t *testing.T) {
	checkFaults(t, newBorder(), plainBorder, append(journeyFaults, []fault{
		{"filter", `"tier == 1"`, "/inputs/filter", ""},
		{"filter", `5`, "/inputs/filter", "must be a string"},
		{"filter", `{}`, "/inputs/filter", "with op"},
		{"minutes", `0`, "/inputs/minutes", "must be a number greater than 0 and at most 1440"},
		{"as_of", `"today"`, "/inputs/as_of", "must be a date"},
	}...))
	p := newBorder()
	p.budget = 10
	if _, err := p.Run(t.Context(), inputs(t, plainBorder, nil), withBorder(newPlain(t.Fatal))); spatial.KindOf(err) != spatial.NeedsAsync {
		t.Errorf("over the budget: %v", err)
	}
}
