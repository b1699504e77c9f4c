package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// Reasons for which a turn restriction is not used. Those whose tags and
// members do not make sense are told apart from those that bind nobody here.
const (
	turnConditional = "restriction: holds at times or under conditions only"
	turnOthers      = "restriction: binds vehicles that are not routed here"
	turnExcepted    = "restriction: excepts cars and bicycles"
	turnKind        = "restriction: kind missing or not known"
	turnMembers     = "restriction: from, via or to is missing"
	turnVia         = "restriction: via is neither one node nor ways"
	turnMany        = "restriction: only_ with several from or to"
	turnAbsent      = "restriction: a member is no road in use or not in the file"
	turnApart       = "restriction: members do not meet"
	turnClosed      = "restriction: over roads that are closed to those it binds, or one way against it"
	turnAmbiguous   = "restriction: members can be travelled in several ways"
	turnNode        = "restriction: a node of its path is not in the file"
	turnLong        = "restriction: too long to make sense"
	turnTwice       = "restriction: appears twice"
)

// turnKinds are the known values of the key restriction
// (https://wiki.openstreetmap.org/wiki/Relation:restriction).
var turnKinds = map[string]bool{
	"no_left_turn": true, "no_right_turn": true, "no_straight_on": true, "no_u_turn": true,
	"no_entry": true, "no_exit": true,
	"only_left_turn": true, "only_right_turn": true, "only_straight_on": true, "only_u_turn": true,
}

// turnKeys lists the keys that speak of a mode, the most particular first. The
// plain one binds vehicles: people on foot turn as they like.
var turnKeys = []struct {
	mode   network.Modes
	keys   []string
	except []string
}{
	{network.Car, []string{"restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle", "restriction"},
		[]string{"motorcar", "motor_vehicle", "vehicle", "car"}},
	{network.Bike, []string{"restriction:bicycle", "restriction:vehicle", "restriction"},
		[]string{"bicycle", "vehicle"}},
	{network.Walk, []string{"restriction:foot"}, []string{"foot"}},
}

// turn is a restriction under the rules, before its members are looked up.
type turn struct {
	id            int64
	forbid, force network.Modes // whom a no_… and whom an only_… binds
	from, to      []int64       // ways
	via           []int64       // one node or ways
	viaNode       bool
}

// maxTurn bounds the nodes of a restriction's path and maxMembers the product
// of its from, via and to: real ones have three to five members, one to four
// pairs of from and to, and some dozen nodes in the path of the longest u-turn.
const (
	maxTurn    = 1000
	maxMembers = 100
)

// takeTurn keeps a relation if it is a turn restriction that binds a mode, and
// counts it else.
func (b *roadBlock) takeTurn(id int64, t tags, members func() ([]member, error)) error {
	kind := t.get("type")
	if kind != "restriction" && !strings.HasPrefix(kind, "restriction:") {
		return nil
	}
	b.turnsSeen++
	r := turn{id: id}
	if reason := r.bind(t); reason != "" {
		b.dropped[reason]++
		return nil
	}
	if t.conditional() {
		b.notes["restriction: has a conditional form too, the plain one is used"]++
	}
	list, err := members()
	if err != nil {
		return err
	}
	if reason := r.join(list); reason != "" {
		b.dropped[reason]++
		return nil
	}
	b.turns = append(b.turns, r)
	return nil
}

// bind finds whom the restriction binds, or gives the reason why nobody.
func (r *turn) bind(t tags) string {
	reason := turnKind
	always := t.first("day_on", "day_off", "hour_on", "hour_off") == "" // the old form of conditions
	general := t.get("type") == "restriction"
	switch {
	case !always || t.conditional():
		reason = turnConditional
	case !general || t.speaksOfOtherVehicles():
		reason = turnOthers
	}
	for _, k := range turnKeys {
		value := t.first(k.keys...)
		switch {
		case !turnKinds[value] || !always || !general:
		case excepts(t.get("except"), k.except):
			reason = turnExcepted
		case strings.HasPrefix(value, "only_"):
			r.force |= k.mode
		default:
			r.forbid |= k.mode
		}
	}
	if r.force|r.forbid != 0 {
		return ""
	}
	return reason
}

// speaksOfOtherVehicles tells restrictions for lorries, buses and the like.
func (t tags) speaksOfOtherVehicles() bool {
	for i := range t {
		if strings.HasPrefix(t[i].key, "restriction:") {
			return true
		}
	}
	return false
}

func excepts(list string, names []string) bool {
	for v := range strings.SplitSeq(list, ";") {
		for _, name := range names {
			if strings.TrimSpace(v) == name {
				return true
			}
		}
	}
	return false
}

// join sorts the members by role, or gives the reason why they make no turn.
// Members of other roles are signs and hints. Several from of a no_entry and
// several to of a no_exit forbid each of them; so they do here in any no_.
func (r *turn) join(members []member) string {
	nodes := 0
	for _, m := range members {
		switch {
		case max(len(r.from), len(r.to), len(r.via)) > maxMembers:
			return turnLong
		case m.kind == kindWay && m.role == "from":
			r.from = append(r.from, m.ref)
		case m.kind == kindWay && m.role == "to":
			r.to = append(r.to, m.ref)
		case m.role == "via":
			r.via = append(r.via, m.ref)
			if m.kind == kindNode {
				nodes++
			} else if m.kind != kindWay {
				return turnVia
			}
		}
	}
	switch {
	case len(r.from) == 0 || len(r.to) == 0 || len(r.via) == 0:
		return turnMembers
	case nodes > 0 && len(r.via) > 1:
		return turnVia
	case len(r.from)*len(r.to)*len(r.via) > maxMembers:
		return turnLong
	case r.force != 0 && (len(r.from) > 1 || len(r.to) > 1):
		return turnMany
	}
	r.viaNode = nodes == 1
	return ""
}
