package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Every fault of a body is named, all at once.
func TestAFeatureHoldsToItsSchema(t *testing.T) {
	w := writeServer(t)
	ring := `[[0,0],[1,0],[1,1],[0,0]]`
	for _, one := range []struct {
		collection, body string
		faults           []string
	}{
		{"facilities", `{}`, []string{"/type", "/geometry", "/properties"}},
		{"facilities", `[]`, []string{""}},
		{"facilities", `{"type":"FeatureCollection","features":[]}`, []string{"/type", "/features", "/geometry", "/properties"}},
		{"facilities", `{"type":"Feature","geometry":null,"properties":{},"place":null,"crs":{}}`, []string{"/crs", "/place"}},
		{"facilities", `{"type":"Feature","type":"Feature","geometry":null,"properties":{}}`, []string{"/type"}},
		{"facilities", feature("null", `{"colour":"red","Kind":"x","capacity":"5","unit":5,"opened":"2020-02-30","closed":"yesterday","name_zh":[],"opened_precision":"hour"}`),
			[]string{"/properties/Kind", "/properties/capacity", "/properties/closed", "/properties/colour", "/properties/name_zh", "/properties/opened", "/properties/opened_precision", "/properties/unit"}},
		{"facilities", feature("null", `{"opened":"2021-01-01","closed":"2020-01-01"}`), []string{"/properties/closed"}},
		{"facilities", feature("null", `{"visibility":"restricted"}`), []string{"/properties/visibility"}},
		{"facilities", feature("null", `{"visibility":"secret"}`), []string{"/properties/visibility"}},
		{"facilities", feature("null", `{"source":"nowhere"}`), []string{"/properties/source"}},
		{"facilities", feature("null", `{"name_zh":"a\u0000b"}`), []string{"/properties/name_zh"}},
		{"facilities", feature("null", `{"name_zh":"`+strings.Repeat("字", 10_001)+`"}`), []string{"/properties/name_zh"}},
		{"facilities", feature("null", `{"id":"x y"}`), []string{"/properties/id"}},
		{"facilities", `{"type":"Feature","id":"..","geometry":null,"properties":{"id":"."}}`, []string{"/id", "/properties/id"}},
		{"facilities", `{"type":"Feature","id":"a","geometry":null,"properties":{"id":"b"}}`, []string{"/properties/id"}},
		{"facilities", feature(`{"type":"Point","coordinates":[1,2,3]}`, "{}"), []string{"/geometry/coordinates"}},
		{"facilities", feature(`{"type":"Point","coordinates":[null,2]}`, "{}"), []string{"/geometry/coordinates"}},
		{"facilities", feature(`{"type":"Point","coordinates":["1",2]}`, "{}"), []string{"/geometry/coordinates"}},
		{"facilities", feature(`{"type":"Point","coordinates":[1e400,2]}`, "{}"), []string{"/geometry/coordinates"}},
		{"facilities", feature(`{"type":"Point","coordinates":[30,104]}`, "{}"), []string{"/geometry/coordinates"}},
		{"facilities", feature(`{"type":"Point"}`, "{}"), []string{"/geometry/coordinates"}},
		{"facilities", feature(`{"type":"MultiPoint","coordinates":[[1,2]]}`, "{}"), []string{"/geometry/type"}},
		{"facilities", feature(`"POINT(1 2)"`, "{}"), []string{"/geometry"}},
		{"facilities", feature(`{"type":"Point","coordinates":[1,2],"crs":{}}`, "{}"), []string{"/geometry/crs"}},
		{"zones", feature(`{"type":"LineString","coordinates":[[1,2],[3,4]]}`, "{}"), []string{"/geometry/type"}},
		{"zones", feature(`{"type":"Polygon","coordinates":[]}`, "{}"), []string{"/geometry/coordinates"}},
		{"zones", feature(`{"type":"MultiPolygon","coordinates":[]}`, "{}"), []string{"/geometry/coordinates"}},
		{"zones", feature(`{"type":"MultiPolygon","coordinates":[[`+ring+`],[[[0,0],[1,0],[1,1]]]]}`, "{}"), []string{"/geometry/coordinates/1/0"}},
		{"zones", feature(`{"type":"Polygon","coordinates":[`+ring+`,[[0,0],[1,0],[1,1],[0,0.5]]]}`, "{}"), []string{"/geometry/coordinates/1"}},
		{"zones", feature(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,91],[0,0]]]}`, "{}"), []string{"/geometry/coordinates/0/2"}},
		{"zones", feature(`{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}`, "{}"), []string{"/geometry/coordinates"}},
		{"zones", feature("null", `{"member_adcodes":["510100",5]}`), []string{"/properties/member_adcodes"}},
		{"zones", feature("null", `{"member_adcodes":["510100",null]}`), []string{"/properties/member_adcodes"}},
		{"zones", feature("null", `{"article":1.5}`), []string{"/properties/article"}},
		{"zones", feature("null", `{"article":9223372036854775808}`), []string{"/properties/article"}},
		{"zones", feature("null", `{"article":1e999999999}`), []string{"/properties/article"}},
		{"zones", feature("null", `{"article":true}`), []string{"/properties/article"}},
		{"control-lines", feature("null", `{"kind":"farm","valid_from":"2021-01-01","valid_to":"2021-01-01"}`), []string{"/properties/kind", "/properties/valid_to"}},
		{"observations", feature(chengdu, `{"value":1}`), []string{"/geometry"}},
		{"observations", `{"type":"Feature","properties":{"value":"NaN"}}`, []string{"/properties/value"}},
		{"scenarios", feature("null", `{"edits":{}}`), []string{"/properties/edits", "/properties/edits"}},
		{"scenarios", feature("null", `{"edits":[{"type":"close-road"},{"type":"fly"},{"type":"set-speed","class":"trunk","factor":-1}]}`), []string{"/properties/edits/0/roads", "/properties/edits/1/type", "/properties/edits/2/factor"}},
	} {
		a := w.plan("POST", "/collections/"+one.collection+"/items", one.body)
		if a.status != 400 {
			t.Errorf("%s %.200s: %d", one.collection, one.body, a.status)
			continue
		}
		if got := a.faults(t); !slices.Equal(got, one.faults) {
			t.Errorf("%s %.200s: faults %v, want %v: %s", one.collection, one.body, got, one.faults, a.body)
		}
	}
	for _, collection := range []string{"facilities", "zones", "control-lines", "observations", "scenarios"} {
		if n := w.as("admin", "GET", "/collections/"+collection+"/items", "").json(t)["numberReturned"]; n != 0.0 {
			t.Errorf("%s has %v features of refused bodies", collection, n)
		}
	}
}

func TestTheProblemNamesReasonAndPlaceOfABadGeometry(t *testing.T) {
	w := writeServer(t)
	bowtie := `{"type":"Polygon","coordinates":[[[100,30],[102,32],[102,30],[100,32],[100,30]]]}`
	body := string(w.plan("POST", "/collections/zones/items", feature(bowtie, "{}")).want(t, 400).body)
	if !strings.Contains(body, "Self-intersection near longitude 101.0000000, latitude 31.0000000") {
		t.Errorf("%s", body)
	}
	far := w.plan("POST", "/collections/facilities/items", feature(`{"type":"Point","coordinates":[9e7,9e7]}`, "{}"), "Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/3857>")
	if far.status != 400 && far.status != 422 {
		t.Errorf("far away: %d %s", far.status, far.body)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	w := writeServer(t)
	items := "/collections/zones/items"
	w.plan("POST", items, feature("null", `{"note":"`+strings.Repeat("x", 8<<20)+`"}`)).want(t, 413)
	many := circleOf(100_001)
	if a := w.plan("POST", items, feature(many, "{}")).want(t, 413); !slices.Equal(a.faults(t), []string{"/geometry/coordinates"}) {
		t.Errorf("%v", a.faults(t))
	}
	w.plan("POST", items, feature(circleOf(50_000), "{}")).want(t, 201)
	for _, media := range []string{"image/png", "text/json", "application/vnd.ogc.fg+json", "application/merge-patch+json", ";"} {
		w.plan("POST", items, feature("null", "{}"), "Content-Type", media).want(t, 415)
	}
	w.plan("POST", items, feature("null", "{}"), "Content-Type", "application/json; charset=utf-8").want(t, 201)
	at := w.post(t, "zones", feature("null", "{}"))
	for _, media := range []string{"application/geo+json", "application/json", "application/json-patch+json", ""} {
		if a := w.plan("PATCH", at, "{}", "Content-Type", media).want(t, 415); a.header.Get("Accept-Patch") == "" {
			t.Error("no Accept-Patch in a 415")
		}
	}
	for _, bad := range []string{`[]`, `"x"`, `null`, `{"properties":{"colour":1}}`, `{"type":"Point"}`, `{"geometry":{"type":"Point","coordinates":[1,2]}}`, `{"id":"other"}`, `{"properties":5}`} {
		w.plan("PATCH", at, bad).want(t, 400)
	}
	w.plan("PUT", at+"?limit=3", feature("null", "{}")).want(t, 400)
}

// circleOf is a polygon of n positions.
func circleOf(n int) string {
	var b strings.Builder
	b.WriteString(`{"type":"Polygon","coordinates":[[`)
	for i := range n {
		angle := 2 * math.Pi * float64(i%(n-1)) / float64(n-1)
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "[%.9f,%.9f]", 104+math.Cos(angle), 30+math.Sin(angle))
	}
	b.WriteString("]]}")
	return b.String()
}

// What is read in a CRS can be written in it, and stands where it stood.
func TestBodiesAreInAnyOfferedCRS(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "zones", feature(square(104, 30.5, 0.25), `{"name_en":"Square"}`))
	for _, one := range w.get("/collections").want(t, 200).json(t)["crs"].([]any) {
		uri := one.(string)
		read := w.get(at+"?crs="+url.QueryEscape(uri)).want(t, 200)
		// the whole feature as it was read, links and all, is taken back
		w.plan("PUT", at, string(read.body), "Content-Crs", read.header.Get("Content-Crs")).want(t, 204)
		got := corner(t, w.get(at))
		if math.Abs(got[0]-104) > 3e-8 || math.Abs(got[1]-30.5) > 3e-8 {
			t.Errorf("%s: the corner is at %v", uri, got)
		}
	}
	w.plan("PUT", at, feature("null", "{}"), "Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/27700>").want(t, 400)
	// A patch of coordinates alone is in the CRS that it says.
	w.plan("PATCH", at, `{"geometry":{"coordinates":[[[[30,104],[30,105],[31,105],[30,104]]]]}}`, "Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/4326>").want(t, 204)
	if got := corner(t, w.get(at)); got != [2]float64{104, 30} {
		t.Errorf("patched in EPSG:4326, the corner is at %v", got)
	}
}

func corner(t testing.TB, a answer) [2]float64 {
	t.Helper()
	first := a.want(t, 200).json(t)["geometry"].(map[string]any)["coordinates"].([]any)[0].([]any)[0].([]any)[0].([]any)
	return [2]float64{first[0].(float64), first[1].(float64)}
}

// A patch of a property leaves the geometry as it is to the last bit, more
// exactly than it is shown.
func TestAPatchKeepsTheGeometry(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "facilities", feature(`{"type":"Point","coordinates":[104.123456789012345,30.1]}`, `{"id":"exact"}`))
	w.plan("PATCH", at, `{"properties":{"kind":"school"}}`).want(t, 204)
	if x := asked[float64](t, w.url, "SELECT ST_X(geom) FROM facilities WHERE id = 'exact'"); x != 104.123456789012345 {
		t.Errorf("longitude %v", x)
	}
}

func TestValuesComeBackAsTheyWereWritten(t *testing.T) {
	w := writeServer(t)
	for collection, properties := range map[string]string{
		"zones":         `{"name_zh":"it's 100% \\ \"q\" 𝄞","article":9007199254740993,"member_adcodes":["510100","a,b",""],"designated":"0001-01-01","height_limit_m":1e-300}`,
		"observations":  `{"indicator":"urban","year":2020,"value":-0.1,"kind":"measured","adcode":"510100"}`,
		"scenarios":     `{"edits":[{"type":"set-speed","class":"trunk","factor":0.5}],"status":"draft"}`,
		"control-lines": `{"visibility":"public","kind":"farmland","version":"v1","valid_from":"2020-01-01","valid_to":"9999-12-31","area_mu":3}`,
	} {
		a := w.get(w.post(t, collection, feature("null", properties)))
		var want, got struct{ Properties map[string]json.RawMessage }
		if err := json.Unmarshal([]byte(`{"properties":`+properties+`}`), &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(a.want(t, 200).body, &got); err != nil {
			t.Fatal(err)
		}
		for name, text := range want.Properties {
			if !sameJSON(t, text, got.Properties[name]) {
				t.Errorf("%s.%s is %s, written %s", collection, name, got.Properties[name], text)
			}
		}
	}
	at := w.post(t, "zones", feature("null", `{"article":1e3}`))
	if p := propertiesOf(t, w.get(at)); p["article"] != 1000.0 {
		t.Errorf("article %v", p["article"])
	}
}
