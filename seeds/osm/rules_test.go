package osm

import (
	"fmt"
	"strings"
	"testing"

	"quanyu/spatial/network"
)

// parseTags reads "highway=primary oneway=yes".
func parseTags(text string) tags {
	var t tags
	for pair := range strings.FieldsSeq(text) {
		k, v, _ := strings.Cut(pair, "=")
		t = append(t, tag{k, v})
	}
	return t
}

func modesText(m network.Modes) string {
	text := ""
	for _, x := range []struct {
		mode network.Modes
		name string
	}{{network.Car, "c"}, {network.Bike, "b"}, {network.Walk, "w"}} {
		if m&x.mode != 0 {
			text += x.name
		}
	}
	return text
}

func TestTagsSayWhoMayTravelWhichWay(t *testing.T) {
	for _, c := range []struct{ tags, want string }{
		{"highway=primary", "cbw|cbw"},
		{"highway=primary oneway=yes", "cbw|w"},
		{"highway=primary oneway=true", "cbw|w"},
		{"highway=primary oneway=1", "cbw|w"},
		{"highway=primary oneway=-1", "w|cbw"},
		{"highway=primary oneway=reverse", "w|cbw"},
		{"highway=primary oneway=no", "cbw|cbw"},
		{"highway=primary oneway=yes oneway:bicycle=no", "cbw|bw"},
		{"highway=residential oneway=yes cycleway=opposite", "cbw|bw"},
		{"highway=footway oneway:foot=yes", "w|"},
		{"highway=motorway", "c|"},
		{"highway=motorway oneway=no", "c|c"},
		{"highway=motorway oneway=-1", "|c"},
		{"highway=tertiary junction=roundabout", "cbw|w"},
		{"highway=tertiary junction=circular", "cbw|w"},
		{"highway=primary oneway=reversible", "w|w"},
		{"highway=motorway oneway=reversible", "none"},
		{"highway=primary access=no", "none"},
		{"highway=primary access=private", "none"},
		{"highway=primary access=no foot=yes", "w|w"},
		{"highway=primary access=no bicycle=designated foot=yes", "bw|bw"},
		{"highway=primary vehicle=no", "w|w"},
		{"highway=primary motor_vehicle=no", "bw|bw"},
		{"highway=primary motor_vehicle=no motorcar=yes", "cbw|cbw"},
		{"highway=primary motorcar=no motor_vehicle=yes", "bw|bw"},
		{"highway=primary access=destination", "cbw|cbw"},
		{"highway=service access=customers", "cbw|cbw"},
		{"highway=trunk bicycle=no foot=no", "c|c"},
		{"highway=motorway bicycle=yes", "cb|"},
		{"highway=footway access=yes", "w|w"},
		{"highway=footway bicycle=yes", "bw|bw"},
		{"highway=footway motor_vehicle=yes", "cw|cw"},
		{"highway=path bicycle=dismount", "w|w"},
		{"highway=primary access=who_knows", "cbw|cbw"},
		{"highway=pedestrian area=yes", "none"},
		{"highway=construction construction=primary", "none"},
		{"highway=proposed", "none"},
		{"highway=abandoned", "none"},
		{"highway=primary abandoned=yes", "none"},
		{"highway=primary construction=yes", "none"},
		{"highway=primary construction=minor", "cbw|cbw"},
		{"highway=cycleway railway=rail disused=yes", "bw|bw"},
		{"highway=bus_guideway", "none"},
		{"highway=track ice_road=yes", "none"},
		{"highway=trunk motorroad=yes", "c|c"},
		{"highway=trunk motorroad=yes access=yes", "c|c"},
		{"highway=trunk motorroad=yes bicycle=yes", "cb|cb"},
		{"highway=service service=emergency_access", "bw|bw"},
		{"highway=service service=emergency_access motor_vehicle=yes", "cbw|cbw"},
		{"highway=service service=parking_aisle", "cbw|cbw"},
		{"highway=track smoothness=impassable", "w|w"},
		{"highway=service access=customers;delivery", "cbw|cbw"},
		{"highway=track motor_vehicle=agricultural;forestry", "bw|bw"},
		{"highway=service access=employees", "none"},
		{"highway=residential oneway=yes cycleway:left=opposite_lane", "cbw|bw"},
		{"highway=residential oneway=yes cycleway:left:oneway=-1", "cbw|bw"},
		{"highway=residential oneway=yes cycleway:right:oneway=yes", "cbw|w"},
		{"highway=primary oneway=alternating", "cbw|cbw"},
		{"highway=primary oneway=sometimes", "cbw|cbw"},
		{"route=ferry", "cbw|cbw"},
		{"route=ferry motor_vehicle=no", "bw|bw"},
		{"route=ferry foot=yes", "bw|bw"},
		{"route=ferry foot=yes bicycle=no", "w|w"},
		{"route=ferry foot=yes motorcar=yes", "cbw|cbw"},
		{"route=ferry foot=no", "cb|cb"},
		{"route=ferry oneway=yes", "cbw|"},
		{"route=ferry highway=service access=private", "none"},
		{"route=ferry abandoned=yes", "none"},
		{"route=shuttle_train", "c|c"},
		{"route=shuttle_train bicycle=yes", "cb|cb"},
		{"route=bus", "none"},
		{"building=yes", "none"},
	} {
		out := &roadBlock{dropped: Counts{}, notes: Counts{}}
		way, road := readRoad(parseTags(c.tags), Options{}, out)
		got := "none"
		if road {
			got = modesText(way.Forward) + "|" + modesText(way.Backward)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.tags, got, c.want)
		}
		if !road && len(out.dropped) == 0 && c.tags != "building=yes" && c.tags != "route=bus" {
			t.Errorf("%s: dropped without a reason", c.tags)
		}
	}
}

