package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// This file and maxspeed.go are the plain form of the tagging rules: which
// ways are roads, for whom, and in which directions. They follow the public
// descriptions at https://wiki.openstreetmap.org/wiki/Key:highway, Key:access,
// Key:oneway and Key:maxspeed. Not read here: turn restrictions, barriers on
// nodes, conditional and lane-wise tags.

// ferryClass is the class of a way that is no highway but a ferry line.
const ferryClass = "ferry"

// usual gives the modes for which a highway value is open when no access tag
// speaks (Key:access, "Transport mode restrictions", world-wide column, except
// that footways, bridleways and steps are closed to bicycles throughout).
var usual = map[string]network.Modes{
	"motorway": network.Car, "motorway_link": network.Car,
	"trunk": everyone, "trunk_link": everyone,
	"primary": everyone, "primary_link": everyone,
	"secondary": everyone, "secondary_link": everyone,
	"tertiary": everyone, "tertiary_link": everyone,
	"unclassified": everyone, "residential": everyone, "living_street": everyone,
	"service": everyone, "road": everyone, "track": everyone,
	"pedestrian": network.Walk, "footway": network.Walk, "steps": network.Walk,
	"path": network.Walk | network.Bike, "bridleway": network.Walk,
	"cycleway": network.Bike | network.Walk,
	ferryClass: everyone,
}

const everyone = network.Car | network.Bike | network.Walk

// ladders lists for each mode the access keys that speak of it, the most
// particular first.
var ladders = []struct {
	mode network.Modes
	keys []string
}{
	{network.Car, []string{"motorcar", "motor_vehicle", "vehicle", "access"}},
	{network.Bike, []string{"bicycle", "vehicle", "access"}},
	{network.Walk, []string{"foot", "access"}},
}

// access values. A road for residents, customers or deliveries only is open:
// it may not be driven through, but places on it are reached by it.
var (
	allows = map[string]bool{"yes": true, "designated": true, "permissive": true, "official": true,
		"destination": true, "customers": true, "delivery": true, "public": true, "permit": true}
	forbids = map[string]bool{"no": true, "private": true, "agricultural": true, "forestry": true,
		"military": true, "emergency": true, "use_sidepath": true, "dismount": true, "restricted": true}
)

// readRoad reads the tags of a way. Ways that are no roads are counted by
// reason in out when their tags speak of a road at all.
func readRoad(t tags, opts Options, out *wayBlock) (network.Way, bool) {
	if t.speaksOfOneWay() {
		out.oneWayTags++
	}
	highway := t.get("highway")
	if highway == "" && t.get("route") == ferryClass {
		highway = ferryClass
	}
	if highway == "" {
		return network.Way{}, false
	}
	class, known := network.ParseClass(highway)
	modes, routable := usual[highway]
	switch {
	case !known || !routable:
		out.dropped["way: highway value that is no road in use"]++
		return network.Way{}, false
	case t.get("area") == "yes":
		out.dropped["way: area"]++
		return network.Way{}, false
	}
	if modes = allowed(t, modes, out); modes == 0 {
		out.dropped["way: closed to all modes"]++
		return network.Way{}, false
	}
	way := network.Way{Class: class}
	way.Forward, way.Backward = directions(t, highway, modes, opts, out)
	if way.Forward|way.Backward == 0 {
		out.dropped["way: direction changes with time"]++
		return network.Way{}, false
	}
	way.MaxSpeedKMH = maxSpeed(t, out)
	return way, true
}

// allowed applies the access tags to the usual modes.
func allowed(t tags, modes network.Modes, out *wayBlock) network.Modes {
	for _, l := range ladders {
		switch v := t.first(l.keys...); {
		case v == "":
		case allows[v]:
			if modes&l.mode == 0 && t.get(l.keys[0]) == "" && v != "designated" {
				// access=yes on a footway does not open it to cars: only a tag
				// that names vehicles can.
				if l.mode != network.Car || t.first("motor_vehicle", "vehicle") == "" {
					continue
				}
			}
			modes |= l.mode
		case forbids[v]:
			modes &^= l.mode
		default:
			out.notes["way: access value not known, usual access assumed"]++
		}
	}
	return modes
}

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
