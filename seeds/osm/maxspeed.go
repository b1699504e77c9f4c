package osm

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"quanyu/spatial/network"
)

// Units of maxspeed in km/h.
const (
	kmhPerMile = 1.609344
	kmhPerKnot = 1.852
)

// unlimited are values that state that there is no fixed limit.
var unlimited = map[string]bool{"none": true, "signals": true, "variable": true, "sign": true, "implicit": true}

// implied are the keys that say what makes a limit, where maxspeed is absent.
var implied = []string{"maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"}

// maxSpeed gives the speed limit of a way in km/h, 0 where none is stated
// (https://wiki.openstreetmap.org/wiki/Key:maxspeed). A way has one limit
// here: where the two directions differ, the lower one holds for both, unless
// cars may go in one direction only.
func maxSpeed(t tags, forward, backward network.Modes, out *roadBlock) float64 {
	stated := t.get("maxspeed")
	f := limit(firstOf(t.get("maxspeed:forward"), stated), out)
	b := limit(firstOf(t.get("maxspeed:backward"), stated), out)
	switch {
	case backward&network.Car == 0 && forward&network.Car != 0:
		b = f
	case forward&network.Car == 0 && backward&network.Car != 0:
		f = b
	}
	if f != b {
		out.notes["way: limits differ by direction, the lower is taken"]++
	}
	if lower := lowest(f, b); lower > 0 || unlimited[stated] {
		return lower
	}
	v, _ := parseSpeeds(t.first(implied...))
	return v
}

// limit reads one tag's value.
func limit(text string, out *roadBlock) float64 {
	if text == "" || unlimited[text] {
		return 0
	}
	v, ok := parseSpeeds(text)
	if !ok {
		out.notes["way: maxspeed not understood, treated as absent"]++
	}
	return v
}

// lowest is the lower of two limits, of which 0 is none.
func lowest(a, b float64) float64 {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

// parseSpeeds reads a value. Several, "80;60", mean that the limit varies: the
// lowest is safe.
func parseSpeeds(text string) (float64, bool) {
	result := 0.0
	known := false
	for part := range strings.SplitSeq(text, ";") {
		if v, ok := parseSpeed(strings.TrimSpace(part)); ok {
			result, known = lowest(result, v), true
		}
	}
	return result, known
}

// parseSpeed reads one value: "80", "50 km/h", "30 mph", "6 knots", "walk",
// "CN:urban", "DE:zone30", "FR:50". Values outside 1 to 200 km/h are errors of
// entry and not used. A context without a limit, "DE:motorway", is 0 and known.
func parseSpeed(v string) (float64, bool) {
	country, context, found := strings.Cut(v, ":")
	if found && isCountry(country) {
		if speed, ok := contextLimits()[v]; ok {
			return speed, true
		}
		v = context
	}
	if speed, ok := contextLimits()["*:"+v]; ok {
		return speed, true
	}
	if zone, ok := strings.CutPrefix(v, "zone"); ok {
		v = strings.TrimPrefix(zone, ":")
	}
	factor := 1.0
	for _, unit := range [...]struct {
		name   string
		factor float64
	}{{"km/h", 1}, {"kmh", 1}, {"kph", 1}, {"mph", kmhPerMile}, {"knots", kmhPerKnot}} {
		if n, ok := strings.CutSuffix(v, unit.name); ok {
			v, factor = strings.TrimSpace(n), unit.factor
			break
		}
	}
	speed, ok := parseNumber(v)
	if speed *= factor; !ok || !(speed >= 1 && speed <= 200) {
		return 0, false
	}
	return speed, true
}

// isCountry tells codes like CN, GB, BE-VLG.
func isCountry(code string) bool {
	return len(code) >= 2 && len(code) <= 7 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z'
}

//go:embed limits.csv
var limitTable string

// contextLimits are the limits that a country's law sets where no number is
// posted, by "country:context"; "*" is any country. 0 is no limit. A test
// reads the table, so a fault in it never reaches a user; it would panic.
var contextLimits = sync.OnceValue(func() map[string]float64 {
	limits, err := readLimits(limitTable)
	if err != nil {
		panic(err)
	}
	return limits
})

// readLimits reads rows of country, context, limit, unit and source.
func readLimits(table string) (map[string]float64, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	limits := map[string]float64{}
	for _, row := range rows[1:] {
		key := row[0] + ":" + row[1]
		v, err := strconv.ParseFloat(row[2], 64)
		unit, known := map[string]float64{"km/h": 1, "mph": kmhPerMile}[row[3]]
		if _, twice := limits[key]; err != nil || !known || twice || len(row) != 5 || row[4] == "" || !(v >= 0 && v <= 200) {
			return nil, fmt.Errorf("limits.csv: row %v", row)
		}
		limits[key] = v * unit
	}
	return limits, nil
}
