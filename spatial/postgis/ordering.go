package postgis

import (
	"fmt"
	"strconv"
	"strings"

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
		terms = append(terms, keyColumn(k.Property)+direction(k.Descending != reversed))
	}
	return strings.Join(append(terms, "t.id"+direction(reversed), "t.version"+direction(reversed)), ", ")
}

func direction(descending bool) string {
	if descending {
		return " DESC NULLS FIRST"
	}
	return " ASC NULLS LAST"
}

// maxKeyText is how many characters of a text its place in an order goes by:
// a position holds them, and travels in an address. Texts that are equal so
// far come by id. An index on the whole column gives no page in this order, so
// tables that grow large have one on its first characters, then id and version
// (migration 0009). Keeping the whole text would make cursors that no server
// takes, and looking it up by id would lose the place when its row is deleted.
const maxKeyText = 128

// keyColumn is what rows are ordered by. Ids are short by a check of their
// tables, and closed lists are as well.
func keyColumn(p spatial.Property) string {
	if p.Type == spatial.String && p.Name != "id" && len(p.Enum) == 0 {
		return fmt.Sprintf("left(%s, %d)", columnOf(p), maxKeyText)
	}
	return columnOf(p)
}

// keyText is the text of a sort key's value that a Position keeps. It is exact:
// keyValue gives the same value back.
func keyText(p spatial.Property) string {
	return keyColumn(p) + `::text COLLATE "C"` // sessions are in UTC and write ISO dates
}

// keyValue reads what keyText wrote, into a value to bind as the type given.
// Dates stay text, since PostgreSQL's reach further than Go's: infinity, and
// years before 1 and after 9999.
func keyValue(p spatial.Property, text string) (v any, sqlType string, err error) {
	sqlType = sqlTypes[p.Type]
	switch p.Type {
	case spatial.Integer:
		v, err = strconv.ParseInt(text, 10, 64)
	case spatial.Number:
		v, err = strconv.ParseFloat(text, 64)
	case spatial.Boolean:
		v, err = strconv.ParseBool(text)
	case spatial.Date, spatial.Timestamp:
		v, sqlType = text, "text::"+sqlType
		if len(text) > 40 || strings.Trim(text, "0123456789-+:. BCinfty") != "" {
			err = fmt.Errorf("not a date")
		}
	default:
		v = text
		if !storable(text) {
			err = fmt.Errorf("not text")
		}
	}
	return v, sqlType, err
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
	column, descending := keyColumn(k.Property), k.Descending != reversed
	if text == nil {
		if descending { // null came first, everything else is beyond
			return column + " IS NOT NULL", column + " IS NULL", nil
		}
		return "false", column + " IS NULL", nil
	}
	v, sqlType, err := keyValue(k.Property, *text)
	if err != nil {
		return "", "", errBadCursor
	}
	value := st.bind(v, sqlType)
	if descending {
		return fmt.Sprintf("%s < %s", column, value), fmt.Sprintf("%s = %s", column, value), nil
	}
	return fmt.Sprintf("(%[1]s > %[2]s OR %[1]s IS NULL)", column, value), fmt.Sprintf("%s = %s", column, value), nil
}
