package seeds_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// sharedTable reads a CSV of the shared data folder, each row by column name.
func sharedTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(root, "data", "china", name))
	if os.IsNotExist(err) {
		t.Skip("shared data absent: " + name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		out = append(out, row)
	}
	return out
}

func sharedPoint(t *testing.T, row map[string]string) orb.Point {
	t.Helper()
	lon, err1 := strconv.ParseFloat(row["lon"], 64)
	lat, err2 := strconv.ParseFloat(row["lat"], 64)
	if err1 != nil || err2 != nil {
		t.Fatalf("%v has no coordinates", row)
	}
	return orb.Point{lon, lat}
}

// disagreements counts shared rows that have no shipped row or one farther
// off than limit, exceptions left aside.
func disagreements(t *testing.T, shared []map[string]string, shipped map[string]orb.Point, key string, limit float64, except map[string]string) []string {
	t.Helper()
	var out []string
	for _, row := range shared {
		id := row[key]
		if row["lon"] == "" || except[id] != "" {
			continue
		}
		p, ok := shipped[id]
		if !ok {
			out = append(out, id+" is missing")
		} else if km := kilometres(p, sharedPoint(t, row)); km > limit {
			out = append(out, id+" is "+strconv.FormatFloat(km, 'f', 1, 64)+" km off")
		}
	}
	return out
}

func points(rows map[string]spatial.Record, key string, keep func(map[string]any) bool) map[string]orb.Point {
	out := map[string]orb.Point{}
	for _, r := range rows {
		if p, ok := r.Geometry.(orb.Point); ok && keep(r.Properties) {
			out[r.Properties[key].(string)] = p
		}
	}
	return out
}

func TestSeatsAgreeWithOtherSources(t *testing.T) {
	shipped := points(facts(t)["seats"], "adcode", func(p map[string]any) bool { return p["level"] == "prefecture" })
	except := map[string]string{
		"510700": "the other source has the eastern bank of the Fu; the government of Mianyang sits in Yuanyi in the west",
		"632200": "the other source has Haiyan, the county seat; the prefecture sits in Xihai",
	}
	for _, d := range disagreements(t, sharedTable(t, "prefectures.csv"), shipped, "adcode", 5.8, except) {
		t.Error(d)
	}
}

func TestAirportsAgreeWithOtherSources(t *testing.T) {
	shipped := points(facts(t)["airports"], "iata", func(p map[string]any) bool { return p["closed"] == nil })
	for _, d := range disagreements(t, sharedTable(t, "airports.csv"), shipped, "iata", 2.5, nil) {
		t.Error(d)
	}
}

func TestBorderPlacesAgreeWithOtherSources(t *testing.T) {
	shipped := points(facts(t)["border-places"], "name_zh", func(map[string]any) bool { return true })
	for _, d := range disagreements(t, sharedTable(t, "ports.csv"), shipped, "name_zh", 1, nil) {
		t.Error(d)
	}
}

// Every unit of the other list that has a county code is here under it, and
// its residents are the same, where the census names it.
func TestCodesAgreeWithTheDivisionList(t *testing.T) {
	rows := facts(t)["divisions"]
	byCode := map[string]spatial.Record{}
	for _, r := range rows {
		if code, _ := r.Properties["adcode"].(string); r.Properties["level"] == "county" || r.Properties["level"] == nil {
			byCode[code] = r
		}
	}
	merged := map[string]string{
		"330102": "with Jianggan", "330105": "with Xiacheng", "320613": "with Gangzha", "340209": "with Sanshan",
		"220273": "a zone without a census code, kept under a name", "411471": "the same",
	}
	for _, row := range sharedTable(t, "counties.csv") {
		code := row["adcode"]
		r, ok := byCode[code]
		if !ok && merged[code] == "" {
			t.Errorf("%s %s is missing", code, row["name_zh"])
		} else if want, err := strconv.ParseInt(row["pop2020"], 10, 64); err == nil && merged[code] == "" && r.Properties["resident_population"] != want {
			t.Errorf("%s has %v residents, want %d", code, r.Properties["resident_population"], want)
		}
	}
}

// The comparison itself finds a row that is missing and one that is off.
func TestDisagreementsAreFound(t *testing.T) {
	shared := []map[string]string{
		{"id": "a", "lon": "100", "lat": "30"}, {"id": "b", "lon": "100", "lat": "30"},
		{"id": "c", "lon": "100", "lat": "30"}, {"id": "d", "lon": "", "lat": ""}, {"id": "e", "lon": "1", "lat": "1"},
	}
	shipped := map[string]orb.Point{"a": {100.001, 30}, "b": {100.1, 30}}
	got := disagreements(t, shared, shipped, "id", 2, map[string]string{"e": "known"})
	if len(got) != 2 || got[0] != "b is 9.6 km off" || got[1] != "c is missing" {
		t.Errorf("found %q", got)
	}
}

// The other source measured its ports to the border of another year's map.
func TestBorderDistancesAgreeWithOtherSources(t *testing.T) {
	byName := map[string]float64{}
	for _, r := range facts(t)["border-places"] {
		byName[r.Properties["name_zh"].(string)] = r.Properties["border_distance_km"].(float64)
	}
	compared := 0
	for _, row := range sharedTable(t, "ports.csv") {
		want, err := strconv.ParseFloat(row["km_to_osm_border"], 64)
		if err != nil {
			continue // given in words
		}
		compared++
		if got, ok := byName[row["name_zh"]]; !ok || math.Abs(got-want) > 1 {
			t.Errorf("%s lies %.2f km from the border, the other source says %.1f", row["name_zh"], got, want)
		}
	}
	if compared < 25 {
		t.Errorf("only %d places were compared", compared)
	}
}
