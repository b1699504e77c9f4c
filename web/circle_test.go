package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"quanyu/seeds/osm"
	"quanyu/spatial/postgis"
)

// TestCircle draws commute circles: on the shipped links, on an imported
// network made around the seat of Dingxi, and on a real country.
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
	t.Run("andorra", func(t *testing.T) { circleOfAndorra(t, store, site) })
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
	tab.shotOf(t, "circle-roads.png", circleColours, 1000)
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

// circleOnPhone has the card in place of the panel, and the map above it.
func circleOnPhone(t *testing.T, site *site) {
	tab := open(t, 375, 812)
	tab.do(chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile, chromedp.EmulateScale(2)), chromedp.Navigate(site.URL+"/?lang=zh&year=2023&circle=seats/seat-621100"))
	tab.circled()
	tab.fitsWidth(t, 375)
	tab.areasDrawn(t)
	tab.shot(t, "circle-phone.png", false)
	tab.noTrouble(t)
}

// circleProblem asks for a circle in the sea.
func circleProblem(t *testing.T, site *site) {
	tab := open(t, 1000, 800)
	tab.do(chromedp.Navigate(site.URL+"/?lang=en&year=2023&circle=115.5,12.5"), chromedp.WaitVisible("#circle .problem"))
	if text := tab.text("#circle .problem"); !strings.Contains(text, "Not on the road network: centre: no road") || strings.Contains(text, "{") {
		t.Errorf("the message should say in words that no road is near: %q", text)
	}
	tab.settled()
	if title := tab.text("#legend h2"); !strings.Contains(title, "airport") {
		t.Errorf("the legend, %q, is that of a circle, and there is none", title)
	}
	tab.shot(t, "circle-problem.png", false)
}

// circleOfAndorra draws a real country, as the picture in the documents has it.
func circleOfAndorra(t *testing.T, store *postgis.Store, site *site) {
	file := sharedFile(t, "data", "osm", "andorra.osm.pbf")
	imported, dataset, err := osm.Network(t.Context(), file, "andorra", osm.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	load(t, store, imported, dataset)
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023&circle=1.5218,42.5075"))
	tab.circled()
	tab.circleIs(t, site.circle(t, `{"lon":1.5218,"lat":42.5075}`, "to"), 4)
	tab.areasDrawn(t)
	tab.shotOf(t, "circle.png", circleColours, 1000)
	tab.noTrouble(t)
}
