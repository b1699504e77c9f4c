package postgis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// drawFeatures makes features as processes do: Go values behind pointers or
// not, nulls, mixtures, names that every collection has, hostile text.
func drawFeatures(t *rapid.T) *spatial.FeatureCollection {
	texts := rapid.SampledFrom([]string{"", "a'b\"c", "点", "%s; DROP TABLE runs", strings.Repeat("长", 300)})
	value := map[string]func() any{
		"minutes":    func() any { return rapid.Float64Range(-1e6, 1e6).Draw(t, "minutes") },
		"covered":    func() any { b := rapid.Bool().Draw(t, "covered"); return &b },
		"count":      func() any { return rapid.Int64().Draw(t, "count") },
		"name_zh":    func() any { return texts.Draw(t, "name_zh") },
		"source":     func() any { return texts.Draw(t, "source") },
		"visibility": func() any { return "restricted" },
		"mixed":      func() any { return rapid.SampledFrom([]any{1, "one", true, 1.5, []any{1}}).Draw(t, "mixed") },
		"numbers":    func() any { return rapid.SampledFrom([]any{1, 1.5, int64(7)}).Draw(t, "numbers") },
		"list":       func() any { return rapid.SliceOfN(texts, 0, 3).Draw(t, "list") },
		"nested":     func() any { return map[string]any{"a": []any{1, nil}} },
		`odd "name"`: func() any { return texts.Draw(t, "odd") },
	}
	shapes := []orb.Geometry{nil, orb.Point{104.5, 30.25}, orb.LineString{{1, 2}, {3, 4}}, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}},
		orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, {{{5, 5}, {6, 5}, {6, 6}, {5, 5}}}}, orb.MultiPoint{{1, 1}, {2, 2}}, orb.MultiLineString{{{0, 0}, {1, 1}}}}
	shapes = shapes[:rapid.IntRange(1, len(shapes)).Draw(t, "shapes")]
	list := &spatial.FeatureCollection{}
	for i := range rapid.IntRange(0, 8).Draw(t, "n") {
		f := spatial.Feature{ID: fmt.Sprintf("f-%d", i), Properties: map[string]any{}, Geometry: shapes[rapid.IntRange(0, len(shapes)-1).Draw(t, "shape")]}
		if rapid.IntRange(0, 5).Draw(t, "id") == 0 {
			f.ID = rapid.SampledFrom([]string{"", "f-0", "not url-safe/"}).Draw(t, "bad id")
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			switch rapid.IntRange(0, 3).Draw(t, "has") {
			case 0:
				f.Properties[name] = nil
			case 1:
			default:
				f.Properties[name] = value[name]()
			}
		}
		list.Features = append(list.Features, f)
	}
	return list
}

// The features of the collection are those of the document: every property,
// every geometry, in number and by id.
func TestResultsAreTheFeaturesOfTheDocument(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	given := make(chan *spatial.FeatureCollection, 1)
	work(t, jobs, func(context.Context, string, map[string]json.RawMessage, func(float64, string)) ([]spatial.RunOutput, error) {
		list := <-given
		body, err := json.Marshal(list)
		return []spatial.RunOutput{{ID: "points", Title: "Test", Body: body, MediaType: "application/geo+json", Features: list}}, err
	}, quick)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > 25 { // each is a job of its own
			return
		}
		list := drawFeatures(rt)
		given <- list
		job := until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(n)).ID, finished)
		if job.Status != spatial.JobSuccessful {
			rt.Fatalf("%+v: %v", job, job.Problem)
		}
		c, err := jobs.Collection(t.Context(), spatial.ResultID(job.ID, "points"))
		if err != nil {
			rt.Fatal(err)
		}
		compareFeatures(rt, s, c, list)
		if c.Tiles != nil {
			for _, grid := range spatial.Grids() {
				if _, err := s.Tile(t.Context(), grid, []spatial.Collection{c}, 0, 0, 0); err != nil {
					rt.Fatalf("tile: %v", err)
				}
			}
		}
	})
}

