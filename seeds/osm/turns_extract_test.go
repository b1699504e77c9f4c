package osm

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial/network"
)

func readShared(t testing.TB, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(sharedFile(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Restrictions of real extracts, followed by hand from the relation to its
// members' nodes. Their generated twin is TestTurnRestrictionsBecomePaths.
func TestRestrictionsCheckedByHand(t *testing.T) {
	for _, c := range []struct {
		file string
		id   int64
		want string
	}{
		// Brückenstraße goes straight on over 33811019, first node of both.
		{"heidelberg", 172514, "[2598548346 33811019 928125779] only cb"},
		// A two-way slip road without bicycles joins another at its last node.
		{"heidelberg", 1663246, "[1944305386 915749973 68252448] only c"},
		// From Bergstraße no right turn into Schwabenheimer Straße, drawn towards the junction.
		{"heidelberg", 4139695, "[1673837061 28985547 266162366] no cb"},
		// Leaving a car park (one way) only to the right into Reisterstown Road.
		{"reisterstown-via-restriction", 1283009, "[37533260 37533262 1454065098] only cb"},
		// No u-turn over two one-way ways across the median.
		{"reisterstown-via-restriction", 555630, "[2460634040 2460634038 2460634035 37435301 2460634048] no cb"},
		// Straight on over a via way that is drawn against the traffic.
		{"oslo-east", 1537333, "[1085457162 2689748185 3165357625 611772 2689748181] only cb"},
		// A bus street: only bicycles may travel it, so only they are bound.
		{"oslo-east", 3556810, "[1080851911 91474093 2702939059 5298110440 6744788939 2702939040 420860446 420860445 2689748084] only b"},
		{"oslo-east", 4236700, "[3211546850 24937955 3211546904 841832174 3211546883] no cb"},
		// no_entry from the second node of a two-way road, except=bicycle.
		{"melbourne-restrictions", 5, "[38 35 32] no c"},
		// Plain nodes; from ends at the via node, to is one way.
		{"columbus-nondense", 59553, "[230164884 230164889 229632297] only cb"},
		{"columbus-nondense", 67831, "[229825940 229825938 229993872] no cb"},
	} {
		d := mustReadBytes(t, readShared(t, "osm", c.file+".osm.pbf"))
		got := ""
		for _, r := range d.Restrictions {
			if r.ID == c.id {
				got += fmt.Sprintf("%v %s %s", r.Path, map[bool]string{true: "only", false: "no"}[r.Only], modesText(r.Modes))
			}
		}
		if got != c.want {
			t.Errorf("%s %d: %s, want %s", c.file, c.id, got, c.want)
		}
	}
}

// What a restriction calls a left turn must turn left on the ground: a check
// of the resolved paths that knows nothing of members and roles. It holds for
// all but two, where the roads part at less than 11 degrees.
func TestRestrictionsTurnTheWayTheySay(t *testing.T) {
	for _, c := range []struct {
		file           string
		checked, wrong int
	}{
		{"heidelberg", 367, 1}, {"monaco", 25, 0}, {"oslo-east", 49, 1}, {"columbus-nondense", 9, 0}, {"reisterstown-via-restriction", 28, 0},
	} {
		data := readShared(t, "osm", c.file+".osm.pbf")
		kinds := restrictionKinds(t, data)
		d := mustReadBytes(t, data)
		checked, wrong := checkTurns(d, kinds)
		if checked != c.checked || len(wrong) != c.wrong {
			t.Errorf("%s: %d checked, want %d; %d wrong, want %d: %v", c.file, checked, c.checked, len(wrong), c.wrong, wrong)
		}
	}
}

// restrictionKinds reads the values of the restriction key.
func restrictionKinds(t *testing.T, data []byte) map[int64]string {
	t.Helper()
	form, err := detect(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	_, next, err := form.whole(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[int64]string{}
	d := &decoder{}
	for b, err := next(); err == nil; b, err = next() {
		c, err := form.open(d, b)
		if err != nil {
			t.Fatal(err)
		}
		err = c.each(&objects{relation: func(id int64, t tags, _ func() ([]member, error)) error {
			if t.get("type") == "restriction" {
				kinds[id] = strings.Clone(t.get("restriction"))
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return kinds
}

// checkTurns lists restrictions over one node that turn otherwise than their
// kind says.
func checkTurns(d *Data, kinds map[int64]string) (checked int, wrong []string) {
	for _, r := range d.Restrictions {
		if len(r.Path) != 3 {
			continue
		}
		_, kind, _ := strings.Cut(kinds[r.ID], "_")
		span, known := map[string][2]float64{"left_turn": {5, 179}, "right_turn": {-179, -5}, "straight_on": {-80, 80}}[kind]
		if !known {
			continue
		}
		checked++
		if angle := turnAngle(d, r.Path); angle < span[0] || angle > span[1] {
			wrong = append(wrong, fmt.Sprintf("%d %s %.0f°", r.ID, kinds[r.ID], angle))
		}
	}
	slices.Sort(wrong)
	return checked, wrong
}

// turnAngle is by how much one turns to the left at the second of three
// nodes, in degrees from -180 to 180.
func turnAngle(d *Data, path []int64) float64 {
	bearing := func(from, to int64) float64 {
		p, _ := d.Coordinate(from)
		q, _ := d.Coordinate(to)
		return math.Atan2(q[1]-p[1], (q[0]-p[0])*math.Cos(p[1]*math.Pi/180)) * 180 / math.Pi
	}
	return math.Remainder(bearing(path[1], path[2])-bearing(path[0], path[1]), 360)
}

// The pair was cut from two days' states: all that cars use of it is the same.
func TestBothFormsOfAndorraMakeTheSameRoadsForCars(t *testing.T) {
	text, pbf := mustReadBytes(t, readShared(t, "osm", "andorra.osm.gz")), mustReadBytes(t, readShared(t, "osm", "andorra.osm.pbf"))
	if a, b := carGraph(t, text), carGraph(t, pbf); !bytes.Equal(a, b) {
		t.Errorf("graphs of %d and %d bytes differ", len(a), len(b))
	}
	cars := func(d *Data) (ways []network.Way) {
		for _, w := range d.Ways {
			if (w.Forward|w.Backward)&network.Car != 0 {
				ways = append(ways, w)
			}
		}
		return ways
	}
	if a, b := cars(text), cars(pbf); len(a) != 1307 || fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%d and %d roads for cars", len(a), len(b))
	}
	if fmt.Sprint(text.Restrictions, text.Barriers) != fmt.Sprint(pbf.Restrictions, pbf.Barriers) {
		t.Errorf("%v, %v and %v, %v", text.Restrictions, text.Barriers, pbf.Restrictions, pbf.Barriers)
	}
}

// carGraph builds the graph of the roads that cars may use, as bytes.
func carGraph(t *testing.T, d *Data) []byte {
	t.Helper()
	var source network.Source
	for _, w := range d.Ways {
		w.Forward, w.Backward = w.Forward&network.Car, w.Backward&network.Car
		if w.Forward|w.Backward != 0 {
			source.Ways = append(source.Ways, w)
		}
	}
	source.Restrictions, source.Barriers = d.Restrictions, d.Barriers
	g, _, err := network.Build(source, d.Coordinate)
	if err != nil {
		t.Fatal(err)
	}
	data, err := g.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}
