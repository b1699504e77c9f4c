package spatial_test

import (
	"regexp"
	"strings"
	"testing"

	"quanyu/spatial"
)

func TestCatalogIsConsistent(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	seen := map[string]bool{}
	for _, c := range spatial.Collections() {
		if seen[c.ID] {
			t.Errorf("%s is listed twice", c.ID)
		}
		seen[c.ID] = true
		if c.Title == "" || c.TitleZH == "" || c.Description == "" {
			t.Errorf("%s lacks a title or description", c.ID)
		}
		properties := map[string]bool{}
		for _, p := range c.All() {
			if properties[p.Name] || !name.MatchString(p.Name) || !name.MatchString(p.ColumnName()) || p.Description == "" {
				t.Errorf("%s.%s is repeated, ill-named or undescribed", c.ID, p.Name)
			}
			properties[p.Name] = true
		}
		if c.Tiles == nil {
			continue
		}
		if c.Geometry == spatial.NoGeometry {
			t.Errorf("%s has tiles but no geometry", c.ID)
		}
		for _, ranked := range append(c.Tiles.Properties, c.Tiles.Rank...) {
			if !properties[strings.TrimPrefix(ranked, "-")] {
				t.Errorf("tiles of %s name %s, which it does not have", c.ID, ranked)
			}
		}
	}
}

func TestParseCRS(t *testing.T) {
	cases := map[string]struct {
		srid   int
		latLon bool
	}{
		"http://www.opengis.net/def/crs/OGC/1.3/CRS84": {4326, false},
		"[OGC:CRS84]": {4326, false},
		"http://www.opengis.net/def/crs/EPSG/0/4326":  {4326, true},
		"https://www.opengis.net/def/crs/EPSG/0/4490": {4490, true},
		"[EPSG:3857]": {3857, false},
		"http://www.opengis.net/def/crs/EPSG/0/4543": {4543, true},
	}
	for uri, want := range cases {
		got, ok := spatial.ParseCRS(uri)
		if !ok || got.SRID != want.srid || got.LatLon != want.latLon {
			t.Errorf("%s gave %+v, %v", uri, got, ok)
		}
	}
	for _, bad := range []string{"", "4326", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/27700"} {
		if got, ok := spatial.ParseCRS(bad); ok {
			t.Errorf("%q was taken as %+v", bad, got)
		}
	}
}
