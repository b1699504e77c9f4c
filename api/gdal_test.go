package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"quanyu/spatial"
)

// gdal runs a program of GDAL and gives what it prints.
func gdal(t *testing.T, name string, args ...string) string {
	t.Helper()
	var problems strings.Builder
	command := exec.Command(name, args...)
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil || strings.Contains(problems.String(), "ERROR") {
		t.Fatalf("%s %q: %v\n%s", name, args, err, problems.String())
	}
	return string(out)
}

var featureCount = regexp.MustCompile(`Feature Count: (\d+)`)

// TestGDALPagesFiltersAndReprojects lets the real driver download every
// collection by pages, filter it by attribute and by box, and reproject it,
// and holds what it gets against the server's own answers.
func TestGDALPagesFiltersAndReprojects(t *testing.T) {
	c := realServer(t)
	for _, one := range published() {
		t.Run(one.ID, func(t *testing.T) {
			total := matchedBy(t, c, one, "")
			gdalPages(t, c, one, total)
			p, value := aValue(t, c, one)
			gdalCounts(t, c, one, []string{"-where", fmt.Sprintf("%s = '%s'", p, value)}, p+"="+url.QueryEscape(value))
			gdalCounts(t, c, one, []string{"-where", fmt.Sprintf("%s <> '%s' AND id > '5'", p, value)}, "filter="+url.QueryEscape(fmt.Sprintf("%s <> '%s' AND id > '5'", p, value)))
			if one.Geometry != spatial.NoGeometry {
				gdalCounts(t, c, one, []string{"-spat", "97", "26", "102", "35"}, "bbox=97,26,102,35")
				gdalReprojects(t, c, one)
			}
		})
	}
}

func matchedBy(t *testing.T, c *client, one spatial.Collection, query string) int {
	t.Helper()
	return int(c.get("/collections/"+one.ID+"/items?limit=1&"+query).want(t, 200).json(t)["numberMatched"].(float64))
}

// aValue is a text that some features have and others have not, where there is one.
func aValue(t *testing.T, c *client, one spatial.Collection) (name, value string) {
	t.Helper()
	features := c.get("/collections/"+one.ID+"/items?limit=500&skipGeometry=true").want(t, 200).json(t)["features"].([]any)
	last := features[len(features)-1].(map[string]any)["properties"].(map[string]any)
	for _, p := range one.Queryables() {
		text, ok := last[p.Name].(string)
		if ok && p.Type == spatial.String && p.Name != "id" && !strings.Contains(text, "'") {
			name, value = p.Name, text
		}
	}
	return name, value
}

func gdalPages(t *testing.T, c *client, one spatial.Collection, total int) {
	t.Helper()
	size := max(1, total/5)
	out := gdal(t, "ogr2ogr", "-f", "CSV", "-select", "id,source", "/vsistdout/", "OAPIF:"+c.base, one.ID, "-oo", fmt.Sprintf("PAGE_SIZE=%d", size))
	lines, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	seen := map[string]bool{}
	column := slices.Index(lines[0], "id")
	for _, line := range lines[1:] {
		seen[line[column]] = true
	}
	if len(lines)-1 != total || len(seen) != total {
		t.Errorf("pages of %d: %d lines, %d ids, %d features", size, len(lines)-1, len(seen), total)
	}
}

// gdalCounts holds that GDAL finds by its own means what a query finds.
func gdalCounts(t *testing.T, c *client, one spatial.Collection, args []string, query string) {
	t.Helper()
	want := matchedBy(t, c, one, query)
	out := gdal(t, "ogrinfo", append([]string{"-ro", "-so", "OAPIF:" + c.base, one.ID}, args...)...)
	found := featureCount.FindStringSubmatch(out)
	if found == nil || found[1] != strconv.Itoa(want) {
		t.Errorf("%q: GDAL finds %v, the server %d", args, found, want)
	}
}

