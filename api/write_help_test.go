package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// byBearer takes "Bearer ROLE" or "Bearer ROLE:NAME" for a caller of that role.
func byBearer(r *http.Request) (spatial.Caller, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return spatial.Caller{}, nil
	}
	role, name, _ := strings.Cut(token, ":")
	return spatial.Caller{ID: "key:" + token, Name: name, Role: spatial.Role(role)}, nil
}

// writer is a client of a server that can be written to, and that server's store.
type writer struct {
	*client
	url   string
	store *postgis.Store
}

func writeServer(t testing.TB) *writer {
	t.Helper()
	url := postgistest.New(t)
	return serverAt(t, url)
}

// serverAt is one more server on the same database.
func serverAt(t testing.TB, url string) *writer {
	t.Helper()
	store, err := postgis.Open(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	c := serve(t, writeConfig(store))
	return &writer{client: c, url: url, store: store}
}

func writeConfig(store *postgis.Store) api.Config {
	return api.Config{Version: "test", Items: store, Writer: store, Tiles: store, Inputs: newStore(0), Ready: func(context.Context) error { return nil },
		Authenticate: byBearer, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// as sends a request of a planner, with the media type that the method takes.
func (w *writer) as(role, method, path, body string, headers ...string) answer {
	w.t.Helper()
	media := "application/geo+json"
	if method == http.MethodPatch {
		media = "application/merge-patch+json"
	}
	return w.do(method, path, body, append([]string{"Authorization", "Bearer " + role, "Content-Type", media}, headers...)...)
}

func (w *writer) plan(method, path, body string, headers ...string) answer {
	w.t.Helper()
	return w.as("planner", method, path, body, headers...)
}

// post adds a feature and gives its address.
func (w *writer) post(t testing.TB, collection, body string, headers ...string) string {
	t.Helper()
	return w.plan("POST", "/collections/"+collection+"/items", body, headers...).want(t, 201).header.Get("Location")
}

// feature writes a GeoJSON feature; geometry and properties are JSON.
func feature(geometry, properties string) string {
	return fmt.Sprintf(`{"type":"Feature","geometry":%s,"properties":%s}`, geometry, properties)
}

const chengdu = `{"type":"Point","coordinates":[104.0665,30.5728]}`

func square(x, y, side float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`, x, y, x+side, y+side)
}

func propertiesOf(t testing.TB, a answer) map[string]any {
	t.Helper()
	return a.json(t)["properties"].(map[string]any)
}

// sameJSON compares two JSON texts but for blanks, escapes and the order of members.
func sameJSON(t testing.TB, a, b json.RawMessage) bool {
	t.Helper()
	read := func(text json.RawMessage) (v any) {
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.UseNumber()
		if err := decoder.Decode(&v); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		return v
	}
	return reflect.DeepEqual(read(a), read(b))
}
