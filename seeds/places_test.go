package seeds_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Airports that a source has wrong, with the right place; the limit is 2.5 km.
func TestKnownTrapsOfAirports(t *testing.T) {
	rows := facts(t)["airports"]
	for _, c := range []struct {
		id       string
		lon, lat float64
		trap     string
	}{
		{"zyas", 122.854, 41.105, "Anshan's longitude was a degree off"},
		{"zgzj", 110.59, 21.48, "Zhanjiang moved to Wuchuan"},
		{"zlhz", 107.206, 33.134, "Hanzhong moved to Chenggu"},
		{"zwkc", 82.873, 41.678, "Kuqa, 89 km off in one source"},
		{"zuzy", 107.247, 27.811, "Zunyi Xinzhou, 35 km off in one source"},
		{"zwbl", 82.300, 44.896, "Bole, 22 km off in one source"},
		{"zwhm", 93.669, 42.841, "Hami, 22 km off in one source"},
		{"zbzl", 122.769, 47.866, "Zhalantun, 17 km off in one source"},
		{"zyhe", 127.309, 50.172, "Heihe, 10 km off in one source"},
		{"zunc", 106.164, 30.798, "Nanchong, 9 km off in one source"},
		{"zwkm", 84.953, 45.467, "Karamay, 17 km off in one source"},
		{"zldh", 94.809, 40.161, "Dunhuang, 11 km off in one source"},
		{"zbcf", 118.84, 42.16, "Chifeng has no mapped runway"},
		{"zsqd", 120.088, 36.362, "Qingdao Jiaodong"},
		{"zuda", 107.436, 31.049, "Dazhou Jinya"},
	} {
		p, ok := rows[c.id].Geometry.(orb.Point)
		if !ok || kilometres(p, orb.Point{c.lon, c.lat}) > 2.5 {
			t.Errorf("%s stands at %v, want near %v, %v: %s", c.id, p, c.lon, c.lat, c.trap)
		}
	}
}

// A city whose airport moved has one of the two open on any day.
func TestMovedAirports(t *testing.T) {
	rows := facts(t)["airports"]
	for old, now := range map[string]string{
		"zsqd-liuting": "zsqd", "zudx": "zuda", "zgzj-xiashan": "zgzj", "zslg-baitabu": "zslg", "zsjg-qufu": "zsjg", "zbny": "zbad",
	} {
		if closed, opened := rows[old].Properties["closed"], rows[now].Properties["opened"]; closed == nil || closed != opened {
			t.Errorf("%s closed on %v, %s opened on %v", old, closed, now, opened)
		}
	}
}

// Every airport lies within 160 km of a located seat of the province that it
// says it is in, the most that Tibet and Xinjiang need.
func TestAirportsLieInTheirProvinces(t *testing.T) {
	all := facts(t)
	for id, a := range all["airports"] {
		nearest := spatial.Meters(1e9)
		for _, s := range all["seats"] {
			p, ok := s.Geometry.(orb.Point)
			if !ok || s.Properties["province_adcode"] != a.Properties["province_adcode"] {
				continue
			}
			nearest = min(nearest, spatial.Meters(1000*kilometres(p, a.Geometry.(orb.Point))))
		}
		if nearest.Kilometers() > 160 {
			t.Errorf("%s is %.0f km from any seat of province %v", id, nearest.Kilometers(), a.Properties["province_adcode"])
		}
	}
}

func TestOpeningsSince2021AreDated(t *testing.T) {
	rows := facts(t)["airports"]
	for id, year := range map[string]int{
		"zgcz": 2021, "zgsg": 2021, "zshz": 2021, "zhjz": 2021, "zutf": 2021, "zswa": 2021, "zsjj": 2021,
		"zhec": 2022, "zwtk": 2022, "zush": 2022, "zudr": 2022, "zwzs": 2022, "zwal": 2022,
		"zgxx": 2023, "zhqq": 2023, "zula": 2023, "zbsg": 2023, "zupl": 2023,
		"zbxt": 2024, "zwqt": 2024, "zwhj": 2024, "zysd": 2024,
		"zsli": 2025, "zwlk": 2025, "zsrj": 2025, "zsbo": 2025, "zsjx": 2025,
	} {
		opened, ok := rows[id].Properties["opened"].(interface{ Year() int })
		if !ok || opened.Year() != year {
			t.Errorf("%s opened %v, want in %d", id, rows[id].Properties["opened"], year)
		}
	}
}

func TestBorderPlaces(t *testing.T) {
	rows := facts(t)["border-places"]
	if len(rows) != 36 {
		t.Errorf("%d border places, want 36", len(rows))
	}
	roles := map[any]int{}
	for _, r := range rows {
		roles[r.Properties["role"]]++
	}
	for role, want := range map[string]int{"build": 5, "upgrade": 14, "support": 9, "none": 8} {
		if roles[role] != want {
			t.Errorf("%d places of role %s, want %d", roles[role], role, want)
		}
	}
	for _, c := range []struct {
		id       string
		lon, lat float64
		trap     string
	}{
		{"ceke-port", 101.28, 42.59, "11 km off from memory"},
		{"tengchong-houqiao-port", 98.12, 25.39, "10 km off from memory"},
		{"kekedala-city", 81.04, 43.94, "33 km off from memory"},
	} {
		if p := rows[c.id].Geometry.(orb.Point); kilometres(p, orb.Point{c.lon, c.lat}) > 1 {
			t.Errorf("%s stands at %v: %s", c.id, p, c.trap)
		}
	}
}

func TestTargets(t *testing.T) {
	rows := facts(t)["targets"]
	coverage := rows["n22-airport-coverage"].Properties
	if coverage["value"] != 80.0 || coverage["unit"] != "percent" || coverage["comparator"] != ">=" || coverage["target_year"] != int64(2025) {
		t.Errorf("the coverage target reads %v", coverage)
	}
	minutes := rows["n22-airport-minutes"].Properties
	if minutes["value"] != 60.0 || minutes["comparator"] != "<=" || minutes["target_year"] != nil {
		t.Errorf("the minutes target reads %v", minutes)
	}
}

// TestTargetsAreThoseOfTheList compares each shipped target with the list of
// figures read out of both plans.
func TestTargetsAreThoseOfTheList(t *testing.T) {
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	content, err := os.ReadFile(filepath.Join(root, "mission", "targets.json"))
	if os.IsNotExist(err) {
		t.Skip("shared list absent: targets.json")
	}
	var list []struct {
		ID, Plan, Comparator, Unit string
		Article                    int64
		Value                      *float64
		Quote                      string `json:"quote_zh"`
		Year                       *int64 `json:"target_year"`
	}
	if err := json.Unmarshal(content, &list); err != nil {
		t.Fatal(err)
	}
	rows, found := facts(t)["targets"], 0
	for _, want := range list {
		row, shipped := rows[want.ID]
		if !shipped {
			continue
		}
		found++
		p := row.Properties
		if p["plan"] != want.Plan || p["article"] != want.Article || p["comparator"] != want.Comparator || p["unit"] != want.Unit || p["value"] != *want.Value || (want.Year == nil) != (p["target_year"] == nil) {
			t.Errorf("%s: %v, the list has %+v", want.ID, p, want)
		}
		if quote, _ := p["quote_zh"].(string); !strings.Contains(quote, want.Quote) && !strings.Contains(want.Quote, quote) {
			t.Errorf("%s quotes %s, the list %s", want.ID, quote, want.Quote)
		}
	}
	if found != len(rows) || found < 16 {
		t.Errorf("%d of %d targets are in the list", found, len(rows))
	}
}
