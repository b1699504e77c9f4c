package osm

import (
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
)

// Speeds of ferries that a duration may make, in km/h. Outside them the
// duration is taken as an error of entry: it may be meant for more than the
// way, or be in another unit.
const (
	slowestFerry = 0.5
	fastestFerry = 80
	fastestTrain = 200
)

// ferryLine tells whether a way is a ferry line or a train that carries cars,
// and who travels on it when no access tag speaks
// (https://wiki.openstreetmap.org/wiki/Tag:route=ferry, Tag:route=shuttle_train).
// A ferry that takes bicycles or people by name and says nothing of vehicles
// takes no cars.
func ferryLine(t tags) (network.Modes, bool) {
	switch t.get(keyRoute) {
	case ferryClass:
		named := judge(t.get("foot")) == open || judge(t.get("bicycle")) == open
		if named && t.first("motorcar", "motor_vehicle", "vehicle") == "" {
			return network.Bike | network.Walk, true
		}
		return everyone, true
	case "shuttle_train":
		return network.Car, true
	}
	return 0, false
}

// readFerry reads the tags of a ferry line. Posted limits are for ships.
func readFerry(t tags, modes network.Modes, opts Options, out *roadBlock) (road, bool) {
	if t.notInUse() || notInUse[t.get(keyHighway)] {
		out.dropped["ferry: planned, out of use or gone"]++
		return road{}, false
	}
	if modes = allowed(t, modes, out); modes == 0 {
		out.dropped["ferry: closed to all modes"]++
		return road{}, false
	}
	r := road{Way: network.Way{Class: network.Ferry}}
	if !r.direct(t, modes, opts, out) {
		return road{}, false
	}
	r.train = t.get(keyRoute) != ferryClass
	if text := t.get("duration"); text != "" {
		var ok bool
		if r.seconds, ok = parseDuration(text); !ok {
			out.notes["ferry: duration not understood, the class's speed is used"]++
		}
	}
	return r, true
}

// ferry is a ferry line whose duration is known.
type ferry struct {
	way     int // index in Ways
	seconds float64
	train   bool
}

// timeFerries gives ferries the speed that their length and duration make.
func (r *reader) timeFerries() {
	report := &r.data.Report
	for _, f := range r.ferries {
		w := &r.data.Ways[f.way]
		meters, known := r.length(w.Refs)
		kmh, fastest := meters/f.seconds*3.6, float64(fastestFerry)
		if f.train {
			fastest = fastestTrain
		}
		switch {
		case !known:
			report.Notes["ferry: duration not used, a part of the line is not in the file"]++
		case !(kmh >= slowestFerry && kmh <= fastest):
			report.Notes["ferry: duration not used, it makes no speed that a ferry has"]++
		default:
			w.MaxSpeedKMH = kmh
			report.Ferries++
		}
	}
}

// length measures a line in metres, if all its nodes are known.
func (r *reader) length(nodes []int64) (float64, bool) {
	meters, last := 0.0, orb.Point{}
	for i, id := range nodes {
		p, known := r.data.Coordinate(id)
		if !known {
			return 0, false
		}
		if i > 0 {
			meters += float64(network.Distance(last, p))
		}
		last = p
	}
	return meters, true
}

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
