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
	"github.com/chromedp/chromedp/kb"

	"quanyu/seeds/osm"
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/network/synthetic"
	"quanyu/spatial/postgis"
)

// TestCircle draws commute circles: on the shipped links, on an imported
// network made around the seat of Dingxi, and on a real city.
func TestCircle(t *testing.T) {
	store := seeded(t)
	importTown(t, store)
	site := serve(t, store)
	t.Run("seat on modelled links", func(t *testing.T) { circleOnLinks(t, site) })
	t.Run("seat on imported roads", func(t *testing.T) { circleOnRoads(t, site) })
	t.Run("point from the keyboard", func(t *testing.T) { circleFromKeyboard(t, site) })
	t.Run("airport", func(t *testing.T) { circleOfAirport(t, site) })
	t.Run("phone", func(t *testing.T) { circleOnPhone(t, site) })
	site.noRefusal(t)
	t.Run("problem", func(t *testing.T) { circleProblem(t, site) })
	t.Run("heidelberg", func(t *testing.T) { circleOfHeidelberg(t, store, site) })
}

// circleOnLinks opens the card of a failing seat and asks for its circle.
func circleOnLinks(t *testing.T, site *site) {
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023"))
	tab.settled()
	tab.do(chromedp.Click(`#failing button[data-adcode="330500"]`), chromedp.WaitVisible(".card-circle"), chromedp.Click(".card-circle"))
	tab.circled()
	want := site.circle(t, `{"feature":{"collection":"seats","id":"seat-330500"}}`, "to")
	if want.network != "condensed" || len(want.places) < 5 {
		t.Fatalf("the process answers on %q with %d places, want the shipped links and several", want.network, len(want.places))
	}
	tab.circleIs(t, want, 2)
	if text := tab.text(".circle-indicative"); !strings.Contains(text, "Indicative") {
		t.Errorf("the circle is not called indicative: %q", text)
	}
	if drawn, all := tab.eval(`document.getElementById("map").dataset.circle`), fmt.Sprintf("areas  places %d", len(want.places)-1); drawn != all {
		t.Errorf("the map shows %q of the circle, want %q: all places but the centre", drawn, all)
	}
	if card := tab.eval(`String(document.querySelectorAll(".card").length)`); card != "0" {
		t.Errorf("%s cards of places lie over the circle", card)
	}
	tab.shot(t, "circle-links.png", false)
	tab.do(chromedp.Click("#circle-close"))
	tab.waitFor(`document.getElementById("circle").hidden && !location.search.includes("circle")`)
	tab.noTrouble(t)
}

// circleOnRoads opens a shared address, of a seat that is not on the page, turns the direction, then speaks Chinese.
func circleOnRoads(t *testing.T, site *site) {
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023&circle=seats/seat-621122"))
	tab.circled()
	centre := `{"feature":{"collection":"seats","id":"seat-621122"}}`
	to, from := site.circle(t, centre, "to"), site.circle(t, centre, "from")
	if to.network != "town" || to.rings[2].Area == nil || *to.rings[2].Area == *from.rings[2].Area {
		t.Fatalf("the process answers on %q with areas %v and %v, want an imported network and two directions that differ", to.network, number(to.rings[2].Area), number(from.rings[2].Area))
	}
	tab.circleIs(t, to, 4)
	tab.areasDrawn(t)
	tab.shotOf(t, "circle-roads.png", circleColours)
	tab.do(chromedp.Focus("#circle-to"), chromedp.KeyEvent(kb.ArrowRight))
	tab.waitFor(`location.search.includes("direction=from")`)
	tab.circled()
	tab.circleIs(t, from, 4)
	if focused := tab.eval("document.activeElement.id"); focused != "circle-from" {
		t.Errorf("the focus went from the direction to %q", focused)
	}
	tab.do(chromedp.Click("#language"))
	tab.settled()
	if text := tab.text("#circle"); !strings.Contains(text, "一小时圈") || !strings.Contains(text, "距接入道路") || strings.Contains(text, "Residents") {
		t.Errorf("the card is not Chinese: %q", text)
	}
	tab.shot(t, "circle-zh.png", false)
	tab.noTrouble(t)
}

