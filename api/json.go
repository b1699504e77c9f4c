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

// appendText writes a JSON string: an id of a feature is seldom one that needs the
// encoder.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, mustJSON(text)...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
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
