package seeds_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
)

// namedPlace is an entry of the list of places that the plans name.
type namedPlace struct {
	ID      string   `json:"id"`
	Name    string   `json:"name_zh"`
	Plan    string   `json:"plan"`
	Article int64    `json:"article"`
	RefCode string   `json:"ref_code"`
	Members []string `json:"members"`
}

// corrected are members that the list has and the plan does not name as such.
var corrected = map[string][]string{
	"s05-place-01": {"德阳", "眉山"}, // of the metropolitan area in the same sentence, not of the axis
}

// placeFaults finds entries without a feature that mentions them, without the
// division codes that are due, or with a feature that has neither a geometry
// nor the word that one has to be imported.
func placeFaults(all map[string]map[string]spatial.Record, list []namedPlace) []string {
	var faults []string
	mentioned := mentionsByID(all)
	names := divisionNames(all["divisions"])
	for _, p := range list {
		features := mentioned[p.ID]
		if len(features) == 0 {
			faults = append(faults, fmt.Sprintf("%s %s has no feature", p.ID, p.Name))
			continue
		}
		var codes []string
		for _, f := range features {
			codes = append(codes, codesOf(f.record)...)
			if f.plan != p.Plan || f.article != p.Article {
				faults = append(faults, fmt.Sprintf("%s %s is mentioned for %s, article %d", p.ID, p.Name, f.plan, f.article))
			}
			if f.record.Geometry == nil && f.record.Properties["geometry_status"] != "needs-import" {
				faults = append(faults, fmt.Sprintf("%s %s has neither a geometry nor a word that it needs one", p.ID, p.Name))
			}
		}
		if p.RefCode != "" && !within(codes, p.RefCode) {
			faults = append(faults, fmt.Sprintf("%s %s lacks the code %s", p.ID, p.Name, p.RefCode))
		}
		for _, m := range p.Members {
			if code := names[m]; !within(codes, code) && !slices.Contains(corrected[p.ID], m) {
				faults = append(faults, fmt.Sprintf("%s %s lacks its member %s (%s)", p.ID, p.Name, m, code))
			}
		}
	}
	return faults
}

// within tells whether a code is listed, or a part of it is.
func within(codes []string, code string) bool {
	stem := strings.TrimSuffix(strings.TrimSuffix(code, "00"), "00")
	return code != "" && slices.ContainsFunc(codes, func(c string) bool { return strings.HasPrefix(c, stem) })
}

func codesOf(r spatial.Record) []string {
	out := codes(r, "member_adcodes")
	if code, ok := r.Properties["adcode"].(string); ok {
		out = append(slices.Clone(out), code)
	}
	return out
}

// divisionNames gives the code of each city by its name without 市.
func divisionNames(divisions map[string]spatial.Record) map[string]string {
	names := map[string]string{}
	for _, d := range divisions {
		code, _ := d.Properties["adcode"].(string)
		if name, _ := d.Properties["name_zh"].(string); d.Properties["level"] == "prefecture" || d.Properties["division_type"] == "county-city" {
			names[strings.TrimSuffix(name, "市")] = code
		}
	}
	return names
}

type mentionedBy struct {
	record  spatial.Record
	plan    string
	article int64
}

func mentionsByID(all map[string]map[string]spatial.Record) map[string][]mentionedBy {
	out := map[string][]mentionedBy{}
	for _, rows := range all {
		for _, r := range rows {
			list, _ := r.Properties["mentions"].([]any)
			for _, m := range list {
				mention := m.(map[string]any)
				id := mention["id"].(string)
				out[id] = append(out[id], mentionedBy{r, mention["plan"].(string), mention["article"].(int64)})
			}
		}
	}
	return out
}

// Every place of the list is a feature, or a mention of one.
func TestEveryNamedPlaceIsAFeature(t *testing.T) {
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	content, err := os.ReadFile(filepath.Join(root, "mission", "places.json"))
	if os.IsNotExist(err) {
		t.Skip("shared list absent: places.json")
	}
	var list []namedPlace
	if err == nil {
		err = json.Unmarshal(content, &list)
	}
	if err != nil || len(list) < 200 {
		t.Fatalf("%d places, %v", len(list), err)
	}
	for _, fault := range placeFaults(facts(t), list) {
		t.Error(fault)
	}
}

// The same walk over a list made from the shipped mentions, and over one with
// a place that nobody mentions, one with a code too many and one whose feature
// lost its geometry: the walk finds exactly those.
func TestNamedPlacesOfTheShippedMentions(t *testing.T) {
	all := facts(t)
	var list []namedPlace
	for id, features := range mentionsByID(all) {
		list = append(list, namedPlace{ID: id, Name: id, Plan: features[0].plan, Article: features[0].article})
	}
	if len(list) < 210 {
		t.Errorf("%d places are mentioned, want 210 and more", len(list))
	}
	for _, fault := range placeFaults(all, list) {
		t.Error(fault)
	}
	spoilt := []namedPlace{
		{ID: "n99-place-01", Name: "nowhere", Plan: "national-14fyp", Article: 1},
		{ID: "s05-place-16", Name: "德阳", Plan: "sichuan-14fyp", Article: 5, RefCode: "510700"},
		{ID: "s05-place-34", Name: "belt", Plan: "sichuan-14fyp", Article: 5, Members: []string{"成都", "巴中"}},
		{ID: "n21-place-02", Name: "宽甸", Plan: "national-14fyp", Article: 22},
		{ID: "s08-place-02", Name: "group", Plan: "sichuan-14fyp", Article: 8},
	}
	delete(all["zones"]["yibin-luzhou-group"].Properties, "geometry_status")
	got := placeFaults(all, spoilt)
	for i, want := range []string{"nowhere has no feature", "德阳 lacks the code 510700", "belt lacks its member 巴中 (511900)", "宽甸 is mentioned for national-14fyp, article 21", "group has neither"} {
		if i >= len(got) || !strings.Contains(got[i], want) {
			t.Errorf("fault %d of %q, want %q", i, got, want)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d faults: %q", len(got), got)
	}
}
