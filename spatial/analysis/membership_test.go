package analysis

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

const plainAreas = `{"areas":{"collection":"metropolitan-areas"},"minutes":[10,45],"membership":{"level":"prefecture","threshold":0.5}}`

// withAreas adds metropolitan areas: one whose plan names near and far
// prefectures, a county and a code that nobody has, one whose centre is far
// from any road, one whose centre is nobody knows where, and one whose members
// are not loaded.
func withAreas(in *plain) *plain {
	area := func(id, centre string, approved any, members ...string) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"name_zh": id + "都市圈", "name_en": nil, "plan": "national-14fyp", "centre_adcode": centre, "approved": approved, "member_adcodes": members}}
	}
	in.tables["metropolitan-areas"] = []spatial.Feature{
		area("east", "516000", nil),
		area("hidden", "512003", nil, "512000"),
		area("middle", "512000", time.Date(2021, 11, 29, 0, 0, 0, 0, time.UTC), "512000", "510200", "516200", "512001", "999999", "530200"),
		area("nested", "512000", nil, "512000", "514000", "510200"),
		area("remote", "530200", nil, "530200"),
	}
	nested := in.tables["metropolitan-areas"][3].Properties
	nested["core_adcodes"], nested["partial_adcodes"] = []string{"512000"}, []string{"510200"}
	in.tables["divisions"] = append(in.tables["divisions"], spatial.Feature{ID: "530200", Properties: map[string]any{"adcode": "530200", "level": "prefecture", "parent_adcode": "530000", "name_zh": "远市", "resident_population": int64(500)}})
	return in
}

func areaRows(t *testing.T, r Result) map[string]areaShown {
	t.Helper()
	rows := map[string]areaShown{}
	for _, row := range decoded[[]areaShown](t, r, "areas") {
		rows[row.Area+map[string]string{extentCore: " core"}[row.Extent]] = row
	}
	return rows
}

func codesOf(list []memberShown) []string {
	codes := []string{}
	for _, m := range list {
		codes = append(codes, m.Adcode)
	}
	slices.Sort(codes)
	return codes
}

// TestPlannedMembersAgainstReach takes the prefectures within a time from the
// oracle.
func TestPlannedMembersAgainstReach(t *testing.T) {
	for _, kind := range []string{network.KindCondensed, network.KindImported} {
		in := withAreas(newCountry(kind, t.Fatal))
		truth, centre := newOracle(t, in.network, "car"), crossing(2, 0)
		r := ask(t, newCircle(), in, plainAreas, nil)
		row := areaRows(t, r)["middle"]
		minutes := map[string]float64{}
		var near []string
		for _, f := range in.tables["divisions"] {
			code := f.Properties["adcode"].(string)
			if seat := byName(in, "seats", "seat-"+code); f.Properties["level"] == "prefecture" && seat.ID != "" && f.Properties["resident_population"] != nil {
				if minutes[code] = truth.between(seat.Geometry, centre) / 60_000; minutes[code] <= 45 {
					near = append(near, code)
				}
			}
		}
		planned := []string{"510200", "512000", "516200", "530200"}
		var missing, surplus []string
		for _, code := range planned {
			if !slices.Contains(near, code) {
				missing = append(missing, code)
			}
		}
		for _, code := range near {
			if !slices.Contains(planned, code) {
				surplus = append(surplus, code)
			}
		}
		if !slices.Equal(codesOf(row.Missing), missing) || !slices.Equal(codesOf(row.Surplus), surplus) || row.Planned != 4 || row.Found != len(near) || row.Both != 1 || len(row.Unjudged) != 0 {
			t.Errorf("%s: %+v, want missing %v, surplus %v", kind, row, missing, surplus)
		}
		if row.State != areaCompared || *row.Approved != "2021-11-29" || !slices.Equal(row.Finer, []string{"512001"}) || !slices.Equal(row.Strange, []string{"999999"}) || *row.Jaccard != 1/float64(4+len(surplus)) {
			t.Errorf("%s: %+v", kind, row)
		}
		for _, m := range slices.Concat(row.Missing, row.Surplus) {
			if m.Adcode == "530200" {
				if m.Minutes != nil || *m.Reason == "" {
					t.Errorf("no way leads there: %+v", m)
				}
			} else if *m.Minutes != minutes[m.Adcode] || math.Abs(*m.Over-(minutes[m.Adcode]-45)) > 1e-9 || (*m.Over > 0) != slices.Contains(missing, m.Adcode) {
				t.Errorf("%s: %+v, want %v minutes", m.Adcode, m, minutes[m.Adcode])
			}
		}
		if got := codesOf(row.Missing[:1]); got[0] != "530200" {
			t.Errorf("the farthest does not come first: %v", row.Missing)
		}
	}
}

