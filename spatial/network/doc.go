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
package network
