package osm

import (
	"strings"
	"testing"
)

func TestBarriersStopWhomTheyStop(t *testing.T) {
	for _, c := range []struct{ tags, want string }{
		{"", ""}, {"highway=crossing bicycle=no", ""},
		{"barrier=gate", ""}, {"barrier=lift_gate", ""}, {"barrier=toll_booth", ""}, {"barrier=border_control", ""}, {"barrier=cattle_grid", ""},
		{"barrier=bollard", "c"}, {"barrier=block", "c"}, {"barrier=jersey_barrier", "c"}, {"barrier=cycle_barrier", "c"}, {"barrier=chain", "c"},
		{"barrier=stile", "cb"}, {"barrier=turnstile", "cb"}, {"barrier=kissing_gate", "cb"},
		{"barrier=wall", "cbw"}, {"barrier=fence", "cbw"}, {"barrier=hedge", "cbw"},
		{"barrier=gate locked=yes", "cbw"}, {"barrier=gate locked=yes foot=yes", "cb"}, {"barrier=lift_gate locked=yes", "c"}, {"barrier=bollard locked=yes", "c"},
		{"barrier=gate access=private", "cbw"}, {"barrier=gate access=no foot=yes bicycle=yes", "c"}, {"barrier=gate motor_vehicle=private", "c"},
		{"barrier=gate access=destination", ""}, {"barrier=gate vehicle=no", "cb"}, {"barrier=gate access=private motorcar=yes", "bw"},
		{"barrier=bollard motor_vehicle=yes", ""}, {"barrier=bollard bicycle=no", "cb"}, {"barrier=bollard access=yes", ""},
		{"barrier=cycle_barrier bicycle=dismount", "c"}, {"barrier=fence foot=yes", "cb"}, {"barrier=wall access=who_knows", "cbw"},
		{"barrier=odd", "c"}, {"barrier=yes", "c"}, {"barrier=odd access=yes", ""},
	} {
		notes := Counts{}
		if got := modesText(blockedBy(parseTags(c.tags), notes)); got != c.want {
			t.Errorf("%s: stops %q, want %q", c.tags, got, c.want)
		}
		if odd := strings.HasPrefix(c.tags, "barrier=odd") || c.tags == "barrier=yes"; odd != (len(notes) == 1) {
			t.Errorf("%s: notes %v", c.tags, notes)
		}
	}
}

// Only nodes that a road passes count, in every form of node.
func TestBarriersAreThoseOnRoads(t *testing.T) {
	m := mapOf(t, []string{"1 1,2,3,4"}, nil)
	m.nodes[1].tags = [][2]string{{"name", "x"}, {"barrier", "bollard"}}
	m.nodes[2].tags = [][2]string{{"barrier", "gate"}}
	m.nodes[3].tags = [][2]string{{"barrier", "wall"}}
	m.nodes[7].tags = [][2]string{{"barrier", "bollard"}}
	for _, dense := range []bool{true, false} {
		d := mustRead(t, m.pbf(&writer{t: t, dense: dense, compression: "zlib"}), Options{})
		if len(d.Barriers) != 2 || d.Barriers[0].Node != 2 || modesText(d.Barriers[0].Blocked) != "c" || d.Barriers[1].Node != 4 || modesText(d.Barriers[1].Blocked) != "cbw" {
			t.Errorf("dense=%v: %v", dense, d.Barriers)
		}
		if d.Report.Barriers != 2 || d.Report.Dropped["barrier: stops nobody"] != 1 {
			t.Errorf("dense=%v: %d barriers, %v", dense, d.Report.Barriers, d.Report.Dropped)
		}
	}
}
