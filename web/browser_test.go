package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"quanyu/spatial/postgis"
)

// screenshots is where the pictures of the last run are kept.
var screenshots = filepath.Join("..", "build", "screenshots")

// TestPage drives the page in a headless Chromium against one whole server.
func TestPage(t *testing.T) {
	site := serve(t, seeded(t))
	t.Run("map", func(t *testing.T) { mapPage(t, site) })
	t.Run("phone", func(t *testing.T) { phoneWidth(t, site) })
	t.Run("table", func(t *testing.T) { printableTable(t, site) })
	site.noRefusal(t)
	t.Run("problem", func(t *testing.T) { readableProblem(t, site) })
}

func mapPage(t *testing.T, site *site) {
	tab := open(t, 1440, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023"))
	tab.settled()

	t.Run("shows the figure of the process", func(t *testing.T) {
		tab.headlineIs(t, site.coverage(t, "2023-12-31"))
		if drawn := site.roadTiles(); drawn == 0 {
			t.Error("no road tile with content was fetched")
		}
		tab.shot(t, "map.png", true)
	})
	t.Run("follows the year by keyboard", func(t *testing.T) { yearByKeyboard(t, site, tab) })
	t.Run("flies to a failing seat", func(t *testing.T) { fliesToSeat(t, site, tab) })
	t.Run("opens a seat from the keyboard", func(t *testing.T) {
		tab.do(chromedp.Focus("#failing li:nth-child(2) button"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
		tab.settled()
		third := tab.text(`#failing li:nth-child(3) button b`)
		if opened := tab.text(".card-title b"); opened != third {
			t.Errorf("the card shows %q, want the third of the list, %q", opened, third)
		}
		tab.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(".card"))
	})
	t.Run("keeps the target to its own limit", func(t *testing.T) {
		tab.do(chromedp.SetValue("#minutes", "90"), dispatch("#minutes", "change"))
		tab.settled()
		if sentence := tab.text("#sentence"); !strings.Contains(sentence, "within 90 minutes") || !strings.Contains(sentence, "at 60 minutes") {
			t.Errorf("the sentence at 90 minutes is %q", sentence)
		}
		tab.do(chromedp.SetValue("#minutes", "60"), dispatch("#minutes", "change"))
		tab.settled()
	})
	t.Run("sorts provinces", func(t *testing.T) { sortsProvinces(t, tab) })
	t.Run("speaks Chinese", func(t *testing.T) {
		tab.do(chromedp.Click("#language"))
		tab.settled()
		if sentence := tab.text("#sentence"); !strings.Contains(sentence, "运输机场") {
			t.Errorf("the sentence is not Chinese: %q", sentence)
		}
		if lang := tab.eval("document.documentElement.lang"); lang != "zh-CN" {
			t.Errorf("the page says its language is %q", lang)
		}
		tab.shot(t, "map-zh.png", false)
	})
	tab.noTrouble(t)
}

// yearByKeyboard goes back to 2020 with the arrow keys.
func yearByKeyboard(t *testing.T, site *site, tab *tab) {
	before := tab.text("#share")
	keys := strings.Repeat(kb.ArrowLeft, 3)
	tab.do(chromedp.Focus("#year"), chromedp.KeyEvent(keys))
	tab.waitFor(`document.getElementById("year-text").textContent.includes("2020") && location.search.includes("year=2020")`)
	tab.settled()
	want := site.coverage(t, "2020-12-31")
	tab.headlineIs(t, want)
	if after := tab.text("#share"); after == before {
		t.Errorf("the headline stayed %q from 2023 to 2020, though airports opened in between", after)
	}
	if spoken := tab.text("#live"); !strings.Contains(spoken, "2020") {
		t.Errorf("the live region does not tell the new year: %q", spoken)
	}
}

// fliesToSeat clicks the worst seat that has a travel time, then finds it
// under the pointer in the middle of the map.
func fliesToSeat(t *testing.T, site *site, tab *tab) {
	want := site.coverage(t, "2020-12-31").worst()
	button := fmt.Sprintf(`#failing button[data-adcode="%s"]`, want.Adcode)
	tab.do(chromedp.Click(button))
	tab.waitFor(fmt.Sprintf(`document.querySelector('%s').hasAttribute("aria-current")`, button))
	tab.settled()
	lon, lat := tab.view(t)
	if math.Hypot(lon-want.Lon, lat-want.Lat) > 0.02 {
		t.Errorf("the map looks at %.3f %.3f, want %s at %.3f %.3f", lon, lat, want.Name, want.Lon, want.Lat)
	}
	if opened := tab.text(".card-title"); !strings.Contains(opened, want.Name) {
		t.Errorf("the card shows %q, want %q", opened, want.Name)
	}
	tab.shot(t, "seat.png", false)
	x, y := tab.middle(t)
	tab.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(".card"), chromedp.MouseClickXY(x, y), chromedp.WaitVisible(".card"))
	if opened := tab.text(".card-title"); !strings.Contains(opened, want.Name) {
		t.Errorf("a click on the map opened %q, want %q", opened, want.Name)
	}
}

func sortsProvinces(t *testing.T, tab *tab) {
	tab.do(chromedp.Click("#tab-provinces"), chromedp.WaitVisible(".provinces"))
	first := func() float64 {
		share, err := strconv.ParseFloat(strings.TrimFunc(tab.text(".provinces tbody tr:first-child td:last-child"), func(r rune) bool { return r < '0' || r > '9' }), 64)
		if err != nil {
			t.Fatal(err)
		}
		return share
	}
	rising := first()
	tab.do(chromedp.Click(".provinces [data-column=share]"))
	if falling := first(); falling <= rising {
		t.Errorf("the first province has %v %% in falling order and %v %% in rising order", falling, rising)
	}
	tab.shot(t, "provinces.png", false)
	tab.do(chromedp.Click("#tab-about"), chromedp.WaitVisible(".provenance"))
	if text := tab.text("#pane-about"); !strings.Contains(text, "modelled, condensed") {
		t.Errorf("the evidence does not call the network modelled: %q", text)
	}
	tab.shot(t, "evidence.png", false)
}

func phoneWidth(t *testing.T, site *site) {
	tab := open(t, 375, 812)
	tab.do(chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile, chromedp.EmulateScale(2)), chromedp.Navigate(site.URL+"/?lang=en&year=2023"))
	tab.settled()
	tab.fitsWidth(t, 375)
	tab.shot(t, "phone.png", false)
	tab.do(chromedp.Click("#sheet"), chromedp.WaitVisible("#failing li:first-child button"), chromedp.Sleep(400*time.Millisecond))
	tab.fitsWidth(t, 375)
	tab.shot(t, "phone-open.png", false)
	tab.do(chromedp.Click("#failing li:nth-child(2) button"))
	tab.waitFor(`document.getElementById("sheet").getAttribute("aria-expanded") === "false"`)
	tab.settled()
	tab.shot(t, "phone-seat.png", false)
	tab.noTrouble(t)
}

