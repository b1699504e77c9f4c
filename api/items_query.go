package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/filter"
)

// The limits of a page, published in the OpenAPI document.
const (
	defaultLimit = 1000
	maxLimit     = 10000
)

// maxSortKeys bounds the keys of sortby: each adds a comparison to every row.
const maxSortKeys = 8

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

// readFilter joins the filter with the queryables given as name=value.
func readFilter(q *query, c spatial.Collection) spatial.Expr {
	var all []spatial.Expr
	if lang, ok := q.get("filter-lang"); ok && lang != "cql2-text" {
		q.fault("filter-lang", fmt.Sprintf("%q is not read here", clip(lang)), []string{"cql2-text"})
	}
	// Filters hold no geometry literals, so the CRS is checked and has no
	// further meaning.
	readCRS(q, "filter-crs")
	if text, ok := q.get("filter"); ok {
		e, err := filter.Parse(text, c)
		q.add(err)
		if err == nil {
			all = append(all, e)
		}
	}
	for _, p := range c.Queryables() {
		if slices.Contains(q.known, p.Name) || slices.Contains(reservedParameters(), p.Name) {
			continue
		}
		if text, ok := q.get(p.Name); ok {
			value, err := parseValue(p, text)
			q.add(err)
			all = append(all, spatial.Compare{Op: spatial.Equal, Property: p, Value: value})
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return spatial.And{Items: all}
}

// reservedParameters are names with a meaning of their own, whatever a
// collection calls its properties.
func reservedParameters() []string {
	return []string{"bbox", "bbox-crs", "crs", "cursor", "datetime", "f", "filter", "filter-crs", "filter-lang", "limit", "properties", "skipGeometry", "sortby"}
}

// parseValue reads text as a value of the property's type.
func parseValue(p spatial.Property, text string) (value any, err error) {
	var fault error
	switch p.Type {
	case spatial.Integer:
		value, fault = strconv.ParseInt(text, 10, 64)
	case spatial.Number:
		value, fault = strconv.ParseFloat(text, 64)
	case spatial.Boolean:
		value, fault = strconv.ParseBool(text)
	case spatial.Date:
		value, fault = time.Parse("2006-01-02", text)
	case spatial.Timestamp:
		value, fault = time.Parse(time.RFC3339, text)
	default:
		if len(p.Enum) > 0 && !slices.Contains(p.Enum, text) {
			return nil, spatial.BadParameter(p.Name, fmt.Sprintf("%q is not one of its values", clip(text)), p.Enum)
		}
		return text, nil
	}
	if fault != nil {
		return nil, spatial.BadParameter(p.Name, fmt.Sprintf("%q is not of type %s", clip(text), p.Type), string(p.Type))
	}
	if t, ok := value.(time.Time); ok {
		value = t.UTC()
	}
	return value, nil
}

// readSort reads sortby: names with + (ascending, also as a blank, which is
// what an unescaped + becomes) or - before them.
func readSort(q *query, c spatial.Collection) []spatial.SortKey {
	text, ok := q.get("sortby")
	if !ok {
		return nil
	}
	var keys []spatial.SortKey
	for _, part := range strings.Split(text, ",") {
		name := strings.TrimLeft(part, "+ ")
		name, descending := strings.CutPrefix(name, "-")
		i := slices.IndexFunc(sortables(c), func(p spatial.Property) bool { return p.Name == name })
		if i < 0 {
			q.fault("sortby", fmt.Sprintf("%q is not a property to sort by", clip(name)), names(sortables(c)))
			continue
		}
		if slices.ContainsFunc(keys, func(k spatial.SortKey) bool { return k.Property.Name == name }) {
			q.fault("sortby", fmt.Sprintf("names %q twice", name), nil)
			continue
		}
		keys = append(keys, spatial.SortKey{Property: sortables(c)[i], Descending: descending})
	}
	if len(keys) > maxSortKeys {
		q.fault("sortby", fmt.Sprintf("has %d keys", len(keys)), fmt.Sprintf("at most %d", maxSortKeys))
	}
	return keys
}

// sortables are the properties with an order: all queryables but lists.
func sortables(c spatial.Collection) []spatial.Property {
	return slices.DeleteFunc(c.Queryables(), func(p spatial.Property) bool { return p.Type == spatial.StringList })
}

func readProperties(q *query, c spatial.Collection) []string {
	text, ok := q.get("properties")
	if !ok {
		return nil
	}
	chosen := []string{}
	for _, name := range strings.Split(text, ",") {
		if _, known := c.Property(name); !known {
			q.fault("properties", fmt.Sprintf("%q is not a property", clip(name)), names(c.All()))
		} else if !slices.Contains(chosen, name) {
			chosen = append(chosen, name)
		}
	}
	return chosen
}

func names(list []spatial.Property) []string {
	all := make([]string, len(list))
	for i, p := range list {
		all[i] = p.Name
	}
	return all
}
