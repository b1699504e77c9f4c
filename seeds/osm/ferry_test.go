package osm

import (
	"math"
	"strings"
	"testing"

	"quanyu/spatial/network"
)

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
