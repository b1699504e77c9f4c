package osm

import "quanyu/spatial/network"

// This file, directions.go and maxspeed.go are the plain form of the tagging rules: which
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