func compareFeatures(t *rapid.T, s *postgis.Store, c spatial.Collection, list *spatial.FeatureCollection) {
	rows := map[string]spatial.ItemRow{}
	if err := s.Items(context.Background(), spatial.ItemsQuery{Collection: c, Limit: 100}, func(r spatial.ItemRow) error {
		rows[r.Position.ID] = kept(r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(list.Features) {
		t.Fatalf("%d rows of %d features", len(rows), len(list.Features))
	}
	for i, f := range list.Features {
		row, ok := rows[f.ID]
		if first := slices.IndexFunc(list.Features, func(o spatial.Feature) bool { return o.ID == f.ID }); !ok || first != i {
			row = rows[fmt.Sprintf("feature-%d", i+1)]
		}
		var got map[string]any
		if err := json.Unmarshal(row.Properties, &got); err != nil {
			t.Fatal(err)
		}
		for name, v := range f.Properties {
			stored := name
			if name == "source" || name == "visibility" {
				stored += "_"
			}
			if a, b := asJSON(t, v), asJSON(t, got[stored]); !reflect.DeepEqual(a, b) {
				t.Fatalf("%s.%s is %v in the table and %v in the document", f.ID, name, b, a)
			}
		}
		geometry, err := spatial.MarshalGeometry(f.Geometry)
		if err != nil {
			t.Fatal(err)
		}
		if row.Geometry == nil {
			row.Geometry = []byte("null")
		}
		if !bytes.Equal(geometry, row.Geometry) {
			t.Fatalf("%s lies at %s in the table and at %s in the document", f.ID, row.Geometry, geometry)
		}
	}
}

func asJSON(t *rapid.T, v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// After its retention a result is gone to all who ask, its tables with it; the
// oldest go first when there are too many, and what is asked for again stays.
func TestResultsAreKeptForTheirTime(t *testing.T) {
	s, url := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{MaxKept: 2})
	conn := connectTo(t, url)
	work(t, jobsOf(t, s, postgis.JobOptions{}), answering, quick) // whose own retention at its start takes nothing
	var ids []string
	for i := range 4 {
		ids = append(ids, until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(i+1)).ID, finished).ID)
	}
	if _, err := conn.Exec(t.Context(), "UPDATE runs SET expires = now() - interval '1 second' WHERE inputs->>'n' = '4'"); err != nil {
		t.Fatal(err)
	}
	if _, err := jobs.Outputs(t.Context(), ids[3]); spatial.KindOf(err) != spatial.Gone {
		t.Errorf("over its retention, not yet removed: %v", err)
	}
	fresh := until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(4)).ID, finished)
	if _, err := jobs.Outputs(t.Context(), ids[3]); spatial.KindOf(err) != spatial.Gone || fresh.Gone {
		t.Errorf("it came back with the same request: %v", err)
	}
	if _, err := jobs.Dismiss(t.Context(), fresh.ID); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, kind := range []spatial.Kind{spatial.Gone, "", "", spatial.Gone} {
		job, err := jobs.Job(t.Context(), ids[i])
		if err != nil || job.Status != spatial.JobSuccessful || job.Gone != (kind != "") {
			t.Errorf("job %d: %+v, %v", i, job, err)
		}
		_, first := jobs.Outputs(t.Context(), ids[i])
		_, second := jobs.Collection(t.Context(), spatial.ResultID(ids[i], "points"))
		if spatial.KindOf(first) != kind || spatial.KindOf(second) != kind {
			t.Errorf("job %d: %v, %v, want %q", i, first, second, kind)
		}
	}
	tables := func() (n int) {
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'results'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if tables() != 2 {
		t.Errorf("%d tables of 2 results", tables())
	}
	again := submit(t, jobs, t.Context(), asked(2))
	for _, id := range []string{ids[1], again.ID} {
		if _, err := jobs.Dismiss(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if _, err := jobs.Collection(t.Context(), spatial.ResultID(id, "points")); spatial.KindOf(err) != spatial.Gone {
			t.Errorf("dismissed: %v", err)
		}
		if id == ids[1] && tables() != 2 {
			t.Error("the result went although another job shares it")
		}
	}
	if tables() != 1 {
		t.Errorf("%d tables after the last job was dismissed", tables())
	}
	if _, err := conn.Exec(t.Context(), "UPDATE runs SET finished = finished - interval '2 years'; UPDATE jobs SET created = created - interval '2 years'"); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := jobs.Job(t.Context(), ids[0]); spatial.KindOf(err) != spatial.NotFound {
		t.Errorf("forgotten: %v", err)
	}
	if _, err := jobs.Job(t.Context(), ids[2]); err != nil {
		t.Errorf("one that is kept: %v", err)
	}
}

// Strangers who ask for many results push out their own.
func TestResultsOfStrangersGoFirst(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{MaxKept: 2})
	work(t, jobsOf(t, s, postgis.JobOptions{}), answering, quick)
	mine := spatial.WithCaller(t.Context(), viewer)
	kept := until(t, jobs, mine, submit(t, jobs, mine, asked(0)).ID, finished)
	var strange []string
	for i := range 3 {
		strange = append(strange, until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(1+i)).ID, finished).ID)
	}
	if err := jobs.Retain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := jobs.Outputs(mine, kept.ID); err != nil {
		t.Errorf("the result of a caller with a key: %v", err)
	}
	for i, kind := range []spatial.Kind{spatial.Gone, spatial.Gone, ""} {
		if _, err := jobs.Outputs(t.Context(), strange[i]); spatial.KindOf(err) != kind {
			t.Errorf("result %d of strangers: %v, want %q", i, err, kind)
		}
	}
}