// gdalReprojects compares the transformation that GDAL makes of what it
// downloads with that of the server. GDAL writes easting first, whatever the
// CRS says.
func gdalReprojects(t *testing.T, c *client, one spatial.Collection) {
	t.Helper()
	id, x, y := firstPlace(t, c, one, "http://www.opengis.net/def/crs/EPSG/0/4524")
	if id == "" {
		if one.ID != "divisions" { // whose boundaries an operator brings
			t.Error("no feature has a place")
		}
		return
	}
	out := gdal(t, "ogr2ogr", "-f", "CSV", "-lco", "GEOMETRY=AS_WKT", "-t_srs", "EPSG:4524", "-where", "id = '"+id+"'", "/vsistdout/", "OAPIF:"+c.base, one.ID)
	m := regexp.MustCompile(`\((-?[\d.]+) (-?[\d.]+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no coordinates in %s", out)
	}
	easting, err1 := strconv.ParseFloat(m[1], 64)
	northing, err2 := strconv.ParseFloat(m[2], 64)
	// What GDAL downloads has seven decimals of a degree.
	if err1 != nil || err2 != nil || math.Abs(easting-y) > 0.02 || math.Abs(northing-x) > 0.02 {
		t.Errorf("%s: GDAL comes to easting %v, northing %v; the server to northing %v, easting %v", id, easting, northing, x, y)
	}
}

// firstPlace gives the first coordinate of the first feature that has any.
func firstPlace(t *testing.T, c *client, one spatial.Collection, crs string) (id string, first, second float64) {
	t.Helper()
	a := c.get("/collections/"+one.ID+"/items?limit=1&filter="+url.QueryEscape("geometry IS NOT NULL")+"&crs="+url.QueryEscape(crs)).want(t, 200)
	var page struct {
		Features []struct {
			ID       string
			Geometry struct{ Coordinates json.RawMessage }
		}
	}
	if err := json.Unmarshal(a.body, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Features) == 0 {
		return "", 0, 0
	}
	pair := regexp.MustCompile(`(-?[\d.]+),(-?[\d.]+)`).FindStringSubmatch(string(page.Features[0].Geometry.Coordinates))
	first, err1 := strconv.ParseFloat(pair[1], 64)
	second, err2 := strconv.ParseFloat(pair[2], 64)
	if err1 != nil || err2 != nil {
		t.Fatalf("coordinates %s", page.Features[0].Geometry.Coordinates)
	}
	return page.Features[0].ID, first, second
}

// GDAL gets the names and types of collections that hold nothing from their
// schemas, and counts none.
func TestGDALReadsEmptyCollections(t *testing.T) {
	c := writeServer(t).client
	out := gdal(t, "ogrinfo", "-ro", "-so", "-al", "OAPIF:"+c.base+"/")
	layers := map[string]string{}
	for _, part := range strings.Split(out, "\nLayer name: ")[1:] {
		name, about, _ := strings.Cut(part, "\n")
		layers[name] = about
	}
	kinds := map[spatial.PropertyType]string{spatial.String: "String", spatial.Integer: "Integer", spatial.Number: "Real", spatial.Date: "Date"}
	for _, one := range published() {
		about, ok := layers[one.ID]
		if !ok || !strings.Contains(about, "Feature Count: 0\n") {
			t.Errorf("%s: GDAL tells %.200q", one.ID, about)
			continue
		}
		for _, p := range one.All() {
			if kind, ok := kinds[p.Type]; ok && p.Name != "id" && !strings.Contains(about, "\n"+p.Name+": "+kind) {
				t.Errorf("%s.%s is not of type %s to GDAL: %q", one.ID, p.Name, kind, regexp.MustCompile(`(?m)^`+p.Name+`: .*`).FindString(about))
			}
		}
	}
}

// GDAL leaves attributes and boxes to the server: what it sends is in the
// server's log.
func TestGDALLetsTheServerFilter(t *testing.T) {
	store, _ := realStore(t)
	var log strings.Builder
	cfg := writeConfig(store)
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	c := serve(t, cfg)
	for _, one := range []struct {
		args []string
		sent string
	}{
		{[]string{"-where", "level = 'prefecture'"}, "level=prefecture"},
		{[]string{"-spat", "97", "26", "102", "35"}, "bbox="},
	} {
		log.Reset()
		out := gdal(t, "ogr2ogr", append([]string{"-f", "CSV", "/vsistdout/", "OAPIF:" + c.base, "seats"}, one.args...)...)
		if strings.Count(out, "\n") < 3 {
			t.Errorf("%q gives %q", one.args, out)
		}
		if !strings.Contains(log.String(), one.sent) {
			t.Errorf("%q: nothing of %s was sent:\n%.2000s", one.args, one.sent, log.String())
		}
	}
}
