package filter

import (
	"fmt"
	"slices"
	"strings"

	"quanyu/spatial"
)

// geometryName is the queryable that stands for the geometry.
const geometryName = "geometry"

// queryableNames are the names that a filter may use.
func queryableNames(c spatial.Collection) []string {
	var names []string
	for _, p := range c.Queryables() {
		names = append(names, p.Name)
	}
	if c.Geometry != spatial.NoGeometry {
		names = append(names, geometryName)
	}
	return names
}

// named finds the queryable that a term names, or says which there are.
func named(c spatial.Collection, t term) (spatial.Operand, error) {
	for _, p := range c.Queryables() {
		if p.Name == t.value {
			return p, nil
		}
	}
	names := queryableNames(c)
	switch p, ok := c.Property(t.value); {
	case ok:
		return nil, t.at.faultWith(names, "%s is shown but cannot be filtered by", p.Name)
	case t.value != geometryName:
	case c.Geometry != spatial.NoGeometry:
		return spatial.FeatureGeometry{}, nil
	default:
		return nil, t.at.faultWith(names, "%s has no geometry", c.ID)
	}
	detail := fmt.Sprintf("%q is no property of %s", clipped(t.value), c.ID)
	if near := nearest(t.value, names); near != "" {
		detail += fmt.Sprintf("; %s is", near)
	}
	if t.quoted {
		detail += "; text goes in single quotes"
	}
	return nil, t.at.faultWith(names, "%s", detail)
}

// noFunction is the fault of a function or operator that there is not.
func noFunction(at place, name string) error {
	var known []string
	for op := range operators {
		if at.character == 0 {
			known = append(known, op)
		} else if _, ok := functionNamed(op); ok {
			known = append(known, strings.ToUpper(op))
		}
	}
	if at.character > 0 {
		known = append(known, append([]string{"DATE", "TIMESTAMP", "INTERVAL", "BBOX"}, shapes...)...)
	}
	slices.Sort(known)
	what := "function"
	if at.character == 0 {
		what = "operator"
	}
	detail := fmt.Sprintf("%q is no %s of CQL2, and this server has none of its own", clipped(name), what)
	if near := nearest(name, known); near != "" {
		detail += fmt.Sprintf("; %s is", near)
	}
	return at.faultWith(known, "%s", detail)
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
