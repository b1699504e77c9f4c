package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// maxBody bounds the body of a request, and maxDepth the nesting in it.
const (
	maxBody  = 1 << 20
	maxDrain = 16 << 20 // of a body over the limit, read and thrown away
	maxDepth = 64
)

// readJSON reads the body as one JSON value, checked for size, depth and
// names given twice, which readers of JSON take differently.
func readJSON(c echo.Context) (json.RawMessage, error) {
	r := c.Request()
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Header.Get("Content-Type") != "" && (err != nil || media != mediaJSON) {
		return nil, &refusal{status: http.StatusUnsupportedMediaType, code: "unsupported-media-type",
			detail: fmt.Sprintf("The body is %q; only %s is read.", clip(r.Header.Get("Content-Type")), mediaJSON)}
	}
	return readBody(c, maxBody)
}

// checkJSON walks the tokens of a body.
func checkJSON(body []byte) error {
	w := jsonWalk{decoder: json.NewDecoder(bytes.NewReader(body))}
	w.decoder.UseNumber()
	if err := w.value("", 0); err != nil {
		var known *spatial.Error
		if errors.As(err, &known) {
			return err
		}
		return spatial.BadField("", "is not JSON: "+err.Error()+" near byte "+strconv.FormatInt(w.decoder.InputOffset(), 10), nil)
	}
	if _, err := w.decoder.Token(); !errors.Is(err, io.EOF) {
		return spatial.BadField("", "has something after its JSON value", nil)
	}
	return nil
}

type jsonWalk struct{ decoder *json.Decoder }

func (w *jsonWalk) value(pointer string, depth int) error {
	token, err := w.decoder.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	if depth > maxDepth {
		return spatial.BadField("", fmt.Sprintf("is nested more than %d deep", maxDepth), nil)
	}
	switch token {
	case json.Delim('{'):
		return w.object(pointer, depth)
	case json.Delim('['):
		for i := 0; w.decoder.More(); i++ {
			if err := w.value(pointer+"/"+strconv.Itoa(i), depth+1); err != nil {
				return err
			}
		}
		_, err = w.decoder.Token()
	}
	return err
}

func (w *jsonWalk) object(pointer string, depth int) error {
	seen := map[string]bool{}
	for w.decoder.More() {
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		at := pointer + "/" + escapePointer(name)
		if seen[name] {
			return spatial.BadField(at, "is given twice", nil)
		}
		seen[name] = true
		if err := w.value(at, depth+1); err != nil {
			return err
		}
	}
	_, err := w.decoder.Token()
	return err
}

// escapePointer writes a member's name as a segment of a JSON pointer.
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
