package osm

import (
	"math"
	"testing"
)

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64 // seconds, 0 for not understood
	}{
		{"PT1H30M", 5400}, {"PT45M", 2700}, {"PT90S", 90}, {"P1DT2H", 93600}, {"P1D", 86400}, {"P1W", 604800}, {"PT1.5H", 5400}, {"PT8M", 480},
		{"01:30", 5400}, {"1:30", 5400}, {"00:45", 2700}, {"00:01:30", 90}, {"45", 2700}, {"90", 5400}, {"1.5", 90}, {"26:00", 93600},
		{"", 0}, {"P", 0}, {"PT", 0}, {"P1M", 0}, {"P1Y", 0}, {"PT1", 0}, {"PTM", 0}, {"PT1H1H", 0}, {"PT1M1H", 0}, {"PT-1H", 0}, {"PT1HH", 0},
		{"0", 0}, {"00:00", 0}, {"-5", 0}, {"1:75", 0}, {"1:2:3:4", 0}, {":", 0}, {"45 min", 0}, {"soon", 0}, {"P8D", 0}, {"1e3", 0}, {"NaN", 0}, {"99999999999999999", 0},
	} {
		got, ok := parseDuration(c.text)
		if ok != (c.want > 0) || ok && math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%q: %v, %v, want %v", c.text, got, ok, c.want)
		}
	}
}

func FuzzDuration(f *testing.F) {
	for _, v := range []string{"PT1H30M", "P1DT2H", "01:30", "00:01:30", "45", "PT1.5H", "P1W"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, ok := parseDuration(text); ok && !(v > 0 && v <= longestDuration) {
			t.Errorf("%q: %v s", text, v)
		}
	})
}
