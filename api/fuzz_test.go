package api

import (
	"math"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"quanyu/spatial"
)

func FuzzBBox(f *testing.F) {
	for _, seed := range []string{"1,2,3,4", "177,65,-177,70", "1,2,3,4,5,6", "", ",,,", "1e999,0,0,0", "NaN,1,2,3", "-180,-90,180,90"} {
		f.Add(seed, 0)
		f.Add(seed, 3)
	}
	f.Fuzz(func(t *testing.T, text string, i int) {
		offered := spatial.OfferedCRS()
		crs := offered[((i%len(offered))+len(offered))%len(offered)]
		box, err := parseBBox(text, crs)
		if (box == nil) == (err == nil) {
			t.Fatalf("%q gives %v and %v", text, box, err)
		}
		if err != nil {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Fatalf("%q: %v is not the client's fault", text, err)
			}
			return
		}
		for _, v := range []float64{box.Bound.Min[0], box.Bound.Min[1], box.Bound.Max[0], box.Bound.Max[1]} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%q let %v pass", text, v)
			}
		}
		if box.Bound.Min[1] > box.Bound.Max[1] {
			t.Fatalf("%q is upside down", text)
		}
	})
}

func FuzzDatetime(f *testing.F) {
	for _, seed := range []string{"2020-01-01", "2020-01-01T00:00:00Z", "../..", "0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", "/", "2020-01-01/2019-01-01", "2020-01-01t00:00:00.5z/.."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		interval, err := parseDatetime(text)
		if (interval == nil) == (err == nil) {
			t.Fatalf("%q gives %v and %v", text, interval, err)
		}
		if err == nil && interval.Start != nil && interval.End != nil && !interval.Start.Before(*interval.End) {
			t.Fatalf("%q is empty: %v to %v", text, interval.Start, interval.End)
		}
	})
}

func FuzzCursor(f *testing.F) {
	seats, _ := spatial.CollectionByID("seats")
	population, _ := seats.Property("resident_population")
	sort := []spatial.SortKey{{Property: population}}
	hash := queryHash(seats, url.Values{"sortby": {"resident_population"}})
	five := "5"
	f.Add(cursor{Position: spatial.Position{Keys: []*string{&five}, ID: "a", Version: 3}, Query: hash}.encode())
	f.Add(cursor{Position: spatial.Position{Keys: []*string{nil}, ID: "a"}, Backward: true, Query: hash}.encode())
	f.Add("e30")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := parseCursor(text, hash, sort)
		if (k == nil) == (err == nil) {
			t.Fatalf("%q gives %v and %v", text, k, err)
		}
		if err != nil {
			return
		}
		again, err := parseCursor(k.encode(), hash, sort)
		if err != nil || again.Position.ID != k.Position.ID || again.Backward != k.Backward {
			t.Fatalf("%q does not survive a round trip: %v %v", text, again, err)
		}
	})
}

func FuzzJobQuery(f *testing.F) {
	for _, seed := range []string{"status=failed,running&limit=3", "processID=a&processID=b", "minDuration=5&maxDuration=x", "datetime=2020-01-01/..", "type=process&cursor=e30", "status=%00", "processID=%d6", "limit=0", "minDuration=99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		q := &query{values: values}
		wanted, _ := readJobQuery(q)
		if err := q.finish(); err != nil {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Fatalf("%q: %v is not the client's fault", text, err)
			}
			return
		}
		if wanted.Limit < 1 || wanted.Limit > maxLimit || wanted.MinDuration < 0 || wanted.MaxDuration < 0 {
			t.Fatalf("%q gives %+v", text, wanted)
		}
		for _, id := range wanted.Processes {
			if id == "" || strings.ContainsRune(id, 0) || !utf8.ValidString(id) {
				t.Fatalf("%q lets the process %q pass", text, id)
			}
		}
	})
}
