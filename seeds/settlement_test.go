package seeds_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

func codes(r spatial.Record, field string) []string {
	list, _ := r.Properties[field].([]string)
	return list
}

// unitsOf are the prefecture-level units, or those directly under a province,
// that a list of codes lies in: what plans count as cities.
func unitsOf(divisions map[string]spatial.Record, members []string) []string {
	prefectures := map[string]bool{}
	parent := map[string]string{}
	for _, d := range divisions {
		code, _ := d.Properties["adcode"].(string)
		switch d.Properties["level"] {
		case "prefecture":
			prefectures[code] = true
		case "county":
			if d.Properties["division_type"] != "statistical" {
				parent[code], _ = d.Properties["parent_adcode"].(string)
			}
		}
	}
	var units []string
	for _, m := range members {
		if up := parent[m]; prefectures[up] {
			m = up
		}
		if !slices.Contains(units, m) {
			units = append(units, m)
		}
	}
	return units
}

// The 19 clusters of article 13 in their five tiers, and the number of cities
// that the plan of each has (document in source_ref of the row).
func TestCityClusters(t *testing.T) {
	all := facts(t)
	rows := all["city-clusters"]
	tiers := map[any]int{}
	for id, want := range map[string]int{
		"jing-jin-ji": 13, "yangtze-river-delta": 27, "guangdong-hong-kong-macao": 11, "chengdu-chongqing": 16,
		"middle-yangtze": 31, "beibu-gulf": 15, "shandong-peninsula": 16, "guangdong-fujian-zhejiang-coast": 16, "central-plains": 30,
		"guanzhong-plain": 11, "harbin-changchun": 11, "central-southern-liaoning": 9, "central-shanxi": 5, "central-guizhou": 6,
		"central-yunnan": 5, "hohhot-baotou-ordos-yulin": 4, "lanzhou-xining": 9, "ningxia-yellow-river": 4, "northern-tianshan": 8,
	} {
		r := rows[id]
		if units := unitsOf(all["divisions"], codes(r, "member_adcodes")); len(units) != want {
			t.Errorf("%s has %d cities, its plan %d", id, len(units), want)
		}
		if r.Properties["article"] != int64(13) || r.Properties["plan"] != "national-14fyp" || r.Properties["geometry_status"] != "needs-import" || r.Geometry != nil {
			t.Errorf("%s reads %v", id, r.Properties)
		}
		tiers[r.Properties["tier"]]++
	}
	if len(rows) != 19 {
		t.Errorf("%d clusters, article 13 has 19", len(rows))
	}
	for tier, want := range map[string]int{"world-class": 3, "raise-strength": 1, "implementation-plan": 2, "promote": 4, "steady": 9} {
		if tiers[tier] != want {
			t.Errorf("tier %s has %d clusters, want %d", tier, tiers[tier], want)
		}
	}
}

// Members below the prefecture, where the plan names counties: 33 counties of
// central Guizhou, 49 of central Yunnan, 27 whole districts and two parts of
// Chongqing, and the counties of Sichuan that the circle leaves out.
func TestCountiesOfClusters(t *testing.T) {
	all := facts(t)
	counties := func(id string) []string {
		var out []string
		members := codes(all["city-clusters"][id], "member_adcodes")
		for _, d := range all["divisions"] {
			code, _ := d.Properties["adcode"].(string)
			parent, _ := d.Properties["parent_adcode"].(string)
			if d.Properties["level"] == "county" && d.Properties["division_type"] != "statistical" && (slices.Contains(members, code) || slices.Contains(members, parent)) {
				out = append(out, code)
			}
		}
		return out
	}
	if n := len(counties("central-guizhou")); n != 33 {
		t.Errorf("central Guizhou has %d counties, its plan 33", n)
	}
	if n := len(counties("central-yunnan")); n != 49 {
		t.Errorf("central Yunnan has %d counties, its plan 49", n)
	}
	circle := counties("chengdu-chongqing")
	chongqing := 0
	for _, code := range circle {
		if strings.HasPrefix(code, "50") {
			chongqing++
		}
	}
	if partial := codes(all["city-clusters"]["chengdu-chongqing"], "partial_adcodes"); chongqing != 29 || len(partial) != 2 {
		t.Errorf("the circle has %d districts of Chongqing, %v in part", chongqing, partial)
	}
	for _, out := range []string{"510726", "510727", "511781", "511825", "511827"} {
		if slices.Contains(circle, out) {
			t.Errorf("%s is in the circle, which leaves it out", out)
		}
	}
}

func TestMetropolitanAreas(t *testing.T) {
	rows := facts(t)["metropolitan-areas"]
	if got := codes(rows["chengdu"], "member_adcodes"); !slices.Equal(got, []string{"510100", "510600", "511400", "512000"}) {
		t.Errorf("the Chengdu metropolitan area is %v, not Chengdu, Deyang, Meishan and Ziyang", got)
	}
	// 18 approved by October 2025: 2021 3, 2022 4, 2023 7, 2024 2, 2025 2.
	years := map[int]int{}
	for id, r := range rows {
		approved, ok := r.Properties["approved"].(time.Time)
		if !ok {
			t.Errorf("%s has no date of approval", id)
		}
		years[approved.Year()]++
	}
	for year, want := range map[int]int{2021: 3, 2022: 4, 2023: 7, 2024: 2, 2025: 2} {
		if years[year] != want {
			t.Errorf("%d areas approved in %d, want %d", years[year], year, want)
		}
	}
	if members := codes(rows["chongqing"], "member_adcodes"); len(members) != 22 || !slices.Contains(members, "511600") {
		t.Errorf("the Chongqing metropolitan area is %v, not 21 districts and Guang'an", members)
	}
}

