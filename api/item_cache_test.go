package api_test

import (
	"bytes"
	"context"
	"sync/atomic"
	"testing"
	"time"

	"quanyu/spatial"
)

// countingStore counts the single features that are read from it.
type countingStore struct {
	*store
	read atomic.Int64
}

func (s *countingStore) Item(ctx context.Context, c spatial.Collection, id string, crs spatial.CRS, asOf *time.Time, f spatial.GeometryFormat) (spatial.ItemRow, error) {
	s.read.Add(1)
	return s.store.Item(ctx, c, id, crs, asOf, f)
}

// A feature from memory is the feature that was read, byte for byte and header
// for header; a write, another day, CRS or date ends that.
func TestFeaturesFromMemoryAreThoseThatWereRead(t *testing.T) {
	s := &countingStore{store: newStore(3)}
	now := noon
	cfg := config(s.store)
	cfg.Items, cfg.Now = s, func() time.Time { return now }
	c := serve(t, cfg)
	plain := config(s.store)
	plain.Items, plain.ItemCacheBytes, plain.PublicURL = s, -1, c.base
	never := serve(t, plain)
	const path = "/collections/seats/items/s00001"
	for _, suffix := range []string{"", "?f=html", "?f=jsonfg", "?crs=http://www.opengis.net/def/crs/EPSG/0/4326", "?datetime=2020-01-01"} {
		first, second, read := c.get(path+suffix).want(t, 200), c.get(path+suffix).want(t, 200), never.get(path+suffix).want(t, 200)
		for name, a := range map[string]answer{"second": second, "without memory": read} {
			if !bytes.Equal(a.body, first.body) && suffix != "?f=html" || a.header.Get("ETag") != first.header.Get("ETag") || a.header.Get("Content-Crs") != first.header.Get("Content-Crs") {
				t.Errorf("%s %s differs:\n%s\n%s", path+suffix, name, first.body, a.body)
			}
		}
	}
	reads := func(path string) int64 {
		before := s.read.Load()
		c.get(path).want(t, 200)
		return s.read.Load() - before
	}
	if n := reads(path); n != 0 {
		t.Errorf("%d reads of a feature in memory", n)
	}
	s.version++
	if n := reads(path); n != 1 {
		t.Errorf("%d reads after a write", n)
	}
	now = now.Add(24 * time.Hour)
	if n := reads(path); n != 1 {
		t.Errorf("%d reads on the next day", n)
	}
	c.get("/collections/seats/items/none").want(t, 404)
	c.get("/collections/seats/items/none").want(t, 404)
}
