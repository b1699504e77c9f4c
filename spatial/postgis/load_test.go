package postgis_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial"
)

func TestShippedFactsLoad(t *testing.T) {
	s, url := open(t)
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	load(t, s, facts)
	t.Logf("facts loaded in %s", time.Since(began))
	for _, table := range facts.Tables {
		if n := ask[int](t, url, "SELECT count(*) FROM "+table.Collection.Table()); n != len(table.Records) {
			t.Errorf("%s has %d rows, want %d", table.Collection.ID, n, len(table.Records))
		}
	}
	if changed, err := s.Load(t.Context(), facts, nil); err != nil || changed {
		t.Errorf("the same load again: changed %v, %v", changed, err)
	}
}

func TestWhatIsLoadedIsRead(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(24)
	load(t, s, l)
	for _, table := range l.Tables {
		set, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: table.Collection, AsOf: time.Now(), Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if len(set.Features) != 24 || !reflect.DeepEqual(set.Datasets, []spatial.DatasetVersion{{ID: "test-set", Version: "v1"}}) {
			t.Fatalf("%s: %d features of %v", table.Collection.ID, len(set.Features), set.Datasets)
		}
		for i, f := range set.Features {
			want := table.Records[i]
			if f.ID != want.ID || !sameGeometry(f.Geometry, want.Geometry) {
				t.Errorf("%s %v, want %s %v", f.ID, f.Geometry, want.ID, want.Geometry)
			}
			for _, p := range table.Collection.All() {
				expected := want.Properties[p.Name]
				switch p.Name {
				case "id":
					expected = want.ID
				case "visibility":
					expected = "public"
				}
				if !reflect.DeepEqual(f.Properties[p.Name], expected) {
					t.Errorf("%s.%s is %#v, want %#v", f.ID, p.Name, f.Properties[p.Name], expected)
				}
			}
		}
	}
}

func sameGeometry(a, b orb.Geometry) bool {
	return (a == nil) == (b == nil) && (a == nil || orb.Equal(a, b))
}

func TestDatasetsOfALoadAreRows(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(3))
	set, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: collection(t, "datasets"), AsOf: time.Now(), Limit: 9})
	if err != nil || len(set.Features) != 1 {
		t.Fatalf("%v, %v", set, err)
	}
	got := set.Features[0].Properties
	for name, want := range map[string]any{"rows": int64(3 * len(loadable())), "version": "v1", "retrieved": *day("2025-01-02"), "licence": "CC0-1.0",
		"kind": "measured", "sha256": nil, "report": map[string]any{"kept": float64(3)}, "name_zh": "测试", "source": "test-set"} {
		if !reflect.DeepEqual(got[name], want) {
			t.Errorf("%s is %#v, want %#v", name, got[name], want)
		}
	}
}

func TestLoadKeepsTheVersionOfEqualRows(t *testing.T) {
	s, url := open(t)
	l := sampleLoad(6)
	load(t, s, l)
	versions := func() map[string]int64 {
		return ask[map[string]int64](t, url, "SELECT json_object_agg(id, version) FROM seats")
	}
	before, roads := versions(), s.DataVersion(collection(t, "roads"))
	seats := seatsOf(&l)
	seats.Records[2].Properties["name_en"] = "changed"
	seats.Records[3].Geometry = orb.Point{100, 30}
	added := record(seats.Collection, 77)
	seats.Records = append(seats.Records[:5:5], added) // row 5 goes, row 77 comes
	l.Hash = "second"
	load(t, s, l)
	after := versions()
	for id, kept := range map[string]bool{"seats-000": true, "seats-001": true, "seats-002": false, "seats-003": false, "seats-004": true} {
		if (before[id] == after[id]) != kept || after[id] == 0 {
			t.Errorf("%s had version %d and has %d", id, before[id], after[id])
		}
	}
	if _, there := after["seats-005"]; there || after["seats-077"] == 0 || len(after) != 6 {
		t.Errorf("rows are %v", after)
	}
	if s.DataVersion(collection(t, "roads")) != roads {
		t.Error("a collection without change has another data version")
	}
	l.Tables, l.Hash = nil, "third"
	load(t, s, l)
	if n := ask[int](t, url, "SELECT count(*) FROM seats"); n != 0 {
		t.Errorf("%d rows of a table that the load no longer has", n)
	}
}

func seatsOf(l *spatial.Load) *spatial.TableLoad {
	for i := range l.Tables {
		if l.Tables[i].Collection.ID == "seats" {
			return &l.Tables[i]
		}
	}
	panic("no seats")
}

