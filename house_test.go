// Package house_test keeps the arrows between the rooms of the house; see
// spatial/doc.go for the map.
package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms lists, for each room, the other rooms that its code may import
// directly. A room that is missing here fails the test, so a new one has to
// state its arrows.
var rooms = map[string][]string{
	"spatial":                     {},
	"spatial/geom":                {},
	"spatial/filter":              {"spatial"},
	"spatial/network":             {"spatial", "spatial/network/hierarchy"},
	"spatial/network/synthetic":   {"spatial", "spatial/network"},
	"spatial/network/hierarchy":   {},
	"spatial/coverage":            {"spatial", "spatial/network"},
	"spatial/reach":               {"spatial", "spatial/network"},
	"spatial/borders":             {"spatial"},
	"spatial/settlement":          {},
	"spatial/analysis":            {"spatial", "spatial/filter", "spatial/network", "spatial/reach", "spatial/coverage", "spatial/settlement"},
	"spatial/postgis":             {"spatial", "spatial/geom", "spatial/network", "spatial/borders"},
	"spatial/postgis/postgistest": {"spatial", "spatial/postgis", "migrations"},
	"tiles":                       {"spatial", "tiles/pmtiles"},
	"tiles/pmtiles":               {},
	"seeds":                       {"spatial", "spatial/network"},
	"seeds/osm":                   {"spatial", "spatial/network"},
	"api":                         {"spatial", "spatial/filter", "spatial/analysis", "tiles"},
	"web":                         {},
	"web/bundle":                  {},
	"migrations":                  {},
	"scripts/testreport":          {},
	"scripts/benchtable":          {},
	"scripts/bench-server":        {"spatial", "spatial/postgis", "migrations"},
	"scripts/bench-network":       {"spatial", "spatial/network", "spatial/network/hierarchy", "spatial/network/synthetic", "spatial/reach", "spatial/coverage", "spatial/postgis", "seeds/osm"},
	"cmd/quanyu":                  {"*"},
}

// pure rooms know nothing of HTTP, SQL or frameworks, at any depth.
var pure = []string{"spatial", "spatial/geom", "spatial/filter", "spatial/network", "spatial/network/hierarchy", "spatial/network/synthetic", "spatial/coverage", "spatial/reach", "spatial/borders", "spatial/settlement", "spatial/analysis"}

var forbiddenInPure = []string{"net/http", "database/sql", "github.com/jackc/pgx", "github.com/labstack/echo"}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestRoomsImportOneWay(t *testing.T) {
	for _, p := range listPackages(t) {
		room := strings.TrimPrefix(p.ImportPath, "quanyu/")
		if room == "quanyu" {
			continue
		}
		allowed, known := rooms[room]
		if !known {
			t.Errorf("room %s is not on the map: add it to rooms with the arrows it needs", room)
			continue
		}
		for _, imported := range p.Imports {
			other, ours := strings.CutPrefix(imported, "quanyu/")
			if ours && !slices.Contains(allowed, other) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s, which the map does not allow", room, other)
			}
			if strings.HasPrefix(imported, "github.com/labstack/echo") && room != "api" {
				t.Errorf("%s imports echo, which stays inside api", room)
			}
		}
	}
}

func TestPureRoomsStayPure(t *testing.T) {
	for _, p := range listPackages(t) {
		if !slices.Contains(pure, strings.TrimPrefix(p.ImportPath, "quanyu/")) {
			continue
		}
		for _, dep := range p.Deps {
			for _, bad := range forbiddenInPure {
				if dep == bad || strings.HasPrefix(dep, bad+"/") {
					t.Errorf("%s reaches %s", p.ImportPath, dep)
				}
			}
		}
	}
}

// wiring are the programs that put rooms together.
var wiring = []string{"quanyu/cmd/quanyu", "quanyu/scripts/bench-network", "quanyu/scripts/bench-server"}

func TestOnlyProgramsAndTestsReachTheStore(t *testing.T) {
	for _, p := range listPackages(t) {
		inStore := strings.HasPrefix(p.ImportPath, "quanyu/spatial/postgis")
		if inStore || slices.Contains(wiring, p.ImportPath) {
			continue
		}
		if slices.Contains(p.Deps, "quanyu/spatial/postgis") {
			t.Errorf("%s reaches the store; only %v may", p.ImportPath, wiring)
		}
	}
}

// listPackages asks the go command for every package of the module, without
// test files: external tests may use postgistest.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps=false", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 8 {
		t.Fatalf("go list found only %d packages; the test would prove nothing", len(packages))
	}
	return packages
}