func printableTable(t *testing.T, site *site) {
	tab := open(t, 1100, 900)
	tab.do(chromedp.Navigate(site.URL + "/?lang=en&year=2023&view=table"))
	tab.waitFor(`document.querySelectorAll("#sheet-table tbody tr").length > 0`)
	tab.settledPanel()
	want := site.coverage(t, "2023-12-31")
	if rows := tab.eval(`String(document.querySelectorAll("#sheet-table tbody tr").length)`); rows != strconv.Itoa(want.Denominator) {
		t.Errorf("the table has %s rows, want %d", rows, want.Denominator)
	}
	if failing := tab.eval(`String(document.querySelectorAll("#sheet-table tbody tr:not(.covered)").length)`); failing != strconv.Itoa(want.Denominator-want.Numerator) {
		t.Errorf("%s rows are not covered, want %d", failing, want.Denominator-want.Numerator)
	}
	tab.shot(t, "table.png", false)
	if err := keep("table.pdf", run(tab, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))); err != nil {
		t.Fatal(err)
	}
	tab.noTrouble(t)
}

func readableProblem(t *testing.T, site *site) {
	tab := open(t, 1000, 800)
	tab.do(chromedp.Navigate(site.URL+"/?lang=en&profile=hovercraft"), chromedp.WaitVisible("#problem"))
	if text := tab.text("#problem"); !strings.Contains(text, "profile") || strings.Contains(text, "{") {
		t.Errorf("the message should name the field in words: %q", text)
	}
	tab.do(chromedp.Sleep(time.Second)) // for the picture only: the roads come in
	tab.shot(t, "problem.png", false)
}

// metric is what the tests need of an answer of the coverage process.
type metric struct {
	Numerator, Denominator int
	Share                  float64
	seats                  []seat
}

type seat struct {
	Adcode, Name string
	Minutes      float64
	Lon, Lat     float64
}

// worst is the seat that misses by most minutes, ties by code.
func (m metric) worst() seat {
	var found seat
	for _, s := range m.seats {
		if s.Minutes > found.Minutes || (s.Minutes == found.Minutes && s.Adcode < found.Adcode) {
			found = s
		}
	}
	return found
}

