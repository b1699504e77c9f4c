package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// directions splits the modes by direction. Oneway tags bind vehicles; people
// on foot walk both ways unless oneway:foot speaks. A way that is one way only
// by implication is remembered in out, since it takes the whole file to tell
// whether the implication may be trusted.
func directions(t tags, highway string, modes network.Modes, opts Options, out *wayBlock) (forward, backward network.Modes) {
	general := t.get("oneway")
	if general == "" && opts.OneWay != OneWayStated && impliesOneWay(t, highway) {
		general = "yes"
		out.implied = append(out.implied, len(out.ways))
	}
	car := firstOf(t.first("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle"), general)
	bike := firstOf(t.first("oneway:bicycle", "oneway:vehicle"), general)
	if c := t.get("cycleway"); t.get("oneway:bicycle") == "" && (c == "opposite" || c == "opposite_lane" || c == "opposite_track") {
		bike = "no"
	}
	for _, m := range []struct {
		mode  network.Modes
		value string
	}{{network.Car, car}, {network.Bike, bike}, {network.Walk, t.get("oneway:foot")}} {
		f, b := flow(m.value, out)
		if f {
			forward |= m.mode & modes
		}
		if b {
			backward |= m.mode & modes
		}
	}
	return forward, backward
}

// speaksOfOneWay tells whether any tag is about one-way traffic.
func (t tags) speaksOfOneWay() bool {
	for _, tag := range t {
		if k := string(tag.key); k == "oneway" || strings.HasPrefix(k, "oneway:") {
			return true
		}
	}
	return false
}

// impliesOneWay names the roads that are one way without saying so.
func impliesOneWay(t tags, highway string) bool {
	junction := t.get("junction")
	return highway == "motorway" || junction == "roundabout" || junction == "circular"
}

// flow reads a value of a oneway key.
func flow(v string, out *wayBlock) (forward, backward bool) {
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
