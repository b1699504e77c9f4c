package api

import (
	"fmt"
	"strconv"
	"strings"

	"quanyu/spatial"
)

// The limits of a page, published in the OpenAPI document.
const (
	defaultLimit = 1000
	maxLimit     = 10000
)

// itemsQuery is a parsed request for a page.
type itemsQuery struct {
	spatial.ItemsQuery
	hash  string // of what chooses rows and their order
	paged bool   // a cursor was given
}

// parseItems reads every parameter of an items request and reports all faults
// together.
func parseItems(q *query, c spatial.Collection) (itemsQuery, error) {
	items := itemsQuery{ItemsQuery: spatial.ItemsQuery{Collection: c, Format: spatial.GeoJSON}}
	q.get("f") // read by negotiate
	items.CRS = readCRS(q, "crs")
	items.Limit = readLimit(q)
	items.BBox = readBBox(q)
	if text, ok := q.get("datetime"); ok {
		interval, err := parseDatetime(text)
		items.Datetime = interval
		q.add(err)
	}
	items.Filter = readFilter(q, c)
	items.Sort = readSort(q, c)
	items.Properties = readProperties(q, c)
	items.SkipGeometry = readFlag(q, "skipGeometry")
	items.hash = queryHash(c, q.values)
	if text, ok := q.get("cursor"); ok {
		k, err := parseCursor(text, items.hash, items.Sort)
		q.add(err)
		if k != nil {
			items.After, items.Backward, items.paged = &k.Position, k.Backward, true
		}
	}
	return items, q.finish()
}

func readLimit(q *query) int {
	text, ok := q.get("limit")
	if !ok {
		return defaultLimit
	}
	if strings.Trim(text, "0123456789") != "" {
		q.fault("limit", fmt.Sprintf("%q is not a whole number", clip(text)), "1 to 10000; more is taken as 10000")
		return defaultLimit
	}
	n, err := strconv.Atoi(text)
	if err != nil { // digits only, so it is too large for an int
		return maxLimit
	}
	if n < 1 {
		q.fault("limit", "is less than 1", "1 to 10000; more is taken as 10000")
		return defaultLimit
	}
	return min(n, maxLimit)
}

func readBBox(q *query) *spatial.BBox {
	crs := readCRS(q, "bbox-crs")
	text, ok := q.get("bbox")
	if !ok {
		return nil
	}
	box, err := parseBBox(text, crs)
	q.add(err)
	return box
}

func readFlag(q *query, name string) bool {
	text, ok := q.get(name)
	if ok && text != "true" && text != "false" {
		q.fault(name, fmt.Sprintf("%q is neither true nor false", clip(text)), []string{"true", "false"})
	}
	return text == "true"
}
