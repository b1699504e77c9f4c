package postgis

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"quanyu/spatial"
)

// ordering is the total order of a page: the sort keys, then id, then row
// version. Null is greater than every value, so nulls come last in ascending
// and first in descending order, as PostgreSQL's default is.
type ordering struct {
	keys []spatial.SortKey
}

func newOrdering(c spatial.Collection, keys []spatial.SortKey) (ordering, error) {
	checked := make([]spatial.SortKey, len(keys))
	for i, k := range keys {
		p, ok := c.Property(k.Property.Name)
		if !ok || p.Type == spatial.JSON || p.Type == spatial.StringList {
			return ordering{}, spatial.BadParameter("sortby", fmt.Sprintf("names %q, which %s cannot be sorted by", k.Property.Name, c.ID), sortables(c))
		}
		checked[i] = spatial.SortKey{Property: p, Descending: k.Descending}
	}
	return ordering{keys: checked}, nil
}

func sortables(c spatial.Collection) []string {
	var names []string
	for _, p := range c.Queryables() {
		if p.Type != spatial.StringList {
			names = append(names, p.Name)
		}
	}
	return names
}

// by is the ORDER BY list, or that of the opposite order.
func (o ordering) by(reversed bool) string {
	var terms []string
	for _, k := range o.keys {
		terms = append(terms, columnOf(k.Property)+direction(k.Descending != reversed))
	}
	return strings.Join(append(terms, "t.id"+direction(reversed), "t.version"+direction(reversed)), ", ")
}

func direction(descending bool) string {
	if descending {
		return " DESC NULLS FIRST"
	}
	return " ASC NULLS LAST"
}

// keyText is the text of a sort key's value that a Position keeps. It is exact:
// keyValue gives the same value back.
func keyText(p spatial.Property) string {
	if p.Type == spatial.Timestamp {
		return fmt.Sprintf(`to_char(%s, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`, columnOf(p)) // sessions are in UTC
	}
	return columnOf(p) + `::text COLLATE "C"`
}

// keyValue reads what keyText wrote.
func keyValue(p spatial.Property, text string) (any, error) {
	switch p.Type {
	case spatial.Integer:
		return strconv.ParseInt(text, 10, 64)
	case spatial.Number:
		return strconv.ParseFloat(text, 64)
	case spatial.Boolean:
		return strconv.ParseBool(text)
	case spatial.Date:
		return time.Parse(time.DateOnly, text)
	case spatial.Timestamp:
		return time.Parse(time.RFC3339Nano, text)
	}
	if !storable(text) {
		return nil, fmt.Errorf("not text")
	}
	return text, nil
}

var errBadCursor = spatial.BadParameter("cursor", "does not belong to this query", "a cursor from a next or prev link of the same query")

// after is the condition of rows that come after a position, or before it:
// they agree with it in the first i keys and go beyond it in the next one, for
// some i. id and version are keys too, without nulls.
func (o ordering) after(st *statement, p *spatial.Position, reversed bool) (string, error) {
	if p == nil {
		return "true", nil
	}
	if len(p.Keys) != len(o.keys) || !storable(p.ID) {
		return "", errBadCursor
	}
	var alternatives []string
	equal := "true"
	for i, k := range o.keys {
		beyond, same, err := step(st, k, p.Keys[i], reversed)
		if err != nil {
			return "", err
		}
		alternatives = append(alternatives, fmt.Sprintf("(%s AND %s)", equal, beyond))
		equal += " AND " + same
	}
	op := ">"
	if reversed {
		op = "<"
	}
	last := fmt.Sprintf("(t.id, t.version) %s (%s, %s)", op, st.bind(p.ID, "text"), st.bind(p.Version, "bigint"))
	alternatives = append(alternatives, fmt.Sprintf("(%s AND %s)", equal, last))
	return "(" + strings.Join(alternatives, " OR ") + ")", nil
}

// step gives the conditions that a key lies beyond the value of a position,
// and that it is the same.
func step(st *statement, k spatial.SortKey, text *string, reversed bool) (beyond, same string, err error) {
	column, descending := columnOf(k.Property), k.Descending != reversed
	if text == nil {
		if descending { // null came first, everything else is beyond
			return column + " IS NOT NULL", column + " IS NULL", nil
		}
		return "false", column + " IS NULL", nil
	}
	v, err := keyValue(k.Property, *text)
	if err != nil {
		return "", "", errBadCursor
	}
	value := st.bind(v, sqlTypes[k.Property.Type])
	if descending {
		return fmt.Sprintf("%s < %s", column, value), fmt.Sprintf("%s = %s", column, value), nil
	}
	return fmt.Sprintf("(%[1]s > %[2]s OR %[1]s IS NULL)", column, value), fmt.Sprintf("%s = %s", column, value), nil
}
