// Package osm reads OpenStreetMap extracts into road networks: in PBF form
// with raw, zlib, lz4 or zstd blobs, and in XML form, plain or packed with
// gzip or bzip2. All forms go through the same rules and give the same data.
//
// The readers are written by hand after the public descriptions of the forms
// (https://wiki.openstreetmap.org/wiki/PBF_Format, OSM_XML). A file is a row of
// blobs, the smallest parts that can be decoded by themselves: those of PBF,
// or pieces of text cut between two objects. It is read twice: first for the
// ways that are roads and the restrictions on turning, then only where nodes
// are, for the places of those nodes that roads pass and the barriers on them.
// Blobs are decoded in parallel, a bounded number at a time, and used in file
// order, so the result does not depend on the number of processors.
//
// No input makes it panic: whatever does not follow the form is an error that
// names the byte, of the unpacked text if it is XML, and whatever follows the
// form but is not used is counted by reason in the Report.
package osm
