package seeds

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"quanyu/spatial"
)

// The bounds of China in degrees, from the Pamir to the Ussuri and from the
// Zengmu shoal to Mohe, a few hundredths wider.
const (
	minLon, maxLon = 73.4, 135.2
	minLat, maxLat = 3.8, 53.6
)

// formOf is the pattern of a column that holds codes, and its meaning in words.
func formOf(field string) (*regexp.Regexp, string) {
	switch field {
	case "id":
		return regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), "small letters, digits and single hyphens"
	case "adcode", "parent_adcode", "province_adcode", "centre_adcode", "centre_adcodes", "member_adcodes", "partial_adcodes", "core_adcodes", "line_adcodes":
		return regexp.MustCompile(`^[1-9][0-9]{5}$`), "six digits"
	case "features":
		return regexp.MustCompile(`^[a-z-]+/[a-z0-9]+(-[a-z0-9]+)*$`), "collection/id"
	case "iata":
		return regexp.MustCompile(`^[A-Z]{3}$`), "three capital letters"
	case "icao":
		return regexp.MustCompile(`^[A-Z]{4}$`), "four capital letters"
	case "neighbour":
		return regexp.MustCompile(`^[A-Z]{2}$`), "two capital letters (ISO 3166-1)"
	case "sha256":
		return regexp.MustCompile(`^[0-9a-f]{64}$`), "64 hexadecimal digits in small letters"
	case "comparator":
		return regexp.MustCompile(`^(>=|>|<=|<|=)$`), ">=, >, <=, < or ="
	}
	return nil, ""
}

// parseCell turns a cell into the Go type of its property, nil when empty;
// a non-empty second result says what is wrong with it.
func parseCell(c column, cell string) (any, string) {
	if cell == "" {
		if c.required {
			return nil, "is empty, a value is required"
		}
		return nil, ""
	}
	if cell != strings.TrimSpace(cell) || strings.IndexFunc(cell, unicode.IsControl) >= 0 {
		return nil, fmt.Sprintf("%q has blanks around it or control characters", cell)
	}
	switch c.property.Type {
	case spatial.Integer:
		return parseCount(c.property, cell)
	case spatial.Number:
		return parseNumber(c.property.Name, cell)
	case spatial.Date:
		d, err := time.Parse(time.DateOnly, cell)
		if err != nil {
			return nil, fmt.Sprintf("%q is not a date like 2021-06-27", cell)
		}
		return d, ""
	case spatial.StringList:
		return parseList(c, cell)
	}
	if enum := c.property.Enum; enum != nil && !slices.Contains(enum, cell) {
		return nil, fmt.Sprintf("%q is none of %s", cell, strings.Join(enum, ", "))
	}
	if c.form != nil && !c.form.MatchString(cell) {
		return nil, fmt.Sprintf("%q is not of the form: %s", cell, c.words)
	}
	return cell, ""
}

// parseList reads values that semicolons part, each once and of the column's form.
func parseList(c column, cell string) (any, string) {
	list := strings.Split(cell, ";")
	for i, item := range list {
		if c.form != nil && !c.form.MatchString(item) {
			return nil, fmt.Sprintf("%q is not of the form: %s", item, c.words)
		}
		if slices.Contains(list[:i], item) {
			return nil, fmt.Sprintf("%s is listed twice", item)
		}
	}
	return list, ""
}

// parseCount reads an integer that is not negative; a year lies in 1900..2100.
func parseCount(p spatial.Property, cell string) (any, string) {
	n, err := strconv.ParseInt(cell, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != cell {
		return nil, fmt.Sprintf("%q is not a whole number of 0 or more", cell)
	}
	if p.Unit == "year" && (n < 1900 || n > 2100) {
		return nil, fmt.Sprintf("%d is not a year from 1900 to 2100", n)
	}
	return n, ""
}

func parseNumber(field, cell string) (any, string) {
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, fmt.Sprintf("%q is not a number", cell)
	}
	if field == "lon" && (v < minLon || v > maxLon) {
		return nil, fmt.Sprintf("%v is outside China, %v to %v", v, minLon, maxLon)
	}
	if field == "lat" && (v < minLat || v > maxLat) {
		return nil, fmt.Sprintf("%v is outside China, %v to %v", v, minLat, maxLat)
	}
	return v, ""
}
