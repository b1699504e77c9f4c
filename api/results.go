package api

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// part is one output on its way out.
type part struct {
	id, media string
	body      []byte
}

// writeResult sends the outputs that were asked for. Raw outputs go out bare
// when there is one, as multipart/related when there are several, and as 204
// when the run had none of them.
func writeResult(c echo.Context, e execution, outputs []spatial.RunOutput) error {
	var parts []part
	for _, out := range outputs {
		if slices.Contains(e.outputs, out.ID) {
			parts = append(parts, part{id: out.ID, media: out.MediaType, body: out.Body})
		}
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	switch {
	case !e.raw:
		return c.Blob(http.StatusOK, mediaJSON, document(parts))
	case len(parts) == 0:
		return c.NoContent(http.StatusNoContent)
	case len(parts) == 1:
		return c.Blob(http.StatusOK, parts[0].media, append(slices.Clip(parts[0].body), '\n'))
	default:
		return writeParts(c, parts)
	}
}

// document joins outputs in order; objects are qualified by their media type,
// other values are plain (results.yaml of the standard).
func document(parts []part) []byte {
	body := []byte{'{'}
	for i, p := range parts {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(append(body, mustJSON(p.id)...), ':')
		if p.body[0] != '{' {
			body = append(body, p.body...)
			continue
		}
		body = append(append(body, `{"value":`...), p.body...)
		body = append(append(append(body, `,"mediaType":`...), mustJSON(p.media)...), '}')
	}
	return append(body, "}\n"...)
}

func writeParts(c echo.Context, parts []part) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.SetBoundary("quanyu-" + requestID(c)[:min(16, len(requestID(c)))] + "-part"); err != nil {
		return err
	}
	for _, p := range parts {
		out, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {p.media}, "Content-Id": {p.id}})
		if err != nil {
			return err
		}
		if _, err := out.Write(p.body); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Blob(http.StatusOK, `multipart/related; type="`+mediaJSON+`"; boundary=`+w.Boundary(), body.Bytes())
}