// TestMemberAtTheLimit: a seat exactly at the limit is in reach, and misses it
// by a millisecond where the limit is that much less.
func TestMemberAtTheLimit(t *testing.T) {
	in := withAreas(newPlain(t.Fatal))
	ms := newOracle(t, in.network, "car").between(crossing(0, 2), crossing(2, 0))
	for less, want := range map[float64][]string{0: {}, 1: {"510200"}} {
		limit, _ := json.Marshal([]float64{(ms - less) / 60_000})
		row := areaRows(t, ask(t, newCircle(), in, plainAreas, map[string]string{"minutes": string(limit)}))["middle"]
		missing := slices.DeleteFunc(row.Missing, func(m memberShown) bool { return m.Adcode != "510200" })
		if !slices.Equal(codesOf(missing), want) || less > 0 && math.Abs(*missing[0].Over*60_000-1) > 1e-6 {
			t.Errorf("%v ms less: %+v", less, missing)
		}
	}
}

// TestAreasAreCirclesOfTheirCentres: every area's circle, members and row are
// those of a run for its centre alone; those without a circle say why.
func TestAreasAreCirclesOfTheirCentres(t *testing.T) {
	in := withAreas(newPlain(t.Fatal))
	r := ask(t, newCircle(), in, plainAreas, nil)
	rows := areaRows(t, r)
	for area, centre := range map[string]string{"middle": "512000", "east": "516000"} {
		alone := ask(t, newCircle(), in, plainAreas, map[string]string{"areas": "", "centre": `{"adcode":"` + centre + `"}`})
		for _, output := range []string{"circles", "members", "places"} {
			var got, want []string
			for _, f := range decoded[features](t, r, output).Features {
				if f.Properties["area"] == area {
					delete(f.Properties, "area")
					got = append(got, fmt.Sprint(strings.TrimPrefix(f.ID, area+"."), string(f.Geometry), f.Properties))
				}
			}
			for _, f := range decoded[features](t, alone, output).Features {
				want = append(want, fmt.Sprint(f.ID, string(f.Geometry), f.Properties))
			}
			if len(got) == 0 || !slices.Equal(got, want) {
				t.Errorf("%s of %s:\n%v\nalone\n%v", output, area, got, want)
			}
		}
		a, _ := json.Marshal(rows[area])
		b, _ := json.Marshal(areaRows(t, alone)[area])
		if string(a) != string(b) {
			t.Errorf("%s: %s\nalone %s", area, a, b)
		}
	}
	if rows["hidden"].State != areaNoCentre || rows["remote"].State != areaNotSnapped || rows["east"].State != areaNoMembers || rows["east"].Jaccard != nil || len(rows) != 6 {
		t.Errorf("states %v %v %v", rows["hidden"].State, rows["remote"].State, rows["east"].State)
	}
	if o, _ := r.Output("snap"); o.Value != nil {
		t.Errorf("several centres met the road at %v", o.Value)
	}
	none := ask(t, newCircle(), in, plainAreas, map[string]string{"areas": `{"collection":"metropolitan-areas","filter":"plan = 'none'"}`})
	if notes := strings.Join(decoded[spatial.Provenance](t, none, "provenance").Notes, "\n"); len(areaRows(t, none)) != 0 || !strings.Contains(notes, "No metropolitan area passes the filter") {
		t.Errorf("no areas: %s", notes)
	}
}

