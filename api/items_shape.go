package api

import (
	"fmt"
	"slices"
	"strings"

	"quanyu/spatial"
)

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

// maxSortKeys bounds the keys of sortby: each adds a comparison to every row.
const maxSortKeys = 8
