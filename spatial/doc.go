// Package spatial holds the nouns of Quanyu and the map of the house.
//
// One idea holds the product together: everything a plan names is a feature
// in a collection; everything a plan asks is a process that returns its
// evidence; everything a map shows is a tileset of the same collections.
//
// The rooms, and what each may import besides the standard library:
//
//	spatial            the nouns below; orb
//	spatial/filter     CQL2 text and JSON -> Expr, typed against a collection
//	spatial/network    the road graph: builder, profiles, snapping, exact search, scenarios, condensing
//	spatial/network/hierarchy  customizable contraction hierarchies over plain arrays
//	spatial/network/synthetic  road maps made up in the shape of real ones, for tests and benchmarks
//	spatial/reach      areas around the roads that are reached: isochrones
//	spatial/borders    vertices of many polygons thinned at once, shared borders kept shared
//	spatial/coverage   facility coverage over a network, shares and their bands
//	spatial/settlement rules of the settlement system: size classes, county and town types, membership, structure, the border chain
//	spatial/analysis   one file a process: inputs, validation, run; declares what it needs of the store
//	spatial/geom       orb <-> go-geom/EWKB, the one conversion file
//	spatial/postgis    the store: pool, items and tile SQL, loaders, jobs and their results, the embedded cluster
//	tiles              tile addresses, matrix sets, TileJSON, styles, cache
//	seeds              facts shipped with the product, and readers of outside formats
//	api                the Echo server: Features, Tiles, Processes, OpenAPI
//	web                the map page, embedded
//	migrations         the schema, in numbered SQL files
//	cmd/quanyu         the command line, and the only place where rooms are wired together
//
// Arrows go one way: cmd -> {api, seeds, migrations, postgis}, api -> {tiles,
// analysis, filter}, {tiles, seeds, postgis} -> pure rooms -> spatial -> orb.
// Interfaces are declared by the room that calls them. house_test.go, at the
// root of the module, keeps the arrows so.
//
// Geometry above the store is orb, in CRS84 (longitude, latitude, degrees).
// Units are in types or names: Seconds, Meters, AreaMu.
package spatial
