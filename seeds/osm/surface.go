package osm

import (
	"strings"

	"quanyu/spatial/network"
)

// The grades of surfaces by value of the key surface, after the groups of
// https://wiki.openstreetmap.org/wiki/Key:surface. Stone setts and cobbles are
// paved there, but one drives on them as on rolled gravel, so they are graded
// with it.
var surfaces = byValue(map[network.Surface]string{
	network.Paved: "paved asphalt chipseal concrete concrete:lanes concrete:plates paving_stones paving_stones:lanes bricks brick " +
		"metal metal_grid rubber tartan tiles acrylic plastic wood",
	network.Compacted: "compacted fine_gravel gravel sett unhewn_cobblestone cobblestone cobblestone:flattened grass_paver stone_plates shells",
	network.Unpaved:   "unpaved ground dirt earth soil clay grass mud sand rock rocks stone pebblestone woodchips bark snow ice salt",
})

// tracks are the grades by value of tracktype
// (https://wiki.openstreetmap.org/wiki/Key:tracktype).
var tracks = byValue(map[network.Surface]string{
	network.Paved:     "grade1",
	network.Compacted: "grade2",
	network.Unpaved:   "grade3 grade4 grade5",
})

// worn are the grades by value of smoothness
// (https://wiki.openstreetmap.org/wiki/Key:smoothness): a road is no better
// than it is usable. Values up to intermediate are for all vehicles, bad asks
// for robust wheels, those after it for high clearance or more.
var worn = byValue(map[network.Surface]string{
	network.Paved:     "excellent good intermediate",
	network.Compacted: "bad",
	network.Unpaved:   "very_bad horrible very_horrible impassable",
})

// byValue turns a table round: from what values mean, each list apart by
// spaces, to what a value means.
func byValue[K comparable](values map[K]string) map[string]K {
	table := map[string]K{}
	for meaning, list := range values {
		for v := range strings.FieldsSeq(list) {
			table[v] = meaning
		}
	}
	return table
}

// surface grades a road: by its surface, else by its tracktype, and by its
// smoothness where that is worse or alone.
func surface(t tags, out *roadBlock) network.Surface {
	grade := network.SurfaceUnknown
	if v := t.get("surface"); v != "" {
		if grade = worst(surfaces, v); grade == network.SurfaceUnknown {
			out.notes["way: surface not known, treated as absent"]++
		}
	}
	if grade == network.SurfaceUnknown {
		grade = worst(tracks, t.get("tracktype"))
	}
	return max(grade, worst(worn, t.get("smoothness")))
}

// worst is the worst grade among the values of a tag, "asphalt;gravel".
func worst(table map[string]network.Surface, value string) network.Surface {
	grade := network.SurfaceUnknown
	for part := range strings.SplitSeq(value, ";") {
		grade = max(grade, table[strings.TrimSpace(part)])
	}
	return grade
}
