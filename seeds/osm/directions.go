package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// directions splits the modes by direction
// (https://wiki.openstreetmap.org/wiki/Key:oneway). Oneway tags bind vehicles;
// people on foot walk both ways unless oneway:foot speaks or the way is a
// ferry. A way that is one way only by implication is marked, since it takes
// the whole file to tell whether the implication may be trusted.
func directions(t tags, modes network.Modes, opts Options, r *road, out *roadBlock) {
	general := t.get("oneway")
	if general == "" && opts.OneWay != OneWayStated && impliesOneWay(t) {
		general = "yes"
		r.implied = true
	}
	car := firstOf(t.first("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle"), general)
	bike := firstOf(t.first("oneway:bicycle", "oneway:vehicle"), general)
	if bike != "" && t.get("oneway:bicycle") == "" && bikesBothWays(t) {
		bike = "no"
	}
	foot := t.get("oneway:foot")
	if r.Class == network.Ferry {
		foot = firstOf(foot, general)
	}
	for _, m := range []struct {
		mode  network.Modes
		value string
	}{{network.Car, car}, {network.Bike, bike}, {network.Walk, foot}} {
		f, b := flow(m.value, out)
		if f {
			r.Forward |= m.mode & modes
		}
		if b {
			r.Backward |= m.mode & modes
		}
	}
}

// bikesBothWays tells whether a cycle lane or track runs against the traffic
// (https://wiki.openstreetmap.org/wiki/Key:cycleway).
func bikesBothWays(t tags) bool {
	for i := range t {
		key, oneWay := strings.CutSuffix(t[i].key, ":oneway")
		switch key {
		case "cycleway", "cycleway:left", "cycleway:right", "cycleway:both":
			v := t[i].value
			if oneWay && (v == "no" || v == "-1") || !oneWay && strings.HasPrefix(v, "opposite") {
				return true
			}
		}
	}
	return false
}

// speaksOfOneWay tells whether any tag is about one-way traffic.
func (t tags) speaksOfOneWay() bool {
	for i := range t {
		if k := t[i].key; k == "oneway" || strings.HasPrefix(k, "oneway:") {
			return true
		}
	}
	return false
}

// impliesOneWay names the roads that are one way without saying so.
func impliesOneWay(t tags) bool {
	junction := t.get("junction")
	return t.get(keyHighway) == "motorway" || junction == "roundabout" || junction == "circular"
}

// flow reads a value of a oneway key. A road that is open one way at a time,
// alternating by signal or by the hour, is open both ways or neither.
func flow(v string, out *roadBlock) (forward, backward bool) {
	switch v {
	case "", "no", "false", "0", "alternating":
		return true, true
	case "yes", "true", "1":
		return true, false
	case "-1", "reverse":
		return false, true
	case "reversible":
		return false, false
	}
	out.notes["way: oneway value not known, both ways assumed"]++
	return true, true
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
