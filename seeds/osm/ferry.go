package osm

import (
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
