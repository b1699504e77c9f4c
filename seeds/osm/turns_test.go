package osm

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func turnsText(d *Data) string {
	var all []string
	for _, r := range d.Restrictions {
		text := strings.Trim(strings.ReplaceAll(fmt.Sprint(r.Path), " ", ">"), "[]")
		all = append(all, fmt.Sprintf("%s %s %s", text, map[bool]string{true: "only", false: "no"}[r.Only], modesText(r.Modes)))
	}
	return strings.Join(all, "; ")
}

// The generated twin of the extracts: every form of restriction on a map of a
// few roads, with the nodes that it must come out as, or the reason why not.
func TestTurnRestrictionsBecomePaths(t *testing.T) {
	junction := []string{"1 1,2", "2 2,3", "3 4,2"}
	link := []string{"1 1,2", "5 2,6", "2 6,7"} // 5 joins two roads
	for _, c := range []struct {
		name     string
		ways     []string
		relation string
		want     string
	}{
		{"no", junction, "9 f1 n2 t2 restriction=no_left_turn", "1>2>3 no cb"},
		{"only", junction, "9 f1 n2 t2 restriction=only_straight_on", "1>2>3 only cb"},
		{"to drawn towards via", junction, "9 f1 n2 t3 restriction=no_right_turn", "1>2>4 no cb"},
		{"from drawn from via", junction, "9 f2 n2 t3 restriction=no_right_turn", "3>2>4 no cb"},
		{"hint", junction, "9 x4 f1 n2 t2 restriction=no_left_turn", "1>2>3 no cb"},

		{"except bicycles", junction, "9 f1 n2 t2 restriction=no_left_turn except=psv;bicycle", "1>2>3 no c"},
		{"except cars", junction, "9 f1 n2 t2 restriction=no_left_turn except=motorcar", "1>2>3 no b"},
		{"except buses", junction, "9 f1 n2 t2 restriction=no_left_turn except=psv", "1>2>3 no cb"},
		{"except both", junction, "9 f1 n2 t2 restriction=no_left_turn except=bicycle;motor_vehicle", turnExcepted},
		{"cars", junction, "9 f1 n2 t2 restriction:motorcar=no_left_turn", "1>2>3 no c"},
		{"bicycles", junction, "9 f1 n2 t2 restriction:bicycle=no_left_turn", "1>2>3 no b"},
		{"people", junction, "9 f1 n2 t2 restriction:foot=no_left_turn", "1>2>3 no w"},
		{"own for each", junction, "9 f1 n2 t2 restriction=only_straight_on restriction:bicycle=no_straight_on", "1>2>3 only c; 1>2>3 no b"},
		{"not for bicycles", junction, "9 f1 n2 t2 restriction=no_left_turn restriction:bicycle=none", "1>2>3 no c"},
		{"lorries", junction, "9 f1 n2 t2 restriction:hgv=no_left_turn", turnOthers},
		{"old lorries", junction, "9 f1 n2 t2 type=restriction:hgv restriction=no_left_turn", turnOthers},
		{"times", junction, "9 f1 n2 t2 restriction:conditional=no_left_turn@(07:00-09:00)", turnConditional},
		{"old times", junction, "9 f1 n2 t2 restriction=no_left_turn hour_on=07:00 hour_off=09:00", turnConditional},
		{"times and plain", junction, "9 f1 n2 t2 restriction:conditional=none@(22:00-06:00) restriction=no_left_turn", "1>2>3 no cb"},
		{"no kind", junction, "9 f1 n2 t2 name=x", turnKind},
		{"other kind", junction, "9 f1 n2 t2 restriction=no_turn_on_red", turnKind},

		{"wrong way into to", []string{"1 1,2", "2 3,2 oneway=yes"}, "9 f1 n2 t2 restriction=no_left_turn", turnClosed},
		{"never by car", []string{"1 1,2", "2 3,2 oneway=yes oneway:bicycle=no"}, "9 f1 n2 t2 restriction=no_left_turn", "1>2>3 no b"},
		{"closed to", []string{"1 1,2", "2 2,3 vehicle=no"}, "9 f1 n2 t2 restriction=only_left_turn", turnClosed},
		{"apart", []string{"1 1,2", "2 3,4"}, "9 f1 n2 t2 restriction=no_left_turn", turnApart},
		{"from goes on", []string{"1 1,2,8", "2 2,3"}, "9 f1 n2 t2 restriction=no_left_turn", turnAmbiguous},
		{"from goes on, one way", []string{"1 1,2,8 oneway=yes", "2 2,3"}, "9 f1 n2 t2 restriction=no_left_turn", "1>2>3 no cb"},
		{"from goes on, against", []string{"1 1,2,8 oneway=-1", "2 2,3"}, "9 f1 n2 t2 restriction=no_left_turn", "8>2>3 no cb"},
		{"clear for cars only", []string{"1 1,2,8 oneway=yes oneway:bicycle=no", "2 2,3"}, "9 f1 n2 t2 restriction=no_left_turn", "1>2>3 no c"},
		{"to goes both ways", []string{"1 1,2", "2 8,2,3"}, "9 f1 n2 t2 restriction=no_left_turn", turnAmbiguous},
		{"to goes on, one way", []string{"1 1,2", "2 8,2,3 oneway=yes"}, "9 f1 n2 t2 restriction=no_left_turn", "1>2>3 no cb"},
		{"out of a ring", []string{"1 2,3,4,2 junction=roundabout", "2 2,5"}, "9 f1 n2 t2 restriction=no_right_turn", "4>2>5 no cb"},
		{"back", junction, "9 f1 n2 t1 restriction=no_u_turn", "1>2>1 no cb"},
		{"back where it goes on", []string{"1 1,2,3"}, "9 f1 n2 t1 restriction=no_u_turn", turnAmbiguous},
		{"several from", junction, "9 f1 f3 n2 t2 restriction=no_entry", "1>2>3 no cb; 4>2>3 no cb"},
		{"several to", junction, "9 f1 n2 t2 t3 restriction=no_exit", "1>2>3 no cb; 1>2>4 no cb"},
		{"one of them absent", junction, "9 f1 n2 t2 t77 restriction=no_exit", "1>2>3 no cb"},
		{"only with two", junction, "9 f1 n2 t2 t3 restriction=only_straight_on", turnMany},

		{"via way", link, "9 f1 v5 t2 restriction=no_u_turn", "1>2>6>7 no cb"},
		{"nodes written twice", []string{"1 1,2,2", "5 2,2,6", "2 6,6,7"}, "9 f1 v5 t2 restriction=no_u_turn", "1>2>6>7 no cb"},
		{"via way, only", link, "9 f1 v5 t2 restriction=only_straight_on except=bicycle", "1>2>6>7 only c"},
		{"via way drawn against", []string{"1 1,2", "5 6,5,2", "2 6,7"}, "9 f1 v5 t2 restriction=no_u_turn", "1>2>5>6>7 no cb"},
		{"via way against one way", []string{"1 1,2", "5 6,5,2 oneway=yes", "2 6,7"}, "9 f1 v5 t2 restriction=no_u_turn", turnClosed},
		{"via way one way", []string{"1 1,2", "5 2,5,6 oneway=yes", "2 6,7"}, "9 f1 v5 t2 restriction=no_u_turn", "1>2>5>6>7 no cb"},
		{"two via ways", []string{"1 1,2", "5 2,3", "6 4,3", "2 4,7"}, "9 f1 v5 v6 t2 restriction=no_u_turn", "1>2>3>4>7 no cb"},
		{"via ways in the wrong order", []string{"1 1,2", "5 2,3", "6 4,3", "2 4,7"}, "9 f1 v6 v5 t2 restriction=no_u_turn", "1>2>3>4>7 no cb"},
		{"via ways apart", []string{"1 1,2", "5 2,3", "6 4,5", "2 4,7"}, "9 f1 v5 v6 t2 restriction=no_u_turn", turnApart},
		{"via way longer than meant", []string{"1 1,2", "5 2,6,8", "2 6,7"}, "9 f1 v5 t2 restriction=no_u_turn", turnApart},
		{"via ways with a loop", []string{"1 1,2", "5 2,3,4,2", "2 2,7"}, "9 f1 v5 t2 restriction=no_u_turn", turnAmbiguous},

		{"no via", junction, "9 f1 t2 restriction=no_left_turn", turnMembers},
		{"no from", junction, "9 n2 t2 restriction=no_left_turn", turnMembers},
		{"no to", junction, "9 f1 n2 restriction=no_left_turn", turnMembers},
		{"two via nodes", junction, "9 f1 n2 n3 t2 restriction=no_left_turn", turnVia},
		{"node and way", link, "9 f1 n2 v5 t2 restriction=no_left_turn", turnVia},
		{"via relation", junction, "9 f1 r2 t2 restriction=no_left_turn", turnVia},
		{"from not in the file", junction, "9 f77 n2 t2 restriction=no_left_turn", turnAbsent},
		{"via not in the file", junction, "9 f1 v77 t2 restriction=no_left_turn", turnAbsent},
		{"to no road", []string{"1 1,2", "2 2,3 building=yes"}, "9 f1 n2 t77 restriction=no_left_turn", turnAbsent},
		{"node not in the file", []string{"1 1,2", "2 2,300"}, "9 f1 n2 t2 restriction=no_left_turn", turnNode},
		{"too many", junction, "9" + strings.Repeat(" f1", maxMembers+1) + " n2 t2 restriction=no_entry", turnLong},
	} {
		d := mustRead(t, pbfOf(t, c.ways, []string{c.relation}), Options{})
		got := turnsText(d)
		if got == "" {
			for reason := range d.Report.Dropped {
				if strings.HasPrefix(reason, "restriction:") {
					got += reason
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		checkAllCounted(t, d.Report)
	}
}

func TestRestrictionThatAppearsTwiceIsUsedOnce(t *testing.T) {
	w := pbfOf(t, []string{"1 1,2", "2 2,3"}, []string{"9 f1 n2 t2 restriction=no_left_turn", "9 f1 n2 t2 restriction=no_left_turn", "8 f2 n2 t1 restriction=no_left_turn"})
	d := mustRead(t, w, Options{})
	if got := turnsText(d); got != "1>2>3 no cb; 3>2>1 no cb" || d.Report.Dropped[turnTwice] != 1 || d.Report.Restrictions != (Restrictions{3, 2, 0}) {
		t.Errorf("%s, %+v, %v", got, d.Report.Restrictions, d.Report.Dropped)
	}
	checkAllCounted(t, d.Report)
}

// A restriction over ways as long as a file likes must not take memory to
// match.
func TestLongRestrictionsAreBounded(t *testing.T) {
	long := "5 2"
	for i := range maxTurn {
		long += "," + strconv.Itoa(1000+i)
	}
	members := "9 f1" + strings.Repeat(" v5", maxMembers+1) + " t2 restriction=no_u_turn"
	for _, relation := range []string{"9 f1 v5 t2 restriction=no_u_turn", members} {
		d := mustRead(t, pbfOf(t, []string{"1 1,2", long + ",6", "2 6,7"}, []string{relation}), Options{})
		if d.Report.Dropped[turnLong] != 1 {
			t.Errorf("%v", d.Report.Dropped)
		}
	}
	// Back and forth over a short way.
	back := "9 f1" + strings.Repeat(" v5", maxMembers-1) + " t2 restriction=no_u_turn"
	short := "5 2" + strings.Repeat(",3,4", 20) + ",6"
	d := mustRead(t, pbfOf(t, []string{"1 1,2", short, "2 6,7"}, []string{back}), Options{})
	if len(d.Restrictions) != 0 {
		t.Errorf("a path of %d nodes", len(d.Restrictions[0].Path))
	}
}
