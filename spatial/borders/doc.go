// Package borders thins the vertices of many polygons at once, so that what two
// of them share they share afterwards as well, vertex by vertex and bit by bit:
// counties drawn at the scale of a country neither part nor overlap.
//
// The method. Rings are cut into arcs where the company of a border changes:
// at vertices whose neighbours are not the same in every ring that passes. An
// arc that several rings go along is held once, is thinned once, and is put
// into each of them again. A vertex that lies on a side of another ring, as
// where three counties meet and one of them has no vertex there, is first made
// a vertex of that ring too.
//
// Arcs are thinned by the rule of Douglas and Peucker (The Canadian Cartographer
// 10/2, 1973): no vertex that goes is farther than the tolerance from the line
// that takes its place. A vertex counts no more than the one at which its
// stretch was split, so that what a coarse level keeps, all finer ones keep.
//
// Thinned arcs could still cross each other or leave an enclave on the wrong
// side. So no line that was made long may have a kept vertex on it or between
// itself and the stretch that it replaces, and no two of them may join the same
// ends (Saalfeld, Topologically Consistent Line Simplification, Cartography and
// GIS 26/1, 1999: two such lines cannot cross unless one has an end of the other
// there). A line at fault is split at its farthest vertex and looked at again;
// with all vertices nothing is at fault, so it ends. Sides are told by an exact
// predicate.
//
// Considered and not done: Visvalingam and Whyatt's rule (The Cartographic
// Journal 30/1, 1993) bounds the areas that vertices span and not how far a line
// moves, and for tiles the latter is the point: half a pixel cannot be seen.
// Thinning in integers of the tile grid would fold thin land; shapes are
// quantised when they are drawn.
package borders
