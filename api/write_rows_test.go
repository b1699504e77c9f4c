package api_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// asked is the one value that SQL gives.
func asked[T any](t testing.TB, url, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// A planner sees public and internal rows, and for it there are no others.
func TestNobodyWritesWhatTheyCannotSee(t *testing.T) {
	w := writeServer(t)
	secret := w.as("admin", "POST", "/collections/facilities/items", feature("null", `{"id":"secret","visibility":"restricted"}`)).want(t, 201).header.Get("Location")
	w.plan("PUT", secret, feature("null", "{}")).want(t, 404)
	w.plan("PATCH", secret, `{}`).want(t, 404)
	w.plan("DELETE", secret, "").want(t, 404)
	w.plan("PATCH", secret, `{}`, "If-Match", `"1"`).want(t, 404) // and not 412
	w.plan("DELETE", w.post(t, "facilities", feature("null", `{"id":"gone"}`)), "").want(t, 204)
	told := func(id string) any {
		return w.plan("POST", "/collections/facilities/items", feature("null", `{"id":"`+id+`"}`)).want(t, 409).json(t)["errors"]
	}
	if secret, gone := told("secret"), told("gone"); !reflect.DeepEqual(secret, gone) {
		t.Errorf("of a hidden id is told %v, of one that is gone %v", secret, gone)
	}
	inner := w.post(t, "facilities", feature("null", `{"id":"inner","visibility":"internal"}`))
	w.plan("PUT", inner, feature("null", `{"name_en":"x"}`)).want(t, 204)
	w.plan("PATCH", inner, `{"properties":{"name_en":"y"}}`).want(t, 204)
	visibility := func(id string) string {
		return asked[string](t, w.url, "SELECT visibility FROM facilities WHERE id = $1", id)
	}
	if got := visibility("inner"); got != "internal" {
		t.Errorf("a feature replaced without visibility is %s", got)
	}
	w.plan("PATCH", inner, `{"properties":{"visibility":"restricted"}}`).want(t, 400)
	w.plan("PATCH", inner, `{"properties":{"visibility":"public"}}`).want(t, 204)
	w.get(inner).want(t, 200)
	w.as("admin", "PATCH", secret, `{"properties":{"visibility":"internal"}}`).want(t, 204)
	w.plan("DELETE", secret, "").want(t, 204)
	for collection, want := range map[string]string{"control-lines": "internal", "proposals": "internal", "zones": "public"} {
		w.post(t, collection, feature("null", `{"id":"unsaid"}`))
		if got := asked[string](t, w.url, "SELECT visibility FROM "+strings.ReplaceAll(collection, "-", "_")+" WHERE id = 'unsaid'"); got != want {
			t.Errorf("%s without visibility are %s, want %s", collection, got, want)
		}
	}
}

// On one's own machine nothing is hidden unasked.
func TestOnLoopbackEverythingIsPublicUnlessSaid(t *testing.T) {
	w := writeServer(t)
	cfg := writeConfig(w.store)
	cfg.Loopback = true
	w.client = serve(t, cfg)
	for _, collection := range []string{"control-lines", "zones"} {
		w.get(w.post(t, collection, feature("null", `{}`))).want(t, 200)
	}
	w.get(w.post(t, "proposals", feature("null", `{"visibility":"internal"}`))).want(t, 404)
}

// The next load would undo a change to a row that it brings.
func TestRowsOfAnImportAreNotEdited(t *testing.T) {
	w := writeServer(t)
	imported := spatial.Load{Name: "hospitals.csv", Hash: strings.Repeat("b", 64), Datasets: []spatial.Dataset{{ID: "hospitals", Title: "Hospitals", Licence: "CC0-1.0", Version: "1", Kind: spatial.Measured}},
		Tables: slices.DeleteFunc(oneOfEach("hospitals"), func(l spatial.TableLoad) bool { return l.Collection.ID != "facilities" })}
	if _, err := w.store.Load(t.Context(), imported, nil); err != nil {
		t.Fatal(err)
	}
	at := "/collections/facilities/items/facilities-1"
	before := string(w.get(at).want(t, 200).body)
	for _, one := range [][2]string{{"PUT", feature("null", "{}")}, {"PATCH", "{}"}, {"DELETE", ""}} {
		a := w.plan(one[0], at, one[1]).want(t, 409)
		if !strings.Contains(string(a.body), imported.Name) {
			t.Errorf("%s: the import is not named: %s", one[0], a.body)
		}
	}
	if after := string(w.get(at).want(t, 200).body); after != before {
		t.Error("the feature changed")
	}
	w.plan("POST", "/collections/facilities/items", feature("null", `{"id":"facilities-1"}`)).want(t, 409)
	w.post(t, "facilities", feature("null", `{"source":"hospitals"}`))
}

// today is the civil date that the store goes by.
func today() time.Time {
	return time.Now().In(time.FixedZone("", 8*3600))
}

// A correction is a new version, and what was held true before stays.
func TestObservationsAreNeverOverwritten(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "observations", feature("null", `{"id":"rate-510000-2020","indicator":"rate","year":2020,"value":56.7}`))
	value := func(query string) any {
		t.Helper()
		return propertiesOf(t, w.get(at+query).want(t, 200))["value"]
	}
	yesterday := "?datetime=" + today().AddDate(0, 0, -1).Format(time.DateOnly)
	w.plan("PATCH", at, `{"properties":{"value":56.73,"note":"second decimal"}}`).want(t, 204)
	if value("") != 56.73 || value(yesterday) != 56.7 {
		t.Errorf("today %v, yesterday %v", value(""), value(yesterday))
	}
	// A second correction on one day replaces the first: a day has one value.
	tag := w.get(at).header.Get("ETag")
	w.plan("PUT", at, feature("null", `{"indicator":"rate","year":2020,"value":56.74}`), "If-Match", tag).want(t, 204)
	w.plan("PUT", at, feature("null", `{"value":1}`), "If-Match", tag).want(t, 412)
	if value("") != 56.74 || value(yesterday) != 56.7 {
		t.Errorf("today %v, yesterday %v", value(""), value(yesterday))
	}
	if n := asked[int](t, w.url, "SELECT count(*) FROM observations"); n != 2 {
		t.Errorf("%d rows", n)
	}
	w.plan("DELETE", at, "").want(t, 204)
	w.get(at).want(t, 404)
	if value(yesterday) != 56.7 {
		t.Error("what was held true is gone")
	}
	w.plan("PUT", at+yesterday, feature("null", `{"value":2}`)).want(t, 409)
	w.plan("POST", "/collections/observations/items", feature("null", `{"id":"rate-510000-2020"}`)).want(t, 409)
}