// circleFromKeyboard picks the middle of the map without a pointer.
func circleFromKeyboard(t *testing.T, site *site) {
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023"))
	tab.settled()
	tab.do(chromedp.Focus("#failing li:first-child button"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	tab.settled() // the middle of the map is a seat now
	tab.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(".card"))
	tab.do(chromedp.Focus("#circle-pick"), chromedp.KeyEvent(kb.Enter))
	tab.waitFor(`document.activeElement.tagName === "CANVAS" && document.getElementById("pick-hint").textContent !== ""`)
	tab.shot(t, "circle-pick.png", false)
	tab.do(chromedp.KeyEvent(kb.Escape))
	tab.waitFor(`document.getElementById("pick-hint").textContent === ""`)
	tab.do(chromedp.Focus("#circle-pick"), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Enter))
	tab.circled()
	position := strings.Split(tab.eval(`new URLSearchParams(location.search).get("circle")`), ",")
	if len(position) != 2 {
		t.Fatalf("the address holds %q, want a position", position)
	}
	tab.circleIs(t, site.circle(t, fmt.Sprintf(`{"lon":%s,"lat":%s}`, position[0], position[1]), "to"), 2)
	if focused := tab.eval("document.activeElement.id"); focused != "circle-title" {
		t.Errorf("the focus is on %q, want the card's title", focused)
	}
	tab.do(chromedp.KeyEvent(kb.Escape))
	tab.waitFor(`document.getElementById("circle").hidden`)
	tab.noTrouble(t)
}

// circleOfAirport opens an airport by its address, then clicks a point of the map.
func circleOfAirport(t *testing.T, site *site) {
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL+"/?lang=en&year=2023&airport=zspd"), chromedp.WaitVisible(".card-circle"), chromedp.Click(".card-circle"))
	tab.circled()
	tab.circleIs(t, site.circle(t, `{"feature":{"collection":"airports","id":"zspd"}}`, "to"), 2)
	if title := tab.text("#circle-title"); !strings.Contains(title, "Pudong") {
		t.Errorf("the card's title is %q, want the airport's name", title)
	}
	x, y := tab.middle(t)
	tab.do(chromedp.Click("#circle-pick"), chromedp.MouseClickXY(x-120, y))
	tab.waitFor(`/circle=[\d.]+%2C[\d.]+/.test(location.search)`)
	tab.noTrouble(t)
}

func circleOnPhone(t *testing.T, site *site) {
	tab := open(t, 375, 812)
	tab.do(chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile, chromedp.EmulateScale(2)), chromedp.Navigate(site.URL+"/?lang=zh&year=2023&circle=seats/seat-621100"))
	tab.circled()
	tab.fitsWidth(t, 375)
	tab.areasDrawn(t)
	tab.shot(t, "circle-phone.png", false)
	tab.noTrouble(t)
}

func circleProblem(t *testing.T, site *site) {
	tab := open(t, 1000, 800)
	tab.do(chromedp.Navigate(site.URL+"/?lang=en&year=2023&circle=115.5,12.5"), chromedp.WaitVisible("#circle .problem"))
	if text := tab.text("#circle .problem"); !strings.Contains(text, "Not on the road network: centre: no road") || strings.Contains(text, "{") {
		t.Errorf("the message should say in words that no road is near: %q", text)
	}
	tab.settled()
	tab.shot(t, "circle-problem.png", false)
}

// circleOfHeidelberg draws a real city, as the picture in the documents has it.
func circleOfHeidelberg(t *testing.T, store *postgis.Store, site *site) {
	file := sharedFile(t, "data", "osm", "heidelberg.osm.pbf")
	imported, dataset, err := osm.Network(t.Context(), file, "heidelberg", osm.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	load(t, store, imported, dataset)
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023&circle=8.6765,49.4036"))
	tab.circled()
	tab.circleIs(t, site.circle(t, `{"lon":8.6765,"lat":49.4036}`, "to"), 4)
	tab.areasDrawn(t)
	tab.shotOf(t, "circle.png", circleColours)
	tab.noTrouble(t)
}

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