func TestResultsOfOthersAndOfNobody(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	work(t, jobs, answering, quick)
	mine := spatial.WithCaller(t.Context(), viewer)
	request := asked(2)
	request.Outputs = []string{"n"}
	job := until(t, jobs, mine, submit(t, jobs, mine, request).ID, finished)
	all := until(t, jobs, mine, submit(t, jobs, mine, asked(2)).ID, finished)
	for id, ctx := range map[string]context.Context{
		spatial.ResultID(all.ID, "points"):              t.Context(), // of another caller
		spatial.ResultID(job.ID, "points"):              mine,        // not asked for
		spatial.ResultID(all.ID, "n"):                   mine,        // no list of features
		spatial.ResultID(all.ID, ""):                    mine,
		"result-":                                       mine,
		"result-" + strings.Repeat("a", 26) + "-points": mine,
		"seats": mine,
	} {
		if _, err := jobs.Collection(ctx, id); spatial.KindOf(err) != spatial.NotFound {
			t.Errorf("%s: %v", id, err)
		}
	}
	if outputs, err := jobs.Outputs(mine, job.ID); err != nil || len(outputs) != 1 || outputs[0].ID != "n" {
		t.Errorf("outputs %v, %v", outputs, err)
	}
	if c, err := jobs.Collection(mine, spatial.ResultID(all.ID, "points")); err != nil || c.Geometry != spatial.Point || c.Tiles == nil {
		t.Errorf("%+v, %v", c, err)
	}
	if _, ok, err := jobs.Stored(mine, asked(2)); err != nil || !ok {
		t.Errorf("stored: %v, %v", ok, err)
	}
	if _, ok, err := jobs.Stored(t.Context(), asked(2)); err != nil || ok {
		t.Errorf("stored for one who sees less: %v, %v", ok, err)
	}
}

// A result stays as it is, so its tags and tiles stay good, at low zooms too, and
// whatever is written elsewhere.
func TestResultsKeepTheirVersion(t *testing.T) {
	s, _ := open(t)
	jobs := jobsOf(t, s, postgis.JobOptions{})
	work(t, jobs, answering, quick)
	var results []spatial.Collection
	for i := range 2 {
		job := until(t, jobs, t.Context(), submit(t, jobs, t.Context(), asked(i)).ID, finished)
		c, err := jobs.Collection(t.Context(), spatial.ResultID(job.ID, "points"))
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, c)
	}
	versions := func(c ...spatial.Collection) []string {
		return []string{s.DataVersion(c...), s.TileVersion(spatial.WebMercatorQuad(), c, 0, 0, 0), s.TileVersion(spatial.WebMercatorQuad(), c, 14, 13000, 6700)}
	}
	one := versions(results[0])
	facilities, _ := spatial.CollectionByID("facilities")
	both := versions(facilities, results[0])
	if _, err := s.Create(spatial.WithCaller(t.Context(), spatial.System()), facilities, spatial.Draft{ID: "f", Geometry: orb.Point{104, 30}, CRS: spatial.CRS84, Properties: map[string]any{"kind": "clinic"}}); err != nil {
		t.Fatal(err)
	}
	if now := versions(results[0]); !slices.Equal(now, one) {
		t.Errorf("the version of a result was %v and is %v", one, now)
	}
	for i, other := range versions(results[1]) {
		if other == one[i] {
			t.Errorf("two results have the version %s", other)
		}
	}
	if now := versions(facilities, results[0]); now[0] == both[0] || now[1] == both[1] {
		t.Errorf("beside a collection that changed the version stays %v", now)
	}
}

// Where the roles of row rules are there, those may read a result that see as
// much as its run did.
func TestRolesMayReadResultsOfTheirSight(t *testing.T) {
	s, url := open(t)
	conn := connectTo(t, url)
	for _, sight := range spatial.Sights() { // they belong to the whole server, where other databases have them
		if _, err := conn.Exec(t.Context(), "DO $$ BEGIN CREATE ROLE quanyu_"+string(sight)+" NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"); err != nil {
			t.Fatal(err)
		}
	}
	jobs := jobsOf(t, s, postgis.JobOptions{})
	work(t, jobs, answering, quick)
	for i, caller := range []spatial.Caller{{}, viewer, spatial.System()} {
		ctx := spatial.WithCaller(t.Context(), caller)
		job := until(t, jobs, ctx, submit(t, jobs, ctx, asked(i)).ID, finished)
		c, err := jobs.Collection(ctx, spatial.ResultID(job.ID, "points"))
		if err != nil {
			t.Fatal(err)
		}
		for k, sight := range spatial.Sights() {
			var may bool
			if err := conn.QueryRow(t.Context(), "SELECT has_table_privilege($1, $2, 'SELECT') AND has_schema_privilege($1, 'results', 'USAGE')", "quanyu_"+string(sight), c.Relation).Scan(&may); err != nil || may != (k >= i) {
				t.Errorf("quanyu_%s reads a result of %s: %v, %v", sight, caller.Sees(), may, err)
			}
		}
	}
}
