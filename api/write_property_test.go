package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// modelled is what a feature of the model has.
type modelled struct {
	geometry   json.RawMessage
	properties map[string]any
}

// writes is a sequence of requests beside a model of what they should make.
type writes struct {
	w    *writer
	held map[string]modelled
	gone []string
	made int
	run  int
}

const facilityItems = "/collections/facilities/items"

// After any sequence of writes, accepted and refused ones, the collection is
// what a map in memory is.
func TestItemsAreWhatWasWritten(t *testing.T) {
	w := writeServer(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		m := &writes{w: w, held: map[string]modelled{}, run: run}
		m.post(t)
		actions := map[string]func(*rapid.T, string){"post": func(t *rapid.T, _ string) { m.post(t) }, "put": m.put, "patch": m.patch, "delete": m.remove, "stale": m.stale, "bad": m.bad}
		for range rapid.IntRange(1, 10).Draw(t, "writes") {
			action := rapid.SampledFrom(slices.Sorted(maps.Keys(actions))).Draw(t, "action")
			if len(m.held) == 0 {
				action = "post"
			}
			actions[action](t, m.any(t))
			m.compare(t)
		}
		for id := range m.held {
			m.send(t, "DELETE", id, "", 204)
		}
	})
}

func (m *writes) send(t *rapid.T, method, id, body string, want int, headers ...string) answer {
	path := facilityItems
	if id != "" {
		path += "/" + id
	}
	a := m.w.plan(method, path, body, headers...)
	if a.status != want {
		t.Fatalf("%s %s %s: %d, want %d: %s", method, path, body, a.status, want, a.body)
	}
	return a
}

// some draws members of a feature; absent ones are not in the map.
func some(t *rapid.T) map[string]any {
	all := map[string]*rapid.Generator[any]{
		"name_zh":  rapid.Map(rapid.SampledFrom([]string{"医院", "it's", "", "a\"b\\"}), func(s string) any { return s }),
		"capacity": rapid.Map(rapid.IntRange(-5, 1_000_000), func(n int) any { return float64(n) / 8 }),
		"opened":   rapid.SampledFrom([]any{"2000-02-29", "1999-12-31"}),
		"kind":     rapid.SampledFrom([]any{"school", nil}),
	}
	properties := map[string]any{}
	for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(all))), rapid.ID[string]).Draw(t, "members") {
		properties[name] = all[name].Draw(t, name)
	}
	return properties
}

func someGeometry(t *rapid.T) json.RawMessage {
	if rapid.Bool().Draw(t, "nowhere") {
		return json.RawMessage("null")
	}
	x, y := rapid.IntRange(-1800, 1800).Draw(t, "x"), rapid.IntRange(-900, 900).Draw(t, "y")
	return json.RawMessage(fmt.Sprintf(`{"type":"Point","coordinates":[%v,%v]}`, float64(x)/10, float64(y)/10))
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (m *writes) post(t *rapid.T) {
	m.made++
	id := fmt.Sprintf("run%d-%d", m.run, m.made)
	f := modelled{someGeometry(t), some(t)}
	m.send(t, "POST", "", fmt.Sprintf(`{"type":"Feature","id":%q,"geometry":%s,"properties":%s}`, id, f.geometry, text(f.properties)), 201)
	m.held[id] = f
}

// any draws a feature that is there, "" when none is.
func (m *writes) any(t *rapid.T) string {
	if len(m.held) == 0 {
		return ""
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(m.held))).Draw(t, "id")
}

func (m *writes) put(t *rapid.T, id string) {
	f := modelled{someGeometry(t), some(t)}
	m.send(t, "PUT", id, feature(string(f.geometry), text(f.properties)), 204)
	m.held[id] = f
}

func (m *writes) patch(t *rapid.T, id string) {
	changes, f := map[string]any{}, modelled{m.held[id].geometry, maps.Clone(m.held[id].properties)}
	if rapid.Bool().Draw(t, "moves") {
		f.geometry = someGeometry(t)
		changes["geometry"] = f.geometry
	}
	members := some(t)
	maps.Copy(f.properties, members)
	changes["properties"] = members
	m.send(t, "PATCH", id, text(changes), 204)
	m.held[id] = f
}

func (m *writes) remove(t *rapid.T, id string) {
	m.send(t, "DELETE", id, "", 204)
	delete(m.held, id)
	m.gone = append(m.gone, id)
}

// stale requests change nothing: with the tag of before, and on what is gone.
func (m *writes) stale(t *rapid.T, id string) {
	tag := m.send(t, "GET", id, "", 200).header.Get("ETag")
	m.send(t, "PATCH", id, "{}", 204, "If-Match", tag)
	m.send(t, "PUT", id, feature("null", "{}"), 412, "If-Match", tag)
	m.send(t, "DELETE", id, "", 412, "If-Match", tag)
	for _, id := range m.gone[max(0, len(m.gone)-2):] {
		m.send(t, "PATCH", id, "{}", 404)
		m.send(t, "POST", "", feature("null", `{"id":"`+id+`"}`), 409)
	}
}

func (m *writes) bad(t *rapid.T, id string) {
	bad := rapid.SampledFrom([]string{`{"colour":1}`, `{"capacity":"x"}`, `{"opened":"2020-13-01"}`, `{"source":"nowhere"}`, `{"visibility":"restricted"}`}).Draw(t, "bad")
	m.send(t, "PATCH", id, `{"properties":`+bad+`}`, 400)
	m.send(t, "PUT", id, feature("null", bad), 400)
	m.send(t, "POST", "", feature("null", bad), 400)
}

// compare reads the whole collection.
func (m *writes) compare(t *rapid.T) {
	var page struct {
		Features []struct {
			ID         string
			Geometry   json.RawMessage
			Properties map[string]any
		}
	}
	a := m.w.get(facilityItems + "?limit=10000")
	if err := json.Unmarshal(a.body, &page); err != nil || a.status != 200 {
		t.Fatalf("%d %v", a.status, err)
	}
	if len(page.Features) != len(m.held) {
		t.Fatalf("%d features, %d were written", len(page.Features), len(m.held))
	}
	for _, f := range page.Features {
		want, ok := m.held[f.ID]
		if !ok || strings.ReplaceAll(string(f.Geometry), " ", "") != string(want.geometry) {
			t.Fatalf("%s is at %s, written %s", f.ID, f.Geometry, want.geometry)
		}
		for name, value := range f.Properties {
			if expected := want.properties[name]; name != "id" && name != "visibility" && value != expected {
				t.Fatalf("%s.%s is %v, written %v", f.ID, name, value, expected)
			}
		}
	}
}
