package api_test

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const (
	crs84          = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	unsupportedCRS = "http://www.opengis.net/def/crs/0/unsupported"
)

// citeCRS are the methods of the suite for Part 2. It tries the first twenty
// systems of each collection.
func citeCRS() []method {
	sampled := func(collection map[string]any) []any {
		list := collection["crs"].([]any)
		return list[:min(len(list), 20)]
	}
	both := func(s *cite, t *testing.T, do func(address string)) {
		s.each(t, func(t *testing.T, _ map[string]any, items string) {
			do(items + "?")
			for _, id := range featureIDs(s.features(t, items+"?limit=1")) {
				do(items + "/" + url.PathEscape(id) + "?")
			}
		})
	}
	return []method{
		{"CrsRequirementClassPrecondition", func(t *testing.T, s *cite) { declared(t, s.client, "ogcapi-features-2/1.0/conf/crs") }},
		{"DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfCrsProperty", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				for _, crs := range append(one["crs"].([]any), one["storageCrs"]) {
					if !strings.HasPrefix(crs.(string), "http://www.opengis.net/def/crs/") || strings.Count(crs.(string), "/") != 7 {
						t.Errorf("%v: %v is no CRS by its OGC name", one["id"], crs)
					}
				}
			}
		}},
		{"DiscoveryCollectionsDefaultCrs.verifyCollectionsCrsDefault", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				if one["crs"].([]any)[0] != crs84 {
					t.Errorf("%v: %v is first", one["id"], one["crs"].([]any)[0])
				}
			}
		}},
		{"DiscoveryCollectionsStorageCrs.verifyStorageCrsIsListed", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				if !slices.Contains(one["crs"].([]any), one["storageCrs"]) {
					t.Errorf("%v is kept in %v, which it does not offer", one["id"], one["storageCrs"])
				}
			}
		}},
		{"FeaturesCrsParameter.verifyCrsParameter", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				for _, crs := range sampled(one) {
					a := s.get(itemsOf(t, one)+"?limit=5&crs="+url.QueryEscape(crs.(string)), "Accept", "application/geo+json").want(t, 200)
					if got := a.header.Get("Content-Crs"); got != "<"+crs.(string)+">" {
						t.Errorf("%v in %v has Content-Crs %s", one["id"], crs, got)
					}
				}
			}
		}},
		{"FeaturesCrsParameterDefault.verifyCrsParameterDefault", func(t *testing.T, s *cite) {
			both(s, t, func(address string) {
				if got := s.get(address, "Accept", "application/geo+json").want(t, 200).header.Get("Content-Crs"); got != "<"+crs84+">" {
					t.Errorf("%s has Content-Crs %s", address, got)
				}
			})
		}},
		{"FeaturesCrsParameterInvalid.verifyCrsParameterInvalid", func(t *testing.T, s *cite) {
			both(s, t, func(address string) {
				s.get(address+"crs="+url.QueryEscape(unsupportedCRS), "Accept", "application/geo+json").want(t, 400)
			})
		}},
		{"BBoxCrsParameterInvalid.verifyBboxCrsParameterInvalid", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				s.get(items+"?bbox=5,49,9,52&bbox-crs="+url.QueryEscape(unsupportedCRS), "Accept", "application/geo+json").want(t, 400)
			})
		}},
		{"BBoxCrsParameterDefault.verifyBboxCrsParameterDefault", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, one map[string]any, items string) {
				if box, ok := extentOf(one); ok {
					with := featureIDs(s.features(t, items+"?bbox="+box+"&bbox-crs="+url.QueryEscape(crs84)))
					if without := featureIDs(s.features(t, items+"?bbox="+box)); !slices.Equal(with, without) {
						t.Errorf("%s: %d features in the default CRS, %d in CRS84 by name", items, len(without), len(with))
					}
				}
			})
		}},
		{"BBoxCrsParameter.verifyBboxCrsParameter", citeBBoxCRS},
	}
}

// citeBBoxCRS sends the extent in other systems as the suite does: it knows
// that EPSG:4326 has latitude first, gives the zones of CGCS2000 easting first,
// against their definition, and wants each feature that it then gets also in
// the first page of the same box in CRS84. The corners below are those of a box
// around China, moved by the suite's library.
func citeBBoxCRS(t *testing.T, s *cite) {
	moved := map[string]string{
		"4326": "", // those two follow the extent
		"3857": "",
		"4513": "25522637.8071893,1861616.3581438,29159669.6672546,7654615.7235088",
		"4514": "26202797.0766891,1863698.8042606,30016806.2938300,7470689.6418897",
		"4521": "30901828.3480288,2024583.8575674,35822158.3428971,6476274.4787508",
		"4529": "35848170.0751248,2687159.6118602,42258955.7888098,5932140.3423612",
	}
	s.each(t, func(t *testing.T, one map[string]any, items string) {
		box, ok := extentOf(one)
		if !ok {
			return
		}
		known := featureIDs(s.features(t, items+"?bbox="+box))
		for code, in := range moved {
			if in == "" {
				in = movedBox(box, code)
			}
			for _, id := range featureIDs(s.features(t, fmt.Sprintf("%s?bbox=%s&bbox-crs=%s", items, in, url.QueryEscape("http://www.opengis.net/def/crs/EPSG/0/"+code)))) {
				if !slices.Contains(known, id) {
					t.Errorf("%s: %s is in the box in EPSG:%s, and not in the first page in CRS84", items, id, code)
					return
				}
			}
		}
		if len(known) == 0 {
			t.Errorf("%s: nothing in its own extent", items)
		}
	})
	for _, uri := range s.collections[0]["crs"].([]any)[:20] {
		if strings.HasSuffix(uri.(string), "/4490") {
			t.Error("CGCS2000 is among the first twenty systems, whose latitudes the suite takes for longitudes")
		}
	}
}

// movedBox is a box of CRS84 in EPSG:4326, latitude first, or in Web Mercator.
func movedBox(box, code string) string {
	var v [4]float64
	if _, err := fmt.Sscanf(box, "%g,%g,%g,%g", &v[0], &v[1], &v[2], &v[3]); err != nil {
		panic(err)
	}
	if code == "4326" {
		return fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", v[1], v[0], v[3], v[2])
	}
	const radius = 6378137.0
	x := func(lon float64) float64 { return lon * math.Pi / 180 * radius }
	y := func(lat float64) float64 { return math.Log(math.Tan(math.Pi/4+lat*math.Pi/360)) * radius }
	return fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", x(v[0]), y(v[1]), x(v[2]), y(v[3]))
}