// coverage asks the process itself, as any client would.
func (s *site) coverage(t *testing.T, asOf string) metric {
	t.Helper()
	body := fmt.Sprintf(`{"inputs":{"demand":{"collection":"seats","filter":"level = 'prefecture'","weight":"resident_population"},
		"facilities":{"collection":"airports","filter":"kind = 'transport'"},"minutes":60,"as_of":%q,"target":"n22-airport-coverage"}}`, asOf)
	var answer struct {
		Metric struct {
			Value struct {
				Numerator, Denominator int
				Share                  float64
			}
		}
		Evidence struct {
			Value struct {
				Features []struct {
					Geometry   struct{ Coordinates [2]float64 }
					Properties struct {
						Adcode  string
						NameEN  *string `json:"name_en"`
						NameZH  string  `json:"name_zh"`
						Minutes *float64
					}
				}
			}
		}
	}
	s.execute(t, "coverage", body, &answer)
	m := metric{Numerator: answer.Metric.Value.Numerator, Denominator: answer.Metric.Value.Denominator, Share: answer.Metric.Value.Share}
	for _, f := range answer.Evidence.Value.Features {
		s := seat{Adcode: f.Properties.Adcode, Name: f.Properties.NameZH, Lon: f.Geometry.Coordinates[0], Lat: f.Geometry.Coordinates[1]}
		if f.Properties.NameEN != nil {
			s.Name = *f.Properties.NameEN
		}
		if f.Properties.Minutes != nil {
			s.Minutes = *f.Properties.Minutes
			m.seats = append(m.seats, s)
		}
	}
	return m
}

// execute runs a process and decodes its answer.
func (s *site) execute(t *testing.T, process, body string, answer any) {
	t.Helper()
	response, err := http.Post(s.URL+"/processes/"+process+"/execution", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("the process answers %s: %v", response.Status, err)
	}
}

// keep writes a picture or document of this run.
func keep(name string, content []byte) error {
	if err := os.MkdirAll(screenshots, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(screenshots, name), content, 0o644)
}

// site is a server that remembers what it answered.
type site struct {
	*httptest.Server
	seen *answers
}

func serve(t *testing.T, store *postgis.Store) *site {
	t.Helper()
	seen := &answers{}
	server := httptest.NewServer(seen.watch(handler(t, store)))
	t.Cleanup(server.Close)
	return &site{Server: server, seen: seen}
}

// roadTiles counts the tiles with content that were fetched.
func (s *site) roadTiles() int {
	count := 0
	for _, a := range s.seen.list() {
		if strings.HasPrefix(a.path, "/collections/roads/tiles/WebMercatorQuad/") && a.bytes > 0 {
			count++
		}
	}
	return count
}

// noRefusal fails for every request of the page that was not answered well.
func (s *site) noRefusal(t *testing.T) {
	t.Helper()
	for _, a := range s.seen.list() {
		if a.status >= 400 && !a.gone {
			t.Errorf("%s %s was answered %d", a.method, a.path, a.status)
		}
	}
}

// headlineIs compares the page with an answer of the process.
func (b *tab) headlineIs(t *testing.T, want metric) {
	t.Helper()
	if got := b.text("#share"); got != fmt.Sprintf("%.1f%%", want.Share*100) {
		t.Errorf("the headline is %q, the process answers %.4f", got, want.Share)
	}
	if got := b.text("#sentence"); !strings.Contains(got, fmt.Sprintf("%d of %d", want.Numerator, want.Denominator)) {
		t.Errorf("the sentence %q does not say %d of %d", got, want.Numerator, want.Denominator)
	}
	if got := b.text("#failing-count"); got != strconv.Itoa(want.Denominator-want.Numerator) {
		t.Errorf("%s seats are listed as failing, want %d", got, want.Denominator-want.Numerator)
	}
}

// shot keeps a picture of the page; painted demands that the map is not blank.
func (b *tab) shot(t *testing.T, name string, painted bool) {
	t.Helper()
	var wanted map[string]color.RGBA
	if painted {
		wanted = coverageColours
	}
	b.shotOf(t, name, wanted, 20)
}

// shotOf keeps a picture of the page, which has to hold enough pixels of some colours.
func (b *tab) shotOf(t *testing.T, name string, wanted map[string]color.RGBA, enough int) {
	t.Helper()
	picture := run(b, chromedp.CaptureScreenshot())
	if err := keep(name, picture); err != nil {
		t.Fatal(err)
	}
	paintedWith(t, bytes.NewReader(picture), wanted, enough)
}
