package osm

import (
	"testing"

	"quanyu/spatial/network"
)

func TestSurfaceIsTheWorstThatTheTagsSay(t *testing.T) {
	for _, c := range []struct {
		tags string
		want network.Surface
	}{
		{"", network.SurfaceUnknown},
		{"surface=asphalt", network.Paved}, {"surface=concrete:plates", network.Paved},
		{"surface=gravel", network.Compacted}, {"surface=sett", network.Compacted},
		{"surface=ground", network.Unpaved}, {"surface=sand", network.Unpaved},
		{"surface=asphalt;gravel", network.Compacted}, {"surface=cheese", network.SurfaceUnknown},
		{"tracktype=grade1", network.Paved}, {"tracktype=grade2", network.Compacted}, {"tracktype=grade5", network.Unpaved},
		{"surface=asphalt tracktype=grade5", network.Paved}, {"surface=cheese tracktype=grade3", network.Unpaved},
		{"smoothness=good", network.Paved}, {"smoothness=bad", network.Compacted}, {"smoothness=very_bad", network.Unpaved},
		{"surface=asphalt smoothness=horrible", network.Unpaved}, {"surface=sand smoothness=excellent", network.Unpaved},
		{"surface=compacted smoothness=bad", network.Compacted}, {"tracktype=grade7", network.SurfaceUnknown},
	} {
		out := noted()
		if got := surface(parseTags(c.tags), out); got != c.want {
			t.Errorf("%s: %v, want %v", c.tags, got, c.want)
		}
		if cheese := c.tags != "" && parseTags(c.tags).get("surface") == "cheese"; cheese != (len(out.notes) == 1) {
			t.Errorf("%s: notes %v", c.tags, out.notes)
		}
	}
}
