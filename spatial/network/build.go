package network

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// BuildReport counts what became of the ways.
type BuildReport struct {
	Ways         int            `json:"ways"`
	Vertices     int            `json:"vertices"`
	Edges        int            `json:"edges"`
	Restrictions int            `json:"turn_restrictions"` // that hold in the graph
	Barriers     int            `json:"barriers"`
	Copies       int            `json:"copies"` // of vertices, since turns there are restricted
	KilometersOf map[string]int `json:"kilometers_by_class"`
	Dropped      map[string]int `json:"dropped"` // by reason
}

// Build makes a graph of the ways of a source. coordinate gives a node's place; a way is cut
// where it does not. Roads are split at shared nodes and at their ends, then
// joined again wherever a vertex has exactly two roads with equal directions
// (and both or neither are roads to set out from), so that an edge is as long
// as it can be. Vertices at which turns are restricted are split (copies.go). A stretch drawn twice counts once. Lengths are measured on the ellipsoid
// (Distance) between neighbouring nodes, their coordinates rounded first, and
// rounded to centimetres a stretch. Vertices are numbered along a Hilbert curve: neighbours on the
// ground are neighbours in memory, and the numbering does not depend on the
// order of ways.
func Build(source Source, coordinate func(id int64) (orb.Point, bool)) (*Graph, BuildReport, error) {
	ways := source.Ways
	b := &builder{
		report: BuildReport{Ways: len(ways), KilometersOf: map[string]int{}, Dropped: map[string]int{}},
	}
	b.collectNodes(ways, coordinate)
	b.split(ways)
	b.dropDuplicates()
	b.chain(source)
	g, err := b.graph(source)
	return g, b.report, err
}

// piece is a stretch of road between two junctions, in node indexes.
type piece struct {
	nodes             []uint32
	runs              []Run
	forward, backward Modes
}

func (p *piece) first() uint32 { return p.nodes[0] }
func (p *piece) last() uint32  { return p.nodes[len(p.nodes)-1] }

// reversed is the same road seen from its other end.
func (p *piece) reversed() piece {
	nodes, runs := slices.Clone(p.nodes), slices.Clone(p.runs)
	slices.Reverse(nodes)
	slices.Reverse(runs)
	return piece{nodes, runs, p.backward, p.forward}
}

type builder struct {
	report BuildReport
	ids    []int64      // sorted
	places []coordinate // by index in ids
	known  []bool
	pieces []piece
	vertex []uint32 // of nodes that are vertices
}

// collectNodes gives every node used a dense index and a place.
func (b *builder) collectNodes(ways []Way, place func(int64) (orb.Point, bool)) {
	for _, w := range ways {
		b.ids = append(b.ids, w.Refs...)
	}
	slices.Sort(b.ids)
	b.ids = slices.Compact(b.ids)
	b.places = make([]coordinate, len(b.ids))
	b.known = make([]bool, len(b.ids))
	for i, id := range b.ids {
		p, found := place(id)
		if !found {
			b.report.Dropped["node: not in the file"]++
			continue
		}
		if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			b.report.Dropped["node: outside the world"]++
			continue
		}
		b.places[i], b.known[i] = toCoordinate(p), true
	}
}

// index is the dense index of a node that collectNodes has seen.
func (b *builder) index(id int64) uint32 {
	i, _ := slices.BinarySearch(b.ids, id)
	return uint32(i)
}

// split cuts the ways at their ends, at unknown nodes and at every node that
// is used more than once.
func (b *builder) split(ways []Way) {
	stretches := make([]piece, 0, len(ways))
	for _, w := range ways {
		stretches = append(stretches, b.stretches(w)...)
	}
	uses := make([]uint8, len(b.ids))
	for _, s := range stretches {
		for _, n := range s.nodes {
			uses[n] = min(uses[n], 250) + 1
		}
		uses[s.first()] = min(uses[s.first()], 250) + 2
		uses[s.last()] = min(uses[s.last()], 250) + 2
	}
	for _, s := range stretches {
		start := 0
		for i := 1; i < len(s.nodes); i++ {
			if uses[s.nodes[i]] > 1 {
				b.add(piece{nodes: s.nodes[start : i+1], runs: s.runs, forward: s.forward, backward: s.backward})
				start = i
			}
		}
	}
}

// stretches are the parts of a way whose nodes are all known, without
// repeated nodes. Their single run has no length yet.
func (b *builder) stretches(w Way) []piece {
	w.Forward, w.Backward = w.Forward&allModes, w.Backward&allModes
	switch {
	case w.Forward|w.Backward == 0:
		b.report.Dropped["way: open to no mode"]++
		return nil
	case w.Class >= classCount || w.Surface >= surfaceCount:
		b.report.Dropped["way: class or surface not known"]++
		return nil
	}
	var parts []piece
	var nodes []uint32
	flush := func() {
		if len(nodes) >= 2 {
			run := Run{Class: w.Class, Surface: w.Surface, Posted: SpeedOf(w.MaxSpeedKMH)}
			parts = append(parts, piece{nodes: nodes, runs: []Run{run}, forward: w.Forward, backward: w.Backward})
		}
		nodes = nil
	}
	for _, ref := range w.Refs {
		i := b.index(ref)
		switch {
		case !b.known[i]:
			flush()
		case len(nodes) == 0 || nodes[len(nodes)-1] != i:
			nodes = append(nodes, i)
		}
	}
	flush()
	if len(parts) == 0 {
		b.report.Dropped["way: fewer than two known nodes"]++
	}
	return parts
}

