package osm

import "quanyu/spatial/network"

// Report tells what a file held, what became of it, and what was left out for
// which reason. It is stored with the network's dataset.
type Report struct {
	Header       Header               `json:"header"`
	Bytes        int64                `json:"bytes"`
	Options      Options              `json:"options"`
	Nodes        int64                `json:"nodes"`
	Ways         int64                `json:"ways"`
	Relations    int64                `json:"relations"`
	Roads        int                  `json:"roads"`      // ways kept for the road network
	RoadNodes    int                  `json:"road_nodes"` // different nodes that those pass
	Surfaces     int                  `json:"surfaces"`   // roads whose surface is known
	Ferries      int                  `json:"ferries"`    // ferry lines with a speed from their duration
	Barriers     int                  `json:"barriers"`   // nodes of roads that some cannot pass
	Restrictions Restrictions         `json:"restrictions"`
	Order        string               `json:"order"`   // "sorted", or where the order of types and ids is first broken
	Dropped      Counts               `json:"dropped"` // objects left out, by reason
	Notes        Counts               `json:"notes"`   // objects kept on an assumption, by assumption
	Graph        *network.BuildReport `json:"graph,omitempty"`
}

// Restrictions counts relations that are turn restrictions. Those found and
// not used are in the report's Dropped, under reasons that start with
// "restriction:".
type Restrictions struct {
	Found   int64 `json:"found"`
	Used    int64 `json:"used"`
	ViaWays int64 `json:"via_ways"` // of those used, the ones over via ways
}

// Counts maps a reason to the number of objects it holds for.
type Counts map[string]int64

func (c Counts) add(other Counts) {
	for reason, n := range other {
		c[reason] += n
	}
}

// Phase names a step of an import.
type Phase string

// The phases of an import, in their order.
const (
	PhaseDownload Phase = "download" // fetching the file
	PhaseRoads    Phase = "roads"    // first pass over the file
	PhaseNodes    Phase = "nodes"    // second pass, over the parts that hold nodes
	PhaseGraph    Phase = "graph"    // building the road graph; Done and Total are 0
	PhaseOrder    Phase = "order"    // ordering its junctions; Done and Total count these
)

// Progress tells how far an import has come. Total is 0 when it is not known.
type Progress struct {
	Phase       Phase
	Done, Total int64 // bytes of the file
}
