package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

var planner = spatial.Caller{ID: "key:7", Name: "Li Wei", Role: spatial.Planner}

// entry is one row of the audit log, in short.
type entry struct {
	Caller, Name, Request, Collection, Feature, Action, Loader string
	Rows                                                       int
	Before, After                                              map[string]any
}

func entries(t *testing.T, url, where string) []entry {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `SELECT coalesce(caller, ''), coalesce(caller_name, ''), coalesce(request_id, ''), collection, coalesce(feature_id, ''), action,
		coalesce(loader, ''), coalesce(rows, 0), before, after FROM audit_log WHERE `+where+` ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[entry])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEveryWriteIsInTheAuditLog(t *testing.T) {
	s, url := open(t)
	c := collection(t, "facilities")
	ctx := spatial.WithRequestID(spatial.WithCaller(t.Context(), planner), "request-1")
	draft := spatial.Draft{ID: "clinic", Geometry: orb.Point{104, 30.5}, CRS: spatial.CRS84, Properties: map[string]any{"name_zh": "诊所", "capacity": 5.0}}
	first, err := s.Create(ctx, c, draft)
	if err != nil {
		t.Fatal(err)
	}
	target := spatial.Target{Collection: c, ID: "clinic"}
	if _, err := s.Update(ctx, target, spatial.CRS84, func(spatial.ItemRow) (spatial.Draft, error) {
		return spatial.Draft{KeepGeometry: true, Properties: map[string]any{"capacity": 6.0}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ctx, target); err != nil {
		t.Fatal(err)
	}
	got := entries(t, url, "true")
	if len(got) != 3 {
		t.Fatalf("%d entries: %v", len(got), got)
	}
	for i, action := range []string{"create", "update", "delete"} {
		e := got[i]
		if e.Action != action || e.Caller != "key:7" || e.Name != "Li Wei" || e.Request != "request-1" || e.Collection != "facilities" || e.Feature != "clinic" || e.Rows != 1 {
			t.Errorf("entry %d is %+v", i, e)
		}
	}
	if got[0].Before != nil || got[0].After["capacity"] != 5.0 || got[0].After["version"] != float64(first.Version) {
		t.Errorf("created: %v", got[0])
	}
	if where := fmt.Sprint(got[0].After["geom"]); !strings.Contains(where, "104") || !strings.Contains(where, "Point") || got[0].After["geom_3857"] != nil {
		t.Errorf("geometry of the entry: %v", got[0].After)
	}
	if got[1].Before["capacity"] != 5.0 || got[1].After["capacity"] != 6.0 || got[1].Before["name_zh"] != "诊所" || got[1].After["name_zh"] != nil {
		t.Errorf("updated: %v", got[1])
	}
	if got[2].After != nil || got[2].Before["capacity"] != 6.0 {
		t.Errorf("deleted: %v", got[2])
	}
}

func TestAWriteThatFailsLeavesNoEntry(t *testing.T) {
	s, url := open(t)
	c := collection(t, "facilities")
	ctx := spatial.WithCaller(t.Context(), planner)
	if _, err := s.Create(ctx, c, spatial.Draft{ID: "a", Properties: map[string]any{}}); err != nil {
		t.Fatal(err)
	}
	for _, try := range []func() error{
		func() error {
			_, err := s.Create(ctx, c, spatial.Draft{ID: "a", Properties: map[string]any{}})
			return err
		},
		func() error {
			_, err := s.Create(ctx, c, spatial.Draft{ID: "b", Properties: map[string]any{"source": "nowhere"}})
			return err
		},
		func() error {
			return s.Remove(ctx, spatial.Target{Collection: c, ID: "a", If: spatial.Precondition{Match: []int64{-1}}})
		},
		func() error { return s.Remove(ctx, spatial.Target{Collection: c, ID: "unknown"}) },
		func() error { return s.Remove(ctx, spatial.Target{Collection: collection(t, "seats"), ID: "a"}) },
		func() error {
			_, err := s.Update(ctx, spatial.Target{Collection: c, ID: "a"}, spatial.CRS84, func(spatial.ItemRow) (spatial.Draft, error) {
				return spatial.Draft{}, errors.New("changed my mind")
			})
			return err
		},
	} {
		if err := try(); err == nil {
			t.Error("it was let pass")
		}
	}
	if got := entries(t, url, "true"); len(got) != 1 {
		t.Errorf("entries %v", got)
	}
}

// Changes by SQL leave their trace too, each row with what it was and became.
func TestChangesBySQLAreInTheAuditLog(t *testing.T) {
	_, url := open(t)
	exec(t, url, "INSERT INTO zones (id, kind) SELECT 'z' || i, 'k' || i FROM generate_series(1, 50) i")
	exec(t, url, "UPDATE zones SET kind = kind || '!', id = 'new-' || id WHERE right(id, 1) IN ('1', '2')")
	exec(t, url, "DELETE FROM zones WHERE id = 'z3'")
	exec(t, url, "DELETE FROM zones WHERE id = 'nobody'")
	updated := entries(t, url, "action = 'update'")
	if len(updated) != 10 {
		t.Fatalf("%d updates", len(updated))
	}
	for _, e := range updated {
		if e.Feature != "new-"+fmt.Sprint(e.Before["id"]) || e.After["kind"] != fmt.Sprint(e.Before["kind"])+"!" || !strings.HasPrefix(e.Caller, "database:") {
			t.Errorf("an update pairs %v with %v", e.Before, e.After)
		}
	}
	if got := entries(t, url, "action = 'delete'"); len(got) != 1 || got[0].Before["kind"] != "k3" {
		t.Errorf("deleted %v", got)
	}
	exec(t, url, "TRUNCATE zones")
	if got := entries(t, url, "action = 'truncate'"); len(got) != 1 || got[0].Collection != "zones" {
		t.Errorf("truncated %v", got)
	}
}

// A load has one entry for all rows that it brings to a collection, and one for
// those that it takes.
func TestALoadIsAFewEntries(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(40))
	first := entries(t, url, "true")
	if len(first) != len(loadable())+1 { // and the datasets
		t.Errorf("%d entries of %d collections", len(first), len(loadable()))
	}
	for _, e := range first {
		if e.Action != "create" || e.Loader != "sample" || e.Collection != "datasets" && e.Rows != 40 || e.After != nil || e.Feature != "" {
			t.Errorf("%+v", e)
		}
	}
	l := sampleLoad(40)
	seats := seatsOf(&l)
	seats.Records = seats.Records[:30]
	l.Hash = "second"
	load(t, s, l)
	removed := entries(t, url, "collection = 'seats' AND action = 'delete'")
	if len(removed) != 1 || removed[0].Rows != 10 {
		t.Errorf("removed %+v", removed)
	}
	exec(t, url, "INSERT INTO zones (id) SELECT 'many' || i FROM generate_series(1, 1001) i")
	if got := entries(t, url, "collection = 'zones' AND loader IS NULL"); len(got) != 1 || got[0].Rows != 1001 {
		t.Errorf("a large statement: %d entries", len(got))
	}
}

func TestTheAuditLogIsOnlyAppendedTo(t *testing.T) {
	_, url := open(t)
	exec(t, url, "INSERT INTO zones (id) VALUES ('z')")
	conn := connect(t, url)
	defer conn.Close(context.Background())
	for _, sql := range []string{"UPDATE audit_log SET caller = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log", "UPDATE audit_log SET at = now() WHERE false"} {
		_, err := conn.Exec(t.Context(), sql)
		var server *pgconn.PgError
		if !errors.As(err, &server) || server.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if got := entries(t, url, "true"); len(got) != 1 || !strings.HasPrefix(got[0].Caller, "database:") {
		t.Errorf("%v", got)
	}
	s, _ := spatial.CollectionByID(spatial.AuditLogID)
	if s.Writable || s.Tiles != nil || !s.AdminsOnly {
		t.Errorf("%+v", s)
	}
}

// Nothing may take the audit log for unchanged, since it has no counter.
func TestTheAuditLogIsNeverTakenForUnchanged(t *testing.T) {
	s, _ := open(t)
	c := collection(t, spatial.AuditLogID)
	if a, b := s.DataVersion(c), s.DataVersion(c); a == b {
		t.Errorf("version %s twice", a)
	}
	if a, b := s.DataVersion(collection(t, "zones")), s.DataVersion(collection(t, "zones")); a != b {
		t.Errorf("zones: %s, then %s", a, b)
	}
}

// A load that holds its collections until it commits lets writers of others go on.
func TestALongLoadHoldsUpNoOtherWriter(t *testing.T) {
	s, url := open(t)
	loading := connect(t, url)
	defer loading.Close(context.Background())
	tx, err := loading.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	if _, err := tx.Exec(t.Context(), "INSERT INTO roads (id, loaded_by) SELECT 'r' || i, 'roads' FROM generate_series(1, 2000) i"); err != nil {
		t.Fatal(err)
	}
	ctx := spatial.WithCaller(t.Context(), planner)
	if _, err := s.Create(ctx, collection(t, "facilities"), spatial.Draft{ID: "meanwhile", Properties: map[string]any{}}); err != nil {
		t.Errorf("a write beside the load: %v", err)
	}
	if got := entries(t, url, "true"); !slices.ContainsFunc(got, func(e entry) bool { return e.Feature == "meanwhile" }) {
		t.Errorf("%v", got)
	}
}
