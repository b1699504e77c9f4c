package postgis_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"quanyu/spatial"
)

// prefecturePolygons are the boundaries of prefecture-level units that the
// shared data folder has for import tests, as a load of divisions.
func prefecturePolygons(t *testing.T) spatial.Load {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(root, "data", "china", "prefecture-polygons-census.csv"))
	if os.IsNotExist(err) {
		t.Skip("shared data absent: prefecture-polygons-census.csv; TestExtentsFollowImportedDivisions has its own")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := csv.NewReader(f)
	rows.LazyQuotes = true // a byte order mark stands before the first quote
	load := drawn(t, "prefectures")
	for {
		cells, err := rows.Read()
		if err == io.EOF {
			return load
		}
		if err != nil {
			t.Fatal(err)
		}
		if code := cells[1]; code != "city_code" {
			load.Tables[0].Records = append(load.Tables[0].Records, polygonOf(t, code, cells[len(cells)-1]))
		}
	}
}

func polygonOf(t *testing.T, code, text string) spatial.Record {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	if p, ok := g.(orb.Polygon); ok {
		g = orb.MultiPolygon{p}
	}
	for _, municipality := range []string{"11", "12", "31", "50"} {
		if strings.HasPrefix(code, municipality) {
			code = municipality + "0000"
		}
	}
	return spatial.Record{Feature: spatial.Feature{ID: "drawn-" + code, Geometry: g, Properties: map[string]any{"source": testDataset.ID, "adcode": code}}}
}

// The union of an area's members has the land area that its plan states, within
// 4 %, in
// 10,000 km2: a wrong or a missing city would show.
func TestExtentsHaveTheAreasOfTheirPlans(t *testing.T) {
	boundaries := prefecturePolygons(t)
	s, url := open(t)
	shipped(t, s)
	load(t, s, boundaries)
	for _, c := range []struct {
		table, id, status string
		area              float64 // as the plan or its release states it
	}{
		{"city_clusters", "jing-jin-ji", "derived", 21.8},
		{"city_clusters", "yangtze-river-delta", "derived", 22.5},
		{"city_clusters", "beibu-gulf", "derived", 11.66},
		{"city_clusters", "central-plains", "derived", 28.7},
		{"city_clusters", "shandong-peninsula", "derived", 15.58},
		{"city_clusters", "hohhot-baotou-ordos-yulin", "derived", 17.5},
		{"city_clusters", "guangdong-hong-kong-macao", "derived", 5.6},
		{"metropolitan_areas", "chengdu", "derived", 3.31},
		{"metropolitan_areas", "zhengzhou", "derived", 5.88},
		{"zones", "yangtze-river-delta-region", "derived", 35.8},
	} {
		status := ask[string](t, url, fmt.Sprintf("SELECT geometry_status FROM %s WHERE id = $1", c.table), c.id)
		area := ask[float64](t, url, fmt.Sprintf("SELECT coalesce(ST_Area(geom::geography), 0) / 1e10 FROM %s WHERE id = $1", c.table), c.id)
		t.Logf("%s: %.2f, stated %.2f", c.id, area, c.area)
		if status != c.status || math.Abs(area/c.area-1) > 0.04 {
			t.Errorf("%s/%s is %s with %.2f of 10,000 km2, its plan states %.2f", c.table, c.id, status, area, c.area)
		}
	}
}
