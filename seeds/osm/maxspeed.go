package osm

import (
	"strconv"
	"strings"
)

// Units of maxspeed in km/h.
const (
	kmhPerMile = 1.609344
	kmhPerKnot = 1.852
)

// walkingPace is what "walk" stands for, in km/h: the upper end of what courts
// read into such signs.
const walkingPace = 7

// named speeds, by the part after the country code, where the country does
// not matter (zones) or the country code is in the key. Those of China are the
// Regulation on the Implementation of the Road Traffic Safety Law, articles 45
// and 78: 50 in towns on a road with a centre line, 70 on other roads outside
// them, 120 on motorways.
var named = map[string]float64{
	"CN:urban": 50, "CN:rural": 70, "CN:motorway": 120,
	"zone20": 20, "zone:20": 20, "zone30": 30, "zone:30": 30, "zone50": 50, "zone:50": 50,
	"walk": walkingPace, "living_street": 20, "urban": 50, "bicycle_road": 30,
}

// maxSpeed gives the speed limit of a way in km/h, 0 where none is stated.
func maxSpeed(t tags, out *wayBlock) float64 {
	text := t.first("maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed")
	if text == "" || text == "none" || text == "signals" || text == "variable" || text == "sign" {
		return 0
	}
	// Several values mean that the limit varies: the lowest is safe.
	lowest := 0.0
	for part := range strings.SplitSeq(text, ";") {
		if v, ok := parseSpeed(strings.TrimSpace(part)); ok && (lowest == 0 || v < lowest) {
			lowest = v
		}
	}
	if lowest == 0 && t.get("maxspeed") != "" {
		out.notes["way: maxspeed not understood, treated as absent"]++
	}
	return lowest
}

// parseSpeed reads one value: "80", "50 km/h", "30 mph", "6 knots", "walk",
// "CN:urban", "DE:zone30", "FR:50". Values outside 1 to 200 km/h are errors of
// entry and not used.
func parseSpeed(v string) (float64, bool) {
	if speed, ok := named[v]; ok {
		return speed, true
	}
	if country, rest, found := strings.Cut(v, ":"); found && len(country) == 2 {
		if speed, ok := named[rest]; ok {
			return speed, true
		}
		v = rest
	}
	factor := 1.0
	for _, unit := range []struct {
		name   string
		factor float64
	}{{"km/h", 1}, {"kmh", 1}, {"kph", 1}, {"mph", kmhPerMile}, {"knots", kmhPerKnot}} {
		if n, ok := strings.CutSuffix(v, unit.name); ok {
			v, factor = strings.TrimSpace(n), unit.factor
			break
		}
	}
	speed, err := strconv.ParseFloat(v, 64)
	if err != nil || !(speed*factor >= 1 && speed*factor <= 200) {
		return 0, false
	}
	return speed * factor, true
}
