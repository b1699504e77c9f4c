package postgis_test

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// FuzzItemsSQL holds that the SQL of a page is the same whatever values a
// request carries: values in filters, boxes and cursors are bound, and choose
// no word of it.
func FuzzItemsSQL(f *testing.F) {
	f.Add("sentinel", 1.5, int64(7), false)
	f.Add(`'; DROP TABLE seats; --`, -120.25, int64(-1), true)
	f.Add(`$1 "id" \' %_`, 1e300, int64(math.MaxInt64), true)
	f.Add("字", math.Inf(1), int64(0), false)
	plain, _, err := pageOf("another", 2.5, 8, false)
	if err != nil {
		f.Fatal(err)
	}
	turned, _, err := pageOf("another", 2.5, 8, true)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, number float64, whole int64, backward bool) {
		sql, args, err := pageOf(text, number, whole, backward)
		if err != nil {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Fatalf("%q: %v is not the client's fault", text, err)
			}
			return
		}
		want := plain
		if backward {
			want = turned
		}
		if sql != want {
			t.Fatalf("%q, %v and %d change the SQL:\n%s\n%s", text, number, whole, sql, want)
		}
		found := false
		for _, arg := range args {
			s, ok := arg.(string)
			found = found || ok && strings.Contains(s, text)
		}
		if !found {
			t.Fatalf("%q is bound nowhere: %v", text, args)
		}
	})
}

// pageOf compiles a page that has every part a request can ask for.
func pageOf(text string, number float64, whole int64, backward bool) (string, []any, error) {
	seats, _ := spatial.CollectionByID("seats")
	property := func(name string) spatial.Property {
		p, ok := seats.Property(name)
		if !ok {
			panic(name)
		}
		return p
	}
	box := spatial.BBox{CRS: spatial.CRS84, Bound: orb.Bound{Min: orb.Point{100, 20}, Max: orb.Point{101, 21}}}
	if number > -90 && number < 89 {
		box.Bound.Min[1], box.Bound.Max[1] = number, number+1
	}
	key := "1"
	return postgis.ItemsStatement(spatial.ItemsQuery{
		Collection: seats, Limit: 10, Backward: backward, BBox: &box, CRS: spatial.CRS84,
		Filter: spatial.And{Items: []spatial.Expr{
			spatial.Compare{Op: spatial.Equal, Property: property("name_en"), Value: text},
			spatial.Compare{Op: spatial.Equal, Property: property("resident_population"), Value: whole},
		}},
		Sort:  []spatial.SortKey{{Property: property("name_zh")}, {Property: property("resident_population"), Descending: true}},
		After: &spatial.Position{Keys: []*string{&text, &key}, ID: text, Version: whole},
	})
}
