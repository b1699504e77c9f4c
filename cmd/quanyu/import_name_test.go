package main

import (
	"strings"
	"testing"
)

func TestNetworkIsNamedAfterTheFile(t *testing.T) {
	for _, c := range []struct{ network, file, want, fault string }{
		{"", "sichuan-latest.osm.pbf", "sichuan-latest", ""},
		{"", "/maps/Andorra.osm.gz", "andorra", ""},
		{"", "https://example.org/x/liechtenstein.osm.bz2?v=1", "liechtenstein", ""},
		{"", "town.osm", "town", ""},
		{"other", "town.osm", "other", ""},
		{"", "town.zip", "", "--network"},
		{"", "condensed.osm", "", "--network"},
		{"", "成都.osm.pbf", "", "--network"},
	} {
		got, err := importOSMCommand{Network: c.network, File: c.file}.name()
		if got != c.want || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v, want %q", c.file, got, err, c.want)
		}
	}
}