// TestContiguity lays squares around the seats: neighbours share a side, which
// is two vertices; across a corner they share one.
func TestContiguity(t *testing.T) {
	square := func(at orb.Point) orb.MultiPolygon {
		w, s, e, n := at[0]-0.1, at[1]-0.1, at[0]+0.1, at[1]+0.1
		return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
	}
	with := func(change func(code string) orb.Geometry) areaShown {
		in := withAreas(newPlain(t.Fatal))
		for i, f := range in.tables["divisions"] {
			if seat := byName(in, "seats", "seat-"+f.ID); f.Properties["level"] == "prefecture" && seat.ID != "" {
				in.tables["divisions"][i].Geometry = square(seat.Geometry.(orb.Point))
				if g := change(f.ID); g != nil {
					in.tables["divisions"][i].Geometry = g
				}
			}
		}
		return areaRows(t, ask(t, newCircle(), in, plainAreas, map[string]string{"minutes": "[25]"}))["middle"] // 512000, 512200, 514000
	}
	if row := with(func(string) orb.Geometry { return nil }); row.Found != 3 || row.Contiguity != "known" || !*row.Contiguous || len(row.Detached) != 0 {
		t.Errorf("side by side: %+v", row)
	}
	corner := with(func(code string) orb.Geometry {
		if code == "514000" {
			return square(crossing(4, 2))
		}
		if code == "512200" {
			return square(crossing(2, 2))
		}
		return nil
	})
	if !*corner.Contiguous { // 512000 under 512200, 514000 beside that
		t.Errorf("a chain: %+v", corner)
	}
	apart := with(func(code string) orb.Geometry {
		if code == "514000" {
			return square(orb.Point{100.4, 30.4})
		}
		return nil
	})
	if *apart.Contiguous || !slices.Equal(apart.Detached, []string{"514000"}) {
		t.Errorf("across a corner: %+v", apart)
	}
	if row := with(func(code string) orb.Geometry {
		if code == "514000" {
			return orb.MultiPolygon{}
		}
		return nil
	}); row.Contiguous != nil || row.Contiguity != "no-polygons" {
		t.Errorf("one without polygon: %+v", row)
	}
}

// TestSensitivityFollowsTheRule: more is asked, fewer belong; faster, more; and
// at the threshold and the speed of the run it is what the run found.
func TestSensitivityFollowsTheRule(t *testing.T) {
	in := withAreas(newPlain(t.Fatal))
	r := ask(t, newCircle(), in, plainAreas, map[string]string{"membership": `{"level":"prefecture","threshold":0.4333}`, "minutes": "[25]"})
	found := map[[3]any]int{}
	for _, s := range decoded[[]swingShown](t, r, "sensitivity") {
		found[[3]any{*s.Area + *s.Extent, s.Threshold, s.Factor}] = s.Members
		if s.Jaccard != nil && (*s.Jaccard < 0 || *s.Jaccard > 1) {
			t.Errorf("%+v", s)
		}
	}
	if len(found) != 4*5*3 {
		t.Fatalf("%d rows", len(found))
	}
	rows := areaRows(t, r)
	for _, area := range []string{"middle", "east"} {
		if n := found[[3]any{area + extentMembers, 0.4333, 1.0}]; n != rows[area].FoundAll {
			t.Errorf("%s: %d members, the row has %d", area, n, rows[area].FoundAll)
		}
		for _, factor := range []float64{0.85, 1, 1.15} {
			if found[[3]any{area + extentMembers, 0.25, factor}] < found[[3]any{area + extentMembers, 1.0, factor}] {
				t.Errorf("%s: a higher threshold takes more", area)
			}
		}
		if found[[3]any{area + extentMembers, 0.5, 0.85}] > found[[3]any{area + extentMembers, 0.5, 1.0}] || found[[3]any{area + extentMembers, 0.5, 1.0}] > found[[3]any{area + extentMembers, 0.5, 1.15}] {
			t.Errorf("%s: faster roads reach fewer", area)
		}
	}
	if found[[3]any{"middle" + extentMembers, 0.5, 1.15}] == found[[3]any{"middle" + extentMembers, 0.5, 0.85}] {
		t.Error("speeds make no difference, so nothing is tested")
	}
}

// TestWithinAtIsTheRuleOfCoverage for any time, limit and factor.
func TestWithinAtIsTheRuleOfCoverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := float64(rapid.IntRange(1, 240*60_000).Draw(t, "ms")) / 60_000
		factor := rapid.Float64Range(0.1, 10).Draw(t, "factor")
		most := withinAt(minutes, factor)
		for _, w := range []float64{float64(most) - 1, float64(most), float64(most) + 1, rapid.Float64Range(0, 2*float64(most)).Draw(t, "w")} {
			w = math.Max(0, math.Floor(w))
			if (coverage.NewBand([]float64{factor}, minutes).First(network.Weight(w)) == 0) != (w <= float64(most)) {
				t.Fatalf("%v ms within %v minutes at %v: not as %v says", w, minutes, factor, most)
			}
		}
	})
}

// TestCentreOfNoArea has no row, and a sensitivity of its own.
func TestCentreOfNoArea(t *testing.T) {
	r := ask(t, newCircle(), withAreas(newPlain(t.Fatal)), plainCircle, map[string]string{"centre": `{"lon":100.2,"lat":30}`})
	swing := decoded[[]swingShown](t, r, "sensitivity")
	if len(areaRows(t, r)) != 0 || len(swing) != 3*4 || swing[0].Area != nil || swing[0].Jaccard != nil {
		t.Errorf("%+v", swing)
	}
}

