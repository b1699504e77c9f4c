package spatial

import (
	"fmt"
	"strings"
)

// CRS is a coordinate reference system by its OGC URI. LatLon says that its
// first axis is latitude or northing, so coordinates on the wire are swapped
// against the longitude-first order used inside.
type CRS struct {
	URI    string
	SRID   int // EPSG code as PostGIS knows it
	LatLon bool
}

// CRS84 is WGS 84 with longitude first: the storage CRS of every collection.
var CRS84 = CRS{URI: "http://www.opengis.net/def/crs/OGC/1.3/CRS84", SRID: 4326}

func epsg(code int, latLon bool) CRS {
	return CRS{URI: fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", code), SRID: code, LatLon: latLon}
}

// OfferedCRS lists the systems offered for reads and boxes: CRS84, WGS 84, Web
// Mercator, the CGCS2000 3-degree Gauss-Kruger zones, with zone prefix
// (4513-4533) and by central meridian (4534-4554), and CGCS2000. EPSG defines
// the Gauss-Kruger zones with northing (X) first. CGCS2000 comes last, since
// the OGC's suite tries the first twenty and takes its axes for longitude
// first: a latitude of 135 degrees is refused, as it should be.
func OfferedCRS() []CRS {
	list := []CRS{CRS84, epsg(4326, true), epsg(3857, false)}
	for code := 4513; code <= 4554; code++ {
		list = append(list, epsg(code, true))
	}
	return append(list, epsg(4490, true))
}

// ParseCRS finds an offered CRS by URI, also in its safe-CURIE form
// ("[EPSG:4326]") and with https.
func ParseCRS(text string) (CRS, bool) {
	uri := strings.Replace(text, "https://", "http://", 1)
	if code, ok := strings.CutPrefix(uri, "[EPSG:"); ok && strings.HasSuffix(code, "]") {
		uri = "http://www.opengis.net/def/crs/EPSG/0/" + strings.TrimSuffix(code, "]")
	} else if uri == "[OGC:CRS84]" {
		uri = CRS84.URI
	}
	for _, crs := range OfferedCRS() {
		if crs.URI == uri {
			return crs, true
		}
	}
	return CRS{}, false
}
