package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"github.com/labstack/echo/v4"

	"quanyu/spatial/analysis"
)

// part is one output on its way out.
type part struct {
	id, media string
	body      []byte
}

// writeResult sends the outputs that were asked for. Raw outputs go out bare
// when there is one and as multipart/related when there are several.
func writeResult(c echo.Context, e execution, result analysis.Result) error {
	var parts []part
	for _, id := range e.outputs {
		out, ok := result.Output(id)
		if !ok {
			return fmt.Errorf("the process gave no output %q that its description names", id)
		}
		body, err := json.Marshal(out.Value)
		if err != nil {
			return fmt.Errorf("output %q: %w", id, err)
		}
		parts = append(parts, part{id: id, media: out.MediaType, body: body})
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	switch {
	case !e.raw:
		return c.Blob(http.StatusOK, mediaJSON, document(parts))
	case len(parts) == 1:
		return c.Blob(http.StatusOK, parts[0].media, append(parts[0].body, '\n'))
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