func TestBadRowsAreNamedAndNothingIsStored(t *testing.T) {
	cases := map[string]struct {
		spoil func(r *spatial.Record)
		where string
	}{
		"id":               {func(r *spatial.Record) { r.ID = "a b" }, "/seats/a b"},
		"unknown property": {func(r *spatial.Record) { r.Properties["colour"] = "red" }, "/seats/seats-005/colour"},
		"wrong type":       {func(r *spatial.Record) { r.Properties["resident_population"] = "many" }, "/seats/seats-005/resident_population"},
		"enum":             {func(r *spatial.Record) { r.Properties["level"] = "village" }, "/seats/seats-005/level"},
		"NUL":              {func(r *spatial.Record) { r.Properties["name_en"] = "a\x00b" }, "/seats/seats-005/name_en"},
		"UTF-8":            {func(r *spatial.Record) { r.Properties["name_en"] = "a\xffb" }, "/seats/seats-005/name_en"},
		"no source":        {func(r *spatial.Record) { delete(r.Properties, "source") }, "/seats/seats-005/source"},
		"geometry type":    {func(r *spatial.Record) { r.Geometry = orb.LineString{{1, 2}, {3, 4}} }, "/seats/seats-005/geometry"},
		"off the earth":    {func(r *spatial.Record) { r.Geometry = orb.Point{30, 104} }, "/seats/seats-005/geometry"},
		"not a number":     {func(r *spatial.Record) { r.Geometry = orb.Point{math.NaN(), 30} }, "/seats/seats-005/geometry"},
		"validity":         {func(r *spatial.Record) { r.ValidFrom, r.ValidTo = day("2020-01-01"), day("2020-01-01") }, "/seats/seats-005/valid_to"},
		"same id":          {func(r *spatial.Record) { r.ID = "seats-001" }, "/seats/seats-001"},
		"visibility":       {func(r *spatial.Record) { r.Properties["visibility"] = "secret" }, "/seats/seats-005/visibility"},
	}
	s, url := open(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			l := sampleLoad(6)
			seats := seatsOf(&l)
			c.spoil(&seats.Records[5])
			changed, err := s.Load(t.Context(), l, nil)
			var fault *spatial.Error
			if changed || !errors.As(err, &fault) || fault.Kind != spatial.Invalid || len(fault.Faults) != 1 || fault.Faults[0].Pointer != c.where {
				t.Errorf("changed %v, %+v", changed, err)
			}
			checkEmpty(t, url)
		})
	}
}

func checkEmpty(t *testing.T, url string) {
	t.Helper()
	for _, c := range spatial.Collections() {
		if n := ask[int](t, url, "SELECT count(*) FROM "+c.Table()); n != 0 {
			t.Errorf("%s has %d rows", c.ID, n)
		}
	}
	if n := ask[int](t, url, "SELECT count(*) FROM loads"); n != 0 {
		t.Error("the load is noted as done")
	}
}

func TestUnknownSourceAndTakenIdsAreRefused(t *testing.T) {
	s, _ := open(t)
	l := sampleLoad(3)
	l.Datasets = nil
	if _, err := s.Load(t.Context(), l, nil); spatial.KindOf(err) != spatial.Invalid || !strings.Contains(err.Error(), "test-set") {
		t.Errorf("rows of an unknown dataset: %v", err)
	}
	load(t, s, sampleLoad(3))
	other := sampleLoad(3)
	other.Name, other.Datasets = "other", nil
	if _, err := s.Load(t.Context(), other, nil); spatial.KindOf(err) != spatial.Conflict || !strings.Contains(err.Error(), "divisions-000 (of sample)") {
		t.Errorf("ids of another loader: %v", err)
	}
}

func TestLoadIsAtomicWhenGivenUp(t *testing.T) {
	s, url := open(t)
	l := sampleLoad(3000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changed, err := s.Load(ctx, l, func(done, total int) {
		if done > total/2 {
			cancel()
		}
	})
	if changed || !errors.Is(err, context.Canceled) {
		t.Errorf("changed %v, %v", changed, err)
	}
	checkEmpty(t, url)
}

func TestLoadIsAtomicWhenItsBackendDies(t *testing.T) {
	s, url := open(t)
	var once sync.Once
	changed, err := s.Load(t.Context(), sampleLoad(3000), func(done, total int) {
		if done > total/2 {
			once.Do(func() {
				exec(t, url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
					WHERE datname = current_database() AND application_name = 'quanyu' AND state LIKE 'active%'`)
			})
		}
	})
	if changed || spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("changed %v, %v", changed, err)
	}
	checkEmpty(t, url)
	load(t, s, sampleLoad(3)) // and the store is as good as before
}

func TestConcurrentLoadsComeOneAfterAnother(t *testing.T) {
	s, url := open(t)
	second := openAt(t, url)
	var wg sync.WaitGroup
	changes := make([]bool, 4)
	for i := range changes {
		store := s
		if i%2 == 1 {
			store = second
		}
		wg.Go(func() {
			var err error
			if changes[i], err = store.Load(t.Context(), sampleLoad(50), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	for _, changed := range changes {
		if changed {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of the equal loads changed something", n)
	}
	if n := ask[int](t, url, "SELECT count(*) FROM seats"); n != 50 {
		t.Errorf("%d seats", n)
	}
}
