package synthetic

import (
	"fmt"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
)

// The numbers of junctions that a map may have.
const (
	MinJunctions = 1_000
	MaxJunctions = 5_000_000
)

// Map is a made-up road map: what network.Build takes, and its towns, the
// largest first.
type Map struct {
	Source network.Source
	Towns  []Town
	places []place // by node id
}

// Town is a town of the map: the node at its centre, where its main streets
// cross, and about how many junctions its streets have.
type Town struct {
	Node      int64
	Center    orb.Point // CRS84
	Junctions int
}

// Generate makes the map of a seed that has about the given number of
// junctions: nodes where other than two roads meet, ends of roads included.
// The same arguments give the same map, byte for byte. A number of junctions
// outside MinJunctions and MaxJunctions is an error.
func Generate(seed uint64, junctions int) (*Map, error) {
	if junctions < MinJunctions || junctions > MaxJunctions {
		return nil, fmt.Errorf("a map of %d junctions is not made: from %d to %d are", junctions, MinJunctions, MaxJunctions)
	}
	g := newGenerator(seed, junctions)
	planned := float64(junctions) * plannedShare
	g.placeTowns(planned * urbanShare)
	for i := range g.towns {
		g.streets(&g.towns[i])
	}
	g.urban, g.townWays = len(g.places), len(g.ways)
	g.placeCrossroads(int(planned * (1 - urbanShare) * crossroadsPerJunction))
	g.joinPoints()
	g.rank()
	g.roads()
	g.rural = len(g.places)
	g.motorways()
	g.fill(junctions)
	g.restrict()
	return g.done(), nil
}

// Nodes is the number of nodes; their ids are 0 to Nodes-1.
func (m *Map) Nodes() int { return len(m.places) }

// Coordinate is the place of a node in CRS84.
func (m *Map) Coordinate(id int64) (orb.Point, bool) {
	if id < 0 || id >= int64(len(m.places)) {
		return orb.Point{}, false
	}
	return m.places[id].point(), true
}

// generator holds a map in the making. Everything random comes from one
// stream, drawn from in a fixed order.
type generator struct {
	random *rand.Rand
	land   land
	towns  []town
	points []point // of the net of roads between towns
	edges  []edge  // between points

	places       []place
	urban, rural int // nodes below urban are in streets, those below rural on roads outside
	townWays     int
	ways         []network.Way
	refs         []int64 // room for the refs of ways to come
	corners      []int64 // crossings of the larger streets

	restrictions []network.Restriction
	barriers     []network.Barrier
}

func newGenerator(seed uint64, junctions int) *generator {
	return &generator{random: rand.New(rand.NewPCG(seed, 0)), land: landFor(junctions)}
}

func (g *generator) node(v vec) int64 {
	g.places = append(g.places, toPlace(v))
	return int64(len(g.places) - 1)
}

// refsChunk is how many refs are allocated at once: a slice of its own for
// each of millions of ways costs more than the refs.
const refsChunk = 1 << 16

// way adds a way over a copy of refs. It is open to all in both directions.
func (g *generator) way(class network.Class, refs ...int64) *network.Way {
	if cap(g.refs)-len(g.refs) < len(refs) {
		g.refs = make([]int64, 0, max(refsChunk, len(refs)))
	}
	start := len(g.refs)
	g.refs = append(g.refs, refs...)
	all := network.Car | network.Bike | network.Walk
	g.ways = append(g.ways, network.Way{
		ID: int64(len(g.ways)), Class: class, Surface: g.surface(class),
		Refs: g.refs[start:len(g.refs):len(g.refs)], Forward: all, Backward: all,
	})
	w := &g.ways[len(g.ways)-1]
	if posted := postedKMH[class]; len(posted) > 0 && g.chance(postedShare) {
		w.MaxSpeedKMH = posted[g.random.IntN(len(posted))]
	}
	return w
}

func (g *generator) chance(share float64) bool { return g.random.Float64() < share }

func (g *generator) done() *Map {
	m := &Map{
		Source: network.Source{Ways: g.ways, Restrictions: g.restrictions, Barriers: g.barriers},
		places: g.places,
	}
	for _, t := range g.towns {
		m.Towns = append(m.Towns, Town{t.node, g.places[t.node].point(), t.blocks * junctionsPerBlock})
	}
	return m
}
