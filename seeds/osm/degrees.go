package osm

import (
	"fmt"
	"math"
	"strconv"
)

// parseDegrees reads a coordinate in units of 1e-7 degrees, outside when it is
// beyond the limit.
func parseDegrees(text string, limit int64) (int32, error) {
	units, ok := parseDecimal(text)
	if !ok {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return 0, fmt.Errorf("coordinate %.40q is no number", text)
		}
		if !(math.Abs(v) <= 1000) {
			return outside, nil
		}
		units = int64(math.Round(v * 1e7))
	}
	if units < -limit*1e7 || units > limit*1e7 {
		return outside, nil
	}
	return int32(units), nil
}

// parseDecimal reads up to four digits, a point and more digits, of which the
// first seven count and the eighth rounds, without a detour by binary
// fractions. What is written otherwise it leaves to others.
func parseDecimal(text string) (int64, bool) {
	digits, negative := text, false
	if len(text) > 0 && text[0] == '-' {
		digits, negative = text[1:], true
	}
	v, whole, places := int64(0), 0, -1
	for i := range len(digits) {
		c := digits[i]
		switch {
		case c == '.' && places < 0:
			places = 0
			continue
		case c < '0' || c > '9':
			return 0, false
		case places < 0:
			whole++
		default:
			if places++; places > 7 {
				if places == 8 && c >= '5' {
					v++
				}
				continue
			}
		}
		v = v*10 + int64(c-'0')
	}
	if whole == 0 || whole > 4 {
		return 0, false
	}
	for p := max(places, 0); p < 7; p++ {
		v *= 10
	}
	if negative {
		v = -v
	}
	return v, true
}
