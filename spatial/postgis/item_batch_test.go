package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// many makes a collection of n rows.
func many(t *testing.T, url string, n int) spatial.Collection {
	t.Helper()
	c := spatial.Collection{ID: "many", Title: "Many", Geometry: spatial.Point, Properties: []spatial.Property{{Name: "n", Type: spatial.Integer}}}
	postgistest.Table(t, url, c, "geometry(Point, 4326)")
	postgistest.Exec(t, url, `INSERT INTO many (id, n, geom) SELECT 'm' || i, i, ST_Point(100 + i / 1000.0, 30, 4326) FROM generate_series(1, $1::int) i`, n)
	return c
}

// Features that are asked for at one time are each answered with their own, and
// ids that are not there with NotFound, whoever they are read together with.
func TestFeaturesReadTogetherAreEachTheirOwn(t *testing.T) {
	s, url := open(t)
	c := many(t, url, 200)
	var group sync.WaitGroup
	for reader := range 64 {
		group.Go(func() {
			for i := range 50 {
				n := (reader*37+i*11)%250 + 1 // a fifth is not there
				id := fmt.Sprintf("m%d", n)
				row, err := s.Item(t.Context(), c, id, spatial.CRS84, nil, spatial.GeoJSON)
				if n > 200 {
					if spatial.KindOf(err) != spatial.NotFound {
						t.Errorf("%s: %v", id, err)
					}
					continue
				}
				want := fmt.Sprintf(`{"id":"%s","name_zh":null,"name_en":null,"source":null,"visibility":"public","n":%d}`, id, n)
				if err != nil || row.Position.ID != id || string(row.Properties) != want {
					t.Errorf("%s: %s %s, %v", id, row.Position.ID, row.Properties, err)
				}
			}
		})
	}
	group.Wait()
}

// A caller that leaves takes nobody along; the last one ends the SQL.
func TestReadersTogetherLeaveOneByOne(t *testing.T) {
	s, url := open(t)
	c := many(t, url, 10)
	lock, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close(context.Background())
	if _, err := lock.Exec(t.Context(), "BEGIN; LOCK TABLE many IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	impatient, leave := context.WithCancel(t.Context())
	type outcome struct {
		row spatial.ItemRow
		err error
	}
	read := func(ctx context.Context, id string) chan outcome {
		done := make(chan outcome, 1)
		go func() {
			row, err := s.Item(ctx, c, id, spatial.CRS84, nil, spatial.GeoJSON)
			done <- outcome{row, err}
		}()
		return done
	}
	waiting := func() (n int) {
		look, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer look.Close(context.Background())
		if err := look.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'quanyu' AND wait_event_type = 'Lock'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := read(impatient, "m1")
	for waiting() == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	second, third := read(impatient, "m2"), read(t.Context(), "m3") // in line behind the first
	time.Sleep(50 * time.Millisecond)                               // whether or not they are in line by now, the outcome is the same
	leave()
	for _, done := range []chan outcome{first, second} {
		if got := <-done; !errors.Is(got.err, context.Canceled) {
			t.Errorf("a caller that left gets %v", got.err)
		}
	}
	if _, err := lock.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if got := <-third; got.err != nil || got.row.Position.ID != "m3" {
		t.Errorf("the caller that stayed gets %s, %v", got.row.Position.ID, got.err)
	}
}
