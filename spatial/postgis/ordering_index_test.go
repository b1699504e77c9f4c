package postgis_test

import (
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// The first page of a table that can be large comes from an index in the order
// of a free text, both ways round, and so does a page in the middle: nothing
// is sorted but rows that are equal in the key.
func TestPagesByFreeTextUseTheIndex(t *testing.T) {
	_, url := open(t)
	exec(t, url, `INSERT INTO facilities (id, name_zh) SELECT 'n' || n, '设施' || md5(n::text) FROM generate_series(1, 20000) n`)
	exec(t, url, `INSERT INTO observations (id, adcode) SELECT 'n' || n, lpad((n % 3000)::text, 6, '5') FROM generate_series(1, 20000) n`)
	exec(t, url, "ANALYZE facilities, observations")
	middle := "设施8"
	for _, one := range []struct{ collection, property, index string }{{"facilities", "name_zh", "facilities_name_order"}, {"observations", "adcode", "observations_adcode_order"}} {
		c := collection(t, one.collection)
		p, _ := c.Property(one.property)
		for _, descending := range []bool{false, true} {
			for _, after := range []*spatial.Position{nil, {Keys: []*string{&middle}, ID: "n1", Version: 1}} {
				sql, args, err := postgis.ItemsStatement(spatial.ItemsQuery{Collection: c, Limit: 10, CRS: spatial.CRS84, Sort: []spatial.SortKey{{Property: p, Descending: descending}}, After: after})
				if err != nil {
					t.Fatal(err)
				}
				if plan := explain(t, url, sql, args); after == nil && !strings.Contains(plan, one.index) {
					t.Errorf("%s by %s, descending %v, reads without the index:\n%s", one.collection, one.property, descending, plan)
				}
			}
		}
	}
}
