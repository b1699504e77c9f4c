package network

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// LinkTable is a condensed network as two tables: places and junctions, and
// the links between them with their metres by class, so that any profile of
// the mode it was condensed for can be applied. It is made by Condense and
// read by ReadLinks.
type LinkTable struct {
	Vertices   []LinkVertex
	Links      []Link
	NotSnapped []string // places too far from any road, not among the vertices; ascending
}

// LinkVertex is a place, or a junction (no ids). Places at one point share a
// vertex.
type LinkVertex struct {
	Point  orb.Point // CRS84, whole units of 1e-7 degrees
	Places []string  // ids, ascending
}

// Link joins two vertices. Runs hold one entry for each class, surface and
// posted limit, ascending by class; their order on the ground is not kept.
type Link struct {
	From, To          Vertex
	Forward, Backward bool
	Runs              []Run
}

func (l Link) compare(m Link) int {
	return cmp.Or(cmp.Compare(l.From, m.From), cmp.Compare(l.To, m.To),
		compareFlags(l.Forward, m.Forward), compareFlags(l.Backward, m.Backward),
		slices.CompareFunc(l.Runs, m.Runs, compareRuns))
}

func compareFlags(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

// Graph makes the graph of the tables: an edge a link, drawn as the straight
// line between its ends. Its edges are open to the modes given, which should
// be the mode that the network was condensed for.
func (t *LinkTable) Graph(modes Modes) (*Graph, error) {
	g := &Graph{shapeStart: []uint32{0}, runStart: []uint32{0}}
	for _, v := range t.Vertices {
		g.vertices = append(g.vertices, toCoordinate(v.Point))
	}
	for i, l := range t.Links {
		if int(l.From) >= len(t.Vertices) || int(l.To) >= len(t.Vertices) {
			return nil, fmt.Errorf("link %d ends at a vertex that is not there", i)
		}
		var forward, backward Modes
		if l.Forward {
			forward = modes
		}
		if l.Backward {
			backward = modes
		}
		g.from, g.to = append(g.from, uint32(l.From)), append(g.to, uint32(l.To))
		g.forward, g.backward = append(g.forward, forward), append(g.backward, backward)
		g.shapes = append(g.shapes, g.vertices[l.From], g.vertices[l.To])
		g.runs = append(g.runs, l.Runs...)
		g.shapeStart = append(g.shapeStart, uint32(len(g.shapes)))
		g.runStart = append(g.runStart, uint32(len(g.runs)))
	}
	return g, g.finish()
}

// Places maps the id of every place to its vertex.
func (t *LinkTable) Places() map[string]Vertex {
	places := map[string]Vertex{}
	for v, vertex := range t.Vertices {
		for _, id := range vertex.Places {
			places[id] = Vertex(v)
		}
	}
	return places
}

// Missing lists those of the ids that are neither among the vertices nor
// named as too far from any road: places that changed since the table was made.
func (t *LinkTable) Missing(ids []string) []string {
	places := t.Places()
	var missing []string
	for _, id := range ids {
		_, there := places[id]
		if _, lost := slices.BinarySearch(t.NotSnapped, id); !there && !lost {
			missing = append(missing, id)
		}
	}
	return missing
}

// runText writes a run as the link table does: class, "/" and the surface
// where it is known, "@" and the posted limit in km/h where there is one, ":"
// and the length in metres.
func runText(b *strings.Builder, r Run) {
	b.WriteString(r.Class.String())
	if r.Surface != SurfaceUnknown {
		fmt.Fprintf(b, "/%s", r.Surface)
	}
	if r.Posted > 0 {
		fmt.Fprintf(b, "@%g", r.Posted.KMH())
	}
	fmt.Fprintf(b, ":%d", r.Centimeters/100)
	if cm := r.Centimeters % 100; cm > 0 {
		b.WriteString(strings.TrimRight(fmt.Sprintf(".%02d", cm), "0"))
	}
}