// The line of an axis runs from seat to seat in the order of line_adcodes.
func TestAxesRunThroughSeats(t *testing.T) {
	all := facts(t)
	drawn := 0
	for id, r := range all["development-axes"] {
		line, ok := r.Geometry.(orb.LineString)
		joined := codes(r, "line_adcodes")
		if !ok {
			if len(joined) > 0 || r.Properties["geometry_status"] != "needs-import" {
				t.Errorf("%s is not drawn, %v", id, r.Properties)
			}
			continue
		}
		drawn++
		if len(line) != len(joined) || r.Properties["geometry_status"] != "indicative" || r.Properties["source"] != "axes-modelled" {
			t.Errorf("%s has %d points for %d places, %v", id, len(line), len(joined), r.Properties)
		}
		for i, code := range joined {
			if all["seats"]["seat-"+code].Geometry != line[i] {
				t.Errorf("%s: point %d is %v, not the seat of %s", id, i, line[i], code)
			}
		}
	}
	if drawn != 28 {
		t.Errorf("%d axes drawn, want 28", drawn)
	}
}

// Cities by the division list of June 2023: four municipalities, 293
// prefecture-level and 397 county-level cities (685 in all at the end of 2020,
// article 1 of the national plan).
func TestCities(t *testing.T) {
	all := facts(t)
	levels := map[any]int{}
	for id, r := range all["cities"] {
		levels[r.Properties["level"]]++
		if code := r.Properties["adcode"].(string); all["seats"]["seat-"+code].Geometry != r.Geometry {
			t.Errorf("%s stands at %v, not at its seat", id, r.Geometry)
		}
	}
	if levels["province"] != 4 || levels["prefecture"] != 293 || levels["county"] != 397 {
		t.Errorf("cities by level: %v", levels)
	}
	if got := all["cities"]["city-510100"].Properties["urban_resident_population"]; got != int64(13_340_304) {
		t.Errorf("Chengdu has %v urban residents", got)
	}
	if got := all["cities"]["city-513402"].Properties["urban_resident_population"]; got != nil {
		t.Errorf("Huili became a city after the census and has %v urban residents", got)
	}
}

func TestPlansAndArticles(t *testing.T) {
	all := facts(t)
	if len(all["plans"]) != 2 || len(all["articles"]) != 52+45 {
		t.Errorf("%d plans, %d articles", len(all["plans"]), len(all["articles"]))
	}
	for id, want := range map[string]string{"national-14fyp-13": "分类推动城市群发展", "national-14fyp-21": "优化边境地区城镇布局", "sichuan-14fyp-05": "构建轴带支撑的城镇化战略格局", "sichuan-14fyp-45": "实施监测评估"} {
		if got := all["articles"][id].Properties["title_zh"]; got != want {
			t.Errorf("%s is %v, want %s", id, got, want)
		}
	}
}

// Ports lie at the border, within the tolerance of their figure; the river
// port of Tongjiang and the planned one on Heixiazi Island are known to lie
// farther in. Towns lie within 60 km. The figures were measured on another map
// too (Natural Earth 1:10m, coarse): none differs by more than 6.2 km.
func TestBorderDistancesOfPlaces(t *testing.T) {
	farther := map[string]float64{"tongjiang-port": 7, "heixiazi-island-port": 5}
	for id, r := range facts(t)["border-places"] {
		km, ok := r.Properties["border_distance_km"].(float64)
		tolerance, also := r.Properties["border_distance_tolerance_km"].(float64)
		if !ok || !also || r.Properties["border_distance_source"] != "osm-countries-2017" || r.Properties["border_distance_date"] == nil {
			t.Errorf("%s has no distance with its source: %v", id, r.Properties)
			continue
		}
		limit := 60.0
		if r.Properties["tier"] == "port" {
			limit = max(farther[id], 1+tolerance)
		}
		if km > limit {
			t.Errorf("%s lies %.2f km from the border, at most %.1f expected", id, km, limit)
		}
	}
}

// The land border counties are the official 140 and two that were cut out of
// them since; every place of the border collection lies in one, but Kokdala,
// which the plan calls a border town all the same.
func TestBorderCounties(t *testing.T) {
	all := facts(t)
	counties := codes(all["zones"]["class-border-county-seats"], "member_adcodes")
	cities := codes(all["zones"]["class-border-prefecture-cities"], "member_adcodes")
	if len(counties) != 142 || len(cities) != 45 {
		t.Errorf("%d border counties, %d prefecture-level units", len(counties), len(cities))
	}
	if units := unitsOf(all["divisions"], counties); len(units) != len(cities) {
		t.Errorf("the counties lie in %d units", len(units))
	}
	for id, r := range all["border-places"] {
		code, known := r.Properties["adcode"].(string)
		if known && !slices.Contains(counties, code) && id != "kekedala-city" {
			t.Errorf("%s lies in %s, which is no border county", id, code)
		}
	}
}
