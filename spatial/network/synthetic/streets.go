package synthetic

import (
	"cmp"
	"math"
	"slices"

	"quanyu/spatial/network"
)

// blockSteps is how many streets' widths a block is long. Larger streets run
// around each block; within it all streets run one way, whole, and short ones
// join some of them across, so that everything hangs together.
const blockSteps = 5

// cell is a block or a corner of blocks by its column and row, the centre of
// the town being corner (0, 0).
type cell struct{ x, y int }

// plan is a town being drawn: nodes[y*width+x] is the node where street x
// meets street y, counted from the south-west, -1 where there is none yet.
type plan struct {
	*town
	half  int // streets from the centre to the rim
	width int
	nodes []int64
	built map[cell]bool
}

// streets draws the streets of a town.
func (g *generator) streets(t *town) {
	cells := disc(t.blocks)
	p := &plan{town: t, built: make(map[cell]bool, len(cells))}
	for _, c := range cells {
		p.built[c] = true
		p.half = max(p.half, blockSteps*max(c.x+1, -c.x, c.y+1, -c.y))
	}
	p.width = 2*p.half + 1
	p.nodes = slices.Repeat([]int64{-1}, p.width*p.width)
	for _, c := range cells {
		g.block(p, c)
	}
	t.node = g.crossing(p, cell{0, 0})
	g.openGates(p, cells)
}

// disc lists the n cells nearest to the centre, nearest first.
func disc(n int) []cell {
	reach := int(math.Sqrt(float64(n)/math.Pi)) + 2
	var cells []cell
	for y := -reach; y < reach; y++ {
		for x := -reach; x < reach; x++ {
			cells = append(cells, cell{x, y})
		}
	}
	far := func(c cell) int { return (2*c.x+1)*(2*c.x+1) + (2*c.y+1)*(2*c.y+1) }
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x))
	})
	return cells[:n]
}

// crossing is the node where two streets meet.
func (g *generator) crossing(p *plan, at cell) int64 {
	n := &p.nodes[(at.y+p.half)*p.width+at.x+p.half]
	if *n < 0 {
		shift := vec{g.random.Float64() - 0.5, g.random.Float64() - 0.5}.times(0.4)
		v := vec{float64(at.x), float64(at.y)}.plus(shift).times(p.spacing)
		*n = g.node(p.center.plus(p.turn.times(v.x)).plus(p.turn.left().times(v.y)))
	}
	return *n
}

// block draws the sides of a block that its neighbours have not drawn, and
// the streets within.
func (g *generator) block(p *plan, c cell) {
	corner := cell{c.x * blockSteps, c.y * blockSteps}
	g.side(p, corner, cell{1, 0}, c.y)
	g.side(p, corner, cell{0, 1}, c.x)
	if !p.built[cell{c.x, c.y + 1}] {
		g.side(p, cell{corner.x, corner.y + blockSteps}, cell{1, 0}, c.y+1)
	}
	if !p.built[cell{c.x + 1, c.y}] {
		g.side(p, cell{corner.x + blockSteps, corner.y}, cell{0, 1}, c.x+1)
	}
	along, across := cell{1, 0}, cell{0, 1}
	if g.chance(0.5) {
		along, across = across, along
	}
	at := func(a, b int) cell {
		return cell{corner.x + a*along.x + b*across.x, corner.y + a*along.y + b*across.y}
	}
	for b := 1; b < blockSteps; b++ {
		g.street(p, at(0, b), along)
	}
	for b := range blockSteps {
		for a := 1; a < blockSteps; a++ {
			if g.chance(crossShare) {
				g.way(network.Residential, g.line(p, at(a, b), across, 1)...)
			}
		}
	}
}

// side draws a side of a block, part of the larger street of that index.
func (g *generator) side(p *plan, from, step cell, index int) {
	refs := g.line(p, from, step, blockSteps)
	class := network.Residential
	switch {
	case index == 0:
		class = mainStreet(p.rank, len(g.towns))
	case index%4 == 0:
		class = network.Secondary
	case index%2 == 0:
		class = network.Tertiary
	}
	g.way(class, refs...)
	if class != network.Residential {
		g.corners = append(g.corners, refs[0])
	}
}

// mainStreet is the class of the two streets that cross at the centre.
func mainStreet(rank, towns int) network.Class {
	switch {
	case rank*20 < towns:
		return network.Trunk
	case rank*5 < towns:
		return network.Primary
	}
	return network.Secondary
}

// street draws a street within a block: one way, both ways, or cut into two
// dead ends.
func (g *generator) street(p *plan, from, step cell) {
	class := network.Residential
	if g.chance(0.15) {
		class = network.LivingStreet
	}
	if g.chance(cutShare) {
		cut := g.random.IntN(blockSteps)
		if cut > 0 {
			g.way(class, g.line(p, from, step, cut)...)
		}
		if rest := blockSteps - cut - 1; rest > 0 {
			g.way(class, g.line(p, cell{from.x + (cut+1)*step.x, from.y + (cut+1)*step.y}, step, rest)...)
		}
		return
	}
	w := g.way(class, g.line(p, from, step, blockSteps)...)
	switch {
	case !g.chance(oneWayShare):
	case g.chance(0.5):
		w.Backward &^= network.Car | network.Bike
	default:
		w.Forward &^= network.Car | network.Bike
	}
}

// line lists the nodes of a stretch of street, with those that give it its
// shape between crossings.
func (g *generator) line(p *plan, from, step cell, steps int) []int64 {
	refs := []int64{g.crossing(p, from)}
	for k := 1; k <= steps; k++ {
		a := refs[len(refs)-1]
		b := g.crossing(p, cell{from.x + k*step.x, from.y + k*step.y})
		refs = append(g.bend(refs, g.at(a), g.at(b), g.random.IntN(3), 0.04), b)
	}
	return refs
}
