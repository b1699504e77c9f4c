package api_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"

	"quanyu/api"
	"quanyu/seeds"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
	"quanyu/tiles"
	"quanyu/tiles/pmtiles"
)

// seen is what a sight allows, told apart from how the database does it.
var seen = map[spatial.Sight][]string{
	spatial.SeesPublic: {"public"}, spatial.SeesInternal: {"public", "internal"}, spatial.SeesAll: {"public", "internal", "restricted"},
}

// doors is a server, its store, and a key for each sight.
type doors struct {
	*client
	store   *postgis.Store
	conn    *pgx.Conn
	secrets map[spatial.Sight]string
}

func openDoors(t *testing.T) *doors {
	t.Helper()
	url := postgistest.New(t)
	store, err := postgis.Open(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	condensed, dataset, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LoadNetwork(t.Context(), condensed, dataset, func(func(spatial.Feature) bool) {}, func(int) {}); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	d := &doors{store: store, conn: conn, secrets: map[spatial.Sight]string{}}
	for _, role := range []spatial.Role{spatial.Viewer, spatial.Admin} {
		secret := spatial.NewSecret()
		hash, _ := spatial.HashSecret(secret)
		key := spatial.Key{ID: string(role), Name: string(role), Role: role}
		if err := store.AddKey(t.Context(), key, hash); err != nil {
			t.Fatal(err)
		}
		d.secrets[key.Caller().Sees()] = secret
	}
	d.client = serve(t, api.Config{Version: "test", Items: store, Writer: store, Tiles: store, Inputs: store, Processes: analysis.Processes("quanyu test", func() time.Time { return noon }),
		Ready: store.Ready, Authenticate: api.Credentials(store, nil), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return d
}

// as gives the headers of a caller of a sight.
func (d *doors) as(sight spatial.Sight, headers ...string) []string {
	if secret := d.secrets[sight]; secret != "" {
		headers = append(headers, "X-API-Key", secret)
	}
	return headers
}

// hiddenRow is a row of a test: its place follows from its id.
type hiddenRow struct {
	id, visibility string
	place          int
}

func (r hiddenRow) lon() float64 { return 101.25 + float64(r.place)/10 }

// drawRows makes rows with random visibilities.
func drawRows(rt *rapid.T, collection string) []hiddenRow {
	visibilities := rapid.SliceOfN(rapid.SampledFrom(seen[spatial.SeesAll]), 0, 5).Draw(rt, collection)
	rows := make([]hiddenRow, len(visibilities))
	for i, v := range visibilities {
		rows[i] = hiddenRow{id: fmt.Sprintf("%s-%d", collection[:1], i), visibility: v, place: i}
	}
	return rows
}

// doorCollections are of points, of areas and of no geometry.
var doorCollections = []string{"airports", "seats", "divisions", "targets"}

// fill replaces the rows of a collection.
func (d *doors) fill(rt *rapid.T, c spatial.Collection, rows []hiddenRow) {
	statement := fmt.Sprintf("INSERT INTO %s (id, visibility) VALUES ($1, $2)", c.Table())
	switch c.Geometry {
	case spatial.Point:
		statement = fmt.Sprintf("INSERT INTO %s (id, visibility, geom) VALUES ($1, $2, ST_Point($3::float8, 30.5, 4326))", c.Table())
	case spatial.MultiPolygon:
		statement = fmt.Sprintf("INSERT INTO %s (id, visibility, geom) VALUES ($1, $2, ST_Multi(ST_MakeEnvelope($3::float8, 30, $3::float8 + 1, 31, 4326)))", c.Table())
	}
	if _, err := d.conn.Exec(context.Background(), "DELETE FROM "+c.Table()); err != nil {
		rt.Fatal(err)
	}
	for _, r := range rows {
		args := []any{r.id, r.visibility, r.lon()}
		if c.Geometry == spatial.NoGeometry {
			args = args[:2]
		}
		if _, err := d.conn.Exec(context.Background(), statement, args...); err != nil {
			rt.Fatal(err)
		}
	}
}

// Whatever the visibilities of rows are, the same rows are seen through every
// door: pages, CSV, counts, single features, extents, tiles, archives and the
// evidence of processes; and they are those that the sight allows.
func TestEveryDoorShowsTheSameRows(t *testing.T) {
	d := openDoors(t)
	rapid.Check(t, func(rt *rapid.T) {
		rows := map[string][]hiddenRow{}
		for _, id := range doorCollections {
			c, _ := spatial.CollectionByID(id)
			rows[id] = drawRows(rt, id)
			d.fill(rt, c, rows[id])
		}
		if err := d.store.Refresh(t.Context()); err != nil {
			rt.Fatal(err)
		}
		sights := rapid.Permutation(spatial.Sights()).Draw(rt, "order") // who comes first must not matter to caches
		for _, sight := range sights {
			for _, id := range doorCollections {
				d.checkDoors(t, rt, sight, id, rows[id])
			}
			d.checkEvidence(t, rt, sight, rows["seats"], rows["airports"])
		}
	})
}

// Scopes narrow what a key writes; a key that writes without reading writes
// only what everybody sees.
func TestScopesNarrowWhatAKeyWrites(t *testing.T) {
	d := openDoors(t)
	key := func(id string, role spatial.Role, scopes ...string) string {
		secret := spatial.NewSecret()
		hash, _ := spatial.HashSecret(secret)
		if err := d.store.AddKey(t.Context(), spatial.Key{ID: id, Name: id, Role: role, Scopes: scopes}, hash); err != nil {
			t.Fatal(err)
		}
		return secret
	}
	write := func(collection, properties, secret string) int {
		headers := []string{"Content-Type", "application/geo+json"}
		if secret != "" {
			headers = append(headers, "X-API-Key", secret)
		}
		return d.do(http.MethodPost, "/collections/"+collection+"/items", `{"type": "Feature", "geometry": null, "properties": `+properties+`}`, headers...).status
	}
	viewer, planner := d.secrets[spatial.SeesInternal], key("planner", spatial.Planner)
	narrow, blind := key("narrow", spatial.Planner, "read", "write:facilities"), key("blind", spatial.Planner, "write:*")
	for _, one := range []struct {
		collection, properties, secret string
		want                           int
	}{
		{"facilities", "{}", "", 401}, {"facilities", "{}", viewer, 403}, {"facilities", "{}", planner, 201},
		{"facilities", "{}", narrow, 201}, {"zones", "{}", narrow, 403}, {"zones", "{}", blind, 201}, {"facilities", "not JSON", "", 401}, {"zones", "not JSON", narrow, 403},
		{"facilities", `{"visibility": "internal"}`, narrow, 201}, {"facilities", `{"visibility": "restricted"}`, narrow, 400}, {"facilities", `{"visibility": "internal"}`, blind, 400},
		{"proposals", "{}", blind, 400}, {"proposals", `{"visibility": "public"}`, blind, 201}, {"proposals", "{}", planner, 201}, // internal unless it is said
	} {
		if got := write(one.collection, one.properties, one.secret); got != one.want {
			t.Errorf("POST %s %s: status %d, not %d", one.collection, one.properties, got, one.want)
		}
	}
	for name, headers := range map[string][]string{"a viewer": d.as(spatial.SeesInternal), "an admin's key that may not read": {"X-API-Key", key("blind-admin", spatial.Admin, "write:*")}} {
		if log := d.do(http.MethodGet, "/collections/audit-log/items", "", headers...); log.status != 404 {
			t.Errorf("the audit log for %s: status %d", name, log.status)
		}
	}
	var callers []string
	if err := d.conn.QueryRow(t.Context(), "SELECT array_agg(DISTINCT caller ORDER BY caller) FROM audit_log WHERE caller LIKE 'key:%'").Scan(&callers); err != nil {
		t.Fatal(err)
	}
	if want := []string{"key:blind", "key:narrow", "key:planner"}; !slices.Equal(callers, want) {
		t.Errorf("the audit log names %v, not %v", callers, want)
	}
}

// allowed are the rows that a sight allows, in the order of their ids.
func allowed(sight spatial.Sight, rows []hiddenRow) (ids []string) {
	for _, r := range rows {
		if slices.Contains(seen[sight], r.visibility) {
			ids = append(ids, r.id)
		}
	}
	return ids
}

func (d *doors) checkDoors(t *testing.T, rt *rapid.T, sight spatial.Sight, id string, rows []hiddenRow) {
	want, base := allowed(sight, rows), "/collections/"+id
	check := func(door string, got []string) {
		slices.Sort(got)
		if !slices.Equal(got, want) {
			rt.Errorf("%s of %s, seeing %s: %v, not %v", door, id, sight, got, want)
		}
	}
	var paged []string
	for next := base + "/items?limit=2&properties=id"; next != ""; {
		page := d.do(http.MethodGet, next, "", d.as(sight)...).want(t, 200).json(t)
		if page["numberMatched"] != float64(len(want)) {
			rt.Errorf("%s, seeing %s: numberMatched is %v, not %d", id, sight, page["numberMatched"], len(want))
		}
		paged = append(paged, featureIDs(page)...)
		next = rel(page, "next")
	}
	check("pages", paged)
	check("CSV", d.csvIDs(t, sight, base+"/items?f=csv&properties=id"))
	check("a filter for what is hidden", d.csvIDs(t, sight, base+"/items?f=csv&properties=id&filter=visibility%20%3C%3E%20%27x%27"))
	var single []string
	for _, r := range rows {
		switch a := d.do(http.MethodGet, base+"/items/"+r.id, "", d.as(sight)...); a.status {
		case 200:
			single = append(single, r.id)
		case 404:
		default:
			rt.Errorf("feature %s: status %d", r.id, a.status)
		}
	}
	check("single features", single)
	if c, _ := spatial.CollectionByID(id); c.Tiles != nil {
		check("tiles", layerIDs(t, id, d.do(http.MethodGet, base+"/tiles/WebMercatorQuad/6/26/50", "", d.as(sight)...)))
		check("tiles of several", layerIDs(t, id, d.do(http.MethodGet, "/tiles/WebMercatorQuad/6/26/50?collections=airports,divisions,seats", "", d.as(sight)...)))
		check("archives", d.archived(t, c, sight))
		d.checkExtent(t, rt, sight, c, rows)
	}
}

func (d *doors) csvIDs(t *testing.T, sight spatial.Sight, path string) (ids []string) {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(d.do(http.MethodGet, path, "", d.as(sight)...).want(t, 200).body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(lines[0], "id")
	for _, line := range lines[1:] {
		ids = append(ids, line[column])
	}
	return ids
}

// layerIDs lists the features of one layer of a tile; 404 is a tile outside
// the extent, so without any.
func layerIDs(t *testing.T, layer string, a answer) (ids []string) {
	t.Helper()
	if a.status != 404 {
		a.want(t, 200)
	}
	if a.status == 404 || len(a.body) == 0 {
		return nil
	}
	layers, err := mvt.Unmarshal(a.body)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Name == layer {
			for _, f := range l.Features {
				ids = append(ids, fmt.Sprint(f.Properties["id"]))
			}
		}
	}
	return ids
}

// archived exports a collection's tiles of one zoom and lists what is in them.
func (d *doors) archived(t *testing.T, c spatial.Collection, sight spatial.Sight) (ids []string) {
	t.Helper()
	roles := map[spatial.Sight]spatial.Role{spatial.SeesInternal: spatial.Planner, spatial.SeesAll: spatial.Admin}
	ctx := spatial.WithCaller(t.Context(), spatial.Caller{ID: "system", Role: roles[sight]})
	spool, err := os.CreateTemp(t.TempDir(), "spool")
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Close()
	var out bytes.Buffer
	e := tiles.Export{Name: c.ID, Collections: []spatial.Collection{c}, MinZoom: 6, MaxZoom: 6}
	if _, err := e.Write(ctx, d.store, spool, &out, func(int64, int64) {}); spatial.KindOf(err) == spatial.Invalid {
		return nil // nothing to export
	} else if err != nil {
		t.Fatal(err)
	}
	archive, err := pmtiles.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	body, err := archive.Tile(pmtiles.ID(6, 50, 26))
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.UnmarshalGzipped(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range layers[0].Features {
		ids = append(ids, fmt.Sprint(f.Properties["id"]))
	}
	return ids
}

// checkExtent: a box that reached to hidden rows would tell where they are.
func (d *doors) checkExtent(t *testing.T, rt *rapid.T, sight spatial.Sight, c spatial.Collection, rows []hiddenRow) {
	want := ""
	if ids := allowed(sight, rows); len(ids) > 0 {
		west := rows[slices.IndexFunc(rows, func(r hiddenRow) bool { return r.id == ids[0] })].lon()
		east := rows[slices.IndexFunc(rows, func(r hiddenRow) bool { return r.id == ids[len(ids)-1] })].lon()
		if c.Geometry == spatial.MultiPolygon {
			east++
		}
		want = fmt.Sprintf("%.3f %.3f", west, east)
	}
	about := d.do(http.MethodGet, "/collections/"+c.ID, "", d.as(sight)...).want(t, 200).json(t)
	got := ""
	if extent, ok := about["extent"].(map[string]any); ok {
		box := extent["spatial"].(map[string]any)["bbox"].([]any)[0].([]any)
		got = fmt.Sprintf("%.3f %.3f", box[0], box[2])
	}
	if got != want {
		rt.Errorf("extent of %s, seeing %s: %q, not %q", c.ID, sight, got, want)
	}
}

// checkEvidence runs a process over both collections.
func (d *doors) checkEvidence(t *testing.T, rt *rapid.T, sight spatial.Sight, demand, facilities []hiddenRow) {
	want := allowed(sight, demand)
	const inputs = `{"inputs": {"demand": {"collection": "seats"}, "facilities": {"collection": "airports"}, "minutes": 60, "network": "condensed"}}`
	a := d.do(http.MethodPost, "/processes/coverage/execution", inputs, d.as(sight, "Content-Type", "application/json")...).want(t, 200)
	var got []string
	for _, f := range a.json(t)["evidence"].(map[string]any)["value"].(map[string]any)["features"].([]any) {
		feature := f.(map[string]any)
		got = append(got, strings.TrimPrefix(fmt.Sprint(feature["id"]), "seats/"))
		if facility, ok := feature["properties"].(map[string]any)["facility"].(string); ok && !slices.Contains(allowed(sight, facilities), facility) {
			rt.Errorf("seeing %s, evidence names the facility %s", sight, facility)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		rt.Errorf("evidence, seeing %s: %v, not %v", sight, got, want)
	}
	if metric := a.json(t)["metric"].(map[string]any)["value"].(map[string]any); metric["denominator"] != float64(len(want)) {
		rt.Errorf("seeing %s, the denominator is %v, not %d", sight, metric["denominator"], len(want))
	}
}
