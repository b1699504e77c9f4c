// Package hierarchy is a customizable contraction hierarchy over flat arrays:
// exact least weights on a road network, for whole maps at once, in a fraction
// of the time of a search (Dibbelt, Strasser, Wagner: Customizable Contraction
// Hierarchies, ACM JEA 21, 2016, arXiv 1402.0402).
//
// It knows vertices 0 to n-1 with coordinates, directed arcs between them
// (loops and parallel ones, too) and weights from 1 up, of any unit; Never
// closes an arc. A sum that does not fit below Never is Never. All results are
// those of Dijkstra's algorithm, bit for bit, on any number of processors.
//
// Work is split by how often its input changes:
//
//	Order      coordinates, arcs -> order of contraction   once a map
//	New        order, arcs       -> Skeleton               once a map
//	Customize  Skeleton, weights -> Metric                 once a profile
//	With       Metric, changes   -> Metric                 once a scenario
//	Sweep, SweepBatch, Select, Table on a Metric           once a question
//
// Contracting a vertex joins its neighbours that are left with arcs. The order
// says which vertex goes when; arcs that this adds depend on it alone. A good
// order is found by nested dissection: few vertices part the map in two, these
// go last, and each part is ordered in the same way. Here the parts come from
// inertial flow, after dead ends and chains have been contracted.
//
// Customizing gives each arc the least weight of the ways over vertices that
// went before both its ends. Then any least way is matched by one that first
// only climbs to higher ranks and then only falls. All that can be climbed to
// from a vertex are its ancestors in the elimination tree, a few hundred of
// millions: a search up is a walk over them, without a queue. The way down to
// all vertices is one pass over the arrays by falling rank (PHAST), for one
// source or eight; over those that lead to some targets alone it is RPHAST;
// and many sources and targets meet at their ancestors (buckets).
//
// Skeleton and Metric are immutable, hold no pointers but those to a few
// slices, and are shared by all goroutines; what a query writes comes from a
// pool and needs no clearing. See Skeleton for the memory that they take: on
// road networks 80 to 100 bytes a vertex in all.
//
// Weights of 32 bits add up in 64, where a sum cannot overflow, and lose
// against a least weight that begins at Never: saturation costs nothing, and
// no weight need be kept small for it.
package hierarchy
