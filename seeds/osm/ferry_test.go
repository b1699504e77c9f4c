package osm

import (
	"math"
	"strings"
	"testing"

	"quanyu/spatial/network"
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

// Node 1 and node 9 of the grid are 0.008 degrees of longitude apart on the
// equator: 890.6 m.
func TestFerriesAreAsFastAsTheirTimetable(t *testing.T) {
	const meters = 0.008 * math.Pi / 180 * 6378137
	for _, c := range []struct {
		tags string
		refs []int64
		want float64 // km/h
		note string
	}{
		{"route=ferry duration=PT10M", []int64{1, 5, 9}, meters / 600 * 3.6, ""},
		{"route=ferry duration=00:05", []int64{1, 9}, meters / 300 * 3.6, ""},
		{"route=ferry duration=00:05 maxspeed=12", []int64{1, 9}, meters / 300 * 3.6, ""},
		{"route=ferry maxspeed=12", []int64{1, 9}, 0, ""},
		{"route=ferry duration=02:00", []int64{1, 9}, 0, "makes no speed"},
		{"route=ferry duration=PT30S", []int64{1, 9}, 0, "makes no speed"},
		{"route=shuttle_train duration=PT30S", []int64{1, 9}, meters / 30 * 3.6, ""},
		{"route=ferry duration=PT5M", []int64{1, 1}, 0, "makes no speed"},
		{"route=ferry duration=soon", []int64{1, 9}, 0, "not understood"},
		{"route=ferry duration=PT10M", []int64{1, 9, 300}, 0, "not in the file"},
		{"highway=primary duration=PT10M", []int64{1, 9}, 0, ""},
	} {
		m := mapOf(t, nil, nil)
		m.ways = []testWay{{1, c.refs, tagsOf(strings.Fields(c.tags))}}
		d := mustRead(t, m.pbf(&writer{t: t, dense: true}), Options{})
		w := d.Ways[0]
		if math.Abs(w.MaxSpeedKMH-c.want) > 0.001*c.want || (w.Class == network.Ferry) != strings.HasPrefix(c.tags, "route") {
			t.Errorf("%s: %+v, want %v km/h", c.tags, w, c.want)
		}
		if (d.Report.Ferries == 1) != (c.want > 0) {
			t.Errorf("%s: %d ferries", c.tags, d.Report.Ferries)
		}
		if c.note == "" && len(d.Report.Notes) > 0 {
			t.Errorf("%s: notes %v", c.tags, d.Report.Notes)
		}
		found := c.note == ""
		for note := range d.Report.Notes {
			found = found || strings.Contains(note, c.note)
		}
		if !found {
			t.Errorf("%s: notes %v, want %s", c.tags, d.Report.Notes, c.note)
		}
	}
}

// A way that appears twice must not shift the ferries behind it.
func TestFerriesKeepTheirPlaceWhenWaysAreDropped(t *testing.T) {
	w := &writer{t: t, dense: true}
	w.header()
	road := testWay{1, []int64{1, 2}, [][2]string{{"highway", "primary"}}}
	line := testWay{2, []int64{1, 2}, [][2]string{{"route", "ferry"}, {"duration", "PT10M"}}}
	w.ways(road, road, line, line)
	w.nodes(at(1, 0, 0), at(2, 0.05, 0))
	d := mustRead(t, w, Options{})
	if len(d.Ways) != 2 || d.Report.Ferries != 1 || d.Ways[0].MaxSpeedKMH != 0 || d.Ways[1].MaxSpeedKMH < 30 {
		t.Errorf("%+v, %d ferries", d.Ways, d.Report.Ferries)
	}
}
