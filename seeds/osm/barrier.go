package osm

import (
	"quanyu/spatial/network"
)

// barriers gives whom a barrier on a road stops when no access tag speaks,
// after the access that the pages of its values imply
// (https://wiki.openstreetmap.org/wiki/Key:barrier). Bollards and the like
// leave room for bicycles, stiles for people only.
var barriers = byValue(map[network.Modes]string{
	0: "no entrance toll_booth border_control cattle_grid gate lift_gate swing_gate sliding_gate sliding_beam hampshire_gate " +
		"bump_gate sally_port height_restrictor kerb coupure arch ticket checkpoint weight_restrictor speed_bump door archway",
	network.Car: "bollard block jersey_barrier planter chain rope bus_trap sump_buster cycle_barrier motorcycle_barrier " +
		"kent_carriage_gap wicket_gate log debris tyres barrier_board wedge concrete_block boulder guard_stone rising_bollard stone vehicle_block vehicle_barrier",
	network.Car | network.Bike: "stile kissing_gate turnstile full-height_turnstile horse_stile step squeezer",
	everyone:                   "wall fence hedge city_wall retaining_wall guard_rail cable_barrier wire_fence handrail ditch avalanche_protection",
})

// blockedBy tells whom a node's barrier stops. Access tags of the node speak
// first; a gate that is locked is shut to all whom they do not name, a locked
// bar or post to cars. What is not in the table is taken as closed to cars,
// since the wiki calls what it does not describe closed.
func blockedBy(t tags, notes Counts) network.Modes {
	value := t.get(keyBarrier)
	if value == "" {
		return 0
	}
	usual, known := barriers[value]
	if !known {
		usual = network.Car
		notes["barrier: value not known, taken as closed to cars"]++
	}
	if t.get("locked") == "yes" {
		switch value {
		case "lift_gate", "swing_gate", "chain", "bollard":
			usual |= network.Car
		default:
			usual = everyone
		}
	}
	blocked := network.Modes(0)
	for _, l := range ladders {
		switch v := t.first(l.keys...); judge(v) {
		case open:
		case closed:
			if v != "dismount" { // one gets off and pushes
				blocked |= l.mode
			}
		default:
			blocked |= l.mode & usual
		}
	}
	return blocked
}
