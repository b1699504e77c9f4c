package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestStylesAreDrawn opens the page of every style: MapLibre takes each as it
// is, without a word in the console, and the picture is kept.
func TestStylesAreDrawn(t *testing.T) {
	site := serve(t, seeded(t))
	var list struct {
		Styles []struct{ ID string }
	}
	site.read(t, "/styles", &list)
	if len(list.Styles) < 5 {
		t.Fatalf("only %d styles", len(list.Styles))
	}
	tab := open(t, 900, 700)
	for _, style := range list.Styles {
		tab.do(chromedp.Navigate(site.URL + "/styles/" + style.ID + "?f=html#3.2/33/104"))
		tab.waitFor(`document.getElementById("style-map").dataset.idle === "true"`)
		tab.shot(t, "style-"+style.ID+".png", false)
	}
	if drawn := site.roadTiles(); drawn == 0 {
		t.Error("the style of roads fetched no tile with content")
	}
	tab.noTrouble(t)
	site.noRefusal(t)
}

// read decodes a JSON document of the server.
func (s *site) read(t *testing.T, path string, document any) {
	t.Helper()
	response, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(document); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s: %v", path, response.Status, err)
	}
}