// TestByAreaOnlyTheSpeedsAsTheyAre are drawn.
func TestByAreaOnlyTheSpeedsAsTheyAre(t *testing.T) {
	in := withAreas(newCountry(network.KindImported, t.Fatal))
	r := ask(t, newCircle(), in, plainAreas, map[string]string{"membership": `{"level":"prefecture","measure":"area"}`})
	for _, s := range decoded[[]swingShown](t, r, "sensitivity") {
		if s.Factor != 1 || s.Members != 0 {
			t.Errorf("%+v without polygons", s)
		}
	}
	if row := areaRows(t, r)["middle"]; len(row.Unjudged) != 4 || row.Jaccard != nil {
		t.Errorf("%+v", row)
	}
}

// TestExtentsAreComparedEach: the core of a plan beside all its members, and a
// member that belongs in part only is marked.
func TestExtentsAreComparedEach(t *testing.T) {
	rows := areaRows(t, ask(t, newCircle(), withAreas(newPlain(t.Fatal)), plainAreas, map[string]string{"minutes": "[25]"})) // 512000, 512200, 514000
	all, core := rows["nested"], rows["nested core"]
	if *all.Jaccard != 2.0/4 || *core.Jaccard != 1.0/3 || core.Planned != 1 || !slices.Equal(codesOf(core.Surplus), []string{"512200", "514000"}) {
		t.Errorf("all %+v, core %+v", all, core)
	}
	if len(all.Missing) != 1 || all.Missing[0].Adcode != "510200" || !all.Missing[0].Partial || all.Surplus[0].Partial {
		t.Errorf("%+v %+v", all.Missing, all.Surplus)
	}
}

// TestStandInsAreNotJudged: whether a county whose seat is nobody knows where is
// in reach cannot be told, though its residents are counted somewhere.
func TestStandInsAreNotJudged(t *testing.T) {
	in := withAreas(newPlain(t.Fatal))
	r := ask(t, newCircle(), in, plainAreas, map[string]string{"membership": `{"level":"county"}`})
	row := areaRows(t, r)["middle"] // 512000 whole: 512001 with a seat, 512002 and 512003 without
	if row.Planned != 3 || row.Both != 1 || !slices.Equal(codesOf(row.Unjudged), []string{"512002", "512003"}) || *row.Jaccard != 1 || row.FoundAll != 3 || *row.JaccardAll != 1 {
		t.Errorf("%+v", row)
	}
	for _, m := range row.Unjudged {
		if !*m.StandIn || m.Minutes != nil || !strings.Contains(*m.Reason, "position of its seat is not known") {
			t.Errorf("%+v", m)
		}
	}
	for _, s := range decoded[[]swingShown](t, r, "sensitivity") {
		if *s.Area == "middle" && s.Members != 3 {
			t.Errorf("%+v", s)
		}
	}
}

func TestAreasFaults(t *testing.T) {
	checkFaults(t, newCircle(), plainAreas, []fault{
		{"areas", `[]`, "/inputs/areas", "must be an object"},
		{"areas", `{}`, "/inputs/areas/collection", "is required"},
		{"areas", `{"collection":"seats"}`, "/inputs/areas/collection", "not among those allowed"},
		{"areas", `{"collection":"metropolitan-areas","filter":"centre = 1"}`, "/inputs/areas/filter", `"centre" is no property of metropolitan-areas`},
		{"areas", `{"collection":"metropolitan-areas","limit":5}`, "/inputs/areas/limit", "there is no such member"},
		{"centre", `{"adcode":"512000"}`, "/inputs/areas", "takes the place of centre"},
		{"speed_factors", `[0]`, "/inputs/speed_factors/0", "must be a number from 0.1 to 10"},
	})
}

// TestAreasReportSteadily: with an area after the other, what is done only
// grows.
func TestAreasReportSteadily(t *testing.T) {
	in := withAreas(newCountry(network.KindImported, t.Fatal))
	last, told := 0.0, 0
	ctx := InBackground(t.Context(), func(done float64, what string) {
		if done < last || done > 1 {
			t.Errorf("%s: %v after %v", what, done, last)
		}
		last, told = done, told+1
	})
	if _, err := newCircle().Run(ctx, inputs(t, plainAreas, nil), in); err != nil {
		t.Fatal(err)
	}
	if told < 6 || last < 0.5 {
		t.Errorf("told %d times, the last time %v", told, last)
	}
}
