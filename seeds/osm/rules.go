package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// This file and its neighbours (access.go, directions.go, maxspeed.go,
// surface.go, ferry.go, barrier.go, restriction.go) are the tagging rules:
// what is a road, for whom, in which directions and how fast. They follow the
// public descriptions at https://wiki.openstreetmap.org/wiki/Key:highway and
// the pages that each file names. Not read: lane-wise tags, and tags for times
// or conditions, which are counted.

// ferryClass is the class of a way that is no highway but a ferry line.
const ferryClass = "ferry"

const everyone = network.Car | network.Bike | network.Walk

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
}

// notInUse are values of highway, and keys with the value yes, of roads that
// are not there yet or not any more
// (https://wiki.openstreetmap.org/wiki/Lifecycle_prefix).
var notInUse = map[string]bool{"construction": true, "proposed": true, "planned": true, "abandoned": true,
	"disused": true, "razed": true, "demolished": true, "removed": true, "destroyed": true}

// seasonal are keys of roads that lie on ice or are made of snow.
var seasonal = []string{"ice_road", "winter_road"}

// readRoad reads the tags of a way. Ways that are no roads are counted by
// reason in out when their tags speak of a road at all.
func readRoad(t tags, opts Options, out *roadBlock) (road, bool) {
	highway := t.get(keyHighway)
	if line, ok := ferryLine(t); ok {
		return readFerry(t, line, opts, out)
	}
	if highway == "" {
		return road{}, false
	}
	class, known := network.ParseClass(highway)
	modes, routable := usual[highway]
	switch {
	case notInUse[highway] || t.notInUse():
		out.dropped["way: road planned, being built, out of use or gone"]++
		return road{}, false
	case !known || !routable:
		out.dropped["way: highway value that is no road"]++
		return road{}, false
	case t.get("area") == "yes":
		out.dropped["way: area"]++
		return road{}, false
	case t.first(seasonal...) == "yes":
		out.dropped["way: on ice or snow, in winter only"]++
		return road{}, false
	}
	if modes = allowed(t, narrowed(t, modes), out); modes == 0 {
		out.dropped["way: closed to all modes"]++
		return road{}, false
	}
	r := road{Way: network.Way{Class: class, Surface: surface(t, out)}}
	if !r.direct(t, modes, opts, out) {
		return road{}, false
	}
	r.MaxSpeedKMH = maxSpeed(t, r.Forward, r.Backward, out)
	if t.conditional() {
		out.notes["way: has tags for times or conditions, which are not read"]++
	}
	return r, true
}

// notInUse tells whether a tag beside highway says so. construction=minor
// leaves the road open, and on a cycleway along an old railway it is the
// railway that is disused.
func (t tags) notInUse() bool {
	if t.get("railway") != "" {
		return false
	}
	for i := range t {
		if t[i].value == "yes" && notInUse[t[i].key] {
			return true
		}
	}
	return false
}

func (t tags) conditional() bool {
	for i := range t {
		if strings.HasSuffix(t[i].key, ":conditional") {
			return true
		}
	}
	return false
}

// direct gives the road its directions. A road is none when none is left.
func (r *road) direct(t tags, modes network.Modes, opts Options, out *roadBlock) bool {
	if t.speaksOfOneWay() {
		out.oneWayTags++
	}
	directions(t, modes, opts, r, out)
	if r.Forward|r.Backward == 0 {
		out.dropped["way: direction changes with time"]++
		return false
	}
	return true
}
