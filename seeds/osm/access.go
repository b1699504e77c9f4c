package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// ladders lists for each mode the access keys that speak of it, the most
// particular first (https://wiki.openstreetmap.org/wiki/Key:access).
var ladders = []struct {
	mode network.Modes
	keys []string
}{
	{network.Car, []string{"motorcar", "motor_vehicle", "vehicle", "access"}},
	{network.Bike, []string{"bicycle", "vehicle", "access"}},
	{network.Walk, []string{"foot", "access"}},
}

// access values. A road for customers or deliveries only is open: it may not
// be driven through, but places on it are reached by it.
var (
	allows = map[string]bool{"yes": true, "designated": true, "permissive": true, "official": true,
		"destination": true, "customers": true, "customer": true, "shared": true, "delivery": true, "public": true, "permit": true,
		"optional_sidepath": true, "discouraged": true}
	forbids = map[string]bool{"no": true, "private": true, "agricultural": true, "forestry": true,
		"military": true, "emergency": true, "use_sidepath": true, "dismount": true, "restricted": true,
		"residents": true, "employees": true, "staff": true, "psv": true, "bus": true, "hgv": true}
)

// verdict is what an access value says.
type verdict int

const (
	silent verdict = iota // the tag is absent
	open
	closed
	unclear
)

// judge reads an access value. Of several, "customers;delivery", one that
// lets somebody in is enough.
func judge(v string) verdict {
	if v == "" {
		return silent
	}
	result := unclear
	for part := range strings.SplitSeq(v, ";") {
		switch part = strings.TrimSpace(part); {
		case allows[part]:
			return open
		case forbids[part]:
			result = closed
		}
	}
	return result
}

// narrowed takes out of the usual modes those that other tags than access
// exclude: a motor road is for motor vehicles
// (https://wiki.openstreetmap.org/wiki/Key:motorroad), an emergency access for
// theirs, and no wheel passes what is impassable.
func narrowed(t tags, modes network.Modes) network.Modes {
	if t.get("motorroad") == "yes" {
		modes &= network.Car
	}
	if t.get("service") == "emergency_access" {
		modes &^= network.Car
	}
	if t.get("smoothness") == "impassable" {
		modes &= network.Walk
	}
	return modes
}

// allowed applies the access tags to the usual modes.
func allowed(t tags, modes network.Modes, out *roadBlock) network.Modes {
	for _, l := range ladders {
		v := t.first(l.keys...)
		switch judge(v) {
		case open:
			if modes&l.mode == 0 && t.get(l.keys[0]) == "" && v != "designated" {
				// access=yes on a footway does not open it to cars: only a tag
				// that names vehicles can.
				if l.mode != network.Car || t.first("motor_vehicle", "vehicle") == "" {
					continue
				}
			}
			modes |= l.mode
		case closed:
			modes &^= l.mode
		case unclear:
			out.notes["way: access value not known, usual access assumed"]++
		}
	}
	return modes
}
