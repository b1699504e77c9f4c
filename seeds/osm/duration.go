package osm

import (
	"strings"
)

// longestDuration is a week, in seconds; ferries do not take longer.
const longestDuration = 7 * 24 * 3600

// parseDuration reads a duration in seconds: "PT1H30M" as in ISO 8601, or
// "HH:MM:SS", "HH:MM" or "MM" (https://wiki.openstreetmap.org/wiki/Key:duration).
func parseDuration(text string) (float64, bool) {
	seconds, ok := 0.0, false
	if rest, iso := strings.CutPrefix(text, "P"); iso {
		seconds, ok = parsePeriod(rest)
	} else {
		seconds, ok = parseClock(text)
	}
	return seconds, ok && seconds > 0 && seconds <= longestDuration
}

// parsePeriod reads what follows the P of an ISO 8601 duration, from weeks to
// seconds; months and years have no fixed length.
func parsePeriod(text string) (float64, bool) {
	date, clock, _ := strings.Cut(text, "T")
	if date == "" && clock == "" {
		return 0, false
	}
	days, ok := parseUnits(date, "WD", []float64{7 * 24 * 3600, 24 * 3600})
	rest, also := parseUnits(clock, "HMS", []float64{3600, 60, 1})
	return days + rest, ok && also
}

// parseUnits reads numbers that are each followed by one of the letters, in
// the letters' order.
func parseUnits(text, letters string, seconds []float64) (float64, bool) {
	total := 0.0
	for text != "" {
		n := strings.IndexFunc(text, func(c rune) bool { return (c < '0' || c > '9') && c != '.' })
		if n < 1 {
			return 0, false
		}
		unit := strings.IndexByte(letters, text[n])
		v, ok := parseNumber(text[:n])
		if unit < 0 || !ok {
			return 0, false
		}
		total += v * seconds[unit]
		text, letters, seconds = text[n+1:], letters[unit+1:], seconds[unit+1:]
	}
	return total, true
}

// parseClock reads "HH:MM:SS", "HH:MM" or "MM".
func parseClock(text string) (float64, bool) {
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return 0, false
	}
	total := 0.0
	for i, part := range parts {
		v, ok := parseNumber(part)
		if !ok || i > 0 && v >= 60 {
			return 0, false
		}
		total = total*60 + v
	}
	if len(parts) < 3 { // without seconds
		total *= 60
	}
	return total, true
}
