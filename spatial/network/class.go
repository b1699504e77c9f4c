package network

// Class is the class of a road, by the values of OpenStreetMap's highway key.
type Class uint8

// The classes in falling importance. Ferry stands for ferry lines. Access is
// no road: it is the synthetic leg between a place and the road it snaps to,
// travelled at a profile's access speed; condensed networks hold such legs.
const (
	Motorway Class = iota
	MotorwayLink
	Trunk
	TrunkLink
	Primary
	PrimaryLink
	Secondary
	SecondaryLink
	Tertiary
	TertiaryLink
	Unclassified
	Residential
	LivingStreet
	Service
	Road
	Track
	Pedestrian
	Footway
	Steps
	Path
	Bridleway
	Cycleway
	Ferry
	Access
	classCount
)

var classNames = [classCount]string{
	"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
	"secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential",
	"living_street", "service", "road", "track", "pedestrian", "footway", "steps", "path",
	"bridleway", "cycleway", "ferry", "access",
}

// String is the name of the class, as in OpenStreetMap.
func (c Class) String() string {
	if c >= classCount {
		return "unknown"
	}
	return classNames[c]
}

// ParseClass finds a class by name.
func ParseClass(name string) (Class, bool) {
	for c, n := range classNames {
		if n == name {
			return Class(c), true
		}
	}
	return 0, false
}

// Classes lists every class, most important first.
func Classes() []Class {
	all := make([]Class, classCount)
	for i := range all {
		all[i] = Class(i)
	}
	return all
}

// through tells roads that one can only travel through, setting out from
// them nowhere between their ends.
func (c Class) through() bool { return c == Motorway || c == MotorwayLink || c == Ferry }

// Modes is a set of modes of travel.
type Modes uint8

// The modes.
const (
	Car Modes = 1 << iota
	Bike
	Walk
	allModes = Car | Bike | Walk
)

// ParseMode finds a mode by its name in requests: car, bike or walk.
func ParseMode(name string) (Modes, bool) {
	switch name {
	case "car":
		return Car, true
	case "bike":
		return Bike, true
	case "walk":
		return Walk, true
	}
	return 0, false
}
