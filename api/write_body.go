package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// mediaMergePatch is that of RFC 7396.
const mediaMergePatch = "application/merge-patch+json"

// maxFeature bounds the body of a feature: the positions of
// spatial.MaxVertices at 15 digits each, and as much again for the rest.
const maxFeature = 8 << 20

// readFeature reads the body of a write and the CRS of its geometry. Where a
// merge patch is wanted the body has to say that it is one.
func readFeature(c echo.Context, collection spatial.Collection, medias ...string) (json.RawMessage, spatial.CRS, error) {
	given := c.Request().Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(given)
	unsaid := given == "" && medias[0] != mediaMergePatch
	if !unsaid && (err != nil || !slices.Contains(medias, media)) {
		return nil, spatial.CRS{}, &refusal{status: http.StatusUnsupportedMediaType, code: "unsupported-media-type",
			detail: fmt.Sprintf("The body is %q; read are %s.", clip(given), strings.Join(medias, " and "))}
	}
	crs, err := contentCRS(c.Request().Header, collection)
	if err != nil {
		return nil, crs, err
	}
	body, err := readBody(c, maxFeature)
	return body, crs, err
}

// contentCRS is the CRS that the header Content-Crs names, CRS84 without it.
func contentCRS(h http.Header, collection spatial.Collection) (spatial.CRS, error) {
	text := h.Get("Content-Crs")
	if text == "" {
		return spatial.CRS84, nil
	}
	uri := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "<"), ">")
	crs, ok := spatial.ParseCRS(uri)
	if !ok && collection.Geometry != spatial.NoGeometry {
		return crs, spatial.BadParameter("Content-Crs", fmt.Sprintf("%q is not a CRS that is offered here", clip(uri)), crsURIs())
	}
	return crs, nil
}

// readBody reads a JSON body of at most limit bytes, checked as checkJSON does.
func readBody(c echo.Context, limit int64) (json.RawMessage, error) {
	r := c.Request()
	if r.ContentLength > limit {
		// A client that writes all before it reads would see its connection
		// reset, and not the problem, if some of its body were left unread.
		_, _ = io.CopyN(io.Discard, r.Body, maxDrain)
		return nil, bodyTooLarge(limit)
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, bodyTooLarge(limit)
	}
	if err != nil {
		return nil, spatial.BadField("", "the body ended before it was whole", nil)
	}
	if !utf8.Valid(body) {
		return nil, spatial.BadField("", "is not UTF-8, as JSON has to be", nil)
	}
	if err := checkJSON(body); err != nil {
		return nil, err
	}
	return body, nil
}

func bodyTooLarge(limit int64) error {
	large := spatial.Errorf(spatial.TooLarge, "The body is over the limit of %d bytes (%d MiB).", limit, limit>>20)
	large.Faults = []spatial.Fault{{Detail: "the whole body is too large", Allowed: fmt.Sprintf("at most %d bytes", limit)}}
	return large
}
