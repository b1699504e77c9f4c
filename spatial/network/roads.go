package network

import (
	"fmt"
	"iter"

	"quanyu/spatial"
)

// Roads gives the router's edges as features of the roads collection, exactly
// as they are searched: one an edge, the times being whole weights.
func (r *Router) Roads() iter.Seq[spatial.Feature] {
	return func(yield func(spatial.Feature) bool) {
		for e := range Edge(r.graph.NumEdges()) {
			if r.forward[e] == Never && r.backward[e] == Never {
				continue
			}
			if !yield(r.road(e)) {
				return
			}
		}
	}
}

// RoadID is the id of an edge in the roads collection.
func (r *Router) RoadID(e Edge) string {
	return fmt.Sprintf("%s-%s-%07d", r.network.Name, r.profile.Mode, e)
}

// stored is the router of the network as the roads collection has it.
func (r *Router) stored() *Router {
	if r.root != nil {
		return r.root
	}
	return r
}

// RoadOf is the id in the roads collection of the road that an edge lies on: of
// edges drawn alike, the first that the profile may travel; of a part of a road
// that a scenario cut, the road as it is stored. False for a scenario's own
// roads, which are not stored.
func (r *Router) RoadOf(e Edge) (id string, stored bool) {
	for whole, part := range r.cuts {
		if part[0] == e || part[1] == e {
			return r.RoadOf(whole)
		}
	}
	root := r.stored()
	if int(e) >= root.graph.NumEdges() {
		return "", false
	}
	for _, t := range root.graph.group(root.graph.origin(e)) {
		if root.forward[t.edge] != Never || root.backward[t.edge] != Never {
			return root.RoadID(Edge(t.edge)), true
		}
	}
	return "", false
}

// Stored tells whether a vertex is one of the network as it is stored, and so
// an end of rows of the roads collection.
func (r *Router) Stored(v Vertex) bool { return int(v) < r.stored().graph.NumVertices() }

func (r *Router) road(e Edge) spatial.Feature {
	from, to := r.graph.Ends(e)
	length := r.graph.Length(e)
	either := min(r.forward[e], r.backward[e])
	return spatial.Feature{
		ID:       r.RoadID(e),
		Geometry: r.graph.Shape(e),
		Properties: map[string]any{
			"source":       r.network.Dataset.ID,
			"network":      r.network.Name,
			"network_kind": r.network.Kind,
			"mode":         r.profile.Mode,
			"profile":      r.profile.Name,
			"from_node":    int64(from),
			"to_node":      int64(to),
			"class":        r.graph.MainClass(e).String(),
			"length_m":     float64(length),
			"speed_kmh":    float64(length) / float64(either.Seconds()) * 3.6,

			"seconds_forward":  secondsOrNil(r.forward[e]),
			"seconds_backward": secondsOrNil(r.backward[e]),
		},
	}
}

func secondsOrNil(w Weight) any {
	if w == Never {
		return nil
	}
	return float64(w.Seconds())
}
