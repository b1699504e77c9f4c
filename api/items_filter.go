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

// The languages of filter, as filter-lang names them.
const (
	langText = "cql2-text"
	langJSON = "cql2-json"
)

// readFilter joins the filter with the queryables given as name=value.
func readFilter(q *query, c spatial.Collection) spatial.Expr {
	var all []spatial.Expr
	lang, ok := q.get("filter-lang")
	if ok && lang != langText && lang != langJSON {
		q.fault("filter-lang", fmt.Sprintf("%q is not read here", clip(lang)), []string{langText, langJSON})
		lang = ""
	}
	crs := readCRS(q, "filter-crs")
	if text, ok := q.get("filter"); ok {
		e, err := parseFilter(text, lang, crs, c)
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

// parseFilter reads a filter in a language; absent it is text, as the standard
// has it, so JSON is not guessed at.
func parseFilter(text, lang string, crs spatial.CRS, c spatial.Collection) (spatial.Expr, error) {
	switch {
	case lang == langJSON:
		return filter.ParseJSON(text, crs, c)
	case strings.HasPrefix(strings.TrimSpace(text), "{"):
		return nil, spatial.BadParameter(filter.Parameter, "looks like CQL2 JSON, which is read with filter-lang="+langJSON, nil)
	}
	return filter.ParseText(text, crs, c)
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
