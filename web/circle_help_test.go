package web_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/network/synthetic"
	"quanyu/spatial/postgis"
)

// importTown stores a made map as an imported network, without hierarchy.
func importTown(t *testing.T, store *postgis.Store) {
	t.Helper()
	m, err := synthetic.Generate(7, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	graph, _, err := network.Build(m.Source, m.Coordinate)
	if err != nil {
		t.Fatal(err)
	}
	dataset := spatial.Dataset{ID: "made-town", Title: "Made roads", Licence: "CC0-1.0", Version: "7", SHA256: strings.Repeat("0", 64), Kind: spatial.Modelled}
	town, err := network.New("town", network.KindImported, graph, spatial.DatasetVersion{ID: dataset.ID, Version: dataset.Version})
	if err != nil {
		t.Fatal(err)
	}
	load(t, store, town, dataset)
}

// load stores a network with its roads by car.
func load(t *testing.T, store *postgis.Store, n *network.Network, dataset spatial.Dataset) {
	t.Helper()
	profile, _ := network.DefaultProfile("car")
	router, err := network.NewRouter(n, profile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LoadNetwork(context.Background(), n, dataset, router.Roads(), func(int) {}); err != nil {
		t.Fatal(err)
	}
}

// sharedFile is a file of the data shared between checkouts.
func sharedFile(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("shared data absent: %s", path)
	} else if err != nil {
		t.Fatal(err)
	}
	return path
}

// circle is what the tests need of an answer of the process commute-circle.
type circle struct {
	network string
	rings   []ring
	places  []string
}

type ring struct {
	Minutes    float64
	Area       *float64 `json:"area_km2"`
	Roads      *float64 `json:"reached_road_km"`
	Population *float64
	Places     float64
}

// circle asks the process itself, as any client would.
func (s *site) circle(t *testing.T, centre, direction string) circle {
	t.Helper()
	var answer struct {
		Circles struct {
			Value struct{ Features []struct{ Properties ring } }
		}
		Places struct {
			Value struct{ Features []struct{ ID string } }
		}
		Provenance struct{ Value struct{ Network string } }
	}
	s.execute(t, "commute-circle", fmt.Sprintf(`{"inputs":{"centre":%s,"minutes":[15,30,60],"direction":%q,"detail_m":500}}`, centre, direction), &answer)
	c := circle{network: answer.Provenance.Value.Network}
	for _, f := range answer.Circles.Value.Features {
		c.rings = append(c.rings, f.Properties)
	}
	for _, f := range answer.Places.Value.Features {
		c.places = append(c.places, f.ID)
	}
	return c
}

// circled waits for a circle in the card and a map that rests.
func (b *tab) circled() {
	b.t.Helper()
	b.waitFor(`document.getElementById("circle").getAttribute("aria-busy") === "false" && document.querySelector(".circle-table") !== null`)
	b.settled()
	b.do(chromedp.Sleep(150 * time.Millisecond)) // the map has begun to move there
	b.waitFor(`document.getElementById("map").dataset.idle === "true"`)
}

// circleIs compares the table with an answer of the process: places and
// residents, and before them area and length where there are four columns.
func (b *tab) circleIs(t *testing.T, want circle, columns int) {
	t.Helper()
	for _, r := range want.rings {
		places := r.Places
		figures := []*float64{r.Area, r.Roads, r.Population, &places}[4-columns:]
		for i, want := range figures {
			cell := b.text(fmt.Sprintf(`.circle-table tr[data-minutes="%v"] td:nth-of-type(%d)`, r.Minutes, i+1))
			if !shows(cell, want) {
				t.Errorf("within %v minutes column %d shows %q, the process answers %v", r.Minutes, i+1, cell, number(want))
			}
		}
	}
	if rows := b.eval(`String(document.querySelectorAll(".circle-table tbody tr").length)`); rows != strconv.Itoa(len(want.rings)) {
		t.Errorf("the table has %s rows, want %d", rows, len(want.rings))
	}
	if rows := b.eval(`String(document.querySelectorAll(".circle-places li").length)`); rows != strconv.Itoa(len(want.places)) {
		t.Errorf("%s places are listed, want %d", rows, len(want.places))
	}
	if text := b.text("#circle footer summary"); !strings.Contains(text, want.network) {
		t.Errorf("the card says %q, want the network %s", text, want.network)
	}
}

// shows tells whether a cell holds a number, rounded to the digits it has.
func shows(cell string, want *float64) bool {
	if want == nil {
		return cell == "–"
	}
	got, err := strconv.ParseFloat(strings.ReplaceAll(cell, ",", ""), 64)
	_, decimals, _ := strings.Cut(cell, ".")
	return err == nil && math.Abs(got-*want) <= 0.5*math.Pow10(-len(decimals))+1e-9
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// areasDrawn fails unless the map shows the area of every limit.
func (b *tab) areasDrawn(t *testing.T) {
	t.Helper()
	if drawn := b.eval(`document.getElementById("map").dataset.circle`); !strings.HasPrefix(drawn, "areas 15,30,60 ") {
		t.Errorf("the map shows %q of the circle, want three areas", drawn)
	}
}
