package osm

import "strconv"

// parseNumber reads an unsigned decimal number as tags have it: digits with at
// most one point among them, nothing that only programs write (1e3, 0x10, Inf).
func parseNumber(text string) (float64, bool) {
	digits, points := 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > 15 || points > 1 {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}
