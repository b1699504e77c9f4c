package osm

import (
	"math"
	"strings"
	"testing"

	"quanyu/spatial/network"
)

func noted() *roadBlock { return &roadBlock{dropped: Counts{}, notes: Counts{}} }

func TestMaxSpeedInAllItsUnits(t *testing.T) {
	for _, c := range []struct {
		value string
		want  float64
	}{
		{"80", 80}, {"50 km/h", 50}, {"50kph", 50}, {"30 mph", 30 * 1.609344}, {"30mph", 30 * 1.609344}, {"6 knots", 6 * 1.852}, {"7.5", 7.5},
		{"none", 0}, {"signals", 0}, {"variable", 0}, {"walk", 7},
		{"CN:urban", 50}, {"CN:rural", 70}, {"CN:motorway", 120}, {"DE:urban", 50}, {"DE:rural", 100}, {"DE:motorway", 0},
		{"RU:urban", 60}, {"BE-VLG:rural", 70}, {"BE:rural", 90}, {"GB:motorway", 70 * 1.609344}, {"GB:nsl_single", 60 * 1.609344},
		{"FJ:urban", 50}, {"DE:living_street", 7}, {"FR:living_street", 20}, {"AT:bicycle_road", 30}, {"FR:walk", 7}, {"FJ:rural", 0},
		{"DE:zone30", 30}, {"DE:zone:30", 30}, {"zone:20", 20}, {"FR:50", 50}, {"DE:zone", 0},
		{"80;60", 60}, {"80; 60", 60}, {"none;60", 60},
		{"fast", 0}, {"-5", 0}, {"0", 0}, {"NaN", 0}, {"Inf", 0}, {"1e9", 0}, {"1e2", 0}, {"0x40", 0}, {"5,5", 0}, {"201", 0}, {"", 0}, {"mph", 0}, {"5 0", 0},
	} {
		out := noted()
		got := maxSpeed(tags{{"maxspeed", c.value}}, everyone, everyone, out)
		if math.Abs(got-c.want) > 1e-9 {
			t.Errorf("maxspeed=%s: %v, want %v", c.value, got, c.want)
		}
		if understood := got > 0 || c.value == "" || unlimited[c.value] || c.value == "DE:motorway"; understood != (len(out.notes) == 0) {
			t.Errorf("maxspeed=%s: %v, notes %v", c.value, got, out.notes)
		}
	}
}

func TestMaxSpeedByDirectionAndByContext(t *testing.T) {
	const car, both = network.Car, everyone
	for _, c := range []struct {
		tags              string
		forward, backward network.Modes
		want              float64
		differ            bool
	}{
		{"maxspeed:forward=50 maxspeed:backward=70", both, both, 50, true},
		{"maxspeed:forward=70 maxspeed:backward=50", both, both, 50, true},
		{"maxspeed:forward=50 maxspeed:backward=50", both, both, 50, false},
		{"maxspeed:forward=50", both, both, 50, true},
		{"maxspeed=70 maxspeed:backward=50", both, both, 50, true},
		{"maxspeed=70 maxspeed:backward=50", car, network.Walk, 70, false},
		{"maxspeed=70 maxspeed:backward=50", network.Bike, car, 50, false},
		{"source:maxspeed=CN:urban", both, both, 50, false},
		{"maxspeed:type=DE:rural", both, both, 100, false},
		{"zone:maxspeed=DE:30", both, both, 30, false},
		{"zone:traffic=RU:urban", both, both, 60, false},
		{"maxspeed:type=sign", both, both, 0, false},
		{"maxspeed=none source:maxspeed=DE:urban", both, both, 0, false},
		{"maxspeed=130 source:maxspeed=DE:urban", both, both, 130, false},
		{"maxspeed:conditional=30@(22:00-06:00)", both, both, 0, false},
		{"maxspeed:hgv=60", both, both, 0, false},
	} {
		out := noted()
		got := maxSpeed(parseTags(c.tags), c.forward, c.backward, out)
		if got != c.want || (out.notes["way: limits differ by direction, the lower is taken"] > 0) != c.differ {
			t.Errorf("%s: %v, notes %v, want %v", c.tags, got, out.notes, c.want)
		}
	}
}

// Every row of the table is a limit that a way can have.
func TestLimitTableIsWhole(t *testing.T) {
	limits := contextLimits()
	if len(limits) < 100 || limits["CN:urban"] != 50 || limits["GB:urban"] != 30*kmhPerMile {
		t.Errorf("%d limits", len(limits))
	}
	for key, v := range limits {
		if v != 0 && (v < 5 || v > 140) {
			t.Errorf("%s is %v", key, v)
		}
		country, _, _ := strings.Cut(key, ":")
		if country == "*" {
			continue
		}
		if got, ok := parseSpeed(key); !ok || got != v || !isCountry(country) {
			t.Errorf("%s: %v, %v, want %v", key, got, ok, v)
		}
	}
	const head = "country,context,limit,unit,source\n"
	for _, row := range []string{"CN,urban,fast,km/h,x", "CN,urban,50,m/s,x", "CN,urban,50,km/h,", "CN,urban,-1,km/h,x", "CN,urban,50,km/h,x\nCN,urban,50,km/h,x", "CN,urban,50"} {
		if _, err := readLimits(head + row); err == nil {
			t.Errorf("%q was taken", row)
		}
	}
}

func FuzzMaxSpeed(f *testing.F) {
	for _, v := range []string{"50", "30 mph", "CN:urban", "DE:zone:30", "80;60", "walk", "none", "1e400", "٣"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, key := range []string{"maxspeed", "maxspeed:forward", "source:maxspeed"} {
			v := maxSpeed(tags{{key, text}}, everyone, everyone, noted())
			if !(v == 0 || v >= 1 && v <= 200) {
				t.Errorf("%s=%q: %v km/h", key, text, v)
			}
		}
	})
}
