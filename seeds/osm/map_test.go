package osm

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// testMap is a small map that can be written in every form.
type testMap struct {
	nodes     []testNode
	ways      []testWay
	relations []testRelation
}

// pbf writes the map with a writer's settings.
func (m testMap) pbf(w *writer) *writer {
	w.header("OsmSchema-V0.6", "DenseNodes")
	w.nodes(m.nodes...)
	w.ways(m.ways...)
	w.relations(m.relations...)
	return w
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&#62;", `"`, "&quot;", "\n", "&#xA;")

func xmlTags(b *strings.Builder, tags [][2]string) {
	for _, t := range tags {
		fmt.Fprintf(b, "  <tag k=\"%s\" v=\"%s\"/>\n", xmlEscapes.Replace(t[0]), xmlEscapes.Replace(t[1]))
	}
}

// xml writes the map as text.
func (m testMap) xml() string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\" generator=\"test\" timestamp=\"2021-01-01T00:00:00Z\">\n" +
		" <bounds minlat=\"0\" minlon=\"-1.5\" maxlat=\"1\" maxlon=\"2\"/>\n")
	for _, n := range m.nodes {
		fmt.Fprintf(&b, " <node id=\"%d\" version=\"1\" user=\"a &amp; b\" lat=\"%s\" lon=\"%s\"", n.id,
			strconv.FormatFloat(n.lat, 'f', -1, 64), strconv.FormatFloat(n.lon, 'f', 7, 64))
		if len(n.tags) == 0 {
			b.WriteString("/>\n")
			continue
		}
		b.WriteString(">\n")
		xmlTags(&b, n.tags)
		b.WriteString(" </node>\n")
	}
	for _, w := range m.ways {
		fmt.Fprintf(&b, " <way id='%d' visible='true'>\n", w.id)
		for _, ref := range w.refs {
			fmt.Fprintf(&b, "  <nd ref='%d'/>\n", ref)
		}
		xmlTags(&b, w.tags)
		b.WriteString(" </way>\n")
	}
	for _, r := range m.relations {
		fmt.Fprintf(&b, " <relation id=\"%d\">\n", r.id)
		for _, member := range r.members {
			fmt.Fprintf(&b, "  <member type=\"%s\" ref=\"%d\" role=\"%s\"></member>\n",
				[]string{"node", "way", "relation"}[member.kind], member.ref, xmlEscapes.Replace(member.role))
		}
		xmlTags(&b, r.tags)
		b.WriteString(" </relation>\n")
	}
	b.WriteString("</osm>\n")
	return b.String()
}

// mapOf makes a map of ways and relations in short form, and of all nodes
// below 100, set out on a grid.
//
//	way       "1 2,3,4 oneway=yes"                 id, nodes, tags; highway=primary unless a building
//	relation  "9 f1 n3 v5 t2 restriction=no_entry" id, members (from, via node, via way, to), tags
func mapOf(t testing.TB, ways, relations []string) testMap {
	t.Helper()
	var m testMap
	for id := int64(1); id < 100; id++ {
		m.nodes = append(m.nodes, at(id, float64(id%10)/1000, float64(id/10)/1000))
	}
	for _, text := range ways {
		fields := strings.Fields(text)
		way := testWay{id: number(t, fields[0]), tags: tagsOf(fields[2:])}
		for ref := range strings.SplitSeq(fields[1], ",") {
			way.refs = append(way.refs, number(t, ref))
		}
		if len(way.tags) == 0 || way.tags[0][0] != "building" {
			way.tags = append(way.tags, [2]string{"highway", "primary"})
		}
		m.ways = append(m.ways, way)
	}
	for _, text := range relations {
		fields := strings.Fields(text)
		r := testRelation{id: number(t, fields[0]), tags: [][2]string{{"type", "restriction"}}}
		for i, f := range fields[1:] {
			if strings.Contains(f, "=") {
				r.tags = append(tagsOf(fields[i+1:]), r.tags...)
				break
			}
			m := map[byte]member{'f': {kindWay, 0, "from"}, 't': {kindWay, 0, "to"}, 'v': {kindWay, 0, "via"},
				'n': {kindNode, 0, "via"}, 'r': {kindRelation, 0, "via"}, 'x': {kindNode, 0, "location_hint"}}[f[0]]
			m.ref = number(t, f[1:])
			r.members = append(r.members, m)
		}
		m.relations = append(m.relations, r)
	}
	return m
}

// pbfOf is mapOf as a PBF file.
func pbfOf(t testing.TB, ways, relations []string) *writer {
	t.Helper()
	return mapOf(t, ways, relations).pbf(&writer{t: t, dense: true, compression: "zlib"})
}

func number(t testing.TB, text string) int64 {
	t.Helper()
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func tagsOf(fields []string) [][2]string {
	var list [][2]string
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		list = append(list, [2]string{k, v})
	}
	return list
}
