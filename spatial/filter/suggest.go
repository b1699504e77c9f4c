package filter

import (
	"fmt"
	"strings"

	"quanyu/spatial"
)

// property finds the queryable that a token names, or says which there are.
func property(c spatial.Collection, t token) (spatial.Property, error) {
	queryables := c.Queryables()
	names := make([]string, len(queryables))
	for i, p := range queryables {
		if p.Name == t.value {
			return p, nil
		}
		names[i] = p.Name
	}
	if p, ok := c.Property(t.value); ok {
		return p, faultWith(t.pos, fmt.Sprintf("%s is shown but cannot be filtered by", p.Name), names)
	}
	detail := fmt.Sprintf("%s is no property of %s", t, c.ID)
	if near := nearest(t.value, names); near != "" {
		detail += fmt.Sprintf("; %s is", near)
	}
	if t.kind == quoted {
		detail += "; text goes in single quotes"
	}
	return spatial.Property{}, faultWith(t.pos, detail, names)
}

// nearest gives the name that few slips of the pen turn into the one meant:
// at most one in three characters, and the first of several as near; "" when
// none is.
func nearest(meant string, names []string) string {
	if len(meant) > 64 {
		return ""
	}
	best, found := 1+len(meant)/3, ""
	for _, name := range names {
		if d := distance(strings.ToLower(meant), strings.ToLower(name)); d < best {
			best, found = d, name
		}
	}
	return found
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
