package network

import "math"

// Source is what a road file says of its roads.
type Source struct {
	Ways         []Way
	Restrictions []Restriction
	Barriers     []Barrier
}

// Way is one road as its source has it: a run of nodes with one class and
// surface, the modes that may travel it in the order of Refs and against it,
// and a posted limit (0 for none). For a ferry the limit is the speed that its
// timetable makes, 0 where none is known.
type Way struct {
	ID                int64
	Class             Class
	Surface           Surface
	Refs              []int64
	Forward, Backward Modes
	MaxSpeedKMH       float64
}

// Restriction binds those who come along the first two nodes of Path, which
// are neighbours on a road: they may not go on along the whole of it or, where
// Only is set, must. Path is the row of nodes passed: the last one before the
// via node (or the first of the via ways), all nodes of the via, and the first
// one after it. Three nodes are a turn at a node; a turn back has the same
// first and last.
type Restriction struct {
	ID    int64
	Path  []int64
	Only  bool
	Modes Modes // whom it binds
}

// Barrier is a node that some modes cannot pass: a bollard, a wall, a gate
// that is locked. They may reach it and turn back.
type Barrier struct {
	Node    int64
	Blocked Modes
}

// Speed is a speed in hundredths of a km/h, up to 655 km/h; 0 is not known.
type Speed uint16

// SpeedOf rounds a speed in km/h; what is no speed is not known.
func SpeedOf(kmh float64) Speed {
	if !(kmh > 0) {
		return 0
	}
	return Speed(max(1, math.Round(min(kmh*100, math.MaxUint16))))
}

// KMH is the speed in km/h.
func (s Speed) KMH() float64 { return float64(s) / 100 }
