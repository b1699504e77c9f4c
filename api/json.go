package api

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/labstack/echo/v4"
)

// plainJSON writes the & of addresses as it is: our JSON never stands inside
// of HTML, and people read and copy these links.
type plainJSON struct{ echo.DefaultJSONSerializer }

// Serialize writes v as JSON.
func (plainJSON) Serialize(c echo.Context, v any, _ string) error {
	return encodeJSON(c.Response(), v)
}

func encodeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// mustJSON marshals what has no value that JSON cannot hold: our own structs
// of text and numbers.
func mustJSON(v any) []byte {
	var body bytes.Buffer
	if err := encodeJSON(&body, v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(body.Bytes(), []byte("\n"))
}