// motorways makes a file of n motorway pieces without a oneway tag, and one
// road with one if stated.
func motorways(t *testing.T, n int64, stated bool) *writer {
	w := &writer{t: t, dense: true, compression: "zlib"}
	w.header()
	nodes := []testNode{}
	for i := range n + 1 {
		nodes = append(nodes, at(i+1, float64(i)/100, 0))
	}
	w.nodes(nodes...)
	for i := range n {
		w.ways(testWay{i + 1, []int64{i + 1, i + 2}, [][2]string{{"highway", "motorway"}}})
	}
	if stated {
		w.ways(testWay{n + 1, []int64{1, 2}, [][2]string{{"highway", "primary"}, {"oneway", "yes"}}})
	}
	return w
}

// A file that lost all its oneway tags, as generalised ones do, must not be
// read as a country of one-way motorways drawn in no particular direction.
func TestImpliedOneWayIsTrustedOnlyWhereTheFileKnowsOneWays(t *testing.T) {
	for _, c := range []struct {
		ways   int64
		stated bool
		rule   OneWayRule
		both   bool
	}{
		{lostTags, false, OneWayAuto, true},
		{lostTags - 1, false, OneWayAuto, false},
		{lostTags, true, OneWayAuto, false},
		{lostTags, false, OneWayImplied, false},
		{lostTags, true, OneWayStated, true},
	} {
		d := mustRead(t, motorways(t, c.ways, c.stated), Options{OneWay: c.rule})
		for _, w := range d.Ways {
			if w.Class == network.Motorway && (w.Backward&network.Car != 0) != c.both {
				t.Fatalf("%+v: motorway is %v", c, w)
			}
		}
		notes := fmt.Sprint(d.Report.Notes)
		if c.rule == OneWayAuto && (c.both != strings.Contains(notes, noteLost) || c.both == strings.Contains(notes, noteImplied)) {
			t.Errorf("%+v: notes %s", c, notes)
		}
	}
}
