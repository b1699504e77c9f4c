// Package osm reads OpenStreetMap extracts in PBF form into road networks.
//
// The reader is written by hand after the format's public description
// (https://wiki.openstreetmap.org/wiki/PBF_Format): a file is a row of blobs,
// the first a header, the others blocks of nodes, ways and relations. It reads
// the file twice: first the ways that are roads, then only the nodes that
// those ways pass. Blobs are inflated and decoded in parallel, a bounded
// number at a time, and used in file order, so the result does not depend on
// the number of processors.
//
// No input makes it panic: whatever does not follow the format is an error
// that names the byte where the blob in question starts, and whatever follows
// the format but is not used is counted by reason in the Report.
package osm
