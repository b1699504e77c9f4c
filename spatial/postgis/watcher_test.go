package postgis_test

import (
	"context"
	neturl "net/url"
	"strings"
	"testing"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// differsWithin waits until the data version is another than before.
func differsWithin(s *postgis.Store, before string, limit time.Duration, c ...spatial.Collection) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if s.DataVersion(c...) != before {
			return true
		}
	}
	return false
}

func TestDataVersionRisesWithEveryWrite(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(3))
	other := openAt(t, url)
	seats, roads := collection(t, "seats"), collection(t, "roads")
	for _, sql := range []string{
		"INSERT INTO seats (id, dataset) VALUES ('new', 'test-set')",
		"UPDATE seats SET name_en = 'New' WHERE id = 'new'",
		"DELETE FROM seats WHERE id = 'new'",
		"COPY seats (id) FROM PROGRAM 'echo copied'",
		"TRUNCATE seats",
	} {
		before, all, calm := other.DataVersion(seats), other.DataVersion(), other.DataVersion(roads)
		exec(t, url, sql)
		if !differsWithin(other, before, time.Second, seats) {
			t.Errorf("%s: not seen within a second", sql)
		}
		if other.DataVersion() == all {
			t.Errorf("%s: the version of everything stays", sql)
		}
		if other.DataVersion(roads) != calm {
			t.Errorf("%s: another collection has a new version", sql)
		}
	}
}

func TestDataVersionOfTheWriterRisesAtOnce(t *testing.T) {
	s, url := open(t)
	other := openAt(t, url)
	seats := collection(t, "seats")
	before := s.DataVersion(seats)
	load(t, s, sampleLoad(3))
	after := s.DataVersion(seats)
	if after == before {
		t.Error("the load is done and the version is the old one")
	}
	if !differsWithin(other, before, time.Second, seats) || other.DataVersion(seats) != after {
		t.Error("another store does not see the load within a second, or as something else")
	}
	if s.DataVersion(seats, collection(t, "roads")) != s.DataVersion(collection(t, "roads"), seats, seats) {
		t.Error("the order of collections matters")
	}
}

func TestDataVersionOfAFailedWriteStays(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(3))
	before := s.DataVersion()
	l := sampleLoad(4)
	l.Tables[0].Records[3].Properties["colour"] = "red"
	if _, err := s.Load(t.Context(), l, nil); err == nil {
		t.Fatal("a bad row was taken")
	}
	if differsWithin(s, before, 700*time.Millisecond) {
		t.Error("nothing was stored and the version is another")
	}
}

func TestWatchSurvivesItsConnection(t *testing.T) {
	s, url := open(t)
	seats := collection(t, "seats")
	for range 3 {
		before := s.DataVersion(seats)
		exec(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'quanyu watcher'")
		exec(t, url, "INSERT INTO seats (id) VALUES ('n' || nextval('row_version'))")
		if !differsWithin(s, before, 2*time.Second, seats) {
			t.Error("a change after the connection was cut is not seen")
		}
		for end := time.Now().Add(5 * time.Second); strings.HasPrefix(s.DataVersion(seats), "unknown"); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the watch does not come back")
			}
		}
	}
}

func TestNothingIsVouchedForWithoutDatabase(t *testing.T) {
	s, url := open(t)
	elsewhere, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.Path = "/postgres" // a database cannot be closed from within
	conn := connect(t, elsewhere.String())
	defer conn.Close(context.Background())
	name := ask[string](t, url, "SELECT current_database()::text")
	if _, err := conn.Exec(t.Context(), "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'quanyu%'", name); err != nil {
		t.Fatal(err)
	}
	if !differsWithin(s, s.DataVersion(), 5*time.Second) {
		t.Fatal("the version of before is still given")
	}
	deadline := time.Now().Add(3 * time.Second)
	for !strings.HasPrefix(s.DataVersion(), "unknown") && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if a, b := s.DataVersion(), s.DataVersion(); a == b {
		t.Errorf("%s twice, though nobody can know", a)
	}
	if err := s.Ready(t.Context()); spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("ready without database: %v", err)
	}
	if _, err := conn.Exec(t.Context(), "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); strings.HasPrefix(s.DataVersion(), "unknown"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the watch does not come back with the database")
		}
	}
}

func TestOpenWithoutDatabase(t *testing.T) {
	for _, url := range []string{"postgres://nobody:secret@127.0.0.1:1/none?connect_timeout=2", "postgres://a b:secret@/%%%"} {
		s, err := postgis.Open(t.Context(), url, "")
		if err == nil {
			s.Close()
		}
		if spatial.KindOf(err) != spatial.Unavailable || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
	_, url := open(t)
	exec(t, url, "DROP TABLE collection_versions CASCADE")
	if s, err := postgis.Open(t.Context(), url, ""); spatial.KindOf(err) != spatial.Unavailable || !strings.Contains(err.Error(), "quanyu migrate") {
		t.Errorf("a database without migrations: %v %v", s, err)
	}
}
