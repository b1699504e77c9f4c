// Package network is the road graph: built from ways, weighed by a speed
// profile, snapped to and searched exactly.
//
// Three objects follow one another. A Graph is topology: vertices, and edges
// that are whole chains of road with their geometry and their metres by
// class; it is immutable and knows no speeds. A Network is a Graph with a
// name and a version. A Router is a Network under one Profile: integer
// weights, a spatial index and connected components; it is immutable too and
// shared by all goroutines, which take their scratch from its pool.
//
// Weights are whole milliseconds, rounded once an edge, so that sums are
// exact and every method of search agrees bit for bit.
//
// Where to read on:
//
//	source, build, chain         ways -> chains of road between junctions
//	turns, turn_machine, expand  turn restrictions and barriers: which vertices are split, and how
//	copies                       what is known of split vertices afterwards
//	artifact, file, views        the graph as bytes, used as they lie in a mapped file
//	profile, weight              speeds -> weights
//	segment, boxtree, snap       points -> places on roads
//	queue, search                one exact search: the oracle of all that follows
//	nearest, field, matrix       what is asked of it: the nearest of many, all within a limit, all pairs
//	reached, stretch             the stretches of road within a limit
//	ranked, metric               the same by a hierarchy (package hierarchy), where that costs less
//	scenario, draft, portal      roads closed, slowed down and added on a frozen base
//	condense*, links*            a national network in two small tables
package network
