package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/tiles"
)

// form is one representation of a resource: its value of the parameter f, its
// media type, and further media types and values of f that ask for it.
type form struct {
	name, media string
	also        []string
}

const (
	mediaJSON    = "application/json"
	mediaGeoJSON = "application/geo+json"
	mediaSchema  = "application/schema+json"
	mediaHTML    = "text/html"
	mediaJSONFG  = "application/vnd.ogc.fg+json"
	mediaCSV     = "text/csv"
	mediaOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// The forms that resources have.
var (
	formJSON    = form{name: "json", media: mediaJSON}
	formHTML    = form{name: "html", media: mediaHTML}
	formGeoJSON = form{name: "geojson", media: mediaGeoJSON, also: []string{mediaJSON, "json", "application/vnd.geo+json"}}
	formJSONFG  = form{name: "jsonfg", media: mediaJSONFG, also: []string{"fg"}}
	formCSV     = form{name: "csv", media: mediaCSV}
	formSchema  = form{name: "json", media: mediaSchema, also: []string{mediaJSON, "schema"}}
	// formGeoJSONSchema is a schema of features as GeoJSON writes them.
	formGeoJSONSchema = form{name: "geojson", media: mediaSchema}
	formTileset       = form{name: "json", media: mediaJSON}
	formTileJSON      = form{name: "tilejson", media: mediaJSON, also: []string{"application/vnd.mapbox.tile+json"}}
	formMVT           = form{name: "mvt", media: tiles.MediaType, also: []string{"pbf", "application/x-protobuf", "application/vnd.vector-tile"}}
	formOpenAPI       = form{name: "json", media: mediaOpenAPI, also: []string{mediaJSON, "application/vnd.oai.openapi+json"}}
	formStyle         = form{name: "json", media: mediaJSON, also: []string{"mapbox", "application/vnd.mapbox.style+json"}}
)

// negotiate picks a form: f wins over Accept, and of forms that Accept likes
// equally the first offered one.
func negotiate(c echo.Context, offers ...form) (form, error) {
	h := c.Response().Header()
	h.Set("Vary", "Accept, Accept-Encoding")
	if c.Request().URL.RawQuery != "" {
		if values, asked := c.Request().URL.Query()["f"]; asked {
			for _, offer := range offers {
				if offer.named(values[0]) {
					return offer, nil
				}
			}
			return form{}, notAcceptable("f", values[0], offers)
		}
	}
	accept := strings.Join(c.Request().Header["Accept"], ",")
	if accept == "" || accept == "*/*" { // most programs
		return offers[0], nil
	}
	best, quality := form{}, 0.0
	for _, offer := range offers {
		if q := offer.quality(accept); q > quality {
			best, quality = offer, q
		}
	}
	if quality == 0 {
		return form{}, notAcceptable("Accept", accept, offers)
	}
	return best, nil
}

func notAcceptable(where, got string, offers []form) error {
	var names []string
	for _, o := range offers {
		names = append(names, o.name+" ("+o.media+")")
	}
	return &refusal{status: http.StatusNotAcceptable, code: string(spatial.NotAcceptable),
		detail: "This address has no such representation.",
		faults: []spatial.Fault{{Parameter: where, Detail: "asks for " + strconv.Quote(clip(got)), Allowed: names}}}
}

// named says whether f=value asks for the form.
func (f form) named(value string) bool {
	if value == f.name {
		return true
	}
	for _, other := range f.also {
		if other == value && !strings.Contains(other, "/") {
			return true
		}
	}
	return false
}

// quality is the weight that an Accept header gives the form, by its most
// specific matching range (RFC 9110, 12.5.1); no header takes anything.
func (f form) quality(accept string) float64 {
	if strings.TrimSpace(accept) == "" {
		return 1
	}
	best := 0.0
	for _, media := range append([]string{f.media}, f.also...) {
		if strings.Contains(media, "/") {
			best = max(best, mediaQuality(accept, media))
		}
	}
	return best
}

func mediaQuality(accept, media string) float64 {
	media, _, _ = strings.Cut(media, ";")
	kind, _, _ := strings.Cut(media, "/")
	quality, specific := 0.0, -1
	for _, part := range strings.Split(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		rank := -1
		switch strings.ToLower(strings.TrimSpace(name)) {
		case media:
			rank = 2
		case kind + "/*":
			rank = 1
		case "*/*", "*":
			rank = 0
		}
		if rank > specific {
			specific, quality = rank, weight(params)
		}
	}
	return quality
}

// weight reads q from the parameters of an Accept or Accept-Encoding element;
// one that cannot be read counts as not wanted.
func weight(params string) float64 {
	for _, p := range strings.Split(params, ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(strings.ToLower(p)), "q="); ok {
			q, err := strconv.ParseFloat(value, 64)
			if err != nil || q < 0 || q > 1 {
				return 0
			}
			return q
		}
	}
	return 1
}

// encodingFor picks the content coding that the client accepts; nothing is
// compressed unasked.
func encodingFor(r *http.Request) tiles.Encoding {
	best, quality := tiles.Identity, 0.0
	header := r.Header["Accept-Encoding"]
	if len(header) == 0 {
		return best
	}
	for part := range strings.SplitSeq(strings.Join(header, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		e := tiles.Encoding(strings.ToLower(strings.TrimSpace(name)))
		if e == "*" {
			e = tiles.Gzip
		}
		if e != tiles.Gzip && e != tiles.Zstd {
			continue
		}
		q := weight(params)
		if q > quality || (q == quality && q > 0 && e == tiles.Zstd) {
			best, quality = e, q
		}
	}
	return best
}

// clip shortens what a client sent before it is sent back.
func clip(text string) string {
	const most = 100
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
