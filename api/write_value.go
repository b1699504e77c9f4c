package api

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"quanyu/spatial"
)

// Limits of one property.
const (
	maxText = 10_000 // characters of a string
	maxList = 10_000 // strings of a list
)

// propertyValue reads a value in the type that its property has, or says what
// is wrong with it and what is allowed.
func propertyValue(p spatial.Property, raw json.RawMessage) (value any, problem string, allowed any) {
	if string(raw) == "null" {
		return nil, "", nil
	}
	switch p.Type {
	case spatial.Integer:
		return integerValue(raw)
	case spatial.Number:
		var v float64
		if raw[0] == '"' || json.Unmarshal(raw, &v) != nil {
			return nil, "is " + clip(string(raw)), "a number or null"
		}
		return v, "", nil
	case spatial.Boolean:
		var v bool
		if json.Unmarshal(raw, &v) != nil {
			return nil, "is " + clip(string(raw)), "true, false or null"
		}
		return v, "", nil
	case spatial.StringList:
		return listValue(raw)
	case spatial.JSON:
		return jsonValue(p, raw)
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return nil, "is " + clip(string(raw)), "a string or null"
	}
	return textValue(p, text)
}

// textValue reads what JSON writes as a string.
func textValue(p spatial.Property, text string) (value any, problem string, allowed any) {
	switch {
	case p.Type == spatial.Date:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil || day.Year() < 1 {
			return nil, strconv.Quote(clip(text)) + " is no date", "a date, such as 2020-12-31, or null"
		}
		return day, "", nil
	case p.Type == spatial.Timestamp:
		at, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
		if err != nil || at.UTC().Year() < 1 || at.UTC().Year() > 9999 {
			return nil, strconv.Quote(clip(text)) + " is no time", "a time with its zone, such as 2020-12-31T08:00:00Z, or null"
		}
		return at.UTC(), "", nil
	case len(p.Enum) > 0 && !slices.Contains(p.Enum, text):
		return nil, "is " + strconv.Quote(clip(text)), p.Enum
	}
	if problem, allowed := storableText(text); problem != "" {
		return nil, problem, allowed
	}
	return text, "", nil
}

// storableText: PostgreSQL keeps no U+0000, and JSON can escape half of a pair
// of surrogates, which json.Unmarshal turns into U+FFFD.
func storableText(text string) (problem string, allowed any) {
	switch {
	case strings.ContainsRune(text, 0):
		return "has the character U+0000", "text without it"
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Sprintf("has %d characters", utf8.RuneCountInString(text)), fmt.Sprintf("at most %d characters", maxText)
	}
	return "", nil
}

// integerValue takes whole numbers in any notation of JSON, as 1.0 and 1e3.
func integerValue(raw json.RawMessage) (value any, problem string, allowed any) {
	const want = "a whole number from -9223372036854775808 to 9223372036854775807, or null"
	text := string(raw)
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return v, "", nil
	}
	if len(text) > 40 || !strings.ContainsAny(text[:1], "-0123456789") {
		return nil, "is " + clip(text), want
	}
	// Bounded, since 1e999999999 would be written out.
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n > 18 || n < -40 {
			return nil, "is " + clip(text), want
		}
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return nil, "is " + clip(text), want
	}
	return r.Num().Int64(), "", nil
}

func listValue(raw json.RawMessage) (value any, problem string, allowed any) {
	var list []*string
	if json.Unmarshal(raw, &list) != nil || len(list) > maxList {
		return nil, "is " + clip(string(raw)), fmt.Sprintf("a list of at most %d strings, or null", maxList)
	}
	texts := make([]string, len(list))
	for i, text := range list {
		if text == nil {
			return nil, fmt.Sprintf("has a null at place %d", i), "strings"
		}
		if problem, allowed := storableText(*text); problem != "" {
			return nil, problem, allowed
		}
		texts[i] = *text
	}
	return texts, "", nil
}

func jsonValue(p spatial.Property, raw json.RawMessage) (value any, problem string, allowed any) {
	open, want := byte('{'), "an object or null"
	if p.Many {
		open, want = '[', "a list or null"
	}
	switch {
	case raw[0] != open:
		return nil, "is " + clip(string(raw)), want
	case strings.Contains(string(raw), `\u0000`):
		return nil, "has the character U+0000", "text without it"
	}
	return raw, "", nil
}

// inOrder says whether the second date comes after the first, where both are known.
func inOrder(first, second any) bool {
	a, known := first.(time.Time)
	b, also := second.(time.Time)
	return !known || !also || a.Before(b)
}

func showDate(v any) string {
	if day, ok := v.(time.Time); ok {
		return day.Format(time.DateOnly)
	}
	return "null"
}