// Versions of a line follow one another under one id.
func TestALineHasOneVersionAtATime(t *testing.T) {
	w := writeServer(t)
	line := func(from, to string) string {
		return feature(square(104, 30, 1), fmt.Sprintf(`{"id":"line","kind":"ecological","visibility":"public","valid_from":%s,"valid_to":%s}`, from, to))
	}
	next := today().AddDate(1, 0, 0).Format(time.DateOnly)
	now := w.post(t, "control-lines", line(`null`, `"`+next+`"`))
	w.plan("POST", "/collections/control-lines/items", line(`"2020-01-01"`, `null`)).want(t, 409)
	later := w.post(t, "control-lines", line(`"`+next+`"`, `null`))
	if later != now+"?datetime="+next {
		t.Errorf("the next version is at %s", later)
	}
	w.get(later).want(t, 200)
	w.plan("PATCH", later, `{"properties":{"area_mu":7}}`).want(t, 204)
	if p := propertiesOf(t, w.get(later)); p["area_mu"] != 7.0 || p["valid_from"] != next {
		t.Errorf("the next version has %v", p)
	}
	if p := propertiesOf(t, w.get(now)); p["area_mu"] != nil {
		t.Errorf("the one in force has %v", p)
	}
	w.plan("PATCH", now, `{"properties":{"valid_to":null}}`).want(t, 409)
	w.plan("DELETE", later, "").want(t, 204)
	w.plan("PATCH", now, `{"properties":{"valid_to":null}}`).want(t, 204)
}

// A write is seen by every later request on its server at once, and on others
// within a second.
func TestAWriteIsSeenAtOnce(t *testing.T) {
	w := writeServer(t)
	other := serverAt(t, w.url)
	const tile, page = "/collections/facilities/tiles/WebMercatorQuad/0/0/0", "/collections/facilities/items?f=csv"
	at := w.post(t, "facilities", feature(chengdu, `{"name_en":"First"}`))
	path := strings.TrimPrefix(at, w.base)
	for i := range 5 {
		tags := map[string]string{}
		for _, address := range []string{tile, page, path} {
			tags[address] = w.get(address).want(t, 200).header.Get("ETag")
		}
		otherTag := other.get(page).want(t, 200).header.Get("ETag")
		name := fmt.Sprintf("Name%d", i)
		w.plan("PATCH", path, `{"properties":{"name_en":"`+name+`"}}`).want(t, 204)
		for address, tag := range tags {
			a := w.get(address, "If-None-Match", tag).want(t, 200)
			if !strings.Contains(string(a.body), name) {
				t.Errorf("%s after the write: %.200q", address, a.body)
			}
		}
		deadline := time.Now().Add(time.Second)
		for other.get(page, "If-None-Match", otherTag).status == 304 {
			if time.Now().After(deadline) {
				t.Fatal("another server says 304 a second after the write")
			}
		}
	}
}
