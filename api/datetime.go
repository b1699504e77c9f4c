package api

import (
	"strings"
	"time"

	"quanyu/spatial"
)

// civilZone is UTC+8.
var chinaTime = time.FixedZone("UTC+8", civilZoneHours*3600)

func civilZone() *time.Location { return chinaTime }

const datetimeForms = "a date (2020-12-31), a time (2020-12-31T00:00:00Z), or two of them with a slash between, .. or nothing for an open end"

// parseDatetime reads the parameter datetime (OGC API Features, 7.15.4) into
// a half-open interval. A date means the whole civil day in UTC+8; a time
// means that instant, as the shortest span that PostgreSQL can tell. Years
// 0000 and 9999 stand for an open end, as QGIS sends them.
func parseDatetime(text string) (*spatial.Interval, error) {
	bad := func(detail string) (*spatial.Interval, error) {
		return nil, spatial.BadParameter("datetime", detail, datetimeForms)
	}
	first, second, isInterval := strings.Cut(text, "/")
	if !isInterval {
		second = first
	}
	from, err := parseInstant(first, isInterval)
	if err != "" {
		return bad(err)
	}
	to, err := parseInstant(second, isInterval)
	if err != "" {
		return bad(err)
	}
	if isInterval && open(first) && open(second) && first == "" && second == "" {
		return bad("has two empty ends; use ../.. to ask for all times")
	}
	interval := &spatial.Interval{Start: from.start, End: to.end}
	if interval.Start != nil && interval.End != nil && !interval.Start.Before(*interval.End) {
		return bad("ends before it begins")
	}
	return interval, nil
}

// span is a day or an instant as a half-open interval; nil ends are open.
type span struct{ start, end *time.Time }

func open(text string) bool { return text == "" || text == ".." }

// parseInstant reads one end of an interval, or the whole of what is none.
func parseInstant(text string, isInterval bool) (span, string) {
	if open(text) {
		if !isInterval {
			return span{}, "has no date"
		}
		return span{}, ""
	}
	start, length, ok := parseMoment(text)
	if !ok {
		return span{}, "\"" + clip(text) + "\" is neither a date nor a time with its zone"
	}
	var s span
	if start.Year() > 0 {
		s.start = &start
	}
	if start.Year() < 9999 {
		end := start.Add(length)
		s.end = &end
	}
	return s, ""
}

func parseMoment(text string) (start time.Time, length time.Duration, ok bool) {
	if day, err := time.ParseInLocation("2006-01-02", text, civilZone()); err == nil {
		return day, 24 * time.Hour, true
	}
	at, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	if err != nil {
		return time.Time{}, 0, false
	}
	return at.UTC().Truncate(time.Microsecond), time.Microsecond, true
}