// add measures a piece and keeps it.
func (b *builder) add(p piece) {
	run := p.runs[0]
	run.Centimeters = centimeters(len(p.nodes), func(i int) coordinate { return b.places[p.nodes[i]] })
	p.runs = []Run{run}
	b.pieces = append(b.pieces, p)
}

// centimeters is the length of a line of n points, rounded once. Build and
// scenarios measure by it, so what they make is the same to the centimetre.
func centimeters(n int, at func(i int) coordinate) uint32 {
	total := 0.0
	for i := 1; i < n; i++ {
		total += float64(Distance(at(i-1).point(), at(i).point()))
	}
	return uint32(math.Round(math.Min(total*100, math.MaxUint32)))
}

// graph numbers the vertices, orders the edges and lays the arrays out.
func (b *builder) graph(source Source) (*Graph, error) {
	ends := b.number()
	b.sortPieces()
	x := b.expand(source, len(ends))
	g := &Graph{shapeStart: []uint32{0}, runStart: []uint32{0}, splits: x.splits, twins: x.twins()}
	for v, node := range ends {
		at := x.base(uint32(v))
		for next := x.base(uint32(v) + 1); at < next; at++ {
			g.vertices = append(g.vertices, b.places[node])
		}
	}
	meters := map[Class]uint64{}
	for _, p := range b.pieces {
		for _, r := range p.runs {
			meters[r.Class] += uint64(r.Centimeters)
		}
	}
	for _, e := range x.edges {
		p := &b.pieces[e.piece]
		g.from, g.to = append(g.from, e.from), append(g.to, e.to)
		g.forward, g.backward = append(g.forward, e.forward), append(g.backward, e.backward)
		for _, n := range p.nodes {
			g.shapes = append(g.shapes, b.places[n])
		}
		g.runs = append(g.runs, p.runs...)
		g.shapeStart = append(g.shapeStart, uint32(len(g.shapes)))
		g.runStart = append(g.runStart, uint32(len(g.runs)))
	}
	b.report.Vertices, b.report.Edges = g.NumVertices(), g.NumEdges()
	for class, cm := range meters {
		b.report.KilometersOf[class.String()] = int(cm / 100_000)
	}
	if g.NumEdges() == 0 {
		return nil, fmt.Errorf("no road is left: %d ways, dropped: %v", b.report.Ways, b.report.Dropped)
	}
	if uint64(len(g.shapes)) > math.MaxUint32 {
		return nil, fmt.Errorf("%d points are more than a graph can number", len(g.shapes))
	}
	return g, g.finish()
}

func compareRuns(r, s Run) int {
	return cmp.Or(cmp.Compare(r.Class, s.Class), cmp.Compare(r.Surface, s.Surface), cmp.Compare(r.Posted, s.Posted), cmp.Compare(r.Centimeters, s.Centimeters))
}

// sortPieces orders them by their vertices, and those between the same two by
// all they are.
func (b *builder) sortPieces() {
	slices.SortFunc(b.pieces, func(p, q piece) int {
		if c := cmp.Compare(b.vertex[p.first()], b.vertex[q.first()]); c != 0 {
			return c
		}
		if c := cmp.Compare(b.vertex[p.last()], b.vertex[q.last()]); c != 0 {
			return c
		}
		return cmp.Or(slices.Compare(p.nodes, q.nodes), slices.CompareFunc(p.runs, q.runs, compareRuns),
			cmp.Compare(p.forward, q.forward), cmp.Compare(p.backward, q.backward))
	})
}

// number gives the ends of pieces their vertex ids along a Hilbert curve over
// the world; nodes at one place are told apart by their source's id. It lists
// the node of each vertex.
func (b *builder) number() []uint32 {
	type key struct {
		hilbert uint64
		node    uint32
	}
	seen := make([]bool, len(b.ids))
	var keys []key
	for i := range b.pieces {
		for _, node := range [2]uint32{b.pieces[i].first(), b.pieces[i].last()} {
			if !seen[node] {
				seen[node] = true
				keys = append(keys, key{hilbert(b.places[node]), node})
			}
		}
	}
	slices.SortFunc(keys, func(x, y key) int {
		if c := cmp.Compare(x.hilbert, y.hilbert); c != 0 {
			return c
		}
		return cmp.Compare(x.node, y.node)
	})
	b.vertex = make([]uint32, len(b.ids))
	ends := make([]uint32, len(keys))
	for v, k := range keys {
		b.vertex[k.node], ends[v] = uint32(v), k.node
	}
	return ends
}
