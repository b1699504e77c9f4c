package api

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"quanyu/spatial"
)

// maxCursor bounds the text of a cursor in bytes: eight sort keys of 128
// characters, which the store keeps of a text, each of six bytes in JSON.
const maxCursor = 16 << 10

// cursor is the opaque parameter of next and prev links: where the page
// starts, which way it goes, and a hash of the query that it belongs to. It
// is no secret: the position is checked like any other input.
type cursor struct {
	Position spatial.Position `json:"p"`
	Backward bool             `json:"b,omitempty"`
	Query    string           `json:"q"`
}

func (k cursor) encode() string {
	body, err := json.Marshal(k)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return base64.RawURLEncoding.EncodeToString(body)
}

// parseCursor reads a cursor and checks that it was made for this query:
// another one orders or filters rows differently, and pages would skip some.
func parseCursor(text, query string, sort []spatial.SortKey) (*cursor, error) {
	bad := func(detail string) (*cursor, error) {
		return nil, spatial.BadParameter("cursor", detail, "the cursor of a next or prev link, with the other parameters of that link")
	}
	if len(text) > maxCursor {
		return bad("is too long to be one of ours")
	}
	body, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return bad("is not a cursor of this server")
	}
	var k cursor
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&k); err != nil || decoder.More() {
		return bad("is not a cursor of this server")
	}
	if k.Query != query {
		return bad("belongs to another query")
	}
	if len(k.Position.Keys) != len(sort) || k.Position.ID == "" || strings.ContainsRune(k.Position.ID, 0) {
		return bad("is not a cursor of this server")
	}
	for i, key := range k.Position.Keys {
		if key != nil && !keyFits(*key, sort[i].Property.Type) {
			return bad("is not a cursor of this server")
		}
	}
	return &k, nil
}

// keyFits says whether a sort key can be read as a value of the type, so that
// a forged cursor is refused here and not by the database.
func keyFits(key string, t spatial.PropertyType) bool {
	var err error
	switch t {
	case spatial.Integer:
		_, err = strconv.ParseInt(key, 10, 64)
	case spatial.Number:
		_, err = strconv.ParseFloat(key, 64)
	case spatial.Boolean:
		return slices.Contains([]string{"true", "false", "t", "f"}, key)
	case spatial.Date, spatial.Timestamp: // infinity and "BC" are among what PostgreSQL writes
		return len(key) <= 40 && strings.Trim(key, "0123456789-+:. BCinfty") == ""
	default:
		return !strings.ContainsRune(key, 0)
	}
	return err == nil
}

// notOfQuery are the parameters that choose neither rows nor their order, so
// that a client may change them from page to page.
func notOfQuery() []string {
	return []string{"cursor", "limit", "f", "crs", "properties", "skipGeometry"}
}

// queryHash tells queries apart that give other rows or another order.
func queryHash(c spatial.Collection, values url.Values) string {
	parts := []string{c.ID}
	var names []string
	for name := range values {
		if !slices.Contains(notOfQuery(), name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		parts = append(parts, name, values.Get(name))
	}
	return digest(parts...)
}
