// Package synthetic makes road maps of any size in the shape of real ones, for
// benchmarks, for tests over long runs, and for properties that should hold on
// every map: of the extracts at hand the largest has a hundredth of the
// junctions of a country.
//
// # Shape
//
// A map is towns and what lies between them. Towns have sizes after Zipf and
// lie by a density that falls to a twenty-fifth across one line, so junctions
// are as uneven as in China; its 5,000,000 junctions fill an ellipse within
// 73 to 135 degrees east and 18 to 53 north. A smaller map is a smaller ellipse
// of the same density, not a thinner one: an hour from a town holds as many
// roads on each. A town is a disc of blocks, turned its own way, with larger
// streets around each block and small ones within, one-way streets, cut ones
// and dead ends. Between towns lies a planar net of crossroads, dense around
// towns; the shortest ways over it between neighbouring towns are its larger
// roads, level by level, so every level hangs together, passes through the
// towns, and is easily cut between them. Motorways run beside such ways as two
// one-way carriageways, with interchanges of four ramps, and hubs where three
// meet. Some turns are forbidden, some limits posted, some roads unpaved, some
// dead ends barred; a few ferries run.
//
// What it has not: roundabouts, avenues drawn as two one-way roads, turns
// restricted over a whole way, cul-de-sacs with streets of their own, terrain,
// rivers and coasts. Few roads but motorways cross without a junction, fewer
// than in reality.
//
// # Figures
//
// Real ones are of nine OpenStreetMap extracts by car under this product's
// rules, from a country's valleys to a city (range), or as named. Synthetic
// ones are of 1,000,000 junctions.
//
//	                                   synthetic   real
//	mean degree of junctions              2.90     2.3-3.2
//	dead ends, share of junctions          17 %    12-33 %
//	three roads                            61 %    37-64 %
//	four roads                             21 %     3-28 %
//	nodes for each junction                4.4     1.8-9.5, median 4.2, of 25 extracts
//	nodes of a chain, both ends with it    4.3     2.9-11.8
//	junctions with a turn restriction      0.7 %   0-7 %, of 6 extracts
//
//	share by length                    synthetic   China 2023
//	motorway (its carriageways apart)      6.3 %    3.4 % expressways, as one line: 6.5
//	trunk, primary, secondary             18 %      national and provincial roads: 14
//	tertiary, unclassified, track         62 %      rural roads: 85, villages' streets with them
//	streets in towns, ramps               13 %      not counted as roads
//	length of 5,000,000 junctions    6,100,000 km   5,440,000 km, without streets
//
// The column of China is of the Ministry of Transport's statistical bulletin.
package synthetic
